package config

import (
	_ "embed"
	"fmt"
	"slices"
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
	opens   string // "> MODE": leads into a block of that mode
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
			if group == "line" {
				in = "line"
			}
		default:
			r := parsePassiveRow(n, group, text)
			if in == global {
				l.passive[group] = append(l.passive[group], r)
			}
			rows[in] = append(rows[in], cli.Row[*command]{Syntax: r.syntax, Level: 15, Do: r.command(in)})
		}
	}
}

// declareBlockMode reads `[mode NAME SUFFIX "Heading:" CLOSING]`.
func (l *Language) declareBlockMode(text string) string {
	words := strings.Fields(text)
	_, heading, _ := strings.Cut(text, `"`)
	heading, closing, _ := strings.Cut(strings.TrimSuffix(heading, "]"), `"`)
	l.modes[words[1]] = &mode{name: words[1], suffix: words[2], heading: heading, closing: strings.TrimSpace(closing), fresh: &Block{}}
	return words[1]
}

func parsePassiveRow(number int, group, text string) *passiveRow {
	r := &passiveRow{number: number, group: group}
	for {
		switch text[0] {
		case '+':
			r.many = true
		case '~':
			r.negated = true
		case '>':
			word, rest, _ := strings.Cut(text[1:], " ")
			r.opens, text = word, " "+rest
			continue
		case ' ':
		default:
			r.identify(text)
			return r
		}
		text = text[1:]
	}
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
	case "line":
		var all []*PassiveLines
		for _, l := range lineMode.locate(c, key) {
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
	return &command{group: r.group, edit: func(c *Call, v verb) error {
		if r.opens != "" {
			return r.block(mode, c, v)
		}
		for _, lines := range passiveLines(c.Config, mode, c.Key) {
			*lines = r.change(*lines, c.Args, v)
		}
		return nil
	}}
}

func (r *passiveRow) change(lines PassiveLines, a cli.Args, v verb) PassiveLines {
	text := a.String()
	if v == doSet {
		return lines.put(PassiveLine{r.number, r.id(a), text})
	}
	left := lines.drop(r.number, func(o PassiveLine) bool {
		return (!r.many && r.opens == "") || o.ID == r.id(a) || strings.HasPrefix(o.Text, text+" ")
	})
	if v == doNo && r.negated && len(left) == len(lines) {
		return lines.put(PassiveLine{r.number, r.id(a), "no " + text})
	}
	if v == doNo && r.negated && !r.many {
		return left.put(PassiveLine{r.number, r.id(a), "no " + text})
	}
	return left
}

func (r *passiveRow) id(a cli.Args) string {
	switch {
	case !r.many && r.opens == "":
		return ""
	case r.idWords > 0 && r.idWords < len(a):
		return a[:r.idWords].String()
	}
	return a.String()
}

// block leads into a block, or removes one. Inside another block it also is a
// line there, which keeps its place among the others.
func (r *passiveRow) block(mode string, c *Call, v verb) error {
	header := c.Args.String()
	place := ""
	if mode != global {
		place = c.Key
		for _, lines := range passiveLines(c.Config, mode, place) {
			*lines = r.change(*lines, c.Args, v)
		}
	}
	key := inside(place, header)
	if v != doSet {
		c.Config.Passive.dropBlock(key)
		return nil
	}
	if c.Config.Passive.block(key) == nil {
		b := Block{Mode: r.opens, Key: key, Header: header}
		if mode == global {
			b.Group = r.group
		}
		c.Config.Passive.Blocks = append(c.Config.Passive.Blocks, b)
	}
	c.Enter(r.opens, key)
	return nil
}
