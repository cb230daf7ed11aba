package ifs

import (
	"io"
	"slices"
	"sync/atomic"
	"time"
)

// NewMemory makes an empty volume in memory.
func NewMemory(opts Options) *Volume {
	v := newVolume(opts)
	v.store = memory{opts.Budget}
	return v
}

// memory is the store of a volume in memory. The content hangs on the nodes.
type memory struct{ budget *Budget }

func (m memory) stage(string) (stage, error) {
	c := &content{budget: m.budget}
	c.users.Store(1)
	return &memoryStage{c}, nil
}

func (memory) open(n *node) (io.ReadCloser, int64, error) {
	n.content.users.Add(1)
	return &contentReader{content: n.content}, n.size, nil
}

func (memory) remove(string) error         { return nil }
func (memory) rename(string, string) error { return nil }
func (memory) mkdir(string) error          { return nil }
func (memory) rmdir(string) error          { return nil }
func (memory) sync(string) func() error    { return func() error { return nil } }
func (memory) foreign(string) error        { return nil }
func (memory) order(_, _ *node, _ int)     {}
func (memory) foldsCase() bool             { return false }
func (memory) close() error                { return nil }

// chunkSize bounds what one allocation of a file in memory takes.
const chunkSize = 64 << 10

// content is what a file in memory holds: chunks that are full, but for the last, or zeros that are
// not stored. It does not change any more once it has a name.
type content struct {
	chunks [][]byte
	zeros  int64

	budget *Budget
	taken  atomic.Int64 // of the budget
	users  atomic.Int64 // the file or its writer, and who reads it
}

// release is for a user who needs it no more. A volume on a host directory has no content.
func (c *content) release() {
	if c != nil && c.users.Add(-1) == 0 {
		c.refund()
	}
}

// refund gives back what has been taken of the budget.
func (c *content) refund() {
	if c != nil {
		c.budget.give(c.taken.Swap(0))
	}
}

type memoryStage struct{ content *content }

func (s *memoryStage) Write(p []byte) (int, error) {
	total := len(p)
	if err := s.content.budget.take(int64(total)); err != nil {
		return 0, err
	}
	s.content.taken.Add(int64(total))
	for len(p) > 0 {
		chunk := s.content.last()
		n := min(len(p), chunkSize-len(*chunk))
		*chunk = append(*chunk, p[:n]...)
		p = p[n:]
	}
	return total, nil
}

// last is the chunk to append to. The first grows with what it holds, since most files are small.
func (c *content) last() *[]byte {
	n := len(c.chunks)
	if n == 0 {
		c.chunks = append(c.chunks, nil)
	} else if len(c.chunks[n-1]) == chunkSize {
		c.chunks = append(c.chunks, make([]byte, 0, chunkSize))
	}
	return &c.chunks[len(c.chunks)-1]
}

func (s *memoryStage) hole(n int64) error {
	s.content.zeros = n
	return nil
}

func (s *memoryStage) seal() error {
	if n := len(s.content.chunks); n > 0 {
		last := &s.content.chunks[n-1]
		*last = slices.Clone(*last)
	}
	return nil
}

func (s *memoryStage) publish(string, string, time.Time) (*content, error) { return s.content, nil }

func (s *memoryStage) discard(string) {
	s.content.release()
	s.content = nil
}

// contentReader reads a file in memory.
type contentReader struct {
	content *content
	chunk   int
	off     int
	zeros   int64 // read so far
}

func (r *contentReader) Read(p []byte) (int, error) {
	if r.content == nil {
		return 0, io.EOF
	}
	if r.chunk == len(r.content.chunks) {
		return r.readZeros(p)
	}
	chunk := r.content.chunks[r.chunk]
	n := copy(p, chunk[r.off:])
	if r.off += n; r.off == len(chunk) {
		r.chunk, r.off = r.chunk+1, 0
	}
	return n, nil
}

func (r *contentReader) readZeros(p []byte) (int, error) {
	n := min(int64(len(p)), r.content.zeros-r.zeros)
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	clear(p[:n])
	r.zeros += n
	return int(n), nil
}

func (r *contentReader) Close() error {
	r.content.release()
	r.content = nil
	return nil
}
