package network

import (
	"net/netip"
	"slices"
)

// defaultTTL is how many nodes a packet may pass, as IOS sends it.
const defaultTTL = 255

// parcel is one packet in one direction, as nodes and access lists look at it.
type parcel struct {
	proto       Proto
	from, to    netip.AddrPort
	ttl, size   int
	df          bool
	established bool    // TCP: not the first of its connection
	message     Message // ICMP
}

// reply is the answer to a packet.
func (m *parcel) reply() parcel {
	r := parcel{proto: m.proto, from: m.to, to: m.from, ttl: defaultTTL, size: m.size, established: true}
	if r.isICMP() {
		r.message = echoReply(m.to.Addr())
	}
	return r
}

func (m *parcel) isICMP() bool { return m.proto == ICMP || m.proto == ICMPv6 }

// walker takes packets through a fabric, whose mu is held for reading.
type walker struct {
	fabric *Fabric
	// learn lets the nodes on the way note their neighbours, all: all of them, else
	// those up to the first that was new; met is set when there was one.
	learn, all, met bool
	// counts lets entries of access lists count the packets.
	counts bool
	// sender is the port that sent the packet over the last link; matches are what the
	// entries of access lists log, until told.
	sender  *port
	matches []noted
}

// noted is what a node is to log.
type noted struct {
	node *Node
	Match
}

// tell hands over what the nodes on the way log. The fabric's mu must be free.
func (w *walker) tell() {
	for _, m := range w.matches {
		m.node.observed.match(m.Match)
	}
}

// counting reports whether the packet counts: it has not been dropped on the way.
func (w *walker) counting() bool { return w.counts && (w.all || !w.met) }

// passes holds a packet against an access list: in is the port that it came in by.
//
// Entries count packets that are sent: echo requests and probes with their answers,
// datagrams, ICMP messages about them, and of a connection the SYN and the answer to it.
// What a connection carries is a stream, and not counted; nor is a way that is walked
// again, or a packet that an earlier node has dropped while it waited for ARP.
func (w *walker) passes(l *List, in *port, m *parcel) (permit bool, line string) {
	if l == nil {
		return true, ""
	}
	to := m.to.Addr()
	e := l.entry(m, func(set Addresses) bool { return set.Contain(to) })
	if e != nil && w.counting() && e.count() && in.node.observed.any() {
		match := e.match(l, m)
		match.Flow.VRF, match.Flow.Interface = in.VRF, in.Name
		if w.sender != nil {
			match.Sender = w.sender.mac()
		}
		w.matches = append(w.matches, noted{in.node, match})
	}
	return l.decided(e)
}

// place is where a packet arrived: the port that it came in by, or for a packet of the
// node to itself the port with the address.
type place struct {
	node *Node
	port *port
}

// carry takes a packet of a node's own out by a VRF's table, and hop by hop to the
// node that has the address. out is the link of a link-local address.
func (w *walker) carry(n *Node, vrf string, out *port, m *parcel) (place, Verdict) {
	var in *port
	for hops := 0; ; hops++ {
		at := place{n, in}
		if in != nil {
			vrf = in.VRF
			if in.owns(m.to.Addr()) {
				return at, delivered(at, m, hops)
			}
		}
		next, far, v := w.hop(at, vrf, out, m, hops)
		switch {
		case v != nil:
			v.Hops = hops
			return at, *v
		case far == nil: // the node's own
			if in == nil {
				at.port = next
			}
			return at, delivered(at, m, hops)
		}
		w.sender = next
		if v := w.arrive(far, m); v != nil {
			v.Hops = hops + 1
			return place{far.node, far}, *v
		}
		n, in, out = far.node, far, nil
	}
}

func delivered(at place, m *parcel, hops int) Verdict {
	v := Verdict{Outcome: Delivered, Node: at.node.label(), Hop: m.to.Addr(), Hops: hops}
	if at.port != nil {
		v.Interface = at.port.Name
	}
	return v
}

