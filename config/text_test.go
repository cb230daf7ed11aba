package config

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// journal is a Reader that writes down what it is told, and what the model is then.
type journal struct {
	m     *Machine[*switchboard]
	lines []string
	act   func()
}

func (j *journal) Say(line string) { j.lines = append(j.lines, "say "+line) }
func (j *journal) Note(n Notice)   { j.lines = append(j.lines, "note "+n.Text) }
func (j *journal) Reject(r Rejected) {
	j.lines = append(j.lines, fmt.Sprintf("reject %d %q: %v", r.Number, r.Line, r.Err))
}
func (j *journal) Flush() { j.lines = append(j.lines, "flush "+j.m.Load().Name) }
func (j *journal) Act(r *Resolved) {
	j.lines = append(j.lines, "act "+r.Words())
	if j.act != nil {
		j.act()
	}
}

// A text changes the model between its acting commands, which see what stands before
// them; what is refused is told with its number, and the rest is applied.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		line, text string
		want       []string
	}{
		{"nothing", "", []string{"flush Board"}},
		{"comments and headers", "!\n\nCurrent configuration : 9 bytes\n! x\nname R1", []string{"flush R1"}},
		{"any line ends", "name R1\r\nlimit x\rname R2\n\nnonsense", []string{`reject 2 "limit x": cli: invalid input at 6`, `reject 5 "nonsense": cli: invalid input at 1`, "flush R2"}},
		{"what commands say", "odd 7\nodd 8\nname R1", []string{"say limit 7", "note 7", `say limit 8`, `reject 2 "odd 8": % Even`, "flush R1"}},
		{"acting commands", "name R1\nring\nname R2\nring Bob\nname R3", []string{"flush R1", "act ring", "flush R2", "act ring Bob", "flush R3"}},
		{"an acting command in a sub-mode leads out of it", "port x\nring\nlabel y", []string{"flush Board", "act ring", `reject 3 "label y": cli: invalid input at 1`, "flush Board"}},
		{"exit at the top stays", "exit\nexit\nname R1", []string{"flush R1"}},
		{"end is the end", "port x\nend\nname R1", []string{"flush Board"}},
		{"help does nothing for a text", "name R1\nhelp\nname R2", []string{"flush R1", "act help", "flush R2"}},
		{"a text within a text", "banner #a\nname R1\nb#\nname R2", []string{"flush R2"}},
		{"a text that does not end", "banner #a\nname R1", []string{"flush Board"}},
		{"nobody is there to answer", "secret\nname R1", []string{`reject 1 "secret": EOF`, "flush R1"}},
	} {
		t.Run(c.line, func(t *testing.T) {
			m := NewMachine(board, nil)
			j := &journal{m: m}
			m.Read(t.Context(), c.text, rand.Reader, j)
			if d := cmp.Diff(c.want, j.lines); d != "" {
				t.Errorf("(-want +told)\n%s", d)
			}
		})
	}
}

// The end of the context is the end of the text, at its next line.
func TestReadEndsWithItsContext(t *testing.T) {
	m := NewMachine(board, nil)
	ctx, cancel := context.WithCancel(t.Context())
	j := &journal{m: m, act: cancel}
	m.Read(ctx, "name R1\nring\nname R2\nring\n", rand.Reader, j)
	if d := cmp.Diff([]string{"flush R1", "act ring", "flush R1"}, j.lines); d != "" {
		t.Errorf("(-want +told)\n%s", d)
	}
}

