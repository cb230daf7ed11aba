package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/cli"
)

var board = tiny(nil)

// What is wrong with a Spec is told when the language is built.
func TestSpecIsChecked(t *testing.T) {
	add := func(rows string) func(*Spec[*switchboard]) {
		return func(s *Spec[*switchboard]) { s.PassiveRows += rows }
	}
	for _, c := range []struct {
		line   string
		change func(*Spec[*switchboard])
		says   string // "" for a Spec that is well
	}{
		{"nothing", func(*Spec[*switchboard]) {}, ""},
		{"a group that the layout lacks", func(s *Spec[*switchboard]) { s.Layout = "head misc ports blocks" }, "group certs is in 0 places of the layout"},
		{"a group with rows of its own that the layout lacks", func(s *Spec[*switchboard]) { s.Layout = "head misc blocks certs" }, "group ports is in 0 places"},
		{"a group in two places", func(s *Spec[*switchboard]) { s.Layout += " misc" }, "group misc is in 2 places"},
		{"a group inline, and in the layout", func(s *Spec[*switchboard]) { s.Inline = []string{"misc"} }, "group misc is in 2 places"},
		{"a group inline only", func(s *Spec[*switchboard]) {
			s.Layout, s.Inline = strings.Replace(s.Layout, "misc", "", 1), []string{"misc"}
		}, ""},
		{"passive rows of no place", add("\n[nowhere]\n  lost \"Lost\"\n"), "group nowhere is in 0 places"},
		{"a hook that there is not", add("\n[misc]\n @none x \"x\"\n"), "no hook @none"},
		{"passive rows of a mode that keeps none", add("\n[poem]\n  x \"x\"\n"), "mode poem keeps no such commands"},
		{"a place for rows that there are not", add("\n[port]\n= nothing\n"), `mode port has no row "nothing"`},
		{"a grammar that is none", add("\n[misc]\n  x {y\n"), "missing"},
		{"an argument that is none", add("\n[misc]\n  x NUMBER\n"), "unknown argument kind NUMBER"},
	} {
		t.Run(c.line, func(t *testing.T) {
			defer func() {
				said := ""
				if x := recover(); x != nil {
					said = fmt.Sprint(x)
				}
				if c.says == "" && said != "" || !strings.Contains(said, c.says) {
					t.Errorf("says %q, want %q", said, c.says)
				}
			}()
			tiny(c.change)
		})
	}
	if err := board.Check(); err != nil {
		t.Error(err)
	}
	if err := tiny(add("\n[misc]\n  helpless\n")).Check(); err == nil || !strings.Contains(err.Error(), "helpless") {
		t.Errorf("a word without help: %v", err)
	}
}

// A line becomes a command of its mode or one above, by privilege level.
func TestResolve(t *testing.T) {
	at := func(modes ...string) *Position {
		p := Top()
		for _, m := range modes {
			p = p.down(place{m, "console"})
		}
		return p
	}
	for _, c := range []struct {
		line  string
		at    *Position
		typed string
		level int
		want  string // words, or the error
		mode  string // that knows the command
	}{
		{"in full", at(), "name R1", 15, "name R1", "config"},
		{"cut short, in capitals", at(), "LIM 7", 15, "limit 7", "config"},
		{"no", at(), "no limit", 15, "no limit", "config"},
		{"no, with what it would set", at(), "no limit 7", 15, "no limit 7", "config"},
		{"default, cut short", at(), "def limit", 15, "default limit", "config"},
		{"de is not enough", at(), "de limit", 15, "cli: invalid input at 0", ""},
		{"a command of the mode", at("port"), "label x y", 15, "label x y", "port"},
		{"a command of the mode above", at("port"), "limit 7", 15, "limit 7", "config"},
		{"two modes above", at("port", "group"), "limit 7", 15, "limit 7", "config"},
		{"no command anywhere: the caret of the mode that reads most", at("port"), "limit 700", 15, "cli: invalid input at 6", ""},
		{"no command at all", at("port"), "nonsense", 15, "cli: invalid input at 1", ""},
		{"not complete", at(), "limit", 15, "cli: incomplete command", ""},
		{"ambiguous", at(), "b", 15, `cli: ambiguous command "b"`, ""},
		{"a verb, cut short until it may be another word", at(), "n limit", 15, `cli: ambiguous command "n"`, ""},
		{"a verb that is none here", at(), "do", 15, "cli: invalid input at 0", ""},
		{"what the level does not have", at(), "limit 7", 14, "cli: invalid input at 0", ""},
		{"what every level has", at("port"), "exit", 1, "exit", "port"},
		{"a row that the vocabulary lacks", at(), "gone", 15, "cli: invalid input at 1", ""},
		{"the word that closes a mode", at("port"), "done", 15, "done", "port"},
		{"no of what only acts", at(), "no ring", 15, "cli: invalid input at 4", ""},
		{"a secret", at(), "secret hush hush", 15, "secret *", "config"},
		{"no of a secret", at(), "no secret hush", 15, "no secret *", "config"},
		{"a key without behaviour", at(), "vault key 7 0822", 15, "vault key *", "config"},
		{"a key among parameters", at(), "safe A size 3 KEY 0 hush", 15, "safe A size 3 KEY *", "config"},
		{"a password among parameters", at(), "peer A password hush", 15, "peer A password *", "config"},
		{"a port among parameters", at(), "peer A auth-port 1812", 15, "peer A auth-port 1812", "config"},
		{"a free line with a password", at("group"), "gadget secret hush", 15, "gadget secret *", "group"},
		{"a line of data", at("data"), "00 ff", 15, "*", "data"},
		{"a variant has the rows of its mode", at("subport"), "open", 15, "open", "subport"},
	} {
		t.Run(c.line, func(t *testing.T) {
			r, err := board.Resolve(c.at, c.typed, Access{Level: c.level})
			if err != nil {
				if err.Error() != c.want {
					t.Errorf("%v, want %s", err, c.want)
				}
				return
			}
			if r.Words() != c.want {
				t.Errorf("is %q, want %q", r.Words(), c.want)
			}
			if got := r.At().Mode(); got != c.mode {
				t.Errorf("a command of mode %s, want %s", got, c.mode)
			}
		})
	}
}