// hop decides what a node does with a packet: the port that it leaves by, and the one
// on the link that takes it. Without the latter the packet is for the node itself.
func (w *walker) hop(at place, vrf string, out *port, m *parcel, hops int) (next, far *port, v *Verdict) {
	n, via, line := at.node, m.to.Addr(), ""
	if out == nil {
		e := n.table(vrf).lookup(m.from.Addr(), via)
		switch {
		case e == nil:
			return nil, nil, n.noRoute(at, vrf, via)
		case e.own:
			return n.port(e.Egress), nil, nil
		case at.port != nil && n.settings.Host && via.Is4():
			return nil, nil, at.verdict(NoRoute, "no ip routing", "the device does not route")
		case e.Discard:
			return nil, nil, at.verdict(NoRoute, e.Line, "the route leads to "+e.Interface)
		}
		if out = n.port(e.Egress); e.Kind == Static {
			line = e.Line
		}
		if e.NextHop.IsValid() {
			via = e.NextHop
		}
	} else if out.owns(via) {
		return out, nil, nil
	}
	if v := w.forward(at, out, m, hops); v != nil {
		return nil, nil, v
	}
	if far = neighbour(out, via); far == nil {
		v := at.verdict(NoARP, line, "nobody on the link has "+via.String())
		v.Interface = out.Name
		return nil, nil, v
	}
	w.meet(out, far, via, m)
	return out, far, nil
}

// noRoute is the verdict on a packet that no entry of the table fits. When an interface
// that is down is the reason, because the destination or the next hop of a static route
// to it is there, the verdict names that.
func (n *Node) noRoute(at place, vrf string, to netip.Addr) *Verdict {
	v := at.verdict(NoRoute, "", "no route to "+to.String())
	p := n.dead(vrf, to)
	if n.settings.Routes != nil {
		for r := range n.settings.Routes {
			if p == nil && r.VRF == vrf && r.To.IsValid() && r.To.Contains(to) {
				p = n.dead(vrf, r.Via)
			}
		}
	}
	if p == nil {
		return v
	}
	v.Outcome, v.Interface, v.Line, v.Reason = Down, p.Name, p.Line, "the interface is down"
	if p.Up {
		v.Reason = "the interface has no cable"
	}
	return v
}

// dead is an interface that is down and has a network with an address.
func (n *Node) dead(vrf string, a netip.Addr) *port {
	for _, p := range n.ports {
		if !p.up && p.VRF == vrf && p.near(a) {
			return p
		}
	}
	return nil
}

// forward holds a packet against the port that it is to leave by.
func (w *walker) forward(at place, out *port, m *parcel, hops int) *Verdict {
	var v *Verdict
	switch {
	case out == nil || !out.up || out.segment == nil:
		v = at.verdict(Down, "", "the interface has no link")
	case m.df && out.MTU > 0 && m.size > out.MTU:
		v = at.verdict(TooBig, out.Line, "larger than the MTU")
	case hops == 0:
		return nil // access lists are not for the node's own packets
	case at.port.ManagementOnly || out.ManagementOnly:
		v = at.verdict(Filtered, "management-only", "a management interface does not forward")
	default:
		if m.ttl--; m.ttl <= 0 {
			return at.verdict(TTLExpired, "", "")
		}
		permit, line := w.passes(byFamily(m, out.Out, out.Out6), at.port, m)
		if permit {
			return nil
		}
		v = at.verdict(Filtered, line, "")
	}
	if out != nil {
		v.Interface = out.Name
	}
	return v
}

// arrive holds a packet against the port that it comes in by.
func (w *walker) arrive(in *port, m *parcel) *Verdict {
	if permit, line := w.passes(byFamily(m, in.In, in.In6), in, m); !permit {
		return place{in.node, in}.verdict(Filtered, line, "")
	}
	return nil
}

// byFamily is the list that a packet is held against.
func byFamily(m *parcel, v4, v6 *List) *List {
	if m.to.Addr().Is6() {
		return v6
	}
	return v4
}

// verdict is one at a place, whose Hop is the address that the packet came to.
func (at place) verdict(o Outcome, line, reason string) *Verdict {
	v := &Verdict{Outcome: o, Node: at.node.label(), Line: line, Reason: reason}
	if at.port != nil {
		v.Interface = at.port.Name
	}
	return v
}

// neighbour is who answers for an address on the link of a port: its owner, else a
// router that does so for others.
func neighbour(out *port, via netip.Addr) *port {
	far := out.segment.owner(out.VLAN, via)
	switch {
	case far == out:
		return nil
	case far == nil && via.Is4():
		return proxy(out, via)
	}
	return far
}

