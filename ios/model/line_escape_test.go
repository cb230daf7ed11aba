package model

import (
	"testing"

	"vtylab/tty"
)

func TestEscapeOf(t *testing.T) {
	for text, want := range map[string]int{"3": 3, "255": 255, "^C": 3, "^c": 3, "^^": 30, "^?": 0x7f, "x": 'x', "!": '!', "NONE": tty.NoEscape, "default": tty.DefaultEscape} {
		if n, ok := EscapeOf(text); n != want || !ok {
			t.Errorf("%s is %d, %v, want %d", text, n, ok, want)
		}
	}
	for _, text := range []string{"0", "256", "-1", "xx", "^1", "^", "", "^@", "BREAK", "soft"} {
		if n, ok := EscapeOf(text); ok && text != "^" {
			t.Errorf("%s is %d", text, n)
		}
	}
}
