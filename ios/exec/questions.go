package exec

import (
	"strconv"
	"strings"
)

// questions are asked one after the other; after an error or a refusal none is.
type questions struct {
	s       *Session
	err     error
	refused bool // an answer asks for what is not done here, and the user was told
}

// only takes the default: what another answer asks for is not done here.
func (q *questions) only(prompt, value string) {
	answer := strings.ToLower(q.text(prompt, value))
	if q.err == nil && !q.refused && !strings.HasPrefix(strings.ToLower(value), answer) {
		q.s.Printf("%% Not available: \"%s\"\n", answer)
		q.refused = true
	}
}

func (q *questions) text(prompt, value string) string {
	if q.err != nil || q.refused {
		return value
	}
	var answer string
	if answer, q.err = q.s.Ask(prompt); strings.TrimSpace(answer) == "" {
		return value
	}
	return strings.TrimSpace(answer)
}

func (q *questions) number(prompt string, value, low, high int) int {
	for q.err == nil {
		n, err := strconv.Atoi(q.text(prompt, strconv.Itoa(value)))
		if err == nil && n >= low && n <= high {
			return n
		}
		q.s.Printf("%% A decimal number between %d and %d.\n", low, high) // from memory
	}
	return value
}

func (q *questions) yes(prompt string) bool {
	answer := strings.ToLower(q.text(prompt, "n"))
	return answer != "" && strings.HasPrefix("yes", answer)
}
