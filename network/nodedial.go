package network

import (
	"context"
	"net/netip"
	"syscall"
	"time"
)

// synwait is how long a connection may take to be made by default, as `ip tcp
// synwait-time` of IOS.
const synwait = 30 * time.Second

// Dial walks to the destination and back, asks the listener there, and connects. What
// is not answered takes as long as TCP would try, 30 s or Path.Timeout, and the way may
// come back meanwhile. The verdict is then TimedOut, with the Cause. What the node or
// an ICMP message decides is known at once.
//
// Addresses that no node has go to the uplink, once the walk has found no owner.
func (n *Node) Dial(ctx context.Context, p Path) (Conn, error) {
	dial := n.dialTCP
	switch p.Proto {
	case TCP:
	case UDP:
		dial = n.dialUDP
	default:
		return nil, &Verdict{Outcome: NoRoute, Reason: "connections are of TCP and UDP only"}
	}
	c, v := dial(ctx, p)
	if v != nil {
		return nil, v
	}
	return c, nil
}

func (n *Node) dialTCP(ctx context.Context, p Path) (Conn, *Verdict) {
	limit := p.Timeout
	if limit <= 0 {
		limit = synwait
	}
	over := time.NewTimer(limit)
	defer over.Stop()
	port := n.nextPort()
	for pause := firstRetry; ; pause *= 2 {
		generation := n.fabric.generation.Load()
		c, v := n.attempt(p, port)
		switch {
		case v == nil:
			return c, nil
		case n.fabric.uplinkTakes(p.To.Addr(), v):
			return n.dialUplink(ctx, p)
		case v.Outcome == Refused, v.Reported:
			return nil, v
		}
		for n.fabric.generation.Load() == generation { // the same again, until something changes
			again := time.NewTimer(pause)
			select {
			case <-again.C:
				pause = min(2*pause, limit)
				continue
			case <-over.C:
				again.Stop()
				return nil, v.timedOut(syscall.ETIMEDOUT)
			case <-ctx.Done():
				again.Stop()
				return nil, v.timedOut(ctx.Err())
			}
		}
	}
}

// firstRetry is when an unanswered SYN is sent again; each time takes twice as long
// (RFC 6298 section 5.5).
const firstRetry = time.Second

// timedOut is the verdict of who never learns what happened to its packet.
func (v *Verdict) timedOut(err error) *Verdict {
	t := *v
	t.Outcome, t.Cause, t.Err = TimedOut, v.Outcome, err
	return &t
}

// attempt is one SYN, and what follows when it is answered.
func (n *Node) attempt(p Path, port uint16) (Conn, *Verdict) {
	r, v := n.reach(&p, port)
	if v != nil {
		return nil, v
	}
	there := Flow{Proto: TCP, VRF: r.in.VRF, Interface: r.in.Name, Local: r.to, Remote: r.from}
	handler, v := r.far.ask(there)
	if v != nil {
		return nil, v.at(r.far, there.Interface, r.to.Addr())
	}
	a, b := Pipe(r.from, r.to)
	r.join(a, b)
	ours := &nodeConn{PipeEnd: *a, of: &n.doors.living, vrf: r.vrf, iface: r.out}
	theirs := &nodeConn{PipeEnd: *b, of: &r.far.doors.living, vrf: there.VRF, iface: there.Interface}
	n.doors.living.add(ours)
	r.far.doors.living.add(theirs)
	go serve(theirs, handler)
	return ours, nil
}

// at is a verdict of a listener with the place where it was found.
func (v *Verdict) at(n *Node, iface string, hop netip.Addr) *Verdict {
	t := *v
	if t.Node == "" {
		n.fabric.mu.RLock()
		t.Node = n.label()
		n.fabric.mu.RUnlock()
	}
	if t.Interface == "" {
		t.Interface = iface
	}
	if !t.Hop.IsValid() {
		t.Hop = hop
	}
	return &t
}

// reached is what the first packet of a connection found.
type reached struct {
	*way
	generation uint64    // of the fabric
	out        string    // the interface that the packet left by
	in         Interface // that it came in by, or the node's own with the address
}

// reach walks the first packet of a path there, and the answer back.
func (n *Node) reach(p *Path, port uint16) (*reached, *Verdict) {
	f := n.fabric
	w := walker{fabric: f, learn: true, all: true, counts: true}
	defer w.tell()
	f.mu.RLock()
	defer f.mu.RUnlock()
	o, m, bad := n.depart(p)
	if bad != nil {
		return nil, bad
	}
	m.from = netip.AddrPortFrom(m.from.Addr(), port)
	r := &reached{generation: f.generation.Load(), out: n.egress(o, &m),
		way: &way{fabric: f, near: n, vrf: o.vrf, from: m.from, to: m.to}}
	if o.out != nil {
		r.link = o.out.Name
	}
	at, v := w.trip(o, &m)
	if v.Outcome != Delivered {
		return nil, &v
	}
	r.far, r.in = at.node, at.port.Interface
	return r, nil
}

// egress is the name of the interface that a packet leaves by.
func (n *Node) egress(o origin, m *parcel) string {
	if o.out != nil {
		return o.out.Name
	}
	if e := n.table(o.vrf).lookup(m.from.Addr(), m.to.Addr()); e != nil {
		return e.Egress
	}
	return ""
}

// join puts a pipe on the way.
func (r *reached) join(a, b *PipeEnd) {
	r.halves = [2]*half{a.out, b.out}
	for _, h := range r.halves {
		h.way, h.walked = r.way, r.generation
	}
}

// nodeConn is a connection of a node.
type nodeConn struct {
	PipeEnd
	of         *living
	vrf, iface string
}

func (c *nodeConn) Flow() Flow {
	return Flow{Proto: TCP, VRF: c.vrf, Interface: c.iface, Local: c.local, Remote: c.remote}
}

// Close ends the connection. It may be called again.
func (c *nodeConn) Close() error {
	c.of.forget(c)
	return c.PipeEnd.Close()
}

func (c *nodeConn) Reset() error {
	c.of.forget(c)
	return c.PipeEnd.Reset()
}

// SetTrafficClass does nothing: there are no packets.
func (c *nodeConn) SetTrafficClass(int) error { return nil }
