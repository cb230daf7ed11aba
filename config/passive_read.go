package config

import (
	"iter"
	"slices"
	"strings"
)

// Has reports whether a command is among the lines.
func (ls PassiveLines) Has(text string) bool {
	return slices.ContainsFunc(ls, func(l PassiveLine) bool { return l.Text == text })
}

// Value is what stands behind words in the line that begins with them; ok is
// false when there is none.
func (ls PassiveLines) Value(words string) (value string, ok bool) {
	for _, l := range ls {
		if value, ok = strings.CutPrefix(l.Text, words+" "); ok {
			return value, true
		}
	}
	return "", false
}

// Blocks are the passive blocks of one mode, such as "interface".
func (c *Config) Blocks(mode string) iter.Seq[Block] {
	return func(yield func(Block) bool) {
		for _, b := range c.Passive.Blocks {
			if b.Mode == mode && !yield(b) {
				return
			}
		}
	}
}

// RenderIn is Render in a layout other than the release's, for commands that show
// a part of the configuration: only a text that is rendered from what it is
// about cannot be mistaken for the text of a banner.
func (l *Language) RenderIn(c *Config, layout string) string {
	part := *l
	part.layout = nil
	for name := range strings.FieldsSeq(layout) {
		part.layout = append(part.layout, section{name, l.shown(name)})
	}
	return part.Render(c, false)
}