// What an operator reads of a refused line holds no secret, nor does its reason.
func TestRejectedIsMasked(t *testing.T) {
	for _, c := range []struct{ line, err, want string }{
		{"nonsense here", "x", `3 "nonsense here" x`},
		{"username u passwrd hush", "Invalid encrypted password: hush", `3 "username u passwrd *" Invalid encrypted password *`},
		{"  enable secrt 5 hush", "x", `3 "  enable secrt *" x`},
		{"enable sec 5 hush", "x", `3 "enable sec *" x`},
		{"enable pa hush", "x", `3 "enable pa *" x`},
		{"snmp-server comm hush RO", "x", `3 "snmp-server comm *" x`},
		{"tacacs-server ke hush", "x", `3 "tacacs-server ke *" x`},
		{"pass 0 hush", "x", `3 "pass *" x`},
		{"key hush", "x", `3 "key *" x`},
		{"neighbor A key", "x", `3 "neighbor A key" x`},
		{"ip ospf authentication-key hush", "x", `3 "ip ospf authentication-key *" x`},
		{"host A auth-port 1812 key\thush", "x", `3 "host A auth-port 1812 key *" x`},
		{"environment _password hush", "x", `3 "environment _password *" x`},
		{"boot network ftp://u:hush@h/f", "x", `3 "boot network ftp://*****:*****@h/f" x`},
		{"no such scp://u:a hush@h/f", "no scp:u:hush@h/f", `3 "no such scp://*****:*****@h/f" no scp:*****:*****@h/f`},
		{"dir ftp:/u:key hush@h/f", "x", `3 "dir ftp:/*****:*****@h/f" x`},
		{"monkey business", "x", `3 "monkey business" x`},
	} {
		r := Rejected{3, c.line, errors.New(c.err)}.Masked()
		if got := fmt.Sprintf("%d %q %v", r.Number, r.Line, r.Err); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// A model renders in the order of its layout, with all only what is not the default
// otherwise, and the blank one without what a start-up configuration sets.
func TestRender(t *testing.T) {
	c, _ := board.Parse("name R1\nlimit 9\nno beep\ncontact me")
	for _, tt := range []struct{ what, got, want string }{
		{"defaults", board.Render(board.Factory(), false), "name Board\n!\n!\nport console\n label first\nend\n"},
		{"all defaults", board.Render(board.Factory(), true), "name Board\nlimit 5\nbeep\ntones high low\n!\n!\nport console\n no open\n label first\nend\n"},
		{"what was set", board.Render(c, false), "name R1\nlimit 9\nno beep\ncontact me\n!\n!\nport console\n label first\nend\n"},
		{"all", board.Render(c, true), "name R1\nlimit 9\nno beep\ntones high low\ncontact me\n!\n!\nport console\n no open\n label first\nend\n"},
		{"blank", board.Render(board.Blank(), false), "name Board\nno beep\n!\n!\nport console\n label first\nend\n"},
		{"a part", board.RenderIn(c, "ports end"), "port console\n label first\nend\n"},
		{"a section", Section("a\n b\nc\n d\na\n e\n", func(l string) bool { return l == "a" }), "a\n b\na\n e\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.what, tt.got, tt.want)
		}
	}
	inline := tiny(func(s *Spec[*switchboard]) {
		s.Layout, s.Inline = strings.Replace(s.Layout, "misc", "", 1), []string{"misc"}
		for _, d := range s.Modes {
			if m, ok := d.(*Mode[*switchboard, switchboard]); ok && m.Name == Global {
				show := m.Groups[0].Rows[0].Does.Show
				m.Groups[0].Rows[0].Does.Show = func(v *View, t, fresh *switchboard) { show(v, t, fresh); v.Group("misc") }
			}
		}
	})
	k, _ := inline.Parse("clock rate 3\nlimit 9")
	if got, want := inline.Render(k, false), "name Board\nclock rate 3\nlimit 9\n!\n!\nport console\n label first\nend\n"; got != want {
		t.Errorf("inline:\n%s\nwant\n%s", got, want)
	}
}

// Parse applies to the factory's configuration, and passes over what acts.
func TestParse(t *testing.T) {
	c, s := board.Parse("odd 7\nring\nport x\nnonsense")
	want := &Script{Lines: []string{"limit 7"}, Notes: []Notice{{"SYS", 5, "ODD", "7"}}}
	if d := cmp.Diff(want.Lines, s.Lines); d != "" {
		t.Error(d)
	}
	if len(s.Notes) != 1 || len(s.Rejected) != 1 || s.Rejected[0].Number != 4 || s.At.Mode() != "port" || !c.Ports.Has("console") {
		t.Errorf("the script is %+v", s)
	}
	if board.Factory().Limit != 5 || board.Bare().Ports.Len() != 0 {
		t.Error("the factory's configuration has changed")
	}
}
