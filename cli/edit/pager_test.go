package edit

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// lines returns "line 1" to "line n".
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i+1)
	}
	return b.String()
}

// screen writes text, in pieces of n bytes, through a pager on a screen of
// length × 20. Keys come from keys, which show up in the result in braces.
func screen(length int, keys, text string, n int) (out string, err error) {
	var b strings.Builder
	key := func() (byte, error) {
		if keys == "" {
			return 0, io.ErrUnexpectedEOF
		}
		k := keys[0]
		keys = keys[1:]
		fmt.Fprintf(&b, "{%c}", k)
		return k, nil
	}
	p := NewPager(&b, key, func() int { return length }, func() int { return 20 })
	for len(text) > 0 && err == nil {
		piece := text[:min(n, len(text))]
		text = text[len(piece):]
		_, err = p.Write([]byte(piece))
	}
	if err == nil {
		err = p.Flush()
	}
	return b.String(), err
}

func TestPager(t *testing.T) {
	const erase = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"
	tests := []struct {
		comment    string
		length     int
		keys, text string
		want       string
		err        error
	}{
		{"a page that fits", 4, "", lines(3), lines(3), nil},
		{"space is a page", 4, "  ", lines(7), "line 1\nline 2\nline 3\n --More-- { }" + erase +
			"line 4\nline 5\nline 6\n --More-- { }" + erase + "line 7\n", nil},
		{"y is a page", 3, "y", lines(3), "line 1\nline 2\n --More-- {y}" + erase + "line 3\n", nil},
		{"Enter is a line", 3, "\r\n", lines(4), "line 1\nline 2\n --More-- {\r}" + erase +
			"line 3\n --More-- {\n}" + erase + "line 4\n", nil},
		{"another key stops", 3, "q", lines(9), "line 1\nline 2\n --More-- {q}" + erase, ErrStopped},
		{"so does Ctrl-C", 3, "\x03", lines(9), "line 1\nline 2\n --More-- {\x03}" + erase, ErrStopped},
		{"length 0 never waits", 0, "", lines(100), lines(100), nil},
		{"length 1 shows a line", 1, "q", lines(2), "line 1\n --More-- {q}" + erase, ErrStopped},
		{"a long line takes more rows", 4, "q", strings.Repeat("x", 21) + "\n" + lines(2),
			strings.Repeat("x", 21) + "\nline 1\n --More-- {q}" + erase, ErrStopped},
		{"a line as wide as the screen takes one", 3, "q", strings.Repeat("x", 20) + "\n" + lines(2),
			strings.Repeat("x", 20) + "\nline 1\n --More-- {q}" + erase, ErrStopped},
		{"tabs are columns", 3, "q", "\t\t\tx\n" + lines(1), "\t\t\tx\n --More-- {q}" + erase, ErrStopped},
		{"CR LF stays CR LF", 3, "q", "a\r\nb\r\nc\r\n", "a\nb\n --More-- {q}" + erase, ErrStopped},
		{"a last line without end", 3, " ", "a\nb\nc", "a\nb\n --More-- { }" + erase + "c", nil},
		{"empty lines count", 3, "q", "\n\n\n", "\n\n --More-- {q}" + erase, ErrStopped},
		{"the connection ends", 3, "", lines(3), "line 1\nline 2\n --More-- " + erase, io.ErrUnexpectedEOF},

		{"/RE skips", 3, "/7$\r", lines(9), "line 1\nline 2\n --More-- {/}" + erase + "/{7}7{$}${\r}\n" +
			"filtering...\nline 7\nline 8\n --More-- " + erase, io.ErrUnexpectedEOF},
		{"+RE keeps", 3, "+[47]\r", lines(9), "line 1\nline 2\n --More-- {+}" + erase + "+{[}[{4}4{7}7{]}]{\r}\n" +
			"filtering...\nline 4\nline 7\n", nil},
		{"-RE drops", 3, "-[3-8]\r", lines(9), "line 1\nline 2\n --More-- {-}" + erase +
			"-{[}[{3}3{-}-{8}8{]}]{\r}\nfiltering...\nline 9\n", nil},
		{"a pattern can be corrected", 3, "+x\x7fyz\x159\r", lines(9), "line 1\nline 2\n --More-- {+}" + erase +
			"+{x}x{\x7f}\b \b{y}y{z}z{\x15}\b \b\b \b{9}9{\r}\nfiltering...\nline 9\n", nil},
		{"a pattern can be given up", 3, "+\x03", lines(9), "line 1\nline 2\n --More-- {+}" + erase + "+{\x03}", ErrStopped},
		{"a wrong pattern asks again", 3, "+[\rq", lines(9), "line 1\nline 2\n --More-- {+}" + erase +
			"+{[}[{\r}\n\a --More-- {q}" + erase, ErrStopped},
		{"an empty pattern asks again", 3, "/\rq", lines(9), "line 1\nline 2\n --More-- {/}" + erase +
			"/{\r}\n --More-- {q}" + erase, ErrStopped},
		{"a filtered page ends", 3, "-1\rq", lines(9), "line 1\nline 2\n --More-- {-}" + erase +
			"-{1}1{\r}\nfiltering...\nline 3\nline 4\n --More-- {q}" + erase, ErrStopped},
		{"another filter decides on the line that waits", 3, "-1\r+[57]\r", lines(9), "line 1\nline 2\n --More-- {-}" + erase +
			"-{1}1{\r}\nfiltering...\nline 3\nline 4\n --More-- {+}" + erase +
			"+{[}[{5}5{7}7{]}]{\r}\nfiltering...\nline 5\nline 7\n", nil},
		{"a filtered last line without end", 2, "+z\r", "a\nb\nz", "a\n --More-- {+}" + erase + "+{z}z{\r}\nfiltering...\nz", nil},
	}
	for _, test := range tests {
		want := strings.NewReplacer("{\n}", "{\n}", "{\r}", "{\r}", "\n", "\r\n").Replace(test.want)
		for _, n := range []int{1, 2, 3, 7, 10, 1000} {
			got, err := screen(test.length, test.keys, test.text, n)
			if got != want || !errors.Is(err, test.err) {
				t.Errorf("%s, in pieces of %d:\n got %q, %v\nwant %q, %v", test.comment, n, got, err, want, test.err)
				break
			}
		}
	}
}