// A text resolves to the same with the cache and without.
func TestCache(t *testing.T) {
	l := tiny(nil)
	lines := []string{"limit 7", "  label a", "no open", "nonsense", "exit", "name " + strings.Repeat("x", 2*maxCachedLine)}
	first := Top().down(place{"port", "a"})
	second := Top().down(place{"port", "b"})
	for range 2 {
		for _, line := range lines {
			for _, p := range []*Position{first, second} {
				plain, e1 := l.Resolve(p, line, Full)
				cached, e2 := l.resolveText(p, line)
				if fmt.Sprint(e1) != fmt.Sprint(e2) {
					t.Fatalf("%q: %v with the cache, %v without", line, e2, e1)
				}
				if e1 == nil && (plain.Words() != cached.Words() || plain.at != cached.at || plain.cmd != cached.cmd || plain.Act != cached.Act) {
					t.Errorf("%q: %+v with the cache, %+v without", line, cached, plain)
				}
			}
		}
	}
	if n := len(l.seen.lines); n != 2+4 {
		t.Errorf("%d lines are remembered, want the 2 of the factory and the 4 that are right and not too long", n)
	}
	for i := range 2 * maxCached {
		l.resolveText(Top(), fmt.Sprintf("name R%d", i))
	}
	if n := len(l.seen.lines); n != maxCached {
		t.Errorf("%d lines are remembered, want %d", n, maxCached)
	}
}

// ? and TAB know the verbs, and the heading of an empty line.
func TestHelpAndComplete(t *testing.T) {
	names := func(h cli.Help) (all []string) {
		for _, i := range h.Items {
			all = append(all, i.Name)
		}
		return all
	}
	for _, c := range []struct {
		line, heading, want string
	}{
		{"", "Configure commands:", "banner beep cert clock contact count default end exit group help limit most motto name no odd peer port ring route run safe secret tone tones trunk vault"},
		{"n", "", "name no"},
		{"no t", "", "tone tones trunk"},
		{"no ", "", "banner beep cert clock contact count group limit most motto name odd peer port route run safe secret tone tones trunk vault"},
		{"ring ", "", "WORD"},
	} {
		h, heading, err := board.Help(Top(), c.line, Full)
		if got := strings.Join(names(h), " "); err != nil || heading != c.heading || got != c.want {
			t.Errorf("%q?: %q, %s, %v; want %q, %s", c.line, heading, got, err, c.heading, c.want)
		}
	}
	in := Top().down(place{"port", "console"})
	for line, want := range map[string]string{"lab": "label", "lim": "limit", "no ope": "no open", "x": "x"} {
		if got, ok := board.Complete(in, line, Full); strings.TrimSpace(got) != want || ok != (line != want) {
			t.Errorf("%q TAB: %q, %v; want %q", line, got, ok, want)
		}
	}
	if got := board.Suffix(Top().down(place{"subport", "a.1"})); got != "config-subport" {
		t.Errorf("the suffix of a variant is %s", got)
	}
}

