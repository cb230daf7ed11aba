package device

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"vtylab/network"
	"vtylab/tty"
)

// tcpTable are the TCP connections that the device has let in, with what is counted of
// them.
type tcpTable struct {
	work sync.WaitGroup // handlers

	mu    sync.Mutex
	conns map[network.Flow]*TCPConnection // guarded by mu
}

// TCPConnection is a TCP connection to a port of the device.
type TCPConnection struct {
	Flow    network.Flow
	Since   time.Time // by Device.Steady
	in, out atomic.Uint64
	tty     atomic.Pointer[seat]
}

// seat is the line that a connection leads to.
type seat struct {
	line *tty.Line
	via  Transport
	boot int
	user string // "" before a login
}

// Bytes are those of the whole connection, without headers.
func (c *TCPConnection) Bytes() (in, out uint64) { return c.in.Load(), c.out.Load() }

// Line is the line that the connection leads to, nil for none; user is "" before a
// login.
func (c *TCPConnection) Line() (l *tty.Line, via Transport, user string) {
	if s := c.tty.Load(); s != nil {
		return s.line, s.via, s.user
	}
	return nil, Console, ""
}

// TCPConnections are those that the device has let in, in any order.
func (d *Device) TCPConnections() (all []*TCPConnection) {
	d.tcp.mu.Lock()
	defer d.tcp.mu.Unlock()
	for _, c := range d.tcp.conns {
		all = append(all, c)
	}
	return all
}

func (t *tcpTable) add(c *TCPConnection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conns == nil {
		t.conns = map[network.Flow]*TCPConnection{}
	}
	t.conns[c.Flow] = c
}

func (t *tcpTable) remove(c *TCPConnection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conns[c.Flow] == c {
		delete(t.conns, c.Flow)
	}
}

func (t *tcpTable) find(f network.Flow) *TCPConnection {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.conns[f]
}

// seated notes the line that a connection leads to.
func (t *tcpTable) seated(f network.Flow, s seat) {
	if c := t.find(f); c != nil {
		c.tty.Store(&s)
	}
}

// named notes who has logged in over a connection.
func (t *tcpTable) named(f network.Flow, user string) {
	c := t.find(f)
	if c == nil {
		return
	}
	if s := c.tty.Load(); s != nil {
		now := *s
		now.user = user
		c.tty.Store(&now)
	}
}

// Listen counts what goes over the connections to a TCP port.
func (g *guarded) Listen(p network.Port, accept network.Accept) (io.Closer, error) {
	d := g.device
	return g.Stack.Listen(p, func(f network.Flow) (network.Handler, *network.Verdict) {
		handle, refused := accept(f)
		if refused != nil || handle == nil {
			return handle, refused
		}
		d.tcp.work.Add(1)
		return func(conn network.Conn) {
			defer d.tcp.work.Done()
			c := &TCPConnection{Flow: f, Since: d.Steady()}
			d.tcp.add(c)
			handle(&counted{conn, c})
			conn.Close()
			d.tcp.remove(c)
			d.disconnected(c)
		}, nil
	})
}

// disconnected reports the end of a connection that led to a line, unless the device has
// booted anew since it came.
func (d *Device) disconnected(c *TCPConnection) {
	s := c.tty.Load()
	if s == nil || s.boot != d.bootCount() {
		return
	}
	in, out := c.Bytes()
	d.report(Disconnected{Line: s.line, Via: s.via, User: s.user, Flow: c.Flow, Elapsed: d.Steady().Sub(c.Since), In: in, Out: out})
}

// counted is a connection whose bytes are counted.
type counted struct {
	network.Conn
	c *TCPConnection
}

// Read reads what the peer sent.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.c.in.Add(uint64(n))
	return n, err
}

// Write sends to the peer.
func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.c.out.Add(uint64(n))
	return n, err
}
