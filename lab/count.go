package lab

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// count is the number of a node or link among those that one of the file stands for,
// from 1.
type count int

// in is a text with {i}, {i+1}, {i/250%250} and the like replaced. Braces with
// something else in them stay as they are.
func (i count) in(text string) (string, error) {
	if !strings.Contains(text, "{i") {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{i")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		after := strings.TrimLeft(rest, "+-*/%0123456789")
		sum := rest[:len(rest)-len(after)]
		after, closed := strings.CutPrefix(after, "}")
		if !closed {
			b.WriteString("{i")
			text = rest
			continue
		}
		n, err := i.calculate(sum)
		if err != nil {
			return "", fmt.Errorf("{i%s}: %w", sum, err)
		}
		b.WriteString(strconv.Itoa(n))
		text = after
	}
}

// calculate applies +1, /250 and the like one after the other.
func (i count) calculate(sum string) (int, error) {
	n := int(i)
	for sum != "" {
		op := sum[0]
		end := 1
		for end < len(sum) && '0' <= sum[end] && sum[end] <= '9' {
			end++
		}
		x, err := strconv.Atoi(sum[1:end])
		if err != nil || x > 1<<30 || strings.IndexByte("+-*/%", op) < 0 {
			return 0, errors.New("want i with +, -, *, / and % and whole numbers")
		}
		if x == 0 && (op == '/' || op == '%') {
			return 0, errors.New("division by 0")
		}
		switch op {
		case '+':
			n += x
		case '-':
			n -= x
		case '*':
			n *= x
		case '/':
			n /= x
		case '%':
			n %= x
		}
		if n < -1<<31 || n > 1<<31 {
			return 0, errors.New("too large")
		}
		sum = sum[end:]
	}
	return n, nil
}
