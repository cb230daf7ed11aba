package config

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
)

// Passive holds the commands that have no behaviour here: they are parsed,
// kept in their mode and printed back in their place.
type Passive struct {
	Lines  PassiveLines // of global configuration mode
	Blocks []Block
}

// PassiveLine is one such command as it prints.
type PassiveLine struct {
	Row  int    // of passive.txt, which gives the order
	ID   string // what a later command of the same row replaces
	Text string
	Key  int // where in Text a key begins that `service password-encryption` hides, 0: none
}

// PassiveLines are kept as entered and print in the order of their rows. A line
// that is there is never edited in place; a new one is appended.
type PassiveLines []PassiveLine

// ordered is the lines as they print.
func (ls PassiveLines) ordered() PassiveLines {
	byRow := func(a, b PassiveLine) int { return a.Row - b.Row }
	if slices.IsSortedFunc(ls, byRow) {
		return ls
	}
	out := slices.Clone(ls)
	slices.SortStableFunc(out, byRow)
	return out
}

// Block is a passive sub-mode with its lines: `router ospf 1`. A block inside
// another one is a line of that one too.
type Block struct {
	Group  string // layout group that prints it, "" inside another block
	Mode   string
	Key    string // the header, behind those of the blocks around it
	Header string
	Runs   bool // no "!" stands between it and the next of its kind
	Lines  PassiveLines
}

// inside is the key of a block in the place with that key.
func inside(place, header string) string {
	if place == "" {
		return header
	}
	return place + "\x00" + header
}

// clone clips what may be appended to, so that no two clones append to the same
// memory.
func (p Passive) clone() Passive {
	p.Lines = slices.Clip(p.Lines)
	p.Blocks = slices.Clone(p.Blocks)
	for i := range p.Blocks {
		p.Blocks[i].Lines = slices.Clip(p.Blocks[i].Lines)
	}
	return p
}

func (p *Passive) block(key string) *Block {
	for i := range p.Blocks {
		if p.Blocks[i].Key == key {
			return &p.Blocks[i]
		}
	}
	return nil
}

// dropBlock removes a block and those inside it.
func (p *Passive) dropBlock(key string) {
	p.Blocks = slices.DeleteFunc(slices.Clone(p.Blocks), func(b Block) bool {
		return b.Key == key || strings.HasPrefix(b.Key, key+"\x00")
	})
}

// Block returns the block with that header, for readers such as show ip
// interface; ok is false when there is none.
func (c *Config) Block(header string) (Block, bool) {
	if b := c.Passive.block(header); b != nil {
		return *b, true
	}
	return Block{}, false
}

// put replaces the lines with l's identity; without any, l is added.
func (ls PassiveLines) put(l PassiveLine) PassiveLines {
	return append(ls.drop(l.Row, func(o PassiveLine) bool {
		return o.ID == l.ID || (strings.HasPrefix(o.Text, "no ") && strings.HasPrefix(l.Text, o.Text[3:]))
	}), l)
}

// drop leaves out lines of a row. When there are none to leave out, the lines
// are the same ones: a text of thousands of routes is appended to, not copied.
func (ls PassiveLines) drop(row int, which func(PassiveLine) bool) PassiveLines {
	doomed := func(l PassiveLine) bool { return l.Row == row && which(l) }
	if !slices.ContainsFunc(ls, doomed) {
		return ls
	}
	return slices.DeleteFunc(slices.Clone(ls), doomed)
}

//go:embed passive.txt
var passiveTable string

// passiveRow is one line of passive.txt.
type passiveRow struct {
	number  int
	group   string // of the layout, or the mode's name
	many    bool   // "+": several lines at once, told apart by their words
	negated bool   // "~": its `no` form is kept and printed
	spaced  bool   // "_": a space ends its line
	key     bool   // "$": what stands behind its first word key is a password
	free    bool   // "*": takes any other line of its mode too
	hook    hook   // "@NAME": what it does after all
	opens   string // "> MODE": leads into a block of that mode
	runs    bool   // ">>": into one with no "!" behind it
	syntax  string
	idWords int // words that identify a line of a many row, 0: all
}

// declarePassive adds the rows of passive.txt to their modes.
func (l *Language) declarePassive(rows map[string][]cli.Row[*command]) {
	group, in := "", global
	for n, text := range strings.Split(passiveTable, "\n") {
		text = strings.TrimRight(text, " \t")
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case strings.HasPrefix(text, "[mode "):
			in = l.declareBlockMode(text)
			group = in
		case strings.HasPrefix(text, "["):
			group, in = strings.Trim(text, "[]"), global
			if _, ok := l.modes[group]; ok {
				in = group
			}
		default:
			l.declareRow(parsePassiveRow(n, group, text), in, rows)
		}
	}
}

