package cli

import (
	"fmt"
	"strings"
)

// Row is one command: its grammar text, the privilege level that may use it,
// and what the caller wants back when it matches.
type Row[T any] struct {
	Syntax string
	Level  int
	Do     T
	// Positive rows have no form behind `no` or `default`.
	Positive bool
}

// Tree is the compiled form of the commands of one mode. It is immutable once
// built and safe for concurrent use.
type Tree[T any] struct {
	root  node
	words *Vocabulary
	rows  []*Row[T]
	paths [][]string
	// prefixes of arguments, by kind
	prefixes map[string][]Item
	rights   Rights // nil: levels are those of the rows
}

// node is a place in the tree: the token that leads to it and what may follow.
type node struct {
	*token
	next      []*node
	ends      []int // rows that are complete here
	partial   []int // rows that `no` may leave here
	level     int   // lowest level among the rows that pass
	negatable bool  // a row that has a `no` passes
	shared    bool  // part of a leading run, open to merging
	repeated  bool  // inside {}++: may be passed again
}

// NewTree compiles rows against a vocabulary. A malformed row is a defect of
// the program, so it panics with the row's text.
func NewTree[T any](words Vocabulary, rows []Row[T]) *Tree[T] {
	t := &Tree[T]{}
	t.root.shared = true
	if types, ok := words.ListedInterfaces(); ok {
		t.describe("INTERFACE", types)
	}
	types := words.interfaces()
	for _, r := range rows {
		syntax, ok := words.Expand(r.Syntax)
		if !ok {
			continue
		}
		seq, err := parse(syntax, types)
		if err != nil {
			panic(err)
		}
		r.Syntax = syntax
		t.add(&r, seq)
	}
	return t
}

// Prefix tells what the arguments of a kind may begin with, such as flash: for
// URL. `?` lists each instead of the kind, with the argument's help, where it
// replaces {}; TAB completes them. It must be called before the tree is used.
func (t *Tree[T]) Prefix(kind string, prefixes ...string) {
	items := make([]Item, len(prefixes))
	for i, p := range prefixes {
		items[i].Name = p
	}
	t.describe(kind, items)
}

// describe is Prefix with help for each.
func (t *Tree[T]) describe(kind string, prefixes []Item) {
	if t.prefixes == nil {
		t.prefixes = map[string][]Item{}
	}
	t.prefixes[kind] = prefixes
}

func (t *Tree[T]) add(r *Row[T], seq []element) {
	c := &compiler{row: len(t.rows), level: r.Level, negatable: !r.Positive}
	c.markIdentity(seq)
	t.rows = append(t.rows, r)
	t.paths = append(t.paths, c.leading(seq))
	for _, n := range c.sequence(seq, []*node{&t.root}, true) {
		n.ends = append(n.ends, c.row)
	}
}

// compiler adds one row to a tree.
type compiler struct {
	row        int
	level      int
	negatable  bool
	identified bool // the identifying part is behind us
	explicit   bool // the row has a "/" mark
	keywords   int  // of the leading run, counted down
}

func (c *compiler) markIdentity(seq []element) {
	for _, e := range seq {
		if e.identity {
			c.explicit = true
		}
	}
	for _, e := range seq {
		if e.token == nil || e.token.kind != nil {
			return
		}
		c.keywords++
	}
}

// leading returns the keywords before the first argument or group: what a
// single-valued setting prints before its value.
func (c *compiler) leading(seq []element) []string {
	var words []string
	for _, e := range seq {
		if e.token == nil || e.token.kind != nil {
			break
		}
		words = append(words, e.token.text)
	}
	return words
}

// sequence attaches seq behind every node of the frontier and returns the new
// frontier. Leading tokens merge with what other rows put there.
func (c *compiler) sequence(seq []element, frontier []*node, leading bool) []*node {
	for _, e := range seq {
		switch {
		case e.identity:
			c.identified = true
			c.markPartial(frontier)
			continue
		case e.token != nil:
			frontier = []*node{c.attach(e.token, frontier, leading)}
		default:
			leading = false
			c.keywords = -1
			frontier = c.group(e, frontier)
		}
		if c.keywords > 0 {
			c.keywords--
			c.identified = c.identified || (c.keywords == 0 && !c.explicit)
		}
		if c.identified {
			c.markPartial(frontier)
		}
	}
	return frontier
}

func (c *compiler) markPartial(frontier []*node) {
	for _, n := range frontier {
		if len(n.partial) == 0 || n.partial[len(n.partial)-1] != c.row {
			n.partial = append(n.partial, c.row)
		}
	}
}

func (c *compiler) attach(t *token, frontier []*node, merge bool) *node {
	if merge && len(frontier) == 1 {
		for _, n := range frontier[0].next {
			if n.shared && n.same(t) {
				n.level = min(n.level, c.level)
				n.negatable = n.negatable || c.negatable
				if n.help == "" {
					n.help = t.help
				}
				return n
			}
		}
	}
	n := &node{token: t, level: c.level, negatable: c.negatable, shared: merge}
	for _, f := range frontier {
		f.next = append(f.next, n)
	}
	return n
}

func (c *compiler) group(e element, frontier []*node) []*node {
	var ends, starts []*node
	for _, alternative := range e.group {
		gate := &node{}
		tails := c.sequence(alternative, []*node{gate}, false)
		for _, n := range gate.next {
			for _, f := range frontier {
				f.next = append(f.next, n)
			}
			if e.repeat == again {
				n.repeated = true
			}
		}
		starts = append(starts, gate.next...)
		ends = append(ends, tails...)
	}
	if e.repeat != single {
		for _, n := range ends {
			n.next = append(n.next, starts...)
		}
	}
	if e.optional {
		ends = append(ends, frontier...)
	}
	return ends
}

// Leading returns the keywords before the first argument of row i, the words a
// single-valued setting prints before its value.
func (t *Tree[T]) Leading(i int) string { return strings.Join(t.paths[i], " ") }

// Rows calls f for each row that exists in the tree's vocabulary, with its
// number and expanded syntax.
func (t *Tree[T]) Rows(f func(i int, r *Row[T])) {
	for i, r := range t.rows {
		f(i, r)
	}
}

// Check walks the whole tree and reports words without help, for tests.
func (t *Tree[T]) Check() error {
	seen := map[*node]bool{}
	var visit func(n *node, path string) error
	visit = func(n *node, path string) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		for _, m := range n.next {
			here := strings.TrimSpace(path + " " + m.text)
			if m.help == "" && !m.hidden {
				return fmt.Errorf("cli: %q has no help", here)
			}
			if err := visit(m, here); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(&t.root, "")
}
