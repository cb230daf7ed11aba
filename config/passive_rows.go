package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/secret"
)

// passiveRow is one line of the table of passive commands:
//
//	[group]                  global commands; the group's place is in the layout
//	[mode NAME SUFFIX "Heading" CLOSING] commands of a sub-mode; CLOSING is a word
//	                         that ends its blocks and is printed behind them, in
//	                         quotes with what stands before it; @hex in front of
//	                         it: the mode takes lines of hexadecimal digits
//	[NAME NAME…]             commands of modes that have behaviour
//	= WORDS                  the rows with behaviour that begin with these words
//	                         print here
//
// A row is grammar (package cli) behind its marks:
//
//	"+"      several lines at once, told apart by all words or those before "/"
//	"~"      the `no` form is kept and printed
//	"_"      a space ends its line
//	"$"      what stands behind its first word key or key-string is a password
//	"$WORD"  what stands behind WORD is, unless a description comes first; with "!"
//	         behind it one word is
//	"$!"     the word behind its keyword key is one, and is never hidden
//	"*"      these lines, and any other that neither the mode nor one above it knows,
//	         are kept as typed; the row may be empty, and stands before those that
//	         lead deeper
//	@NAME    does something besides: the hook of that name
//	> MODE   leads into a block; >> MODE into one that no "!" separates from the next
//
// Help needs to be given once per word.
type passiveRow struct {
	number  int
	names   []string // of its lines
	words   int      // how many words a name has
	group   string   // of the layout, or the mode's name
	many    bool
	negated bool
	spaced  bool
	key     bool   // a part is a password
	keyWord string // what stands before it, "" for key and key-string
	oneWord bool   // it is one
	fixed   bool   // it is never hidden
	free    bool
	hook    Hook
	protect func(*Call, secret.Secret) secret.Secret // a key as the model stores it
	opens   string
	runs    bool
	syntax  string
	idWords int // words that identify a line of a many row, 0: all
}

// Hook is what a passive command does besides being kept.
type Hook struct {
	// Ask is like Setting.Before.
	Ask func(c *Call) error
	// Edit comes before the command is kept; done is set when that was everything.
	Edit func(c *Call, f Form) (done bool, err error)
}

// declarePassive adds the rows of a table to their modes.
func (g *grammar) declarePassive(table string, hooks map[string]Hook, protect func(*Call, secret.Secret) secret.Secret, rows rowsByMode) {
	group, in := "", []string{Global}
	for n, text := range strings.Split(table, "\n") {
		text = strings.TrimRight(text, " \t")
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case strings.HasPrefix(text, "[mode "):
			group = g.declareBlockMode(text)
			in = []string{group}
		case strings.HasPrefix(text, "["):
			names := strings.Fields(strings.Trim(text, "[]"))
			group, in = names[0], []string{Global}
			if _, ok := g.modes[group]; ok {
				in = names
			}
		case strings.HasPrefix(text, "="):
			words := strings.Fields(text[1:])
			for _, name := range in {
				rows.last(name, strings.Join(words, " "))
			}
		default:
			r := parsePassiveRow(n, group, text, hooks)
			r.protect = protect
			g.declareRow(r, in, rows)
		}
	}
}

// declareRow adds a row to its modes.
func (g *grammar) declareRow(r *passiveRow, in []string, rows rowsByMode) {
	for _, name := range in {
		m := g.modes[name]
		m.mustName(r)
		if m.kept == nil {
			panic(fmt.Errorf("config: passive row %d: mode %s keeps no such commands", r.number+1, name))
		}
		if name == Global {
			g.passive[r.group] = append(g.passive[r.group], r)
		}
		if r.free {
			m.free = r.keep
		}
		if r.syntax != "" {
			rows.add(name, cli.Row[*command]{Syntax: r.syntax, Level: Level, Do: r.command(g, m)})
		}
	}
}

// mustName panics when a line of a row has no name, or that of a line of another
// row: what reads lines by their names could not tell them apart. The header of a
// block may have the name of a line.
func (m *mode) mustName(r *passiveRow) {
	if r.syntax == "" || r.opens != "" {
		return
	}
	if m.names == nil {
		m.names = map[string]int{}
	}
	for _, name := range r.names {
		if other, taken := m.names[name]; taken || name == "" {
			panic(fmt.Errorf("config: passive row %d: name %q in mode %s is that of row %d", r.number+1, name, m.name, other+1))
		}
		m.names[name] = r.number
	}
}

// declareBlockMode reads `[mode NAME SUFFIX "Heading:" @hex CLOSING]`.
func (g *grammar) declareBlockMode(text string) string {
	words := strings.Fields(text)
	_, heading, _ := strings.Cut(text, `"`)
	heading, tail, _ := strings.Cut(strings.TrimSuffix(heading, "]"), `"`)
	tail, hexadecimal := strings.CutPrefix(strings.TrimSpace(tail), "@hex ")
	if quoted, err := strconv.Unquote(tail); err == nil {
		tail = quoted
	}
	m := &mode{name: words[1], suffix: words[2], heading: heading, closing: strings.TrimSpace(tail), tail: tail, fresh: &Block{}}
	m.kept = func(root any, key string) []*PassiveLines { return g.linesOfBlock(root, m.name, key) }
	if hexadecimal {
		m.free = keepHex
	}
	g.modes[m.name] = m
	return words[1]
}

