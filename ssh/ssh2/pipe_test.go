package ssh2

import (
	"io"
	"net"
	"sync"
	"time"
)

// chunkQueue carries writes as they were made: a read returns bytes of one
// write only, so tests decide where a "TCP read" ends.
type chunkQueue struct {
	mu     sync.Mutex
	cond   sync.Cond
	chunks [][]byte
	eof    bool
}

func newChunkQueue() *chunkQueue {
	q := &chunkQueue{}
	q.cond.L = &q.mu
	return q
}

func (q *chunkQueue) write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.eof {
		return 0, io.ErrClosedPipe
	}
	q.chunks = append(q.chunks, append([]byte(nil), p...))
	q.cond.Broadcast()
	return len(p), nil
}

func (q *chunkQueue) read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.chunks) == 0 && !q.eof {
		q.cond.Wait()
	}
	if len(q.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(p, q.chunks[0])
	if q.chunks[0] = q.chunks[0][n:]; len(q.chunks[0]) == 0 {
		q.chunks = q.chunks[1:]
	}
	return n, nil
}

func (q *chunkQueue) close(drop bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.eof = true
	if drop {
		q.chunks = nil
	}
	q.cond.Broadcast()
}

// memConn is one end of a connection in memory. split, when set, cuts the next
// writes into pieces of these sizes.
type memConn struct {
	in, out *chunkQueue
	mu      sync.Mutex
	split   []int
	dribble int // cuts every write
}

func memPair() (a, b *memConn) {
	x, y := newChunkQueue(), newChunkQueue()
	return &memConn{in: x, out: y}, &memConn{in: y, out: x}
}

func (c *memConn) Read(p []byte) (int, error) { return c.in.read(p) }

func (c *memConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	total := len(p)
	for len(p) > 0 {
		n := len(p)
		if len(c.split) > 0 {
			n, c.split = min(n, c.split[0]), c.split[1:]
		} else if c.dribble > 0 {
			n = min(n, c.dribble)
		}
		if _, err := c.out.write(p[:n]); err != nil {
			return total - len(p), err
		}
		p = p[n:]
	}
	return total, nil
}

func (c *memConn) Close() error {
	c.in.close(true)
	c.out.close(false)
	return nil
}

func (c *memConn) CloseWrite() error { c.out.close(false); return nil }

type memAddr struct{}

func (memAddr) Network() string { return "mem" }
func (memAddr) String() string  { return "mem" }

func (c *memConn) LocalAddr() net.Addr              { return memAddr{} }
func (c *memConn) RemoteAddr() net.Addr             { return memAddr{} }
func (c *memConn) SetDeadline(time.Time) error      { return nil }
func (c *memConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memConn) SetWriteDeadline(time.Time) error { return nil }
