package edit

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// RegexpError says why a regular expression of the device's dialect does not
// compile.
type RegexpError struct {
	Pattern string
	Reason  string
}

func (e *RegexpError) Error() string {
	return fmt.Sprintf("edit: regular expression %q: %s", e.Pattern, e.Reason)
}

// delimiter is what _ matches, itself included.
const delimiter = `(?:^|$|[ ,{}()_])`

// CompileRegexp compiles a regular expression as an IOS command line takes it:
//
//	. * + ? ^ $ [ ] ( ) |   as everywhere
//	\c                      the character c
//	_                       start, end, space, comma, brace or parenthesis; and itself,
//	                        or nobody could look for %SYS-5-CONFIG_I
//
// Everything else stands for itself. Back references are not supported. The
// error is a *RegexpError.
func CompileRegexp(pattern string) (*regexp.Regexp, error) {
	if !utf8.ValidString(pattern) {
		return nil, &RegexpError{pattern, "invalid UTF-8"}
	}
	translated, reason := translate(pattern)
	if reason != "" {
		return nil, &RegexpError{pattern, reason}
	}
	re, err := regexp.Compile(translated)
	if err != nil {
		return nil, &RegexpError{pattern, err.Error()}
	}
	return re, nil
}

// translate turns pattern into the syntax of package regexp.
func translate(pattern string) (re, reason string) {
	var b strings.Builder
	opened := -1 // end of the last "(" that opens a group
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '\\':
			i++
			if i == len(pattern) {
				return "", `\ at the end`
			}
			if '1' <= pattern[i] && pattern[i] <= '9' && strings.Contains(pattern[:i], "(") {
				return "", "back reference"
			}
			quoteByte(&b, pattern[i])
		case '_':
			b.WriteString(delimiter)
		case '{', '}':
			quoteByte(&b, c)
		case '?':
			if opened == i { // Go has extensions that start with "(?"
				return "", "nothing to repeat before ?"
			}
			b.WriteByte(c)
		case '(':
			opened = i + 1
			b.WriteByte(c)
		case '[':
			n := class(&b, pattern[i:])
			if n == 0 {
				return "", "[ without ]"
			}
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// class translates the bracket expression that s starts with, and returns its
// length, or 0 if it does not end.
func class(b *strings.Builder, s string) int {
	b.WriteByte('[')
	i := 1
	if i < len(s) && s[i] == '^' {
		b.WriteByte('^')
		i++
	}
	for first := i; i < len(s); i++ {
		switch c := s[i]; {
		case c == ']' && i > first:
			b.WriteByte(']')
			return i + 1
		case c == '-':
			b.WriteByte('-')
		case c == '\\' && i+1 < len(s):
			i++
			quoteByte(b, s[i])
		default:
			quoteByte(b, c)
		}
	}
	return 0
}

// quoteByte writes c so that it stands for itself, in and outside brackets.
func quoteByte(b *strings.Builder, c byte) {
	if strings.IndexByte(`\.+*?()|[]{}^$-`, c) >= 0 {
		b.WriteByte('\\')
	}
	b.WriteByte(c)
}
