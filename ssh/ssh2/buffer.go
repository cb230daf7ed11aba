package ssh2

import (
	"math/bits"
	"sync"
)

// Buffers come from pools by powers of two, so that an idle connection owns
// none but the few bytes it reads into.
const (
	minBufferBits = 9
	maxBufferBits = 22
)

type buffer struct{ b []byte }

var buffers [maxBufferBits + 1]sync.Pool

// getBuffer returns a buffer with len(b) a power of two of at least n.
func getBuffer(n int) *buffer {
	class := max(bits.Len(uint(max(n, 1)-1)), minBufferBits)
	if class > maxBufferBits {
		return &buffer{make([]byte, 1<<class)}
	}
	if b, ok := buffers[class].Get().(*buffer); ok {
		return b
	}
	return &buffer{make([]byte, 1<<class)}
}

func (b *buffer) release() {
	if b == nil {
		return
	}
	if class := bits.Len(uint(len(b.b) - 1)); class <= maxBufferBits {
		buffers[class].Put(b)
	}
}

// ring is a queue of bytes that owns memory only while it holds some.
type ring struct {
	buf     *buffer
	head, n int
}

func (r *ring) write(p []byte) {
	if need := r.n + len(p); r.buf == nil || need > len(r.buf.b) {
		r.grow(need)
	}
	b := r.buf.b
	tail := (r.head + r.n) & (len(b) - 1)
	c := copy(b[tail:], p)
	copy(b, p[c:])
	r.n += len(p)
}

func (r *ring) grow(need int) {
	next := getBuffer(need)
	if r.buf != nil {
		n := copy(next.b, r.buf.b[r.head:min(r.head+r.n, len(r.buf.b))])
		copy(next.b[n:], r.buf.b[:r.n-n])
		r.buf.release()
	}
	r.buf, r.head = next, 0
}

func (r *ring) read(p []byte) int {
	total := 0
	for r.n > 0 && len(p) > 0 {
		b := r.buf.b
		c := copy(p, b[r.head:min(r.head+r.n, len(b))])
		r.head = (r.head + c) & (len(b) - 1)
		r.n -= c
		p = p[c:]
		total += c
	}
	if r.n == 0 && r.buf != nil {
		r.free()
	}
	return total
}

func (r *ring) free() {
	r.buf.release()
	*r = ring{}
}
