package config

import (
	"encoding/hex"
	"strconv"
	"strings"

	"vtylab/cli"
)

// keep takes a line of a mode that keeps what is no command of it or of a mode
// above.
func (r *passiveRow) keep(t *Typed) *Resolved {
	g := t.lang
	f, start := g.formOf(t.Line)
	text := strings.Trim(t.Line[start:], cli.Blanks)
	if text == "" {
		return nil
	}
	if above := t.above(f, start); above != nil {
		return above
	}
	if t.known(f, start) {
		return nil
	}
	args, m := cli.Args{{Text: text}}, g.modes[t.at.mode]
	edit := func(c *Call, f Form) error {
		for _, lines := range m.kept(c.Root, c.Key) {
			r.change(lines, c, f)
		}
		return nil
	}
	return &Resolved{Args: args, Level: Level, form: f, at: t.at, cmd: &command{passive: r, edit: edit}}
}

// above finds a command of a mode above that has more of its words in full than
// the mode of the line has: the next `key 2` of a key chain is no key-string,
// `crypto pki` no cryptographic-algorithm, `event manager` no event of an applet.
func (t *Typed) above(f Form, start int) *Resolved {
	own := 0
	if r, err := t.lang.resolveIn(t.at, t.Line, start, f, t.who); err == nil {
		own = inFull(r.Args, t.Line[start:])
	}
	for p := t.at.up; p != nil; p = p.up {
		if r, err := t.lang.resolveIn(p, t.Line, start, f, t.who); err == nil && inFull(r.Args, t.Line[start:]) > own {
			return r
		}
	}
	return nil
}

// inFull counts the keywords at the head of a command that are typed in full.
func inFull(a cli.Args, typed string) int {
	typedWords := words(typed)
	n := 0
	for n < min(len(a), len(typedWords)) && a[n].Keyword && strings.EqualFold(a[n].Text, typedWords[n]) {
		n++
	}
	return n
}

func words(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(cli.Blanks, r) })
}

// known reports whether a line is one of the mode's own commands or, unless it is
// indented as in the text of a configuration, an abbreviated one of a mode above.
func (t *Typed) known(f Form, start int) bool {
	indented := strings.TrimLeft(t.Line, cli.Blanks) != t.Line
	for p := t.at; p != nil && (p == t.at || !indented); p = p.up {
		if _, err := t.lang.resolveIn(p, t.Line, start, f, t.who); err == nil || err.Kind != cli.Invalid {
			return true
		}
	}
	return false
}

// maxHexLines bounds a certificate: 16 KiB.
const maxHexLines = 1024

// keepHex takes a line of hexadecimal data; two may be the same.
func keepHex(t *Typed) *Resolved {
	digits := words(t.Line)
	data := strings.Join(digits, "")
	if _, err := hex.DecodeString(data); err != nil || data == "" {
		return nil
	}
	m := t.lang.modes[t.at.mode]
	return t.Data(t.Key(), func(c *Call) error {
		for _, lines := range m.kept(c.Root, c.Key) {
			if n := lines.Len(); n < maxHexLines {
				lines.put(PassiveLine{id: strconv.Itoa(n), Text: strings.Join(digits, " ")}, false)
			}
		}
		return nil
	})
}
