package cli

import (
	"strconv"
	"strings"
)

// Complaint is one of the three things that can be wrong with a line.
type Complaint int

// The complaints, in the order of the command reference.
const (
	Invalid Complaint = iota
	Ambiguous
	Incomplete
)

// Error tells why a line matches no command.
type Error struct {
	Kind Complaint
	// Pos is the byte offset of the caret: the first character that no
	// keyword still under consideration can match.
	Pos int
	// Text is the line up to and including the ambiguous word.
	Text string
	// First is set when the very first word was at fault.
	First bool
}

func (e *Error) Error() string {
	switch e.Kind {
	case Ambiguous:
		return `cli: ambiguous command "` + e.Text + `"`
	case Incomplete:
		return "cli: incomplete command"
	}
	return "cli: invalid input at " + strconv.Itoa(e.Pos)
}

// Match is a complete command.
type Match[T any] struct {
	*Row[T]
	Index int // number of the row in its tree
	Args  Args
}

// state is one way of reading the line so far.
type state struct {
	at   *node
	prev *state
	text string // as typed; keywords are at.text
	pos  int    // where it begins
	end  int    // behind its last byte
}

func (s *state) passed(n *node) bool {
	for ; s != nil; s = s.prev {
		if s.at == n {
			return true
		}
	}
	return false
}

// walk is the one pass through a tree that everything else is made of.
type walk struct {
	line    string
	pos     int
	level   int
	negated bool // behind `no` or `default`
	rights  Rights
	alive   []*state
}

func (t *Tree[T]) start(line string, level int, negated bool) *walk {
	return &walk{line: line, level: level, negated: negated, rights: t.rights, alive: []*state{{at: &t.root}}}
}

// gap moves to the next word and returns it, "" at the end of the line.
func (w *walk) gap() string {
	for w.pos < len(w.line) && strings.IndexByte(Blanks, w.line[w.pos]) >= 0 {
		w.pos++
	}
	return firstWord(w.line[w.pos:])
}

// follow calls f for every node that may come next, in order of preference of
// the states that reach it.
func (w *walk) follow(f func(s *state, n *node)) {
	for _, s := range w.alive {
		for _, n := range s.at.next {
			if w.permits(s, n) && (n.negatable || !w.negated) && (n.repeated || !s.passed(n)) {
				f(s, n)
			}
		}
	}
}

// candidates are the readings of one word.
type candidates struct {
	exact, prefix, args []*state
	width               int // of the arguments taken
	keyword             string
	ambiguous           bool
}

func (w *walk) candidates(word string) candidates {
	var c candidates
	rank := 100
	w.follow(func(s *state, n *node) {
		switch {
		case n.kind == nil && strings.EqualFold(n.text, word):
			c.exact = append(c.exact, &state{n, s, n.text, w.pos, w.pos + len(word)})
		case n.kind == nil:
			if n.hidden || len(word) > len(n.text) || !strings.EqualFold(n.text[:len(word)], word) {
				return
			}
			c.ambiguous = c.ambiguous || (c.keyword != "" && c.keyword != n.text)
			c.keyword = n.text
			c.prefix = append(c.prefix, &state{n, s, n.text, w.pos, w.pos + len(word)})
		default:
			length := n.kind.accept(n.token, w.line[w.pos:])
			if length <= 0 || n.kind.rank > rank {
				return
			}
			if n.kind.rank < rank {
				c.args, rank, c.width = nil, n.kind.rank, length
			}
			if length == c.width {
				text := w.line[w.pos : w.pos+length]
				if n.kind.form != nil {
					text = n.kind.form(n.token, text)
				}
				c.args = append(c.args, &state{n, s, text, w.pos, w.pos + length})
			}
		}
	})
	return c
}

// step reads one word. The preference is: exact keyword, then unique prefix,
// then the narrowest kind of argument.
func (w *walk) step(word string) *Error {
	c := w.candidates(word)
	next, width := c.exact, len(word)
	switch {
	case len(next) > 0:
	case len(c.prefix) > 0 && !c.ambiguous:
		next = c.prefix
	case len(c.args) > 0:
		next, width = c.args, c.width
	case c.ambiguous:
		return &Error{Kind: Ambiguous, Text: w.line[:w.pos+len(word)], Pos: w.pos}
	default:
		return &Error{Kind: Invalid, Pos: w.pos + w.reach(word)}
	}
	w.alive = next
	w.pos += width
	return nil
}

// reach counts the characters of word that some keyword still agrees with.
func (w *walk) reach(word string) int {
	best := 0
	w.follow(func(_ *state, n *node) {
		if n.kind != nil || n.hidden {
			return
		}
		i := 0
		for i < len(word) && i < len(n.text) && lower(word[i]) == lower(n.text[i]) {
			i++
		}
		best = max(best, i)
	})
	return best
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// Match finds the command that line is, for a user of the given privilege
// level. It has no effects. The error is always an *Error.
func (t *Tree[T]) Match(line string, level int) (Match[T], error) {
	return t.match(t.start(line, level, false), endsAt)
}

// MatchNo is Match for the words behind `no` or `default`, which need only the
// identifying part of a command.
func (t *Tree[T]) MatchNo(line string, level int) (Match[T], error) {
	return t.match(t.start(line, level, true), leavesAt)
}

// endsAt are the rows that are complete at a node, leavesAt those that `no` may leave there.
func endsAt(n *node) []int { return n.ends }

func leavesAt(n *node) []int {
	if len(n.ends) > 0 {
		return n.ends
	}
	return n.partial
}

func (t *Tree[T]) match(w *walk, ends func(*node) []int) (Match[T], error) {
	first := true
	for word := w.gap(); word != ""; word = w.gap() {
		if err := w.step(word); err != nil {
			err.First = first
			return Match[T]{}, err
		}
		first = false
	}
	for _, s := range w.alive {
		if i, ok := t.complete(w, s, ends); ok {
			return Match[T]{t.rows[i], i, s.args()}, nil
		}
	}
	return Match[T]{}, &Error{Kind: Incomplete, Pos: len(w.line)}
}

// complete is the first row that ends in a state and that the user may give.
func (t *Tree[T]) complete(w *walk, s *state, ends func(*node) []int) (row int, ok bool) {
	for _, i := range ends(s.at) {
		r := t.rows[i]
		level := r.Level
		if t.rights != nil {
			level = t.rights(s.args(), r.Level, true)
		}
		if level <= w.level && !(w.negated && r.Positive) {
			return i, true
		}
	}
	return 0, false
}

// Begins reports whether a command begins with a keyword that starts with word.
func (t *Tree[T]) Begins(word string, level int) bool {
	begins := false
	t.start(word, level, false).follow(func(_ *state, n *node) {
		begins = begins || n.kind == nil && !n.hidden && hasPrefixFold(n.text, word)
	})
	return begins
}
