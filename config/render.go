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
	v.group(s.name)
	running := false // a "!" is due, unless the next block runs on
	for i := range c.Passive.Blocks {
		b := &c.Passive.Blocks[i]
		if b.Group != s.name {
			continue
		}
		if running && !b.Runs {
			v.Line("!")
		}
		v.Line("%s", b.Header)
		v.Block(c, b)
		if running = b.Runs; !running {
			v.Line("!")
		}
	}
	if running {
		v.Line("!")
	}
}

// group prints the passive lines of a group.
func (v *View) group(name string) {
	for _, r := range v.lang.passive[name] {
		for _, line := range v.passiveByRow[r.number] {
			v.Line("%s", line)
		}
	}
}

// Body prints what a sub-mode holds of target, one level deeper.
func (v *View) Body(mode string, target any) {
	m := v.lang.modes[mode]
	sub := v.Sub()
	line, _ := target.(*Line)
	for _, cmd := range m.commands {
		switch {
		case cmd.show != nil:
			sub.Words = cmd.words
			cmd.show(sub, target, m.fresh)
		case cmd.passive != nil && line != nil:
			sub.row(line.Passive, cmd.passive.number)
		}
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
	if tail := v.lang.modes[b.Mode].tail; tail != "" {
		v.Line("%s", tail)
	}
}

// row prints the lines of one passive row.
func (v *View) row(lines PassiveLines, number int) {
	for _, l := range lines {
		if l.Row == number {
			v.Line("%s", l.Text)
		}
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
