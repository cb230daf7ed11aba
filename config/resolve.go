package config

import (
	"errors"
	"strings"
	"sync"

	"vtylab/cli"
)

// place is a mode and what is edited in it.
type place struct{ mode, key string }

// Position is where in the configuration modes a user stands.
type Position struct {
	place
	up    *Position
	modes string // names from Global down, what a line resolves to depends on
}

// Top is global configuration mode.
func Top() *Position { return &Position{place: place{mode: Global}, modes: Global} }

// Mode is the name of the mode.
func (p *Position) Mode() string { return p.mode }

// Up returns the position one level up, nil for global configuration mode.
func (p *Position) Up() *Position { return p.up }

func (p *Position) down(to place) *Position {
	return &Position{place: to, up: p, modes: p.modes + "\x00" + to.mode}
}

// Suffix is what stands in the prompt's parentheses.
func (g *grammar) Suffix(p *Position) string { return g.modes[p.mode].suffix }

// Resolved is a line that has been understood and not yet done.
type Resolved struct {
	Act  any // set when the command acts instead of configuring
	Args cli.Args
	form Form
	cmd  *command
	// Level is the privilege level that the command needs.
	Level int
	at    *Position // whose mode knows the command, and where it leads from
	// leaves is set when the command also ends configuration mode.
	leaves bool
}

// At is the position whose mode knows the command.
func (r *Resolved) At() *Position { return r.at }

// resolvedCache remembers how lines of texts were resolved: most devices of a
// fleet have the same ones.
type resolvedCache struct {
	mu    sync.RWMutex
	lines map[cacheKey]cached // guarded by mu
}

type cacheKey struct{ modes, line string }

type cached struct {
	Resolved
	levels int // how many modes above the position the command belongs to
}

// Bounds of the cache.
const (
	maxCached     = 2048
	maxCachedLine = 120 // bytes
)

// resolveText is Resolve for a line of a text, at Level.
func (g *grammar) resolveText(pos *Position, line string) (*Resolved, error) {
	if len(line) > maxCachedLine || g.modes[pos.mode].free != nil {
		return g.Resolve(pos, line, Full)
	}
	key := cacheKey{pos.modes, line}
	g.seen.mu.RLock()
	c, ok := g.seen.lines[key]
	g.seen.mu.RUnlock()
	if ok {
		r := c.Resolved
		r.at = pos
		for range c.levels {
			r.at = r.at.up
		}
		return &r, nil
	}
	r, err := g.Resolve(pos, line, Full)
	if err == nil {
		g.remember(pos, key, r)
	}
	return r, err
}

func (g *grammar) remember(pos *Position, key cacheKey, r *Resolved) {
	c := cached{Resolved: *r}
	for p := pos; p != r.at; p = p.up {
		c.levels++
	}
	c.Resolved.at = nil // positions belong to one text
	g.seen.mu.Lock()
	defer g.seen.mu.Unlock()
	if g.seen.lines == nil {
		g.seen.lines = map[cacheKey]cached{}
	}
	if len(g.seen.lines) < maxCached {
		key.line = strings.Clone(key.line) // not the text it is part of
		g.seen.lines[key] = c
	}
}