// proxy is the first router on a link with proxy ARP that has a way to an address by
// another interface. It answers those in its own network only ("wrong cable" in IOS's
// words, from memory).
func proxy(out *port, via netip.Addr) *port {
	asks, ok := out.address(true)
	if !ok {
		return nil
	}
	for _, c := range out.segment.ends {
		for _, p := range c.node.ports {
			if p != out && p.ProxyARP && p.segment == out.segment && p.VLAN == out.VLAN && p.near(asks) && p.leadsAway(via) {
				return p
			}
		}
	}
	return nil
}

// near reports whether an address is in a network of the port.
func (p *port) near(a netip.Addr) bool {
	return slices.ContainsFunc(p.Addresses, func(x netip.Prefix) bool { return x.Contains(a) })
}

// leadsAway reports whether packets to an address that come in by the port go on.
func (p *port) leadsAway(a netip.Addr) bool {
	e := p.node.table(p.VRF).lookup(netip.Addr{}, a)
	return e != nil && !e.Discard && e.Egress != p.Name
}

// meet notes on both sides who has sent whom a packet.
func (w *walker) meet(out, far *port, via netip.Addr, m *parcel) {
	if !w.learn || w.met && !w.all {
		return
	}
	now := w.fabric.o.Now
	if out.node.neighbours.meet(out, via, far.mac(), now) && !out.node.settings.Queues {
		w.met = true
	}
	if a, ok := out.facing(via); ok && far.segment.owner(far.VLAN, a) == out {
		far.node.neighbours.meet(far, a, out.mac(), now)
	}
}

// facing is the address of a port that it uses towards another: the one of the same
// network, else the first of the family.
func (p *port) facing(to netip.Addr) (netip.Addr, bool) {
	if to.Is6() && to.IsLinkLocalUnicast() {
		if p.derived {
			return p.mac().LinkLocal(), true
		}
		for _, a := range p.Addresses {
			if a.Addr().Is6() && a.Addr().IsLinkLocalUnicast() {
				return a.Addr(), true
			}
		}
	}
	for _, a := range p.Addresses {
		if a.Contains(to) {
			return a.Addr(), true
		}
	}
	return p.address(to.Is4())
}

// origin is a packet of a node and the way out that it takes.
type origin struct {
	node *Node
	vrf  string
	out  *port // of a link-local destination, else nil
}

// trip takes a packet there, and the answer back. It returns where the packet arrived
// and the verdict on both.
func (w *walker) trip(o origin, m *parcel) (place, Verdict) {
	first := *m
	at, v := w.carry(o.node, o.vrf, o.out, m)
	if v.Outcome != Delivered {
		w.report(o, at, &first, &v)
		return at, v
	}
	r := first.reply()
	out := (*port)(nil)
	if o.out != nil && at.node != o.node {
		out = at.port
	}
	home, back := w.carry(at.node, at.vrf(o), out, &r)
	switch {
	case back.Outcome != Delivered:
		back.Back = true
		return at, back
	case home.node != o.node:
		return at, Verdict{Outcome: TimedOut, Node: home.node.label(), Interface: back.Interface, Hop: back.Hop, Back: true,
			Reason: "the answer goes to another node with the address " + back.Hop.String()}
	}
	return at, v
}

// vrf is the table that answers leave by.
func (at place) vrf(o origin) string {
	if at.port != nil {
		return at.port.VRF
	}
	return o.vrf
}

// report finds out whether the sender learns what became of its packet: at once when
// it was its own doing, else by an ICMP message of the node that dropped it.
func (w *walker) report(o origin, at place, m *parcel, v *Verdict) {
	if v.Hops == 0 {
		v.Reported = v.Outcome != NoARP
		return
	}
	if at.port == nil {
		return
	}
	if a, ok := at.port.facing(m.from.Addr()); ok {
		v.Hop = a
	}
	kind, sent := icmpOf(v.Outcome)
	if !sent || at.node.settings.Host || at.port.Silent && v.Outcome != TTLExpired || !v.Hop.IsValid() || v.Hop.Is4() != m.from.Addr().Is4() {
		return
	}
	news := parcel{proto: ICMP, from: netip.AddrPortFrom(v.Hop, 0), to: m.from, ttl: defaultTTL, message: kind.v4}
	if v.Hop.Is6() {
		news.proto, news.message = ICMPv6, kind.v6
	}
	quiet := walker{fabric: w.fabric, counts: w.counting()}
	home, back := quiet.carry(at.node, at.port.VRF, nil, &news)
	w.matches = append(w.matches, quiet.matches...)
	v.Reported = back.Outcome == Delivered && home.node == o.node
}

