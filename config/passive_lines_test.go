package config

import (
	"crypto/rand"
	"strings"
	"testing"
)

// How commands without behaviour are kept, replaced, negated and printed, by the
// marks of their rows.
func TestPassive(t *testing.T) {
	for _, c := range []struct{ line, in, want string }{
		{"one line a row", "clock rate 3\nclock rate 5", "clock rate 5\n"},
		{"no drops it, whatever it is", "clock rate 3\nno clock rate", ""},
		{"+ several, told apart by all words", "route a b\nroute a c\nroute a b", "route a c\nroute a b\n"},
		{"no takes the one, and those that go on where it ends", "route a b\nroute a c\nroute d e\nno route a b", "route a c\nroute d e\n"},
		{"/ several, told apart by the words before it", "peer A x\npeer B\npeer A y z", "peer B\npeer A y z\n"},
		{"no by the words before it", "peer A x\npeer B\nno peer A", "peer B\n"},
		{"~ keeps no", "no trunk", "no trunk\n"},
		{"~ until it is set", "no trunk\ntrunk", "trunk\n"},
		{"~ and back", "trunk\nno trunk\nno trunk", "no trunk\n"},
		{"~ default keeps nothing", "no trunk\ndefault trunk", ""},
		{"~+ keeps no of what is not there", "no tone high\ntone low", "no tone high\ntone low\n"},
		{"~+ no of what is denied already leaves it in its place", "no tone high\nno tone low\nno tone high", "no tone high\nno tone low\n"},
		{"~+ drops what is there", "tone high\nno tone high", ""},
		{"_ ends in a space", "motto less is more", "motto less is more \n"},
		{"$ a key in the clear", "vault key 0 hush", "vault key hush\n"},
		{"$ a key of type 7 as it is", "vault key 7 not hex", "vault key 7 not hex\n"},
		{"$ a key among parameters", "safe A size 3 ke 0 hush", "safe A size 3 ke hush\n"},
		{"$ several", "safe A key a\nsafe B key b\nsafe A key c", "safe B key b\nsafe A key c\n"},
		{"@ a hook that refuses", "count 3\ncount 4", "count 3\n"},
		{"@ a hook that does everything", "count 99", ""},
		{"the order is that of the rows", "count 1\nroute a b\nclock rate 2", "clock rate 2\nroute a b\ncount 1\n"},
		{"> a block", "group B\n size 1\ngroup A\n size 2\ngroup B\n size 3", "group B\n size 3\n!\ngroup A\n size 2\n!\n"},
		{"> no drops it with what is inside", "group A\n inner B\n  item C\n exit\nexit\nno group A\ngroup A", "group A\n!\n"},
		{">> blocks that run on", "run a\n speed 1\nrun b", "run a\n speed 1\nrun b\n!\n"},
		{"* a line that nobody knows, as it is", "group A\n  No  Thing  at all\n note x", "group A\n no Thing  at all\n note x\n!\n"},
		{"* twice the same is once", "group A\n x y\n x y\n x z", "group A\n x y\n x z\n!\n"},
		{"* no drops it", "group A\n x y\n no x y", "group A\n!\n"},
		{"a block in a block", "group A\n inner B\n  item C\n  item D\n exit\n size 3", "group A\n size 3\n inner B\n  item C\n  item D\n end-inner\n!\n"},
		{"the word that ends a block", "group A\n inner B\n  item C\n end-inner\n size 3", "group A\n size 3\n inner B\n  item C\n end-inner\n!\n"},
		{"hexadecimal data, its two same lines too", "cert X\n 00 FF\n 00 FF\n quit\nclock rate 1", "clock rate 1\ncert X\n 00 FF\n 00 FF\n quit\n!\n"},
		{"of a mode with behaviour, in the order of that", "port console\n dial 1\n open\n dial 2", "port console\n open\n dial 1\n dial 2\n label first\n"},
	} {
		t.Run(c.line, func(t *testing.T) {
			m, s := board.Parse(c.in)
			for _, r := range s.Rejected {
				if r.Err.Error() != "% Even" {
					t.Errorf("line %d: %v", r.Number, r.Err)
				}
			}
			part := "misc blocks certs"
			if strings.HasPrefix(c.in, "port") {
				part = "ports"
			}
			if got := board.RenderIn(m, part); got != c.want {
				t.Errorf("keeps\n%s\nwant\n%s", got, c.want)
			}
			got := board.Render(m, false)
			again, s := board.Parse(got)
			if len(s.Rejected) > 0 || board.Render(again, false) != got {
				t.Errorf("comes back as\n%s\n%v", board.Render(again, false), s.Rejected)
			}
		})
	}
}

// What a product asks of the lines that it keeps.
func TestPassiveLines(t *testing.T) {
	m, _ := board.Parse("route a b\nroute c d\npeer A x\nvault key 0 hush\nsafe A port 9 key 0 hush 2\ngroup G\n size 1\ngroup H\nrun R\nport console\n dial 1")
	ls := &m.Passive.Lines
	if ls.Len() != 5 || !ls.Has("route a b") || ls.Has("route a") {
		t.Errorf("%d lines", ls.Len())
	}
	if v, ok := ls.Value("peer A"); v != "x" || !ok {
		t.Errorf("the value is %q, %v", v, ok)
	}
	var named []string
	for l := range ls.Named("route") {
		named = append(named, l.String())
	}
	if strings.Join(named, ",") != "route a b,route c d" {
		t.Errorf("routes %q", named)
	}
	for l := range ls.Named("vault key") {
		if Printed(l.Args) != "vault key" || l.Key.Text != "hush" || l.Text != "vault key " {
			t.Errorf("a key is kept as %+v", l)
		}
	}
	for l := range ls.Named("safe") {
		if Printed(l.Args) != "safe A port 9 key" || l.Key.Text != "hush 2" {
			t.Errorf("a key among parameters is kept as %+v", l)
		}
	}
	var groups []string
	for b := range m.Passive.Of("group") {
		groups = append(groups, b.Header)
	}
	if strings.Join(groups, ",") != "group G,group H" {
		t.Errorf("groups %q", groups)
	}
	if place, header := Outside(Inside("group G", "inner I")); place != "group G" || header != "inner I" || Inside("", "x") != "x" {
		t.Errorf("inside %q is %q", place, header)
	}
	if b := m.Passive.Block("group G"); b == nil || !b.Lines.Has("size 1") || m.Passive.Block("none") != nil {
		t.Errorf("the block is %+v", b)
	}
}

// Encrypting the keys of a model leaves its original alone, and those that have a
// type.
func TestEncryptKeys(t *testing.T) {
	m, _ := board.Parse("vault key hush\nsafe A key 7 0822455D0A16\nsafe B key 6 abc\ngroup G\n size 1")
	n := m.Clone()
	n.Passive.EncryptKeys(rand.Reader)
	text := board.Render(n, false)
	if strings.Contains(text, "hush") || !strings.Contains(text, "vault key 7 ") || !strings.Contains(text, "safe A key 7 0822455D0A16\nsafe B key 6 abc\n") {
		t.Errorf("encrypted\n%s", text)
	}
	if !strings.Contains(board.Render(m, false), "vault key hush\n") {
		t.Error("the original is encrypted too")
	}
	n.Encrypts = true
	board.Merge(n, "safe C key new")
	if text := board.Render(n, false); !strings.Contains(text, "safe C key 7 ") {
		t.Errorf("a new key is kept in the clear\n%s", text)
	}
}
