package model

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/cli"
	"vtylab/config"
)

// places are lines that lead into each mode. They are found by trying the rows of
// the modes that are known; the first ones depend on more than a row.
func places(t *testing.T) map[string]string {
	found := map[string]string{
		config.Global: "",
		"subif":       "interface Loopback7.1\n",
		"line-aaa":    "aaa new-model\nline console 0\n",
		"vtyline-aaa": "aaa new-model\nline vty 0\n",
	}
	for todo := []string{config.Global}; len(todo) > 0; todo = todo[1:] {
		for _, syntax := range rowsOf(lang, todo[0]) {
			for _, line := range samples(t, syntax) {
				lines := found[todo[0]] + line + "\n"
				at := parse(lines).At
				if at == nil {
					continue
				}
				if _, known := found[at.Mode()]; !known {
					found[at.Mode()] = lines
					todo = append(todo, at.Mode())
				}
			}
		}
	}
	return found
}

func TestEveryModeHasAWayIn(t *testing.T) {
	found := places(t)
	for _, mode := range lang.Modes() {
		lines, ok := found[mode]
		if !ok {
			t.Errorf("no row leads into mode %s", mode)
		} else if at := parse(lines).At; at.Mode() != mode {
			t.Errorf("%q leads into mode %s, want %s", lines, at.Mode(), mode)
		}
	}
}

// traceless are the keywords of rows of which a configuration shows nothing.
var traceless = []string{
	"version", "aaa session-id common", // printed, but not set
	"ip ssh pubkey-chain", "line console", "line aux", "key-string", // they lead to what is printed
	"broadcast", "group", // print in a list that has an action
	"privilege", // with reset
	"copy",      // what it copies prints
}

// Every sample of every row is understood, and what it leaves in a configuration
// reads back as itself. Every row leaves something.
func TestEveryRowSurvives(t *testing.T) {
	for mode, place := range places(t) {
		base, at := lang.Render(parse(place).Config, false), parse(place).At
		for _, syntax := range rowsOf(lang, mode) {
			trace := false
			for _, line := range samples(t, syntax) {
				s := parse(place + line)
				for _, r := range s.Rejected {
					t.Errorf("mode %s: %q: %v", mode, r.Line, r.Err)
				}
				first := lang.Render(s.Config, false)
				again := parse(first)
				for _, r := range again.Rejected {
					t.Errorf("mode %s: %q prints %q: %v", mode, line, r.Line, r.Err)
				}
				if d := cmp.Diff(first, lang.Render(again.Config, false)); d != "" {
					t.Errorf("mode %s: %q is not stable (-first +again):\n%s", mode, line, d)
				}
				r, err := lang.Resolve(at, line, config.Full)
				acts := err == nil && (r.Act != nil || line == "exit")
				trace = trace || acts || first != base || lang.Render(parse(place+"no "+line).Config, false) != base
			}
			if !trace && !slices.Contains(traceless, cli.Keywords(syntax)) {
				t.Errorf("mode %s: %q prints nothing", mode, syntax)
			}
		}
	}
}

// What every row does to a clone does not show in what was cloned: set another way,
// negated, put back to its default.
func TestEveryRowOnAClone(t *testing.T) {
	for mode, place := range places(t) {
		for _, syntax := range rowsOf(lang, mode) {
			lines := samples(t, syntax)
			for i, line := range lines {
				c := parse(place + line).Config
				before := lang.Render(c, true)
				merge(c.Clone(), place+lines[(i+1)%len(lines)]+"\nend")
				for _, verb := range []string{"no ", "default "} {
					merge(c.Clone(), place+verb+line+"\nend")
				}
				merge(c.Clone(), "service password-encryption")
				if d := cmp.Diff(before, lang.Render(c, true)); d != "" {
					t.Errorf("mode %s: %q in a clone shows in the original (-before +after):\n%s", mode, line, d)
				}
			}
		}
	}
}

// rowsOf returns the grammar of every row of a mode.
func rowsOf(l *config.Language[*Config], mode string) (rows []string) {
	l.Rows(func(m, syntax string, _ bool) {
		if m == mode {
			rows = append(rows, syntax)
		}
	})
	return rows
}
