package edit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// terminal understands what a device may send: printable characters, BS, CR,
// LF and BEL. It has one row, emptied by LF.
type terminal struct {
	row []byte
	col int
	max int // rightmost column used on this row
	bad string
}

func (t *terminal) Write(p []byte) (int, error) {
	for _, b := range p {
		t.put(b)
	}
	return len(p), nil
}

func (t *terminal) put(b byte) {
	switch {
	case b == '\b':
		if t.col == 0 {
			t.bad = "backspace in column 0"
			return
		}
		t.col--
	case b == '\r':
		t.col = 0
	case b == '\n':
		t.row, t.max = t.row[:0], 0
	case b == '\a':
	case b < ' ' || b == 0x7f:
		t.bad = fmt.Sprintf("control character %#x", b)
	default:
		for len(t.row) <= t.col {
			t.row = append(t.row, ' ')
		}
		t.row[t.col] = b
		t.col++
		t.max = max(t.max, t.col)
	}
}

// wantRow is what the row should look like, worked out from the line alone.
func wantRow(e *Editor) (row string, col int) {
	text, cur := "", 0
	for i, b := range e.line {
		if i == e.cur {
			cur = len(text)
		}
		switch {
		case b == '\t':
			text += " "
		case b < ' ' || b == 0x7f:
			text += "^" + string(rune(b^0x40))
		default:
			text += string([]byte{b})
		}
	}
	if e.cur == len(e.line) {
		cur = len(text)
	}
	if e.mode == Secret || e.mode == OneKey {
		text, cur = "", 0
	}
	if e.off > 0 {
		text, cur = "$"+text[e.off+1:], cur-e.off
	}
	if e.limit > 0 && len(text) >= e.limit {
		text = text[:e.limit-1] + "$"
	}
	return e.prompt + text, len(e.prompt) + cur
}

// checkRow compares the terminal with the line.
func checkRow(e *Editor, term *terminal) error {
	if term.bad != "" {
		return fmt.Errorf("the device sent a %s", term.bad)
	}
	row, col := wantRow(e)
	if got := strings.TrimRight(string(term.row), " "); got != strings.TrimRight(row, " ") || term.col != col {
		return fmt.Errorf("terminal shows\n  %q, cursor in %d, want\n  %q, cursor in %d (line %q)", got, term.col, row, col, e.line)
	}
	if e.limit > 0 && term.max > e.width-1 {
		return fmt.Errorf("column %d used on a terminal of width %d (line %q)", term.max, e.width, e.line)
	}
	cell := col - len(e.prompt)
	if e.off > 0 && cell < 1 || e.limit > 0 && cell == e.limit-1 && row[len(row)-1] == '$' && e.cur < len(e.line) {
		return fmt.Errorf("cursor on the '$' of %q", row)
	}
	return nil
}

// answer does what the caller must do for an event.
func answer(e *Editor, ev Event, prompt string) {
	switch ev {
	case Key:
		e.newline()
		e.Begin(prompt, e.mode)
	case Enter, EndMode, Interrupt:
		e.Begin(prompt, e.mode)
	case Help:
		e.out = append(e.out, "help\r\n\r\n"...)
		e.Redisplay()
	case Tab:
		e.Complete(e.Line() + "x")
	}
}

// checkTerminal types keys and looks at the terminal after each one.
func checkTerminal(width int, prompt string, mode Mode, editing bool, keys []byte) error {
	e, term := New(), &terminal{}
	e.SetWidth(width)
	e.SetEditing(editing)
	for i := range 12 {
		e.History().Add(strings.Repeat(string(rune('a'+i)), i*9))
	}
	e.Begin(prompt, mode)
	e.WriteTo(term)
	for i := range keys {
		n, ev := e.Input(keys[i : i+1])
		if n != 1 {
			return fmt.Errorf("Input consumed %d bytes of 1", n)
		}
		if len(e.line) > MaxLine || e.cur > len(e.line) {
			return fmt.Errorf("line of %d, cursor at %d", len(e.line), e.cur)
		}
		if ev == Enter || ev == EndMode || ev == Interrupt {
			e.WriteTo(term)
			if len(term.row) > 0 || term.col > 0 {
				return fmt.Errorf("after %q, event %v does not end the row: %q", keys[:i+1], ev, term.row)
			}
		}
		answer(e, ev, prompt)
		e.WriteTo(term)
		if err := checkRow(e, term); err != nil {
			return fmt.Errorf("after %q, width %d: %w", keys[:i+1], width, err)
		}
	}
	return nil
}

