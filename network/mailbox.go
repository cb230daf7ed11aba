package network

import (
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// backlog is how many datagrams wait at a port; more are lost.
const backlog = 64

// mailbox is an open UDP port of a node. Who brings a datagram takes it to the
// receiver, and with it those that others bring meanwhile: so a receiver may send to
// whom it likes, itself included.
type mailbox struct {
	node    *Node
	port    Port
	take    func(Datagram)
	listens bool           // by Receive, and not the port of a connection
	peer    netip.AddrPort // whose datagrams alone are for it; the zero value is everybody's

	mu     sync.Mutex
	idle   sync.Cond  // on mu: busy has ended
	queue  []Datagram // guarded by mu, like all below
	busy   bool
	closed bool
}

// Receive opens a UDP port of the node. See Stack.
func (n *Node) Receive(p Port, receive func(Datagram)) (io.Closer, error) {
	b := &mailbox{node: n, port: p, take: receive, listens: true}
	b.idle.L = &b.mu
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	if err := n.doors.udp.add(b); err != nil {
		return nil, err
	}
	return b, nil
}

// on is the port of the mailbox.
func (b *mailbox) on() Port { return b.port }

func (b *mailbox) takes(f Flow) bool {
	return b.port.takes(f) && (!b.peer.IsValid() || b.peer == f.Remote)
}

// Close closes the port and waits for the datagram that is being taken.
func (b *mailbox) Close() error {
	b.leave()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed, b.queue = true, nil
	for b.busy {
		b.idle.Wait()
	}
	return nil
}

func (b *mailbox) leave() {
	d := &b.node.doors
	d.mu.Lock()
	defer d.mu.Unlock()
	d.udp.remove(b)
}

// deliver puts a datagram in, and takes it to the receiver unless another goroutine is doing
// that.
func (b *mailbox) deliver(d Datagram) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || len(b.queue) >= backlog {
		return
	}
	d.Data = slices.Clone(d.Data)
	if b.queue = append(b.queue, d); b.busy {
		return
	}
	b.busy = true
	for len(b.queue) > 0 {
		next := b.queue[0]
		b.queue = b.queue[1:]
		b.mu.Unlock()
		b.take(next)
		b.mu.Lock()
	}
	b.queue, b.busy = nil, false
	b.idle.Broadcast()
}

// mailbox is the open port for a datagram, nil for none.
func (n *Node) mailbox(f Flow) *mailbox {
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	return n.doors.udp.takes(f)
}

// Deliver brings a datagram from outside the fabric to a UDP port of the node, on an
// interface. What the receiver answers goes to reply. The error is a *Verdict.
func (n *Node) Deliver(iface string, from, to netip.AddrPort, data []byte, reply func([]byte) error) error {
	i := n.arrival(iface)
	f := Flow{Proto: UDP, VRF: i.VRF, Interface: i.Name, Local: to, Remote: from}
	b := n.mailbox(f)
	if b == nil {
		return closedPort(f)
	}
	b.deliver(Datagram{Flow: f, Data: data, Reply: reply})
	return nil
}

// sendUDP walks a datagram to where it goes, and loses it silently on the way if a
// packet would be lost.
func (n *Node) sendUDP(vrf, out string, from, to netip.AddrPort, data []byte) {
	b, f := n.findUDP(vrf, out, from, to)
	if b == nil {
		return
	}
	back := ""
	if to.Addr().Is6() && to.Addr().IsLinkLocalUnicast() {
		back = f.Interface
	}
	far := b.node
	b.deliver(Datagram{Flow: f, Data: data, Reply: func(answer []byte) error {
		far.sendUDP(f.VRF, back, f.Local, f.Remote, answer)
		return nil
	}})
}

func (n *Node) findUDP(vrf, out string, from, to netip.AddrPort) (*mailbox, Flow) {
	f := n.fabric
	w := walker{fabric: f, learn: true, all: true, counts: true}
	defer w.tell()
	f.mu.RLock()
	defer f.mu.RUnlock()
	o := origin{node: n, vrf: vrf}
	if out != "" {
		if o.out = n.port(out); o.out == nil {
			return nil, Flow{}
		}
	}
	m := parcel{proto: UDP, from: from, to: to, ttl: defaultTTL}
	at, v := w.carry(n, o.vrf, o.out, &m)
	if v.Outcome != Delivered || at.port == nil {
		return nil, Flow{}
	}
	flow := Flow{Proto: UDP, VRF: at.port.VRF, Interface: at.port.Name, Local: to, Remote: from}
	return at.node.mailbox(flow), flow
}

// udpConn is a connection over UDP: the port of a node that takes datagrams of one address.
type udpConn struct {
	box  *mailbox
	flow Flow
	vrf  string
	out  string // the interface of a link-local destination

	mu      sync.Mutex
	wake    sync.Cond // on mu: anything below has changed
	anyPort bool      // the peer has not chosen its port yet; guarded by mu, like all below
	inbox   [][]byte
	closed  bool
	readBy  time.Time
	timer   *time.Timer
}

// dialUDP opens a port of the node towards an address, or of the host when the address
// is behind the uplink. Nothing is sent.
func (n *Node) dialUDP(ctx context.Context, p Path) (Conn, *Verdict) {
	c, v := n.openUDP(p)
	switch {
	case v == nil:
		n.doors.living.add(c)
		return c, nil
	case n.fabric.uplinkTakes(p.To.Addr(), v):
		return n.dialUplink(ctx, p)
	}
	v.Reported = true
	return nil, v
}

