package exec

import "testing"

// What is too long for a file is not kept, but read to its end.
func TestTclText(t *testing.T) {
	text := tclText{left: 20}
	for _, line := range []string{"puts {", "\n\\}\"", "\n0123456789", "\nmuch more than fits here {}", "\n"} {
		if text.add(line); !text.open() {
			t.Errorf("%q ends it", line)
		}
	}
	if text.add("}"); text.open() || text.left >= 0 || text.Cap() > 0 {
		t.Errorf("%+v, %d bytes", text, text.Cap())
	}
}
