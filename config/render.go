package config

import "strings"

// Render is NVGEN: the text of c in the order of the release's layout, from
// the line behind the header to `end`. With all, default values are printed too.
func (l *Language[C]) Render(c C, all bool) string { return l.render(c, l.bare, l.layout, all) }

// RenderIn is Render in a layout other than the release's, for commands that show
// a part of the configuration: only a text that is rendered from what it is
// about cannot be mistaken for the text of a banner.
func (l *Language[C]) RenderIn(c C, layout string) string {
	var part []section
	for name := range strings.FieldsSeq(layout) {
		part = append(part, section{name, l.shown(name)})
	}
	return l.render(c, l.bare, part, false)
}

func (g *grammar) render(root, bare any, layout []section, all bool) string {
	var b strings.Builder
	b.Grow(4096)
	v := &View{All: all, Root: root, bare: bare, out: &b, lang: g, byRow: g.keeps(root).Lines.byRow()}
	for i := range layout {
		switch s := &layout[i]; s.name {
		case "!", "end":
			v.Line("%s", s.name)
		default:
			v.section(s)
		}
	}
	return b.String()
}

// section prints one layout group: its commands, then its passive blocks.
func (v *View) section(s *section) {
	v.commands(s)
	running := false // a "!" is due, unless the next block runs on
	for b := range v.lang.keeps(v.Root).Blocks.All() {
		if b.Group != s.name {
			continue
		}
		if running && !b.Runs {
			v.Line("!")
		}
		v.Line("%s", b.Header)
		v.Block(b)
		if running = b.Runs; !running {
			v.Line("!")
		}
	}
	if running {
		v.Line("!")
	}
}

// Group prints the commands of a group that stands inline, in the text of another
// one (Spec.Inline).
func (v *View) Group(name string) {
	inline := *v
	inline.commands(&section{name, v.lang.shown(name)})
}

// commands prints those with behaviour, then the lines of those without.
func (v *View) commands(s *section) {
	for _, cmd := range s.commands {
		v.Words = cmd.words
		cmd.show(v, v.Root, v.bare)
	}
	for _, r := range v.lang.passive[s.name] {
		for _, line := range v.byRow[r.number] {
			v.Line("%s", line)
		}
	}
}

// Body prints what a sub-mode holds of target, one level deeper.
func (v *View) Body(mode string, target any) {
	m := v.lang.modes[mode]
	sub := v.Sub()
	var kept map[int][]*PassiveLine
	if m.keptBy != nil {
		kept = m.keptBy(target).byRow()
	}
	for _, cmd := range m.commands {
		switch {
		case cmd.show != nil:
			sub.Words = cmd.words
			cmd.show(sub, target, m.fresh)
		case cmd.passive != nil:
			sub.kept(kept[cmd.passive.number])
		}
	}
}

// kept prints passive lines, and what is in the blocks that they open.
func (v *View) kept(lines []*PassiveLine) {
	for _, l := range lines {
		v.Line("%s", l)
	}
}

// Block prints what stands in a passive block; nil prints nothing.
func (v *View) Block(b *Block) {
	if b == nil {
		return
	}
	sub := v.Sub()
	for _, l := range b.Lines.ordered() {
		sub.Line("%s", l)
		if inner, ok := v.lang.keeps(v.Root).Blocks.Get(Inside(b.Key, l.Text)); ok {
			sub.Block(inner)
		}
	}
	if tail := v.lang.modes[b.Mode].tail; tail != "" {
		v.Line("%s", tail)
	}
}

// Rendered is Body as a text of its own.
func (v *View) Rendered(mode string, target any) string {
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