// linesOfBlock are the lines of the block in a place, which is made if it is gone.
func (g *grammar) linesOfBlock(root any, mode, key string) []*PassiveLines {
	blocks := &g.keeps(root).Blocks
	b := blocks.Edit(key)
	if b == nil {
		b = blocks.Put(key, Block{Mode: mode, Key: key, Header: key})
	}
	return []*PassiveLines{&b.Lines}
}

func parsePassiveRow(number int, group, text string, hooks map[string]Hook) *passiveRow {
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
			word, rest, _ := strings.Cut(text[1:], " ")
			r.fixed = word == "!"
			r.keyWord, r.oneWord = strings.CutSuffix(word, "!")
			text = " " + rest
			continue
		case '*':
			r.free, r.many, r.negated = true, true, true
		case '@':
			word, rest, _ := strings.Cut(text[1:], " ")
			h, ok := hooks[word]
			if !ok {
				panic(fmt.Errorf("config: passive row %d: no hook @%s", number+1, word))
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
		panic(fmt.Errorf("config: passive row %d: %w", r.number+1, err))
	}
	r.idWords = seq
	r.syntax = text
	r.names, r.words = cli.Names(text)
	if (r.many || r.opens != "") && seq == 0 {
		r.syntax += " /"
	}
}

func (r *passiveRow) command(g *grammar, m *mode) *command {
	cmd := &command{group: r.group, passive: r, ask: r.hook.Ask}
	cmd.edit = func(c *Call, f Form) error {
		if r.hook.Edit != nil {
			if done, err := r.hook.Edit(c, f); done || err != nil {
				return err
			}
		}
		if r.opens != "" {
			return r.block(g, m, c, f)
		}
		for _, lines := range m.kept(c.Root, c.Key) {
			r.change(lines, c, f)
		}
		return nil
	}
	return cmd
}

// name is what the line of a command is called; a line kept as typed is called by
// its first word.
func (r *passiveRow) name(a cli.Args) string {
	if len(a) > 0 && !a[0].Keyword {
		first, _, _ := strings.Cut(a[0].Text, " ")
		return first
	}
	return a[:min(r.words, len(a))].String()
}

// line is what a command leaves in the configuration.
func (r *passiveRow) line(c *Call) PassiveLine {
	l := PassiveLine{Name: r.name(c.Args), row: r.number, id: r.id(c.Args), Args: c.Args, Text: printed(c.Args)}
	if at := r.keyAt(c.Args); 0 < at && at < len(l.Text) {
		l.Args = before(c.Args, at)
		l.Text, l.Key, l.Rest = r.cutKey(l.Text, at)
		if l.fixed = r.fixed; !l.fixed {
			l.Key = r.protect(c, l.Key)
		}
	}
	if r.spaced {
		l.Text += " "
	}
	return l
}

func (r *passiveRow) change(lines *PassiveLines, c *Call, f Form) {
	l := r.line(c)
	if f == Set {
		if !r.free || !lines.holds(l) {
			lines.put(l, r.negated)
		}
		return
	}
	text := printed(c.Args)
	negative := PassiveLine{Name: l.Name, row: r.number, Args: c.Args, Text: "no " + text}
	if r.many {
		negative.id = "no " + l.id
	}
	if f == No && r.negated && lines.holds(negative) {
		return
	}
	dropped := r.drop(lines, l.id, text)
	if f == No && r.negated && (!r.many || !dropped) {
		lines.put(negative, false)
	}
}

// drop removes what `no` of a command means: its line, and those that go on where
// it ends.
func (r *passiveRow) drop(lines *PassiveLines, id, text string) bool {
	single := !r.many && r.opens == ""
	if head := (lineKey{r.number, text}); single || r.negated && !lines.heads.Delete(head) {
		return lines.table.Delete(lineKey{r.number, id})
	}
	return lines.Drop(func(l *PassiveLine) bool {
		return l.row == r.number && (l.id == id || strings.HasPrefix(l.Text, text+" "))
	})
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
func (r *passiveRow) block(g *grammar, m *mode, c *Call, f Form) error {
	header := printed(c.Args)
	place := ""
	if m.name != Global {
		place = c.Key
		for _, lines := range m.kept(c.Root, place) {
			r.change(lines, c, f)
		}
	}
	p, key := g.keeps(c.Root), Inside(place, header)
	if f != Set {
		p.DropBlock(key)
		return nil
	}
	if !p.Blocks.Has(key) {
		b := Block{Mode: r.opens, Key: key, Header: header, Runs: r.runs}
		if m.name == Global {
			b.Group = r.group
		}
		p.Blocks.Put(key, b)
	}
	c.Enter(r.opens, key)
	return nil
}
