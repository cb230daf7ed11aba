// Package diff compares configurations as texts: `show archive config differences`,
// `configure replace`. It knows no command but banner, whose lines are no commands.
package diff

import (
	"slices"
	"strings"
)

// Block is a line of a configuration text and the lines that stand below it.
type Block struct {
	Line  string // without indentation; the lines of a banner as they are
	Lines []*Block
}

// Parse takes a configuration text apart. Comments, `end` and the closing words of modes
// are left out: they configure nothing.
func Parse(text string) []*Block {
	root := &Block{}
	open := []*Block{root} // by depth
	depths := []int{-1}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		bare := strings.TrimLeft(line, " ")
		if idle(bare) {
			continue
		}
		if end := bannerEnd(bare, lines[i+1:]); end > 0 {
			bare = strings.Join(append([]string{bare}, lines[i+1:i+1+end]...), "\n")
			i += end
		}
		depth := len(line) - len(strings.TrimLeft(line, " "))
		for len(open) > 1 && depths[len(depths)-1] >= depth {
			open, depths = open[:len(open)-1], depths[:len(depths)-1]
		}
		b := &Block{Line: bare}
		above := open[len(open)-1]
		above.Lines = append(above.Lines, b)
		open, depths = append(open, b), append(depths, depth)
	}
	return root.Lines
}

// idle reports a line that configures nothing.
func idle(line string) bool {
	return line == "" || line == "end" || line[0] == '!' || strings.HasPrefix(line, "Building configuration") ||
		strings.HasPrefix(line, "Current configuration :") || strings.HasPrefix(line, "Using ") && strings.Contains(line, " out of ") || line == "exit-address-family"
}

// bannerEnd is how many of the lines that follow belong to a banner's first.
func bannerEnd(line string, next []string) int {
	if !strings.HasPrefix(line, "banner ") {
		return 0
	}
	_, text, _ := strings.Cut(strings.TrimPrefix(line, "banner "), " ")
	if text == "" {
		return 0
	}
	mark := text[:1]
	if strings.HasPrefix(text, "^C") {
		mark = "^C"
	}
	if strings.Contains(text[len(mark):], mark) {
		return 0
	}
	return 1 + slices.IndexFunc(next, func(s string) bool { return strings.Contains(s, mark) })
}

// Extra is what is in b and not in a, each line below those that it stands in.
func Extra(a, b []*Block) []*Block {
	return extra(a, b, func(line string) string { return line })
}

// ExtraFold is Extra, whatever the case of letters.
func ExtraFold(a, b []*Block) []*Block { return extra(a, b, strings.ToLower) }

func extra(a, b []*Block, key func(line string) string) (more []*Block) {
	in := index(a, key)
	for _, x := range b {
		y := in[key(x.Line)]
		if y == nil {
			more = append(more, x)
		} else if below := extra(y.Lines, x.Lines, key); len(below) > 0 {
			more = append(more, &Block{x.Line, below})
		}
	}
	return more
}

// Index finds blocks by their lines; of equal ones it is the first.
func Index(all []*Block) map[string]*Block {
	return index(all, func(line string) string { return line })
}

func index(all []*Block, key func(line string) string) map[string]*Block {
	found := make(map[string]*Block, len(all))
	for _, b := range slices.Backward(all) {
		found[key(b.Line)] = b
	}
	return found
}

// Contextual is how b differs from a, as lines: what b has more behind a +, what it lacks
// behind a -, each below the lines that both have it in, without a sign (Contextual
// Configuration Diff Utility).
func Contextual(a, b []*Block) []string {
	return append(signed("+", a, Extra(a, b), ""), signed("-", b, Extra(b, a), "")...)
}

// signed are lines with a sign where other has no such line.
func signed(sign string, other, extra []*Block, indent string) (lines []string) {
	both := Index(other)
	for _, x := range extra {
		if there := both[x.Line]; there != nil {
			lines = append(lines, indent+x.Line)
			lines = append(lines, signed(sign, there.Lines, x.Lines, indent+" ")...)
			continue
		}
		lines = append(lines, indent+sign+x.Line)
		lines = append(lines, signed(sign, nil, x.Lines, indent+" ")...)
	}
	return lines
}

// Text is blocks as the lines of a configuration.
func Text(blocks []*Block) (lines []string) {
	for _, b := range blocks {
		lines = append(lines, b.Line)
		for _, below := range Text(b.Lines) {
			lines = append(lines, " "+below)
		}
	}
	return lines
}
