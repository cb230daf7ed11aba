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
		return i, &Verdict{Outcome: Down, Node: v.node, Interface: p.Source, Reason: "no such source interface"}
	}
	bad := &Verdict{Outcome: Down, Node: v.node, Interface: i.Name, Line: i.Line}
	if p.VRF == "" {
		p.VRF = i.VRF
	}
	if _, ok := i.address(p.To.Addr().Is4()); !i.Up {
		bad.Reason = "the source interface is down"
	} else if !ok {
		bad.Reason = "the source interface has no address to reach " + p.To.Addr().String()
	} else if i.VRF != p.VRF {
		bad.Outcome, bad.Reason = NoRoute, "the source interface is not in VRF "+p.VRF
	} else {
		return i, nil
	}
	return i, bad
}

// answers is the verdict on packets to an address of the device's own.
func (v *view) answers(own Interface) *Verdict {
	if own.Up {
		return nil
	}
	return &Verdict{Outcome: Down, Node: v.node, Interface: own.Name, Line: own.Line, Reason: "the interface with this address is down"}
}

// The ports that a connection to the device itself comes from (RFC 6335 section 6).
const firstEphemeral, lastEphemeral = 49152, 65535

// dialSelf connects to a port of the device. Datagrams find nobody there.
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
	if h.ephemeral < firstEphemeral || h.ephemeral == lastEphemeral {
		h.ephemeral = firstEphemeral - 1
	}
	h.ephemeral++
	return h.ephemeral
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
