package edit

import (
	"fmt"
	"io"
	"slices"
	"testing"
)

// A configuration of 100 KB comes out whole whatever pieces it comes in.
func TestPaste(t *testing.T) {
	text, want := pasteText(100 << 10)
	for _, n := range []int{1, 7, 100, 1448, 32768, len(text)} {
		e := New()
		e.Begin("R1(config)#", Normal)
		var got []string
		for rest := text; len(rest) > 0; {
			piece := rest[:min(n, len(rest))]
			rest = rest[len(piece):]
			for len(piece) > 0 {
				used, ev := e.Input(piece)
				e.WriteTo(io.Discard)
				if ev == Enter {
					got = append(got, e.Line())
					e.Begin("R1(config)#", Normal)
				}
				piece = piece[used:]
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pieces of %d: %d lines, want %d", n, len(got), len(want))
		}
	}
}

func pasteText(n int) (text []byte, lines []string) {
	for i := 0; len(text) < n; i++ {
		line := fmt.Sprintf(" access-list 101 permit tcp 10.%d.%d.0 0.0.0.255 host 192.0.2.1 eq 22 log-input", i>>8, i&255)
		line = line[:len(line)-i%60]
		lines = append(lines, line)
		text = append(append(text, line...), '\r', '\n')
	}
	return text, lines
}

func BenchmarkPaste(b *testing.B) {
	text, _ := pasteText(100 << 10)
	for _, width := range []int{0, 80} {
		b.Run(fmt.Sprint("width=", width), func(b *testing.B) {
			e := New()
			e.SetWidth(width)
			e.Begin("R1(config)#", Normal)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := text; len(rest) > 0; {
					n, ev := e.Input(rest)
					rest = rest[n:]
					if ev == Enter {
						_ = e.LineBytes()
						e.Begin("R1(config)#", Normal)
					}
					_ = e.Output()
				}
			}
		})
	}
}

func TestNoAllocations(t *testing.T) {
	text, _ := pasteText(8 << 10)
	e := New()
	keys := append(text, "abc def\x02\x02x\x01\x05\x1bb\x1bf\x14\x17\x15\x19\x1by\x10\x10\x0e\x16\x03\x03"...)
	typeAll := func() {
		for rest := keys; len(rest) > 0; {
			n, ev := e.Input(rest)
			rest = rest[n:]
			if ev != None {
				e.Begin("R1(config)#", Normal)
			}
			e.Output()
		}
	}
	for range 5 {
		typeAll()
	}
	if n := testing.AllocsPerRun(20, typeAll); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
