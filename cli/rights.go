package cli

import "strings"

// Rights move words to other privilege levels: they return the level that the words so far
// need, of which own is the grammar's. Whole is set for a complete command; otherwise more
// words follow, or may follow. An argument that is not typed yet is "".
type Rights func(words Args, own int, whole bool) int

// For is the tree for somebody who has rights; nil leaves the levels of the rows.
func (t *Tree[T]) For(r Rights) *Tree[T] {
	if r == nil {
		return t
	}
	own := *t
	own.rights = r
	return &own
}

// permits reports whether a node may follow a state.
func (w *walk) permits(s *state, n *node) bool {
	if w.rights == nil {
		return n.level <= w.level
	}
	next := &state{at: n, prev: s}
	if n.kind == nil {
		next.text = n.text
	}
	return w.rights(next.args(), n.level, false) <= w.level
}

// Full are the words of the beginning of a command, keywords in full. Words that the tree
// does not know stay as they are.
func (t *Tree[T]) Full(line string) string {
	w := t.start(line, maxLevel, false)
	for word := w.gap(); word != ""; word = w.gap() {
		if w.step(word) != nil {
			break
		}
	}
	rest := strings.Fields(w.line[w.pos:])
	return strings.Join(append(strings.Fields(w.alive[0].args().String()), rest...), " ")
}

// maxLevel is the highest privilege level.
const maxLevel = 15
