package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is wrong with a table is found when the language is built.
func TestDefectsOfATable(t *testing.T) {
	for _, tt := range []struct{ name, table, want string }{
		{"two rows with one name", "[passive]\n+ a \"A\" b \"B\" LINE \"L\"\n  a {b <1-9> | c}", `config: passive row 3: name "a b" in mode config is that of row 2`},
		{"a name in each choice", "[passive]\n+ a {b | c} LINE \"L\"\n  a b", `config: passive row 3: name "a b" in mode config is that of row 2`},
		{"no name", "[passive]\n+ WORD \"W\"", `config: passive row 2: name "" in mode config is that of row 1`},
		{"a hook that is not there", "[passive]\n@none a", "config: passive row 2: no hook @none"},
		{"a group that prints nowhere", "[other]\n  a", "config: group other is in 0 places of the layout, want 1"},
		{"a place for a row that is not there", "[passive]\n= nobody", `config: mode config has no row "nobody" to print among its passive ones`},
		{"a mode that keeps no such commands", "[group]\n  a", "config: passive row 2: mode group keeps no such commands"},
	} {
		got := func() (defect string) {
			defer func() { defect = fmt.Sprint(recover()) }()
			newToy(tt.table)
			return ""
		}()
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestNamesOfLines(t *testing.T) {
	l, _ := newToy("[passive]\n+ ip \"I\" pim \"P\" {a \"A\" | b \"B\" LINE \"L\"}\n~+ route \"R\" LINE \"L\"\n>block block \"B\" WORD \"W\"\n\n[mode block b \"B:\"]\n* {host \"H\"} WORD \"W\"")
	c, s := l.Parse("ip pim b 1\nip pim a\nroute 2\nno route 3\nblock X\nhost 4\nany 5")
	if len(s.Rejected) > 0 {
		t.Fatal(s.Rejected)
	}
	var got []string
	for _, lines := range []*PassiveLines{&c.Passive.Lines, &c.Passive.Block("block X").Lines} {
		for line := range lines.All() {
			got = append(got, line.Name+": "+line.String())
		}
	}
	if d := cmp.Diff([]string{"ip pim b: ip pim b 1", "ip pim a: ip pim a", "route: route 2", "route: no route 3", "host: host 4", "any: any 5"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for line := range c.Passive.Lines.Named("ip pim a") {
		if line.Text != "ip pim a" {
			t.Errorf("Named finds %q", line)
		}
	}
}

// A kept `no` stands until what it negates is typed, and takes what begins so.
func TestKeptNo(t *testing.T) {
	const table = "[passive]\n~+ route \"R\" LINE \"L\"\n~ cef \"C\" [fast \"F\"]\n+ plain \"P\" LINE \"L\""
	for _, tt := range []struct{ in, want string }{
		{"no route a", "no route a"},
		{"no route a|no route a", "no route a"},
		{"route a b|no route a", ""},
		{"route a b|route a c|route d|no route a|no route a", "no route a|route d"},
		{"no route a|route a b", "route a b"},
		{"no route a b|route a", "no route a b|route a"},
		{"route a b|no route a b|no route a", "no route a"},
		{"cef|no cef|no cef", "no cef"},
		{"no cef|cef fast", "cef fast"},
		{"plain a b|no plain a|no plain a", ""},
	} {
		l, _ := newToy(table)
		c, s := l.Parse(strings.ReplaceAll(tt.in, "|", "\n"))
		if len(s.Rejected) > 0 {
			t.Errorf("%s: %v", tt.in, s.Rejected)
		}
		var want string
		if tt.want != "" {
			want = strings.ReplaceAll(tt.want, "|", "\n") + "\n"
		}
		if got := l.Render(c, false); sorted(got) != sorted(want) {
			t.Errorf("%s: %q, want %q", tt.in, got, want)
		}
	}
}

func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