func TestPagerDiscardsAfterStop(t *testing.T) {
	var b strings.Builder
	p := NewPager(&b, func() (byte, error) { return 'q', nil }, func() int { return 2 }, func() int { return 80 })
	fmt.Fprint(p, lines(3))
	shown := b.String()
	if n, err := fmt.Fprint(p, "more"); n != 0 || err != ErrStopped || b.String() != shown {
		t.Errorf("after the stop: %d, %v, %q", n, err, b.String())
	}
	p.Reset()
	if _, err := fmt.Fprint(p, "again\n"); err != nil || b.String() != shown+"again\r\n" {
		t.Errorf("after Reset: %v, %q", err, b.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrors(t *testing.T) {
	p := NewPager(brokenWriter{}, nil, func() int { return 2 }, func() int { return 80 })
	if _, err := fmt.Fprint(p, lines(3)); err != io.ErrClosedPipe {
		t.Errorf("pager: %v", err)
	}
	f, _ := NewFilter(Include, "line", brokenWriter{})
	fmt.Fprint(f, "line\n")
	if _, err := fmt.Fprint(f, "line\n"); err != io.ErrClosedPipe {
		t.Errorf("filter: %v", err)
	}
}

func BenchmarkPager(b *testing.B) {
	text := []byte(lines(1000))
	p := NewPager(io.Discard, func() (byte, error) { return ' ', nil }, func() int { return 24 }, func() int { return 80 })
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		p.Write(text)
	}
}
