package ifs

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// orderFile keeps the index of every entry of a host directory, one line each: index, space, name.
// A host does not remember the order in which files were made. The file is only about how a
// directory lists: when it is lost or stale, the entries it does not know come last, oldest first.
const orderFile = hidden + "order"

// order writes the file anew. It is not worth failing an operation for, nor an fsync.
func (h *hostDir) order(root *node) {
	stage, err := h.stage("")
	if err != nil {
		return
	}
	s := stage.(*hostStage)
	w := bufio.NewWriter(s.file)
	root.walk(func(n *node) { fmt.Fprintf(w, "%d %s\n", n.index, n.path()) })
	if w.Flush() != nil || s.file.Close() != nil || h.root.Rename(s.hidden, orderFile) != nil {
		s.discard("")
	}
}

// readOrder gives the index by name, as far as it is known.
func (h *hostDir) readOrder() map[string]int {
	order := map[string]int{}
	if info, err := h.root.Lstat(orderFile); err != nil || !info.Mode().IsRegular() {
		return order
	}
	f, err := h.root.Open(orderFile)
	if err != nil {
		return order
	}
	defer f.Close()
	const limit = 64 << 20
	lines := bufio.NewScanner(io.LimitReader(f, limit))
	for lines.Scan() {
		index, name, _ := strings.Cut(lines.Text(), " ")
		if i, err := strconv.ParseInt(index, 10, 32); err == nil && i > 0 {
			order[name] = int(i)
		}
	}
	return order
}

// number gives every node its index: the known one, or the next.
func number(nodes []*node, order map[string]int) {
	used, last := map[int]bool{}, 0
	var unknown []*node
	for _, n := range nodes {
		index := order[n.path()]
		if index == 0 || used[index] {
			unknown = append(unknown, n)
			continue
		}
		n.index, used[index], last = index, true, max(last, index)
	}
	slices.SortFunc(unknown, func(a, b *node) int {
		return cmp.Or(a.mod.Compare(b.mod), cmp.Compare(a.path(), b.path()))
	})
	for _, n := range unknown {
		last++
		n.index = last
	}
}

// probeFolding asks the host for the order file under another case.
func (h *hostDir) probeFolding() bool {
	is, err := h.root.Lstat(orderFile)
	if err != nil {
		return false
	}
	other, err := h.root.Lstat(strings.ToUpper(orderFile))
	return err == nil && os.SameFile(is, other)
}