// declareRow adds a row to its mode; what terminal lines have, they have with
// and without AAA.
func (l *Language) declareRow(r *passiveRow, in string, rows map[string][]cli.Row[*command]) {
	if in == global {
		l.passive[r.group] = append(l.passive[r.group], r)
	}
	if r.free {
		l.modes[in].raw = r.keep
	}
	modes := []string{in}
	if in == lineMode.name {
		modes = append(modes, aaaLineMode.name)
	}
	for _, m := range modes {
		if r.syntax != "" {
			rows[m] = append(rows[m], cli.Row[*command]{Syntax: r.syntax, Level: configLevel, Do: r.command(m)})
		}
	}
}

// declareBlockMode reads `[mode NAME SUFFIX "Heading:" @hex CLOSING]`.
func (l *Language) declareBlockMode(text string) string {
	words := strings.Fields(text)
	_, heading, _ := strings.Cut(text, `"`)
	heading, tail, _ := strings.Cut(strings.TrimSuffix(heading, "]"), `"`)
	tail, hexadecimal := strings.CutPrefix(strings.TrimSpace(tail), "@hex ")
	if quoted, err := strconv.Unquote(tail); err == nil {
		tail = quoted
	}
	m := &mode{name: words[1], suffix: words[2], heading: heading, closing: strings.TrimSpace(tail), tail: tail, fresh: &Block{}}
	if hexadecimal {
		m.raw = keepHex
	}
	l.modes[m.name] = m
	return words[1]
}

func parsePassiveRow(number int, group, text string) *passiveRow {
	r := &passiveRow{number: number, group: group}
	for text != "" {
		switch text[0] {
		case '+':
			r.many = true
		case '~':
			r.negated = true
		case '_':
			r.spaced = true
		case '$':
			r.key = true
		case '*':
			r.free, r.many, r.negated = true, true, true
		case '@':
			word, rest, _ := strings.Cut(text[1:], " ")
			h, ok := hooks[word]
			if !ok {
				panic(fmt.Errorf("config: passive.txt line %d: no hook @%s", number+1, word))
			}
			r.hook, text = h, " "+rest
			continue
		case '>':
			word, rest, _ := strings.Cut(text[1:], " ")
			r.opens, r.runs = strings.CutPrefix(word, ">")
			text = " " + rest
			continue
		case ' ':
		default:
			r.identify(text)
			return r
		}
		text = text[1:]
	}
	return r
}

// identify sets the syntax; a many row is identified by all of its words unless
// it says otherwise.
func (r *passiveRow) identify(text string) {
	seq, err := cli.Identity(text)
	if err != nil {
		panic(fmt.Errorf("config: passive.txt line %d: %w", r.number+1, err))
	}
	r.idWords = seq
	r.syntax = text
	if (r.many || r.opens != "") && seq == 0 {
		r.syntax += " /"
	}
}

// lines finds what a place of a mode keeps its passive lines in.
func passiveLines(c *Config, mode, key string) []*PassiveLines {
	switch mode {
	case global:
		return []*PassiveLines{&c.Passive.Lines}
	case lineMode.name, aaaLineMode.name:
		var all []*PassiveLines
		for _, l := range linesAt(c, key) {
			all = append(all, &l.Passive)
		}
		return all
	}
	b := c.Passive.block(key)
	if b == nil {
		c.Passive.Blocks = append(c.Passive.Blocks, Block{Mode: mode, Key: key, Header: key})
		b = &c.Passive.Blocks[len(c.Passive.Blocks)-1]
	}
	return []*PassiveLines{&b.Lines}
}

func (r *passiveRow) command(mode string) *command {
	cmd := &command{group: r.group, passive: r, ask: r.hook.ask}
	cmd.edit = func(c *Call, v verb) error {
		if r.hook.edit != nil {
			if done, err := r.hook.edit(c, v); done || err != nil {
				return err
			}
		}
		if r.opens != "" {
			return r.block(mode, c, v)
		}
		for _, lines := range passiveLines(c.Config, mode, c.Key) {
			*lines = r.change(*lines, c, v)
		}
		return nil
	}
	return cmd
}

// hook is what a passive command does after all.
type hook struct {
	ask func(c *Call) error // like Setting.Before
	// edit comes before the command is kept; done is set when that was everything.
	edit func(c *Call, v verb) (done bool, err error)
}

// hooks are those that passive.txt names.
var hooks = map[string]hook{
	"physical":    {edit: keepPhysical},
	"address":     {edit: checkAddress},
	"old-tacacs":  {edit: deprecated("tacacs server")},
	"old-radius":  {edit: deprecated("radius server")},
	"certificate": dataHook("Enter the certificate in hexadecimal representation...."),
	"key":         dataHook("Enter a public key as a hexidecimal number ...."), // the spelling is the device's
}

// line is what a command leaves in the configuration.
func (r *passiveRow) line(c *Call) PassiveLine {
	l := PassiveLine{Row: r.number, ID: r.id(c.Args), Text: printed(c.Args)}
	if r.key {
		l.Text, l.Key = c.hideKey(l.Text, keyAt(c.Args))
	}
	if r.spaced {
		l.Text += " "
	}
	return l
}

