package devicetest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	"vtylab/network"
)

// Port is port 22 of a device in memory, at 10.0.0.1. It is the device's network.
type Port struct{ *network.Host }

// NewPort returns the port of a device that is to be made.
func NewPort() *Port { return &Port{network.NewHost(network.HostOptions{})} }

// Dial connects from 10.0.0.9.
func (p *Port) Dial() *Conn {
	to, from := newHalf(), newHalf()
	p.Connect(&Conn{in: to, out: from, from: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 9), Port: 40000}})
	return &Conn{in: from, out: to, from: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 22}}
}

// NewPair returns the two ends of a connection in memory.
func NewPair() (a, b *Conn) {
	to, from := newHalf(), newHalf()
	addr := &net.TCPAddr{IP: net.IPv4(10, 0, 0, 9), Port: 40000}
	return &Conn{in: from, out: to, from: addr}, &Conn{in: to, out: from, from: addr}
}

// Connect hands the device its end of a connection; one that it does not take is
// closed.
func (p *Port) Connect(c net.Conn) { p.Inject("", 22, c) }

// Conn is one end of a connection in memory, which a bubble of testing/synctest
// can wait for. It has no deadlines, and as much room as is written.
type Conn struct {
	in, out *half
	from    net.Addr // of the other end
}

func (c *Conn) Read(p []byte) (int, error)  { return c.in.Read(p) }
func (c *Conn) Write(p []byte) (int, error) { return c.out.Write(p) }

// Close is what TCP does: what was written still arrives.
func (c *Conn) Close() error { c.in.end(true); c.out.end(false); return nil }

// CloseWrite closes this end's half.
func (c *Conn) CloseWrite() error { c.out.end(false); return nil }

// Reset drops what was not read on either side.
func (c *Conn) Reset() error { c.in.end(true); c.out.end(true); return nil }

func (c *Conn) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 22} }
func (c *Conn) RemoteAddr() net.Addr             { return c.from }
func (c *Conn) SetDeadline(time.Time) error      { return nil }
func (c *Conn) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// half is one direction of a connection in memory.
type half struct {
	mu   sync.Mutex
	cond sync.Cond
	b    []byte // guarded by mu, like all below
	over bool
}

func newHalf() *half {
	h := &half{}
	h.cond.L = &h.mu
	return h
}

func (h *half) Read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.b) == 0 && !h.over {
		h.cond.Wait()
	}
	n := copy(p, h.b)
	if h.b = h.b[n:]; n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (h *half) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return 0, io.ErrClosedPipe
	}
	h.b = append(h.b, p...)
	h.cond.Broadcast()
	return len(p), nil
}

// end lets nothing more in; with drop what nobody has read is lost.
func (h *half) end(drop bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over = true; drop {
		h.b = nil
	}
	h.cond.Broadcast()
}
