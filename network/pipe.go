package network

import (
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// window is how much one direction of a pipe holds before a write blocks, in bytes.
const window = 64 << 10

// Pipe is a TCP connection in memory: two ends with deadlines, half-close and reset,
// each direction with room for 64 KiB. An idle end costs no buffer and no goroutine.
// What was written before a Close still arrives; a Reset drops it, and the peer sees
// ECONNRESET.
func Pipe(a, b netip.AddrPort) (atA, atB *PipeEnd) {
	there, back := newHalf(), newHalf()
	return &PipeEnd{in: back, out: there, local: a, remote: b}, &PipeEnd{in: there, out: back, local: b, remote: a}
}

// PipeEnd is one end of a Pipe. It is a net.Conn.
type PipeEnd struct {
	in, out       *half
	local, remote netip.AddrPort
}

// Read blocks until there is something to read, the peer has closed its half (io.EOF),
// the connection was reset or closed, or the deadline has passed.
func (e *PipeEnd) Read(p []byte) (int, error) {
	n, err := e.in.read(p)
	return n, e.wrap("read", err)
}

// Write blocks while the other end has 64 KiB to read.
func (e *PipeEnd) Write(p []byte) (int, error) {
	n, err := e.out.write(p)
	return n, e.wrap("write", err)
}

// wrap gives an error the form that the host's sockets give theirs.
func (e *PipeEnd) wrap(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: e.LocalAddr(), Addr: e.RemoteAddr(), Err: err}
}

// Close ends both directions. The peer reads what was written, then io.EOF.
func (e *PipeEnd) Close() error {
	e.out.signal(func(h *half) { h.end(); h.writerGone = true })
	e.in.signal(func(h *half) { h.readerGone = true; h.drop() })
	return nil
}

// CloseWrite ends the direction to the peer.
func (e *PipeEnd) CloseWrite() error {
	e.out.signal((*half).end)
	return nil
}

// Reset ends both directions and drops what is on its way.
func (e *PipeEnd) Reset() error {
	e.out.signal(func(h *half) { h.abort(); h.writerGone = true })
	e.in.signal(func(h *half) { h.abort(); h.readerGone = true })
	return nil
}

// LocalAddr is the address of this end.
func (e *PipeEnd) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(e.local) }

// RemoteAddr is the address of the other end.
func (e *PipeEnd) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(e.remote) }

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (e *PipeEnd) SetDeadline(t time.Time) error {
	e.SetReadDeadline(t)
	return e.SetWriteDeadline(t)
}

// SetReadDeadline makes reads fail from t on, also those that wait already; the zero
// time is never.
func (e *PipeEnd) SetReadDeadline(t time.Time) error {
	e.in.finish(func(h *half) { h.setAlarm(&h.readBy, t) })
	return nil
}

// SetWriteDeadline is the same for writes.
func (e *PipeEnd) SetWriteDeadline(t time.Time) error {
	e.out.finish(func(h *half) { h.setAlarm(&h.writeBy, t) })
	return nil
}

// half is one direction of a pipe. Its writer and its reader are different ends.
type half struct {
	mu   sync.Mutex
	wake sync.Cond // on mu: anything below has changed

	ring     *[window]byte // nil while nothing is on its way
	first, n int           // what is on its way, in ring

	ended      bool // the writer has closed its half
	writerGone bool // the writer has closed the connection
	readerGone bool // the reader has
	reset      bool // one of them has reset it

	readBy, writeBy alarm

	way  *way // through a fabric; nil where nothing comes between the ends
	sent      // how far things got on it
}

var rings = sync.Pool{New: func() any { return new([window]byte) }}

func newHalf() *half {
	h := &half{}
	h.wake.L = &h.mu
	return h
}

// finish changes the state and wakes who waits for it.
func (h *half) finish(change func(*half)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(h)
	if h.readerGone && h.readBy.timer != nil {
		h.readBy.timer.Stop()
	}
	if h.writerGone && h.writeBy.timer != nil {
		h.writeBy.timer.Stop()
	}
	h.wake.Broadcast()
}

// drop forgets what is on its way.
func (h *half) drop() {
	if h.ring != nil {
		rings.Put(h.ring)
	}
	h.ring, h.first, h.n, h.held = nil, 0, 0, 0
}

func (h *half) read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.readerGone:
			return 0, net.ErrClosed
		case h.readerLost:
			return 0, syscall.ETIMEDOUT
		case h.reset && !h.resetHeld:
			return 0, syscall.ECONNRESET
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case h.n > h.held:
			return h.take(p), nil
		case h.ended && !h.endHeld:
			return 0, io.EOF
		}
		h.wake.Wait()
	}
}

func (h *half) write(p []byte) (written int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.stale():
			h.look()
			continue
		case h.writerGone:
			return written, net.ErrClosed
		case h.writerLost:
			return written, syscall.ETIMEDOUT
		case h.reset && !h.resetHeld:
			return written, syscall.ECONNRESET
		case h.ended, h.readerGone && !h.broken:
			return written, syscall.EPIPE
		case h.writeBy.passed():
			return written, os.ErrDeadlineExceeded
		case written == len(p):
			return written, nil
		case h.n < window:
			n := h.put(p[written:])
			if written += n; h.broken {
				h.hold(n)
			} else if written == len(p) {
				return written, nil
			}
			continue
		}
		h.wake.Wait()
	}
}

// put copies into the ring, as much as fits.
func (h *half) put(p []byte) (n int) {
	if h.ring == nil {
		h.ring = rings.Get().(*[window]byte)
	}
	for n < len(p) && h.n < window {
		free := (h.first + h.n) % window
		k := copy(h.ring[free:min(window, free+window-h.n)], p[n:])
		n, h.n = n+k, h.n+k
	}
	h.wake.Broadcast()
	return n
}

// take copies out of the ring, and gives it back once it is empty.
func (h *half) take(p []byte) (n int) {
	for n < len(p) && h.n > h.held {
		k := copy(p[n:], h.ring[h.first:min(window, h.first+h.n-h.held)])
		h.first, h.n, n = (h.first+k)%window, h.n-k, n+k
	}
	if h.n == 0 {
		h.drop()
	}
	h.wake.Broadcast()
	return n
}

// alarm is a deadline; its timer exists from the first one on.
type alarm struct {
	at    time.Time
	timer *time.Timer
}

func (a *alarm) passed() bool { return !a.at.IsZero() && !time.Now().Before(a.at) }

func (h *half) setAlarm(a *alarm, t time.Time) {
	if a.timer != nil {
		a.timer.Stop()
	}
	a.at = t
	if d := time.Until(t); !t.IsZero() && d > 0 {
		a.timer = time.AfterFunc(d, func() { h.finish(func(*half) {}) })
	}
}