func (r *passiveRow) change(lines PassiveLines, c *Call, v verb) PassiveLines {
	l := r.line(c)
	if v == doSet {
		if r.free && slices.Contains(lines, l) {
			return lines
		}
		return lines.put(l)
	}
	text := printed(c.Args)
	negative := PassiveLine{Row: r.number, ID: l.ID, Text: "no " + text}
	if v == doNo && r.negated && slices.Contains(lines, negative) {
		return lines
	}
	left := lines.drop(r.number, func(o PassiveLine) bool {
		return (!r.many && r.opens == "") || o.ID == l.ID || strings.HasPrefix(o.Text, text+" ")
	})
	if v == doNo && r.negated && (!r.many || len(left) == len(lines)) {
		return left.put(negative)
	}
	return left
}

func (r *passiveRow) id(a cli.Args) string {
	switch {
	case !r.many && r.opens == "":
		return ""
	case r.idWords > 0 && r.idWords < len(a):
		a = a[:r.idWords]
	}
	return printed(a)
}

// printed is a command as a device prints it.
func printed(a cli.Args) string {
	for i, w := range a {
		if word, ok := capitals[w.Text]; ok && w.Keyword {
			a = slices.Clone(a)
			a[i].Text = word
		}
	}
	return strings.TrimRight(a.String(), " \t")
}

// capitals are the keywords that print with capitals; a grammar has none.
var capitals = map[string]string{"e1": "E1", "t1": "T1", "e3": "E3", "t3": "T3", "sonet": "SONET", "dot1q": "dot1Q"}

// block leads into a block, or removes one. Inside another block it also is a
// line there, which keeps its place among the others.
func (r *passiveRow) block(mode string, c *Call, v verb) error {
	header := printed(c.Args)
	place := ""
	if mode != global {
		place = c.Key
		for _, lines := range passiveLines(c.Config, mode, place) {
			*lines = r.change(*lines, c, v)
		}
	}
	key := inside(place, header)
	if v != doSet {
		c.Config.Passive.dropBlock(key)
		return nil
	}
	if c.Config.Passive.block(key) == nil {
		b := Block{Mode: r.opens, Key: key, Header: header, Runs: r.runs}
		if mode == global {
			b.Group = r.group
		}
		c.Config.Passive.Blocks = append(c.Config.Passive.Blocks, b)
	}
	if r.opens == "interface" && strings.Contains(header, ".") {
		c.Enter("subif", key)
		return nil
	}
	c.Enter(r.opens, key)
	return nil
}

// keep takes a line of a mode that keeps what nobody else knows.
func (r *passiveRow) keep(l *Language, p *Position, line string, level int) *Resolved {
	v, start := negation(line)
	text := strings.TrimSpace(line[start:])
	if text == "" {
		return nil
	}
	if r := l.above(p, line, v, start, level); r != nil {
		return r
	}
	if l.knows(p, line, v, start, level) {
		return nil
	}
	args := cli.Args{{Text: text}}
	return &Resolved{Args: args, verb: v, at: p, lang: l, cmd: &command{edit: func(c *Call, v verb) error {
		for _, lines := range passiveLines(c.Config, p.mode, p.key) {
			*lines = r.change(*lines, c, v)
		}
		return nil
	}}}
}

// above finds a command of a mode above that has more of its words in full than
// the mode of p has: the next `key 2` of a key chain is no key-string, `crypto pki`
// no cryptographic-algorithm, `event manager` no event of an applet.
func (l *Language) above(p *Position, line string, v verb, start, level int) *Resolved {
	own := 0
	if r, err := l.resolveIn(p, line, start, v, level); err == nil {
		own = inFull(r.Args, line[start:])
	}
	for q := p.up; q != nil; q = q.up {
		if r, err := l.resolveIn(q, line, start, v, level); err == nil && inFull(r.Args, line[start:]) > own {
			return r
		}
	}
	return nil
}

// inFull counts the keywords at the head of a command that are typed in full.
func inFull(a cli.Args, typed string) int {
	words := strings.Fields(typed)
	n := 0
	for n < min(len(a), len(words)) && a[n].Keyword && strings.EqualFold(a[n].Text, words[n]) {
		n++
	}
	return n
}

// knows reports whether a line is one of the mode's own commands or, unless it is
// indented as in the text of a configuration, an abbreviated one of a mode above.
func (l *Language) knows(p *Position, line string, v verb, start, level int) bool {
	indented := strings.TrimLeft(line, " \t") != line
	for q := p; q != nil && (q == p || !indented); q = q.up {
		if _, err := l.resolveIn(q, line, start, v, level); err == nil || err.Kind != cli.Invalid {
			return true
		}
	}
	return false
}
