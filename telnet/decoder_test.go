package telnet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// notes is a sink that writes down what it is told.
type notes struct {
	strings.Builder
	keys map[byte]byte
}

func (n *notes) command(c byte) (byte, bool) {
	fmt.Fprintf(n, "%d ", c)
	key, ok := n.keys[c]
	return key, ok
}
func (n *notes) negotiate(verb, option byte) { fmt.Fprintf(n, "%d:%d ", verb, option) }
func (n *notes) subnegotiation(data []byte)  { fmt.Fprintf(n, "sub%v ", data) }

// What a peer sends, and what is made of it, whatever the pieces that it comes in.
func TestDecode(t *testing.T) {
	for _, c := range []struct{ why, in, data, told string }{
		{"data", "show ip ssh", "show ip ssh", ""},
		{"CR NUL is RETURN", "a\r\x00b\r\x00", "a\rb\r", ""},
		{"CR LF is RETURN", "a\r\nb", "a\rb", ""},
		{"only the byte behind CR belongs to it", "\r\n\n\r\r\x00\x00", "\r\n\r\r\x00", ""},
		{"IAC doubled is a byte", "a\xff\xffb", "a\xffb", ""},
		{"options", "\xff\xfb\x18a\xff\xfc\x1f\xff\xfd\x01\xff\xfe\x03", "a", "251:24 252:31 253:1 254:3 "},
		{"commands", "a\xff\xf1\xff\xf6b", "ab", "241 246 "},
		{"a command that is a key", "\xff\xf4x", "\x03x", "244 "},
		{"a window", "\xff\xfa\x1f\x00\x84\x00\x2b\xff\xf0a", "a", "sub[31 0 132 0 43] "},
		{"a window with 255 in it", "\xff\xfa\x1f\x00\xff\xff\x00\x2b\xff\xf0", "", "sub[31 0 255 0 43] "},
		{"one that is too long means nothing", "\xff\xfa\x18" + strings.Repeat("x", 1000) + "\xff\xf0a", "a", ""},
		{"as long as is kept", "\xff\xfa\x18" + strings.Repeat("x", 15) + "\xff\xf0", "", "sub[24 120 120 120 120 120 120 120 120 120 120 120 120 120 120 120] "},
		{"without an end, another command is one", "\xff\xfa\x18xx\xff\xfb\x1fa", "a", "251:31 "},
		{"SE without a beginning", "\xff\xf0a", "a", "240 "},
		{"the IAC of a DM that TCP took away", "a\xffb", "ab", ""},
	} {
		for size := range len(c.in) {
			n := &notes{keys: map[byte]byte{cmdIP: 3}}
			d := &decoder{sink: n}
			var data []byte
			for piece := range slicesOf([]byte(c.in), size+1) {
				data = append(data, d.decode(piece)...)
			}
			if string(data) != c.data || n.String() != c.told {
				t.Errorf("%s, in pieces of %d: %q is %q and %q, want %q and %q", c.why, size+1, c.in, data, n, c.data, c.told)
				break
			}
		}
	}
}

// slicesOf cuts b into pieces, each of its own memory.
func slicesOf(b []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			n := min(size, len(b))
			if !yield(bytes.Clone(b[:n])) {
				return
			}
			b = b[n:]
		}
	}
}

// A raw port takes everything as it is; binary keeps line ends.
func TestDecodeModes(t *testing.T) {
	n := &notes{}
	if got := (&decoder{sink: n, raw: true}).decode([]byte("\xff\xfd\x01\r\n")); string(got) != "\xff\xfd\x01\r\n" || n.String() != "" {
		t.Errorf("raw: %q, %q", got, n)
	}
	if got := (&decoder{sink: n, binary: true}).decode([]byte("\xff\xffa\r\n\r\x00")); string(got) != "\xffa\r\n\r\x00" {
		t.Errorf("binary: %q", got)
	}
	if got := (&decoder{sink: n, shown: true}).decode([]byte("a\r\nb\r\x00c")); string(got) != "a\r\nb\rc" {
		t.Errorf("shown: %q", got)
	}
}

// What goes over the wire of data, in one piece or byte by byte.
func TestEncode(t *testing.T) {
	for _, c := range []struct {
		why  string
		e    encoder
		in   string
		wire string
	}{
		{"a screen", encoder{}, "R1#\r\nx\ry", "R1#\r\nx\r\x00y"},
		{"keys", encoder{typed: true}, "a\rb\n\r", "a\r\x00b\n\r\x00"},
		{"IAC", encoder{}, "\xffa\xff", "\xff\xffa\xff\xff"},
		{"raw", encoder{raw: true}, "\xffa\r", "\xffa\r"},
		{"binary", encoder{binary: true}, "\xffa\rb", "\xff\xffa\rb"},
		{"binary keys", encoder{binary: true, typed: true}, "a\r", "a\r"},
	} {
		whole, bytewise := c.e, c.e
		got := string(whole.encode([]byte(c.in)))
		var single []byte
		for i := range len(c.in) {
			single = append(single, bytewise.encode([]byte{c.in[i]})...)
		}
		if got != c.wire || string(single) != c.wire {
			t.Errorf("%s: %q is %q, byte by byte %q, want %q", c.why, c.in, got, single, c.wire)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\r\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		n := &notes{}
		whole := (&decoder{sink: n}).decode(bytes.Clone(in))
		m := &notes{}
		d := &decoder{sink: m}
		var single []byte
		for _, b := range in {
			single = append(single, d.decode([]byte{b})...)
		}
		if !bytes.Equal(whole, single) || n.String() != m.String() {
			t.Errorf("%q: whole %q %q, byte by byte %q %q", in, whole, n, single, m)
		}
	})
}
