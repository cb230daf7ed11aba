package syslog

import "sync"

// DefaultBufferSize is what `logging buffered` starts with.
const DefaultBufferSize = 4096

// MaxBuffer bounds what a Buffer holds, in bytes, whatever its size is said to be:
// `logging buffered` takes sizes up to 2 GiB.
const MaxBuffer = 16 << 20

// Buffer is the logging buffer: the newest lines, as many as fit its size in bytes, and at most
// MaxBuffer. It is safe for concurrent use.
type Buffer struct {
	mu    sync.Mutex // guards the rest
	size  int
	used  int // bytes of the lines, a line end counted as one
	lines []string
	first int // index of the oldest line
}

// NewBuffer makes an empty buffer.
func NewBuffer(size int) *Buffer { return &Buffer{size: size} }

// Add appends a line; the oldest make room. Of a line larger than the buffer the end is kept.
func (b *Buffer) Add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	room := b.room()
	if room <= 0 {
		return
	}
	if len(line) >= room {
		line = line[len(line)-room+1:]
	}
	b.lines = append(b.lines, line)
	b.used += len(line) + 1
	b.trim()
}

// room is how many bytes the buffer may hold. The lock is held.
func (b *Buffer) room() int { return min(b.size, MaxBuffer) }

// trim drops the oldest lines until the rest fits.
func (b *Buffer) trim() {
	for b.used > b.room() {
		b.used -= len(b.lines[b.first]) + 1
		b.lines[b.first] = ""
		b.first++
	}
	if b.first > len(b.lines)/2 {
		n := copy(b.lines, b.lines[b.first:])
		clear(b.lines[n:])
		b.lines, b.first = b.lines[:n], 0
	}
}

// Resize makes a new, empty buffer.
func (b *Buffer) Resize(size int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size = max(0, size)
	b.clear()
}

// Clear is `clear logging`.
func (b *Buffer) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
}

func (b *Buffer) clear() { b.lines, b.first, b.used = nil, 0, 0 }

// Size is the size in bytes as it was given, for `show logging`.
func (b *Buffer) Size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.size
}

// Lines is what the buffer holds, oldest first.
func (b *Buffer) Lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.lines[b.first:]...)
}