// openUDP opens a port of the node unless it has no way out, or the address is beyond
// the fabric: then it returns the verdict on the first packet.
func (n *Node) openUDP(p Path) (*udpConn, *Verdict) {
	o, m, out, v := n.first(&p)
	if v != nil && (out == "" || n.fabric.uplinkTakes(p.To.Addr(), v)) {
		return nil, v
	}
	c := &udpConn{vrf: o.vrf, anyPort: p.AnyPort}
	c.wake.L = &c.mu
	if o.out != nil {
		c.out = o.out.Name
	}
	c.box = &mailbox{node: n, take: c.receive}
	c.box.idle.L = &c.box.mu
	port := n.bind(c.box, &p, o.vrf, m)
	c.flow = Flow{Proto: UDP, VRF: o.vrf, Interface: out, Local: netip.AddrPortFrom(m.from.Addr(), port), Remote: m.to}
	return c, nil
}

// first is the first packet of a path, the interface that it leaves by, "" for none, and
// the verdict on it, nil when it arrives.
func (n *Node) first(p *Path) (o origin, m parcel, out string, v *Verdict) {
	f := n.fabric
	f.mu.RLock()
	defer f.mu.RUnlock()
	if o, m, v = n.depart(p); v != nil {
		return o, m, "", v
	}
	packet := m
	if _, found := (&walker{fabric: f}).carry(n, o.vrf, o.out, &packet); found.Outcome != Delivered {
		v = &found
	}
	return o, m, n.egress(o, &m), v
}

// bind opens the port that a path is to come from, else a free one.
func (n *Node) bind(b *mailbox, p *Path, vrf string, first parcel) uint16 {
	d := &n.doors
	d.mu.Lock()
	defer d.mu.Unlock()
	b.port = Port{Proto: UDP, VRF: vrf, Local: first.from.Addr(), Number: p.From}
	if p.From != 0 {
		b.peer = first.to
	}
	for b.port.Number == 0 || slices.ContainsFunc(d.udp, b.collides) {
		b.port.Number = d.ephemeral.next()
	}
	d.udp = append(d.udp, b)
	return b.port.Number
}

// collides reports whether what is for one port would be for the other too.
func (b *mailbox) collides(x *mailbox) bool {
	if x.port.Number != b.port.Number {
		return false
	}
	return !b.peer.IsValid() || !x.peer.IsValid() || b.peer == x.peer && b.port.same(x.port)
}

// receive keeps what the peer has sent until it is read.
func (c *udpConn) receive(d Datagram) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.anyPort && d.Flow.Remote.Addr() == c.flow.Remote.Addr() {
		c.flow.Remote, c.anyPort = d.Flow.Remote, false
	}
	if d.Flow.Remote != c.flow.Remote || c.closed || len(c.inbox) >= backlog {
		return
	}
	c.inbox = append(c.inbox, slices.Clone(d.Data))
	c.wake.Broadcast()
}

// Read blocks until there is a datagram, the connection is closed, or the deadline has
// passed. What does not fit is lost.
func (c *udpConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, c.wrap("read", net.ErrClosed)
		case !c.readBy.IsZero() && !time.Now().Before(c.readBy):
			return 0, c.wrap("read", os.ErrDeadlineExceeded)
		case len(c.inbox) > 0:
			n := copy(p, c.inbox[0])
			c.inbox = c.inbox[1:]
			return n, nil
		}
		c.wake.Wait()
	}
}

// Write sends a datagram. Nobody learns whether it arrived.
func (c *udpConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	closed, to := c.closed, c.flow.Remote
	c.mu.Unlock()
	if closed {
		return 0, c.wrapTo("write", to, net.ErrClosed)
	}
	c.box.node.sendUDP(c.vrf, c.out, c.flow.Local, to, p)
	return len(p), nil
}

// wrap is called with mu held.
func (c *udpConn) wrap(op string, err error) error { return c.wrapTo(op, c.flow.Remote, err) }

func (c *udpConn) wrapTo(op string, to netip.AddrPort, err error) error {
	return &net.OpError{Op: op, Net: "udp", Source: c.LocalAddr(), Addr: net.UDPAddrFromAddrPort(to), Err: err}
}

func (c *udpConn) Close() error {
	c.box.node.doors.living.forget(c)
	c.box.leave()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.timer != nil {
		c.timer.Stop()
	}
	c.wake.Broadcast()
	return nil
}

// Flow is the connection as it was made, with the port that the peer answers from once
// it has.
func (c *udpConn) Flow() Flow {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flow
}

func (c *udpConn) CloseWrite() error         { return nil }
func (c *udpConn) Reset() error              { return c.Close() }
func (c *udpConn) SetTrafficClass(int) error { return nil }
func (c *udpConn) LocalAddr() net.Addr       { return net.UDPAddrFromAddrPort(c.flow.Local) }
func (c *udpConn) RemoteAddr() net.Addr      { return net.UDPAddrFromAddrPort(c.Flow().Remote) }

// SetDeadline is SetReadDeadline: writes do not wait.
func (c *udpConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline does nothing: writes do not wait.
func (c *udpConn) SetWriteDeadline(time.Time) error { return nil }

// SetReadDeadline makes reads fail from t on, also those that wait; the zero time is
// never.
func (c *udpConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	if c.readBy = t; !t.IsZero() {
		c.timer = time.AfterFunc(time.Until(t), func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.wake.Broadcast()
		})
	}
	c.wake.Broadcast()
	return nil
}
