package network

import (
	"context"
	"net/netip"
)

// Dial connects to the device itself or, as far as the uplink reaches, through the
// host. Its errors are of type *Verdict.
func (h *Host) Dial(ctx context.Context, p Path) (Conn, error) {
	v := h.view.Load()
	from, bad := v.leave(&p)
	if bad != nil {
		return nil, bad
	}
	if own, ok := v.owner(p.VRF, p.To.Addr()); ok {
		return h.dialSelf(v, p, own, from)
	}
	if bad := h.o.Uplink.refuses(p.To.Addr()); bad != nil {
		return nil, bad
	}
	c, bad := dialHost(ctx, p, h.o.Dial)
	if bad != nil {
		return nil, bad
	}
	local := addrPort(c.LocalAddr())
	if a, ok := from.address(p.To.Addr().Is4()); ok {
		local = netip.AddrPortFrom(a, local.Port())
	}
	return h.live(h.conn(c, Flow{Proto: p.Proto, VRF: p.VRF, Interface: from.Name, Local: local, Remote: p.To})), nil
}

// leave is the interface that a path names, the zero Interface when it names none, or
// the verdict on it. It puts in what the path leaves open.
func (v *view) leave(p *Path) (Interface, *Verdict) {
	p.To = netip.AddrPortFrom(p.To.Addr().Unmap(), p.To.Port())
	switch {
	case !v.addressed():
		return Interface{}, nil
	case p.Source != "":
		return v.source(p)
	case p.VRF != "" && v.tables()[p.VRF] == nil:
		return Interface{}, &Verdict{Outcome: NoRoute, Node: v.node, Reason: "no interface of VRF " + p.VRF + " is up and has an address"}
	}
	return Interface{}, nil
}

// source is the source interface of a path, if packets can carry its address.
func (v *view) source(p *Path) (Interface, *Verdict) {
	i, known := v.find(p.Source)
	if !known {
		return i, p.noSource(v.node)
	}
	_, has := i.address(p.To.Addr().Is4())
	return i, p.leavesBy(v.node, &i, i.Up, has)
}

// noSource is the verdict on a path whose source interface there is not.
func (p *Path) noSource(node string) *Verdict {
	return &Verdict{Outcome: Down, Node: node, Interface: p.Source, Reason: "no such source interface"}
}

// leavesBy puts the VRF of its source interface into a path, and is the verdict on it,
// nil when packets can carry an address of the interface: it is up and has one.
func (p *Path) leavesBy(node string, i *Interface, up, has bool) *Verdict {
	if p.VRF == "" {
		p.VRF = i.VRF
	}
	v := &Verdict{Outcome: Down, Node: node, Interface: i.Name, Line: i.Line}
	switch {
	case !up:
		v.Reason = "the source interface is down"
	case !has:
		v.Reason = "the source interface has no address to reach " + p.To.Addr().String()
	case i.VRF != p.VRF:
		v.Outcome, v.Reason = NoRoute, "the source interface is not in VRF "+p.VRF
	default:
		return nil
	}
	return v
}

// answers is the verdict on packets to an address of the device's own.
func (v *view) answers(own Interface) *Verdict {
	if own.Up {
		return nil
	}
	return &Verdict{Outcome: Down, Node: v.node, Interface: own.Name, Line: own.Line, Reason: "the interface with this address is down"}
}

// dialSelf connects to a port of the device. There are no datagrams to it.
func (h *Host) dialSelf(v *view, p Path, own, from Interface) (Conn, error) {
	if bad := v.answers(own); bad != nil {
		return nil, bad
	}
	if p.Proto != TCP {
		return nil, &Verdict{Outcome: Refused, Node: v.node, Reason: "no datagrams to the device itself"}
	}
	a := p.To.Addr()
	if s, ok := from.address(a.Is4()); ok {
		a = s
	}
	source := netip.AddrPortFrom(a, h.nextEphemeral())
	c, err := h.connect(Flow{Proto: TCP, VRF: own.VRF, Interface: own.Name, Local: p.To, Remote: source})
	if err != nil {
		return nil, err
	}
	return h.live(h.conn(c, Flow{Proto: TCP, VRF: own.VRF, Interface: own.Name, Local: source, Remote: p.To})), nil
}

func (h *Host) nextEphemeral() uint16 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ephemeral.next()
}

// Walk says what would become of a packet. Its own addresses answer; what the uplink
// would carry is TimedOut, as no packet of the device leaves the host.
func (h *Host) Walk(p Packet) Verdict {
	v := h.view.Load()
	path := Path{Proto: p.Flow.Proto, VRF: p.Flow.VRF, Source: p.Source, To: p.Flow.Remote}
	if _, bad := v.leave(&path); bad != nil {
		return *bad
	}
	if own, ok := v.owner(path.VRF, path.To.Addr()); ok {
		if bad := v.answers(own); bad != nil {
			return *bad
		}
		return Verdict{Outcome: Delivered, Node: v.node, Interface: own.Name, Hop: path.To.Addr()}
	}
	if bad := h.o.Uplink.refuses(path.To.Addr()); bad != nil {
		return *bad
	}
	return Verdict{Outcome: TimedOut, Node: v.node, Reason: "no packets go beyond the host"}
}
