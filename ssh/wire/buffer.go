package wire

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

// Buffer is a piece of memory from a pool.
type Buffer struct{ B []byte }

var buffers [maxBufferBits + 1]sync.Pool

// GetBuffer returns a buffer with len(B) a power of two of at least n. What it
// holds is arbitrary.
func GetBuffer(n int) *Buffer {
	class := max(bits.Len(uint(max(n, 1)-1)), minBufferBits)
	if class > maxBufferBits {
		return &Buffer{make([]byte, 1<<class)}
	}
	if b, ok := buffers[class].Get().(*Buffer); ok {
		return b
	}
	return &Buffer{make([]byte, 1<<class)}
}

// Release gives a buffer back; nil is none.
func (b *Buffer) Release() {
	if b == nil {
		return
	}
	if class := bits.Len(uint(len(b.B) - 1)); class <= maxBufferBits {
		buffers[class].Put(b)
	}
}

// Ring is a queue of bytes that owns memory only while it holds some. The zero
// value is empty.
type Ring struct {
	buf     *Buffer
	head, n int
}

// Len is how many bytes it holds.
func (r *Ring) Len() int { return r.n }

// Write appends p.
func (r *Ring) Write(p []byte) {
	if need := r.n + len(p); r.buf == nil || need > len(r.buf.B) {
		r.grow(need)
	}
	b := r.buf.B
	tail := (r.head + r.n) & (len(b) - 1)
	c := copy(b[tail:], p)
	copy(b, p[c:])
	r.n += len(p)
}

func (r *Ring) grow(need int) {
	next := GetBuffer(need)
	if r.buf != nil {
		n := copy(next.B, r.buf.B[r.head:min(r.head+r.n, len(r.buf.B))])
		copy(next.B[n:], r.buf.B[:r.n-n])
		r.buf.Release()
	}
	r.buf, r.head = next, 0
}

// Read takes up to len(p) bytes off the front and returns how many.
func (r *Ring) Read(p []byte) int {
	total := 0
	for r.n > 0 && len(p) > 0 {
		b := r.buf.B
		c := copy(p, b[r.head:min(r.head+r.n, len(b))])
		r.head = (r.head + c) & (len(b) - 1)
		r.n -= c
		p = p[c:]
		total += c
	}
	if r.n == 0 && r.buf != nil {
		r.Free()
	}
	return total
}

// Free empties it.
func (r *Ring) Free() {
	r.buf.Release()
	*r = Ring{}
}
