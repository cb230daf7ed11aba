package cli

import (
	"cmp"
	"slices"
	"strings"
)

// Item is one row of a `?` answer.
type Item struct{ Name, Text string }

// Help is what `?` finds at the end of a line.
type Help struct {
	Word  bool // no space before `?`: names only
	Items []Item
	CR    bool // the line is complete as it stands
}

// Help answers `?` typed at the end of line. The error is an *Error when the
// words before do not match.
func (t *Tree[T]) Help(line string, level int) (Help, error) {
	return t.help(t.start(line, level, false), endsAt)
}

// HelpNo is Help behind `no` or `default`.
func (t *Tree[T]) HelpNo(line string, level int) (Help, error) {
	return t.help(t.start(line, level, true), leavesAt)
}

func (t *Tree[T]) help(w *walk, ends func(*node) []int) (Help, error) {
	last, err := w.lead()
	if err != nil {
		return Help{}, err
	}
	h := Help{Word: last != ""}
	keywords := false
	w.follow(func(_ *state, n *node) {
		if n.hidden || (n.kind == nil && !hasPrefixFold(n.text, last)) {
			return
		}
		if prefixes := t.prefixesOf(n); prefixes != nil {
			for _, p := range prefixes {
				if hasPrefixFold(p.Name, last) {
					h.add(Item{p.Name, cmp.Or(p.Text, strings.ReplaceAll(n.help, "{}", p.Name))})
				}
			}
			return
		}
		if n.kind != nil && last != "" && n.kind.accept(n.token, last) < 0 {
			return
		}
		keywords = keywords || n.kind == nil
		h.add(Item{n.text, n.help})
	})
	if h.Word && keywords {
		h.Items = slices.DeleteFunc(h.Items, func(i Item) bool { return kinds[i.Name] != nil })
	}
	if !h.Word {
		for _, s := range w.alive {
			if _, ok := t.complete(w, s, ends); ok && s.prev != nil {
				h.CR = true
			}
		}
	}
	if len(h.Items) == 0 && !h.CR {
		return h, &Error{Kind: Invalid, Pos: w.pos}
	}
	slices.SortFunc(h.Items, byName)
	return h, nil
}

func (t *Tree[T]) prefixesOf(n *node) []Item {
	if n.kind == nil {
		return nil
	}
	return t.prefixes[n.text]
}

func byName(a, b Item) int { return strings.Compare(a.Name, b.Name) }

// Insert puts an item in its alphabetical place.
func (h *Help) Insert(i Item) {
	h.add(i)
	slices.SortFunc(h.Items, byName)
}

func (h *Help) add(i Item) {
	if !slices.ContainsFunc(h.Items, func(o Item) bool { return o.Name == i.Name }) {
		h.Items = append(h.Items, i)
	}
}

// lead walks the complete words of line and returns the unfinished last one.
func (w *walk) lead() (string, error) {
	for {
		word := w.gap()
		if word == "" || w.pos+len(word) == len(w.line) {
			return word, nil
		}
		if err := w.step(word); err != nil {
			return "", err
		}
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(prefix) <= len(s) && strings.EqualFold(s[:len(prefix)], prefix)
}

// Complete answers TAB: the line with its last word completed and a space
// added, unless the word is where an argument begins. It reports false when
// there is not one thing that the word can become.
func (t *Tree[T]) Complete(line string, level int) (string, bool) {
	w := t.start(line, level, false)
	last, err := w.lead()
	if err != nil || last == "" {
		return line, false
	}
	found := ""
	unique := true
	try := func(text string) {
		if hasPrefixFold(text, last) {
			unique = unique && (found == "" || found == text)
			found = text
		}
	}
	w.follow(func(_ *state, n *node) {
		for _, p := range t.prefixesOf(n) {
			try(p.Name)
		}
		if n.kind == nil && !n.hidden {
			try(n.text + " ")
		}
	})
	if found == "" || !unique {
		return line, false
	}
	return line[:w.pos] + found, true
}

// Print renders the answer as the device does, with LF line ends: names in
// columns for a word, one described item a line otherwise. cr is how this
// release shows `<cr>`.
func (h Help) Print(width int, cr string) string {
	if h.Word {
		return h.names(width)
	}
	var b strings.Builder
	column := 0
	for _, i := range h.Items {
		column = max(column, len(i.Name))
	}
	for _, i := range h.Items {
		b.WriteString("  " + i.Name)
		if i.Text != "" {
			b.WriteString(strings.Repeat(" ", column-len(i.Name)+2))
			wrap(&b, i.Text, column+4, width)
		}
		b.WriteByte('\n')
	}
	if h.CR {
		b.WriteString("  " + cr + "\n")
	}
	return b.String()
}

// wrap continues a description under its own column before the screen ends.
func wrap(b *strings.Builder, text string, column, width int) {
	room := width - column
	if width == 0 || room < 20 {
		b.WriteString(text)
		return
	}
	for len(text) >= room {
		cut := strings.LastIndexByte(text[:room], ' ')
		if cut <= 0 {
			break
		}
		b.WriteString(text[:cut] + "\n" + strings.Repeat(" ", column))
		text = text[cut+1:]
	}
	b.WriteString(text)
}

// names prints words padded to columns two spaces apart.
func (h Help) names(width int) string {
	column := 0
	for _, i := range h.Items {
		column = max(column, len(i.Name)+2)
	}
	perLine := max(1, (max(width, 80)-1)/max(column, 1))
	var b strings.Builder
	for n, i := range h.Items {
		b.WriteString(i.Name)
		if n == len(h.Items)-1 || (n+1)%perLine == 0 {
			b.WriteByte('\n')
		} else {
			b.WriteString(strings.Repeat(" ", column-len(i.Name)))
		}
	}
	return b.String()
}