// Resolve finds the command that line is at pos, trying the modes above when
// the mode itself does not know it. It has no effects. The error is a *cli.Error.
func (g *grammar) Resolve(pos *Position, line string, who Access) (*Resolved, error) {
	if m := g.modes[pos.mode]; m.free != nil && who.Level >= Level {
		if r := m.free(&Typed{Line: line, lang: g, at: pos, who: who}); r != nil {
			return r, nil
		}
	}
	if err := g.vague(pos, line, who); err != nil {
		return nil, err
	}
	form, start := g.formOf(line)
	var worst *cli.Error
	for p := pos; p != nil; p = p.up {
		r, err := g.resolveIn(p, line, start, form, who)
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

func (g *grammar) resolveIn(p *Position, line string, start int, form Form, who Access) (*Resolved, *cli.Error) {
	tree := g.tree(p, who)
	match := tree.Match
	if form != Set {
		match = tree.MatchNo
	}
	m, err := match(line[start:], who.Level)
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
	return &Resolved{Act: m.Do.act, Args: m.Args, Level: who.level(p.mode, m.Args, m.Level), form: form, cmd: m.Do, at: p}, nil
}

// vague reports a first word so short that it may be one of the verbs, which
// every mode has, or another word.
func (g *grammar) vague(pos *Position, line string, who Access) error {
	at := len(line) - len(strings.TrimLeft(line, cli.Blanks))
	word := firstWord(line[at:])
	fit := 0
	for _, v := range g.verbs {
		if word == "" || strings.EqualFold(word, v.Word) || len(word) > 2 {
			return nil
		}
		if strings.HasPrefix(v.Word, strings.ToLower(word)) {
			fit++
		}
	}
	if fit == 0 || fit == 1 && !g.tree(pos, who).Begins(word, who.Level) {
		return nil
	}
	return &cli.Error{Kind: cli.Ambiguous, Text: line[:at+len(word)], Pos: at}
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, cli.Blanks); i >= 0 {
		return s[:i]
	}
	return s
}

// formOf reports which form of a command the line asks for, and where the words
// behind its verb begin.
func (g *grammar) formOf(line string) (Form, int) {
	start := len(line) - len(strings.TrimLeft(line, cli.Blanks))
	word := firstWord(line[start:])
	for _, v := range g.verbs {
		if v.Form != Other && len(word) >= v.Short && len(word) <= len(v.Word) && strings.EqualFold(v.Word[:len(word)], word) {
			return v.Form, start + len(word)
		}
	}
	return Set, 0
}

// Help answers `?` at the end of line; heading is set when the line is empty.
func (g *grammar) Help(pos *Position, line string, who Access) (h cli.Help, heading string, err error) {
	m, tree := g.modes[pos.mode], g.tree(pos, who)
	form, start := g.formOf(line)
	if form != Set && start < len(line) {
		h, err = tree.HelpNo(line[start:], who.Level)
		return h, "", err
	}
	h, err = tree.Help(line, who.Level)
	word := strings.Trim(line, cli.Blanks)
	for _, v := range g.verbs {
		if v.Form != Other && !strings.ContainsAny(strings.TrimLeft(line, cli.Blanks), cli.Blanks) && strings.HasPrefix(v.Word, strings.ToLower(word)) {
			h.Word = word != ""
			h.Insert(cli.Item{Name: v.Word, Text: v.Help})
			err = nil
		}
	}
	if word == "" {
		heading = m.heading
	}
	return h, heading, err
}

// Complete answers TAB.
func (g *grammar) Complete(pos *Position, line string, who Access) (string, bool) {
	_, start := g.formOf(line)
	for p := pos; p != nil; p = p.up {
		if done, ok := g.tree(p, who).Complete(line[start:], who.Level); ok {
			return line[:start] + done, true
		}
	}
	return line, false
}

// FreeText reads the lines of a mode that takes lines as they are, for a user who
// may give the mode's commands. Nil leaves a line to the commands.
type FreeText func(t *Typed) *Resolved

// Typed is a line on its way through a FreeText.
type Typed struct {
	Line string
	lang *grammar
	at   *Position
	who  Access
}

// Key is the key of the place.
func (t *Typed) Key() string { return t.at.key }

// Mode is the mode of the place.
func (t *Typed) Mode() string { return t.at.mode }

// Data is a line of a key or certificate, after which the user stands in the same
// mode, at the place of that key. A nil edit does nothing. Resolved.Words does not
// show the line.
func (t *Typed) Data(key string, edit func(*Call) error) *Resolved {
	return t.stay(key, cli.Word{Text: t.Line, Secret: true}, edit)
}

// Stay is Data for a line that is a command.
func (t *Typed) Stay(key string, edit func(*Call) error) *Resolved {
	return t.stay(key, cli.Word{Text: strings.Trim(t.Line, cli.Blanks)}, edit)
}

func (t *Typed) stay(key string, line cli.Word, edit func(*Call) error) *Resolved {
	at := &Position{place: place{t.at.mode, key}, up: t.at.up, modes: t.at.modes}
	return &Resolved{Args: cli.Args{line}, Level: Level, at: at, cmd: editing(edit)}
}

// Leave is a command with an effect that ends the mode, with end all modes.
func (t *Typed) Leave(end bool, edit func(*Call) error) *Resolved {
	line := cli.Word{Text: strings.Trim(t.Line, cli.Blanks)}
	return &Resolved{Args: cli.Args{line}, Level: Level, at: t.at.up, cmd: editing(edit), leaves: end}
}

// Above carries out the line as a command of the mode above, at the place of a
// key; its sub-modes are not entered.
func (t *Typed) Above(c *Call, key string) error {
	r, err := t.lang.Resolve(t.at.up, t.Line, t.who)
	if err != nil {
		return err
	}
	c.Args, c.Key = r.Args, key
	return r.cmd.edit(c, r.form)
}

func editing(edit func(*Call) error) *command {
	if edit == nil {
		edit = func(*Call) error { return nil }
	}
	return &command{edit: func(c *Call, _ Form) error { return edit(c) }}
}
