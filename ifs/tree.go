package ifs

import (
	"slices"
	"strings"
	"time"
)

// node is a file or a directory of a volume. The lock of the volume guards it.
type node struct {
	name    string
	parent  *node // nil for the root
	index   int
	dir     bool
	size    int64
	mod     time.Time
	content *content // of a file in memory

	children []*node // of a directory, by index
	pending  int     // writers that will publish into this directory
	lent     bool    // a writer has been given the space of this file, which it replaces
}

func (n *node) path() string {
	if n.parent == nil {
		return ""
	}
	return strings.TrimPrefix(n.parent.path()+"/"+n.name, "/")
}

func (n *node) depth() int {
	d := 0
	for n.parent != nil {
		n, d = n.parent, d+1
	}
	return d
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// add puts a child in its place of the directory order.
func (n *node) add(c *node) {
	c.parent = n
	i, _ := slices.BinarySearchFunc(n.children, c.index, func(a *node, index int) int { return a.index - index })
	n.children = slices.Insert(n.children, i, c)
}

func (n *node) drop(c *node) {
	i := slices.Index(n.children, c)
	n.children = slices.Delete(n.children, i, i+1)
}

// walk visits everything below n, parents first.
func (n *node) walk(visit func(*node)) {
	for _, c := range n.children {
		visit(c)
		c.walk(visit)
	}
}

// top is the highest index below n.
func (n *node) top() int {
	top := 0
	n.walk(func(c *node) { top = max(top, c.index) })
	return top
}

// height is the number of levels below n.
func (n *node) height() int {
	h := 0
	for _, c := range n.children {
		h = max(h, 1+c.height())
	}
	return h
}

// find looks a clean name up.
func (n *node) find(name string) (*node, error) {
	if name == "" {
		return n, nil
	}
	for e := range strings.SplitSeq(name, "/") {
		if !n.dir {
			return nil, ErrNotDir
		}
		if n = n.child(e); n == nil {
			return nil, ErrNotExist
		}
	}
	return n, nil
}

// findDir looks up the directory that a clean name is or will be in.
func (n *node) findDir(name string) (dir *node, base string, err error) {
	parent, base := split(name)
	dir, err = n.find(parent)
	if err == nil && !dir.dir {
		err = ErrNotDir
	}
	return dir, base, err
}