// Walk says what would become of a packet and of the answer to it. Nodes on the way
// note their neighbours; see Verdict.Resolving.
func (n *Node) Walk(p Packet) Verdict {
	_, v := n.walk(&p)
	return v
}

// walk is Walk, and where the packet arrived. It puts the address that the packet
// carries into p.
func (n *Node) walk(p *Packet) (place, Verdict) {
	f := n.fabric
	w := walker{fabric: f, learn: true, counts: true}
	defer w.tell()
	f.mu.RLock()
	defer f.mu.RUnlock()
	path := Path{Proto: p.Flow.Proto, VRF: p.Flow.VRF, Source: p.Source, To: p.Flow.Remote}
	o, m, bad := n.depart(&path)
	if bad != nil {
		return place{node: n}, *bad
	}
	if p.Flow.Local.Addr().IsValid() && p.Source == "" {
		m.from = p.Flow.Local
	}
	p.Flow.Local = m.from
	if m.size, m.df = p.Size, p.DF; p.TTL > 0 {
		m.ttl = p.TTL
	}
	m.established = p.Established
	if p.Message != (Message{}) {
		m.message = p.Message
	}
	at, v := w.trip(o, &m)
	v.Resolving = w.met
	return at, v
}

// depart is the first packet of a path, with the address that it carries, and the way
// out; or the verdict on the path. Source interface and VRF decide as on the bridge to
// the host, except that an interface needs its cable.
func (n *Node) depart(p *Path) (origin, parcel, *Verdict) {
	to := p.To.Addr().Unmap()
	zone := to.Zone()
	to = to.WithZone("")
	p.To = netip.AddrPortFrom(to, p.To.Port())
	m := parcel{proto: p.Proto, to: p.To, ttl: defaultTTL}
	if m.isICMP() {
		m.proto, m.message = ICMP, echoRequest(to)
		if to.Is6() {
			m.proto = ICMPv6
		}
	}
	o := origin{node: n}
	var from netip.Addr
	if p.Source != "" {
		source, bad := n.source(p)
		if bad != nil {
			return o, m, bad
		}
		from, _ = source.facing(to)
	}
	if o.vrf = p.VRF; p.Source == "" && p.VRF != "" && n.table(p.VRF) == nil {
		return o, m, &Verdict{Outcome: NoRoute, Node: n.label(), Reported: true, Reason: "no interface of VRF " + p.VRF + " is up and has an address"}
	}
	if to.Is6() && to.IsLinkLocalUnicast() {
		if o.out = n.portNamed(zone); zone == "" {
			o.out = n.portNamed(p.Source)
		}
		if o.out == nil || o.out.segment == nil {
			return o, m, &Verdict{Outcome: NoRoute, Node: n.label(), Reported: true, Reason: "a link-local address needs an interface that is up"}
		}
		o.vrf = o.out.VRF
	}
	if !from.IsValid() {
		from = n.sourceFor(o, to)
	}
	m.from = netip.AddrPortFrom(from, 0)
	return o, m, nil
}

// source is the source interface of a path, if packets can carry its address.
func (n *Node) source(p *Path) (*port, *Verdict) {
	i := n.portNamed(p.Source)
	v := p.noSource(n.label())
	if i != nil {
		_, has := i.facing(p.To.Addr())
		v = p.leavesBy(n.label(), &i.Interface, i.up, has)
	}
	if v != nil {
		v.Reported = true
		return nil, v
	}
	return i, nil
}

// sourceFor is the address of the interface that packets to an address leave by; the
// address itself when it is the node's own. An interface without one takes the first of
// the VRF.
func (n *Node) sourceFor(o origin, to netip.Addr) netip.Addr {
	out := o.out
	if out == nil {
		e := n.table(o.vrf).lookup(netip.Addr{}, to)
		switch {
		case e == nil:
		case e.own:
			return to
		default:
			out = n.port(e.Egress)
			if e.NextHop.IsValid() && !e.NextHop.IsLinkLocalUnicast() {
				to = e.NextHop
			}
		}
	}
	if out != nil {
		if a, ok := out.facing(to); ok {
			return a
		}
	}
	for _, p := range n.ports {
		if p.up && p.VRF == o.vrf {
			if a, ok := p.address(to.Is4()); ok {
				return a
			}
		}
	}
	return netip.Addr{}
}
