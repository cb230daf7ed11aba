package config

import (
	"iter"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/secret"
)

// Passive holds the commands that have no behaviour: they are parsed, kept in
// their mode and printed back in their place.
type Passive struct {
	Lines  PassiveLines // of global configuration mode
	Blocks Table[string, Block]
}

// Clone shares what it can.
func (p Passive) Clone() Passive {
	p.Lines, p.Blocks = p.Lines.Clone(), p.Blocks.Clone()
	return p
}

// PassiveLine is one such command.
type PassiveLine struct {
	Name string   // its first keywords, those of one row only: "ip pim sparse-mode"
	Args cli.Args // as typed, keywords in full; without the key
	Text string   // as it prints, up to the key
	Key  secret.Secret
	Rest string // as it prints, behind the key

	row   int    // of the table, which gives the order
	id    string // what a later command of the same row replaces
	fixed bool   // the key is never hidden
}

// String is the line as it prints.
func (l *PassiveLine) String() string {
	if l.Key.IsZero() {
		return l.Text
	}
	return l.Text + keyText(l.Key) + l.Rest
}

// PassiveLines are kept as entered and print in the order of their rows. The zero
// value has none.
type PassiveLines struct {
	table Table[lineKey, PassiveLine]
	// heads are the words with which lines begin that a kept `no` may remove: a line
	// of `no` looks for others only when there may be some.
	heads Table[lineKey, struct{}]
}

// lineKey is the number of a row and an id, or the first words of a line.
type lineKey struct {
	row int
	id  string
}

// Clone shares the lines until one of both is written.
func (ls PassiveLines) Clone() PassiveLines {
	return PassiveLines{ls.table.Clone(), ls.heads.Clone()}
}

// Len is the number of lines, All are the lines in the order entered.
func (ls *PassiveLines) Len() int                    { return ls.table.Len() }
func (ls *PassiveLines) All() iter.Seq[*PassiveLine] { return ls.table.All() }

// Has reports whether a command is among the lines.
func (ls *PassiveLines) Has(text string) bool {
	for l := range ls.All() {
		if l.Text == text {
			return true
		}
	}
	return false
}

// Value is what stands behind words in the line that begins with them; ok is
// false when there is none.
func (ls *PassiveLines) Value(words string) (value string, ok bool) {
	for l := range ls.All() {
		if value, ok = strings.CutPrefix(l.Text, words+" "); ok {
			return value, true
		}
	}
	return "", false
}

// Named are the lines of that name, in the order entered.
func (ls *PassiveLines) Named(name string) iter.Seq[*PassiveLine] {
	return func(yield func(*PassiveLine) bool) {
		for l := range ls.All() {
			if l.Name == name && !yield(l) {
				return
			}
		}
	}
}

// Drop removes the lines that doomed is true of.
func (ls *PassiveLines) Drop(doomed func(*PassiveLine) bool) bool {
	return ls.table.DeleteFunc(func(_ lineKey, l *PassiveLine) bool { return doomed(l) })
}

// byRow are the lines by the number of their row.
func (ls *PassiveLines) byRow() map[int][]*PassiveLine {
	rows := map[int][]*PassiveLine{}
	for l := range ls.All() {
		rows[l.row] = append(rows[l.row], l)
	}
	return rows
}

// ordered is the lines as they print.
func (ls *PassiveLines) ordered() []*PassiveLine {
	all := slices.Collect(ls.All())
	slices.SortStableFunc(all, func(a, b *PassiveLine) int { return a.row - b.row })
	return all
}

// put adds a line behind the others, in place of the one with its identity and of
// the negative lines that it makes untrue.
func (ls *PassiveLines) put(l PassiveLine, negated bool) {
	key := lineKey{l.row, l.id}
	ls.table.Delete(key)
	for at := range l.Text {
		if negated && l.Text[at] == ' ' {
			ls.table.Delete(negativeKey(l.row, l.Text[:at]))
			if l.id != "" {
				ls.heads.Put(lineKey{l.row, l.Text[:at]}, struct{}{})
			}
		}
	}
	if negated {
		ls.table.Delete(negativeKey(l.row, l.Text))
		ls.table.Delete(negativeKey(l.row, l.id))
	}
	ls.table.Put(key, l)
}

// holds reports whether that very line is there.
func (ls *PassiveLines) holds(l PassiveLine) bool {
	old, ok := ls.table.Get(lineKey{l.row, l.id})
	return ok && old.Text == l.Text && old.Key == l.Key
}

// negativeKey is the key of the line that `no` of a command leaves.
func negativeKey(row int, text string) lineKey { return lineKey{row, "no " + text} }

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

// Clone shares the lines.
func (b Block) Clone() Block {
	b.Lines = b.Lines.Clone()
	return b
}

// Inside is the key of a block in the place with that key.
func Inside(place, header string) string {
	if place == "" {
		return header
	}
	return place + "\x00" + header
}

// Outside takes such a key apart.
func Outside(key string) (place, header string) {
	i := strings.LastIndexByte(key, 0)
	return key[:max(i, 0)], key[i+1:]
}

// Of returns the blocks of one mode, such as "router".
func (p *Passive) Of(mode string) iter.Seq[*Block] {
	return func(yield func(*Block) bool) {
		for b := range p.Blocks.All() {
			if b.Mode == mode && !yield(b) {
				return
			}
		}
	}
}

// Block returns the block of a key, nil when there is none.
func (p *Passive) Block(key string) *Block {
	b, _ := p.Blocks.Get(key)
	return b
}

// DropBlock removes a block and those inside it.
func (p *Passive) DropBlock(key string) {
	if p.Blocks.Delete(key) {
		p.Blocks.DeleteFunc(func(k string, _ *Block) bool { return strings.HasPrefix(k, key+"\x00") })
	}
}
