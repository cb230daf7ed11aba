package ifs

import (
	"bufio"
	"bytes"
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
//
// A name that is new is a line more, of one that is given again the last line counts, and lines of names
// that are gone stay until the file is written anew: to write it for each of many new files would take
// the square of their number.
const orderFile = hidden + "order"

// staleLines is how many lines more than entries an order file may have.
const staleLines = 4096

// orderLog is the order file, open to add lines.
type orderLog struct {
	file  *os.File // nil until it is written, and after an error
	lines int
}

// order adds n and what is below it to the file, or writes the file anew. It is not worth failing an
// operation for, nor an fsync.
func (h *hostDir) order(root, n *node, entries int) {
	var lines bytes.Buffer
	count := n.list(&lines)
	if h.log.file == nil || h.log.lines+count > entries+staleLines {
		h.writeOrder(root)
	} else if _, err := h.log.file.Write(lines.Bytes()); err != nil {
		h.closeOrder() // the last line may be a part of one
	} else {
		h.log.lines += count
	}
}

// list writes the lines of n and of what is below it; the root itself has none.
func (n *node) list(w io.Writer) (lines int) {
	if n.parent != nil {
		fmt.Fprintf(w, "%d %s\n", n.index, n.path())
		lines++
	}
	n.walk(func(n *node) {
		fmt.Fprintf(w, "%d %s\n", n.index, n.path())
		lines++
	})
	return lines
}

// writeOrder writes the file anew and opens it to add lines.
func (h *hostDir) writeOrder(root *node) {
	h.closeOrder()
	stage, err := h.stage("")
	if err != nil {
		return
	}
	s := stage.(*hostStage)
	w := bufio.NewWriter(s.file)
	lines := root.list(w)
	if w.Flush() != nil || s.file.Close() != nil || h.root.Rename(s.hidden, orderFile) != nil {
		s.discard("")
		return
	}
	if f, err := h.root.OpenFile(orderFile, os.O_WRONLY|os.O_APPEND, 0); err == nil {
		h.log = orderLog{f, lines}
	}
}

func (h *hostDir) closeOrder() {
	if h.log.file != nil {
		h.log.file.Close()
	}
	h.log = orderLog{}
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
	lines := bufio.NewReader(io.LimitReader(f, limit))
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // also of a line that a crash cut off
		}
		index, name, _ := strings.Cut(line[:len(line)-1], " ")
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