// sameInChunks types keys at once and in pieces of n bytes: events, lines and
// echo must be the same.
func sameInChunks(width int, prompt string, mode Mode, keys []byte, n int) error {
	want := transcript(width, prompt, mode, keys, max(len(keys), 1))
	if got := transcript(width, prompt, mode, keys, n); got != want {
		return fmt.Errorf("in pieces of %d, %q gives\n  %q, at once\n  %q", n, keys, got, want)
	}
	return nil
}

func transcript(width int, prompt string, mode Mode, keys []byte, n int) string {
	var b bytes.Buffer
	e := New()
	e.SetWidth(width)
	e.Begin(prompt, mode)
	for len(keys) > 0 {
		piece := keys[:min(n, len(keys))]
		keys = keys[len(piece):]
		for len(piece) > 0 {
			used, ev := e.Input(piece)
			e.WriteTo(&b)
			if ev != None {
				fmt.Fprintf(&b, "<%v %q %q>", ev, e.Line(), e.Key())
			}
			answer(e, ev, prompt)
			e.WriteTo(&b)
			piece = piece[used:]
		}
	}
	return b.String()
}

// All keys and sequences, for random typing.
var keyNames = []string{
	"\x01", "\x02", "\x03", "\x04", "\x05", "\x06", "\x07", "\x08", "\t", "\n", "\x0b", "\x0c", "\r", "\x0e", "\x0f",
	"\x10", "\x11", "\x12", "\x13", "\x14", "\x15", "\x16", "\x17", "\x18", "\x19", "\x1a", "\x1b", "\x1e", "\x7f", "\x00",
	"\x1bb", "\x1bc", "\x1bd", "\x1bf", "\x1bl", "\x1bq", "\x1bu", "\x1by", "\x1b[A", "\x1bOB", "\x1b[C", "\x1bOD",
	"\x1b[H", "\x1b[4~", "\x1b[3~", "\x16\x03", "\x16\t", "\x02\x02\x02", "\x06\x06", "?",
}

func randomKeys(r *rand.Rand, n int) []byte {
	var keys []byte
	rare := 1 + r.IntN(20)
	for range n {
		switch {
		case r.IntN(rare) == 0:
			keys = append(keys, keyNames[r.IntN(len(keyNames))]...)
		case r.IntN(6) == 0:
			keys = append(keys, ' ')
		case r.IntN(100) == 0:
			keys = append(keys, 0x80+byte(r.IntN(0x80)))
		default:
			keys = append(keys, 'a'+byte(r.IntN(26)))
		}
	}
	return keys
}

func TestTerminalShowsTheLine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	widths := []int{0, 1, 10, 18, 19, 20, 21, 30, 40, 80, 132, 511, 512}
	prompts := []string{"R1#", "R1(config-if)#", "", "Password: "}
	for range 800 {
		width, prompt := widths[r.IntN(len(widths))], prompts[r.IntN(len(prompts))]
		mode, keys := Mode(r.IntN(4)), randomKeys(r, r.IntN(400))
		if r.IntN(2) == 0 {
			mode = Normal
		}
		if err := checkTerminal(width, prompt, mode, r.IntN(8) > 0, keys); err != nil {
			t.Fatal(err)
		}
		if err := sameInChunks(width, prompt, mode, keys, 1+r.IntN(40)); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzEditor(f *testing.F) {
	f.Add(uint16(20), uint8(0), uint8(3), []byte("show version | include x\x01\x06\x0b\x19\x1by?\t\r"))
	f.Add(uint16(80), uint8(1), uint8(1), []byte("a\tb?\x1b[A\x1bOC\x1a"))
	f.Add(uint16(0), uint8(2), uint8(2), []byte("secret\x15\x7f\r\n\x00\r\x00"))
	f.Fuzz(func(t *testing.T, width uint16, mode, n uint8, keys []byte) {
		if len(keys) > 2000 {
			return
		}
		m := Mode(mode % 4)
		if err := checkTerminal(int(width%600), "R1(config)#", m, mode < 128, keys); err != nil {
			t.Fatal(err)
		}
		if err := sameInChunks(int(width%600), "R1(config)#", m, keys, int(n)+1); err != nil {
			t.Fatal(err)
		}
	})
}
