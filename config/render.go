package config

import "strings"

// Render is NVGEN: the text of c in the order of the release's layout, from
// the line behind the header to `end`. With all, default values are printed too.
func (l *Language) Render(c *Config, all bool) string {
	var b strings.Builder
	b.Grow(4096)
	v := &View{All: all, Traits: &l.Traits, AAA: c.AAA.NewModel, out: &b, lang: l, passiveByRow: map[int][]string{}}
	for _, line := range c.Passive.Lines {
		v.passiveByRow[line.Row] = append(v.passiveByRow[line.Row], line.Text)
	}
	for i := range l.layout {
		switch s := &l.layout[i]; s.name {
		case "!", "end":
			v.Line("%s", s.name)
		case "version":
			v.Line("version %s", l.Version)
		default:
			v.section(s, c)
		}
	}
	return b.String()
}

// section prints the commands of one layout group, then its passive lines and
// blocks.
func (v *View) section(s *section, c *Config) {
	for _, cmd := range s.commands {
		v.Words = cmd.words
		cmd.show(v, c, v.lang.bare)
	}
	for _, r := range s.passive {
		for _, line := range v.passiveByRow[r.number] {
			v.Line("%s", line)
		}
	}
	for i := range c.Passive.Blocks {
		if b := &c.Passive.Blocks[i]; b.Group == s.name {
			v.Line("%s", b.Header)
			v.Block(c, b)
			v.Line("!")
		}
	}
}

// Body prints what a sub-mode holds of target, one level deeper.
func (v *View) Body(mode string, target any) {
	m := v.lang.modes[mode]
	sub := v.Sub()
	for _, cmd := range m.commands {
		if cmd.show != nil {
			sub.Words = cmd.words
			cmd.show(sub, target, m.fresh)
		}
	}
	if l, ok := target.(*Line); ok {
		sub.passive(l.Passive)
	}
}

// Block prints what stands in a passive block; nil prints nothing.
func (v *View) Block(c *Config, b *Block) {
	if b == nil {
		return
	}
	sub := v.Sub()
	for _, l := range b.Lines.ordered() {
		sub.Line("%s", l.Text)
		if inner := c.Passive.block(inside(b.Key, l.Text)); inner != nil {
			sub.Block(c, inner)
		}
	}
	if closing := v.lang.modes[b.Mode].closing; closing != "" {
		v.Line("%s", closing)
	}
}

func (v *View) passive(lines PassiveLines) {
	for _, l := range lines.ordered() {
		v.Line("%s", l.Text)
	}
}

// render is Body into a text of its own.
func (v *View) render(mode string, target any) string {
	var b strings.Builder
	sub := *v
	sub.out = &b
	sub.Body(mode, target)
	return b.String()
}

// Section keeps the blocks of a rendered configuration whose first line fits.
func Section(text string, fits func(string) bool) string {
	var b strings.Builder
	in := false
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, " ") {
			in = fits(strings.TrimRight(line, "\n"))
		}
		if in {
			b.WriteString(line)
		}
	}
	return b.String()
}