// What commands do when they are typed: questions, sub-modes, refusals.
func TestTyped(t *testing.T) {
	for _, c := range []struct {
		line  string
		typed []string
		texts []string // the user's answers
		at    string   // suffix then
		err   string
		said  []string
		shows string // among the lines of the configuration
		lacks string
	}{
		{line: "a word", typed: []string{"name R1"}, at: "config", shows: "name R1"},
		{line: "no brings the default back", typed: []string{"name R1", "no name"}, at: "config", shows: "name Board"},
		{line: "an alternative spelling shows as the other", typed: []string{"most 9"}, at: "config", shows: "limit 9", lacks: "most"},
		{line: "a flag that is on by default", typed: []string{"no beep"}, at: "config", shows: "no beep"},
		{line: "and back", typed: []string{"no beep", "default beep"}, at: "config", lacks: "beep"},
		{line: "a list loses a word", typed: []string{"no tones high"}, at: "config", shows: "tones low"},
		{line: "but not the last", typed: []string{"tones low", "no tones low"}, at: "config", err: "% One tone must stay", shows: "tones low"},
		{line: "a list is set anew", typed: []string{"tones low high"}, at: "config", shows: "tones low high"},
		{line: "and forgotten", typed: []string{"tones low", "no tones"}, at: "config", lacks: "tones"},
		{line: "a text of several lines", typed: []string{"banner #a"}, texts: []string{"b", "c#d"}, at: "config", said: []string{"invited: Text, then #"}, shows: "banner #a/b/c#"},
		{line: "no does not ask", typed: []string{"banner #a#", "no banner"}, at: "config", said: []string{"invited: Text, then #"}, lacks: "banner"},
		{line: "an answer that does not come", typed: []string{"secret"}, at: "config", err: "EOF"},
		{line: "what is refused leaves nothing but its words", typed: []string{"odd 8"}, at: "config", err: "% Even", said: []string{"limit 8"}, lacks: "limit"},
		{line: "what is accepted leaves a note", typed: []string{"odd 7"}, at: "config", said: []string{"limit 7", "%SYS-ODD: 7"}, shows: "limit 7"},
		{line: "a form that a command lacks", typed: []string{"no odd"}, at: "config", err: "cli: incomplete command"},
		{line: "a sub-mode", typed: []string{"port x", "label y"}, at: "config-port", shows: " label y"},
		{line: "a variant of it", typed: []string{"port x.1", "open"}, at: "config-subport", shows: " open"},
		{line: "its closing word leads out", typed: []string{"port x", "done"}, at: "config"},
		{line: "a command of the mode above leads there", typed: []string{"port x", "limit 9"}, at: "config", shows: "limit 9"},
		{line: "several places at once", typed: []string{"port x", "port all", "open"}, at: "config-port", shows: "port console\n open\n label first\nport x\n open"},
		{line: "a block", typed: []string{"group A", "size 3", "inner B", "item C"}, at: "config-inner", shows: "group A\n size 3\n inner B\n  item C\n end-inner\n!"},
		{line: "free lines, data and their end", typed: []string{"port poem", "roses", "limit 9", "red", "quit"}, at: "config", shows: "limit 9\n", said: nil},
		{line: "the text of a poem", typed: []string{"port poem", "roses", "red", "quit"}, at: "config", shows: "banner #/roses/red#"},
		{line: "the end of all modes", typed: []string{"port poem", "roses", "stop"}, at: "", shows: "banner #/roses#"},
		{line: "what is above the free mode", typed: []string{"port poem", "limit x"}, at: "config-poem", err: "cli: invalid input at 6"},
		{line: "out of the configuration", typed: []string{"port poem", "exit", "exit"}, at: ""},
	} {
		t.Run(c.line, func(t *testing.T) {
			m := NewMachine(board, nil)
			u := &user{texts: c.texts}
			at, err := typing(t, m, u, c.typed...)
			if at != c.at || fmt.Sprint(err) != fmt.Sprint(errors.New(c.err)) && !(err == nil && c.err == "") {
				t.Errorf("stands in %q with %v; want %q, %s", at, err, c.at, c.err)
			}
			if d := cmp.Diff(c.said, u.said); d != "" {
				t.Errorf("says (-want +got)\n%s", d)
			}
			text := m.Render(false)
			if !strings.Contains("\n"+text, "\n"+c.shows) || c.lacks != "" && strings.Contains(text, c.lacks) {
				t.Errorf("shows\n%s\nwant %q and no %q", text, c.shows, c.lacks)
			}
		})
	}
}

// Prepare may wait for a user; what others change meanwhile is not lost.
func TestCommitIsOnWhatIsThere(t *testing.T) {
	m := NewMachine(board, nil)
	resolve := func(line string) *Prepared {
		r, err := m.Resolve(Top(), line, Full)
		if err != nil {
			t.Fatal(err)
		}
		p, err := m.Prepare(r, &user{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	slow, quick := resolve("name slow"), resolve("limit 9")
	before := m.Load()
	for _, p := range []*Prepared{quick, slow} {
		if _, _, err := m.Commit(p); err != nil {
			t.Fatal(err)
		}
	}
	if c := m.Load(); c.Name != "slow" || c.Limit != 9 {
		t.Errorf("the model is %+v", c)
	}
	if before.Name != "Board" || before.Limit != 5 {
		t.Errorf("a snapshot has changed: %+v", before)
	}
}
