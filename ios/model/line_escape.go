package model

import (
	"strconv"
	"strings"

	"vtylab/config"
	"vtylab/tty"
)

// escapeRows say what suspends a connection. BREAK and soft are not taken: no terminal
// here has either.
var escapeRows = []row[Line]{
	{`escape-character "Change the current line's escape character" WORD$char "Escape character or its ASCII decimal equivalent"`, config.Setting[Line]{
		Set: func(c *config.Call, l, _ *Line) error {
			n, ok := EscapeOf(c.Value())
			if !ok {
				return config.Refusal("% Invalid escape character") // from memory
			}
			l.Escape = n
			return nil
		},
		No: func(_ *config.Call, l, fresh *Line) error { l.Escape = fresh.Escape; return nil },
		Show: func(v *config.View, l, fresh *Line) {
			switch l.Escape {
			case fresh.Escape:
			case tty.NoEscape:
				v.Line("escape-character NONE")
			default:
				v.Line("escape-character %d", l.Escape)
			}
		},
	}},
}

// EscapeOf is an escape character as it is typed: the character, ^C for a control
// character, its number in ASCII, 1 to 255, or one of the words DEFAULT and NONE.
func EscapeOf(text string) (n int, ok bool) {
	switch strings.ToUpper(text) {
	case "DEFAULT":
		return tty.DefaultEscape, true
	case "NONE":
		return tty.NoEscape, true
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n, n > 0 && n < 256
	}
	switch {
	case len(text) == 1:
		return int(text[0]), true
	case len(text) == 2 && text[0] == '^':
		n = int(strings.ToUpper(text)[1]) ^ 0x40
		return n, n > 0 && n < ' ' || n == 0x7f
	}
	return 0, false
}
