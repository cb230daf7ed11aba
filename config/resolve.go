package config

import (
	"errors"
	"io"
	"strings"

	"vtylab/cli"
)

// place is a mode and what is edited in it.
type place struct{ mode, key string }

// Position is where in the configuration modes a user stands.
type Position struct {
	place
	up *Position
}

// Top is global configuration mode.
func Top() *Position { return &Position{place: place{mode: global}} }

// Up returns the position one level up, nil for global configuration mode.
func (p *Position) Up() *Position { return p.up }

// Suffix is what stands in the prompt's parentheses.
func (l *Language) Suffix(p *Position) string { return l.modes[p.mode].suffix }

// Resolved is a line that has been understood and not yet done.
type Resolved struct {
	Act  any // set when the command acts instead of configuring
	Args cli.Args
	verb verb
	cmd  *command
	at   *Position
	call *Call
	lang *Language
	// leaves is set when the command also ends configuration mode.
	leaves bool
	said   []string
}

// hearing keeps what a command says while the configuration is locked: a
// terminal may take its time.
type hearing struct {
	UI
	said *[]string
}

func (h hearing) Say(line string) { *h.said = append(*h.said, line) }

// Said is what Apply had to tell the user, for after the lock is released.
func (r *Resolved) Said() []string { return r.said }

// Notes is what Apply had to tell the log, likewise; a command that was refused
// leaves nothing there.
func (r *Resolved) Notes() []Notice { return r.call.notes }

// Resolve finds the command that line is at pos, trying the modes above when
// the mode itself does not know it. It has no effects.
func (l *Language) Resolve(pos *Position, line string, level int) (*Resolved, error) {
	if m := l.modes[pos.mode]; m.raw != nil && level >= configLevel {
		if r := m.raw(l, pos, line, level); r != nil {
			return r, nil
		}
	}
	if err := l.vague(pos, line, level); err != nil {
		return nil, err
	}
	verb, start := negation(line)
	var worst *cli.Error
	for p := pos; p != nil; p = p.up {
		r, err := l.resolveIn(p, line, start, verb, level)
		if err == nil {
			return r, nil
		}
		if worst == nil || err.Pos > worst.Pos {
			worst = err
		}
		if err.Kind != cli.Invalid {
			return nil, err
		}
	}
	return nil, worst
}

func (l *Language) resolveIn(p *Position, line string, start int, verb verb, level int) (*Resolved, *cli.Error) {
	tree := l.modes[p.mode].tree
	match := tree.Match
	if verb != doSet {
		match = tree.MatchNo
	}
	m, err := match(line[start:], level)
	if err != nil {
		var e *cli.Error
		errors.As(err, &e)
		e.Pos += start
		e.Text = line[:start] + e.Text
		return nil, e
	}
	for i := range m.Args {
		m.Args[i].Pos += start
	}
	return &Resolved{Act: m.Do.act, Args: m.Args, verb: verb, cmd: m.Do, at: p, lang: l}, nil
}

// vague reports a first word so short that it may be one of those which every
// mode knows, or another.
func (l *Language) vague(pos *Position, line string, level int) error {
	at := len(line) - len(strings.TrimLeft(line, " \t"))
	word, _, _ := strings.Cut(line[at:], " ")
	fit := 0
	for _, common := range []string{"default", "do", "no"} {
		if word == "" || strings.EqualFold(word, common) || len(word) > 2 {
			return nil
		}
		if strings.HasPrefix(common, strings.ToLower(word)) {
			fit++
		}
	}
	if fit == 0 || fit == 1 && !l.modes[pos.mode].tree.Begins(word, level) {
		return nil
	}
	return &cli.Error{Kind: cli.Ambiguous, Text: line[:at+len(word)], Pos: at}
}

// negation reports whether the line begins with `no` or `default`, and where
// the words behind begin.
func negation(line string) (verb, int) {
	start := len(line) - len(strings.TrimLeft(line, " \t"))
	word := line[start:]
	if i := strings.IndexAny(word, " \t"); i >= 0 {
		word = word[:i]
	}
	next := start + len(word)
	switch {
	case strings.EqualFold(word, "no") || strings.EqualFold(word, "n"):
		return doNo, next
	case len(word) >= 2 && strings.HasPrefix("default", strings.ToLower(word)):
		return doDefault, next
	}
	return doSet, 0
}

// Prepare asks the user what the command needs to know. It must be called
// before Apply, outside the Store's Update.
func (r *Resolved) Prepare(ui UI, rand io.Reader) error { return r.prepare(ui, rand, false) }

// prepare is Prepare, also for a command that nobody typed.
func (r *Resolved) prepare(ui UI, rand io.Reader, pasted bool) error {
	r.call = &Call{Args: r.Args, Traits: &r.lang.Traits, Rand: rand, UI: ui, Key: r.at.key, pasted: pasted}
	if r.cmd.ask == nil || r.verb == doDefault {
		return nil
	}
	if r.verb == doNo {
		r.call.Args = append(cli.Args{{Text: "no", Keyword: true}}, r.Args...)
		defer func() { r.call.Args = r.Args }()
	}
	return r.cmd.ask(r.call)
}

// Apply makes the change in c and returns where the user stands then, nil for
// outside the configuration modes. An error
// is a Refusal or a *cli.Error; c may then be half changed and must be dropped.
func (r *Resolved) Apply(c *Config) (*Position, error) {
	if r.call == nil {
		return r.at, errors.New("config: Apply before Prepare")
	}
	r.call.Config = c
	r.call.enter, r.call.notes = nil, nil
	r.said = nil
	r.call.UI = hearing{r.call.UI, &r.said}
	if err := r.cmd.edit(r.call, r.verb); err != nil {
		r.call.notes = nil
		return r.at, err
	}
	if r.leaves {
		return nil, nil
	}
	p := r.at
	for _, e := range r.call.enter {
		p = &Position{e, p}
	}
	return p, nil
}

// At is the position whose mode knows the command.
func (r *Resolved) At() *Position { return r.at }

// Help answers `?` at the end of line; heading is set when the line is empty.
func (l *Language) Help(pos *Position, line string, level int) (h cli.Help, heading string, err error) {
	m := l.modes[pos.mode]
	if m.tree == nil {
		return cli.Help{}, "", &cli.Error{}
	}
	verb, start := negation(line)
	if verb != doSet && start < len(line) {
		h, err = m.tree.HelpNo(line[start:], level)
		return h, "", err
	}
	h, err = m.tree.Help(line, level)
	word := strings.TrimSpace(line)
	for _, i := range []cli.Item{{Name: "default", Text: "Set a command to its defaults"}, {Name: "no", Text: "Negate a command or set its defaults"}} {
		if !strings.Contains(strings.TrimLeft(line, " "), " ") && strings.HasPrefix(i.Name, strings.ToLower(word)) {
			h.Word = word != ""
			h.Insert(i)
			err = nil
		}
	}
	if word == "" {
		heading = m.heading
	}
	return h, heading, err
}

// Complete answers TAB.
func (l *Language) Complete(pos *Position, line string, level int) (string, bool) {
	_, start := negation(line)
	for p := pos; p != nil; p = p.up {
		if done, ok := l.modes[p.mode].tree.Complete(line[start:], level); ok {
			return line[:start] + done, true
		}
	}
	return line, false
}
