package scp

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// lazyTree is a tree that commits when it is told to.
type lazyTree struct {
	*tree
	out     *bytes.Buffer // the answers
	waiting []*treeWriter
	err     error // of the next Flush that has something to do
	flushed []int // how many answers there were at each Flush that had
}

func (t *lazyTree) Create(name string, info FileInfo) (Writer, error) {
	w, err := t.tree.Create(name, info)
	if err != nil {
		return nil, err
	}
	return lazyWriter{w.(*treeWriter), t}, nil
}

type lazyWriter struct {
	*treeWriter
	t *lazyTree
}

func (w lazyWriter) Commit() error {
	w.t.waiting = append(w.t.waiting, w.treeWriter)
	return nil
}

func (t *lazyTree) Flush() error {
	if len(t.waiting) == 0 {
		return nil
	}
	t.flushed = append(t.flushed, t.out.Len())
	for _, w := range t.waiting {
		if err := w.Commit(); err != nil {
			return err
		}
	}
	t.waiting = nil
	err := t.err
	t.err = nil
	return err
}

// What a Flusher has left to do is done before the answer that says that it is done.
func TestFlush(t *testing.T) {
	bad := errors.New("test: no such disk")
	for _, tt := range []struct {
		name, in, want string
		err            error
		flushed        int // answers before the first Flush
	}{
		{"a file", "C0644 1 a\na\x00", "\x00\x00\x00", nil, 2},
		{"a file that fails", "C0644 1 a\na\x00", "\x00\x00\x01scp: dir/a: Undefined error\n", bad, 2},
		{"two files in a directory", "D0755 0 d\nC0644 1 a\na\x00C0644 1 b\nb\x00E\n", "\x00\x00\x00\x00\x00\x00\x00", nil, 6},
		{"two that fail", "D0755 0 d\nC0644 1 a\na\x00C0644 1 b\nb\x00E\n", "\x00\x00\x00\x00\x00\x00\x01scp: dir/d: Undefined error\n", bad, 6},
		{"a directory that does not end", "D0755 0 d\nC0644 1 a\na\x00", "\x00\x00\x00\x00", nil, 4},
	} {
		var out bytes.Buffer
		dst := &lazyTree{tree: newTree(map[string]string{"dir/": ""}), out: &out, err: tt.err}
		p := &Peer{In: strings.NewReader(tt.in), Out: &out}
		_, err := p.Receive(dst, Command{Recursive: true, Paths: []string{"dir"}})
		if out.String() != tt.want || tt.err != nil && !errors.Is(err, tt.err) {
			t.Errorf("%s: answers %q, %v; want %q, %v", tt.name, out.String(), err, tt.want, tt.err)
		}
		if len(dst.waiting) > 0 || len(dst.flushed) != 1 || dst.flushed[0] != tt.flushed {
			t.Errorf("%s: flushed behind %d answers, want %d; %d files left", tt.name, dst.flushed, tt.flushed, len(dst.waiting))
		}
	}
}
