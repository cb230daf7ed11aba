package network

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
)

// Node is a device in a fabric. It is a Stack.
//
// A node without connections has no goroutine; its routing tables are made when the
// first packet needs them.
type Node struct {
	fabric *Fabric
	name   string
	index  int // from 1, in the order in which nodes were made

	applying sync.Mutex // one Apply at a time
	routes   uint64     // a hash of the static routes; guarded by applying

	// Guarded by the fabric's mu.
	settings *Settings
	ports    []*port          // in the order of the configuration
	byName   map[string]*port // nil while ports are few
	sockets  int              // ports that were ever made
	cables   []*cable
	watchers []*watcher
	gone     bool

	tables atomic.Pointer[Tables] // nil until they are needed

	neighbours neighbours
	doors      doors
	echoes     echoes
	observed   observers
}

var _ Stack = (*Node)(nil)

// hello is what the node says of itself at an interface.
func (n *Node) hello(iface string) any {
	if n.settings.Hello == nil {
		return nil
	}
	return n.settings.Hello(iface)
}

// port is an interface of a node.
type port struct {
	Interface
	node  *Node
	index int // from 1, kept while the interface exists

	// Guarded by the fabric's mu.
	segment *Segment // where its addresses are claimed, nil while it is down or needs no cable
	up      bool
	derived bool // it has IPv6 and makes its link-local address of its MAC
}

// Name is the name of the node in the fabric.
func (n *Node) Name() string { return n.name }

// label is the name of a node in verdicts and for its neighbours: the host name, as far
// as it has one.
func (n *Node) label() string { return cmp.Or(n.settings.Node, n.name) }

var seed = maphash.MakeSeed()

// Apply makes the node follow a configuration. Nothing happens when interfaces and
// routes are as they were. It never fails.
func (n *Node) Apply(s *Settings) error {
	n.applying.Lock()
	defer n.applying.Unlock()
	var interfaces []Interface
	if s.Interfaces != nil {
		interfaces = slices.Collect(s.Interfaces)
	}
	routes := hashRoutes(s)
	n.fabric.change(func() bool {
		other := n.settings.Node != s.Node || n.settings.Host != s.Host
		n.settings = s
		if routes == n.routes && slices.EqualFunc(n.ports, interfaces, (*port).configured) {
			return other
		}
		n.routes = routes
		n.configure(interfaces)
		return true
	})
	return nil
}

func hashRoutes(s *Settings) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	if s.Routes != nil {
		for r := range s.Routes {
			maphash.WriteComparable(&h, r)
		}
	}
	return h.Sum64()
}

// configured reports whether a port is configured like this.
func (p *port) configured(i Interface) bool {
	a, b := p.Interface, i
	same := slices.Equal(a.Addresses, b.Addresses)
	return same && a.plain() == b.plain()
}

// claims reports whether a port that is configured like this has the same addresses on
// its link.
func (p *port) claims(i Interface) bool {
	return slices.Equal(p.Addresses, i.Addresses) && p.VLAN == i.VLAN && p.IPv6 == i.IPv6
}

// plain is what is compared of an interface beside its addresses.
func (i Interface) plain() any {
	return [...]any{i.Name, i.Hardware, i.Parent, i.VLAN, i.VRF, i.Virtual, i.ManagementOnly, i.Up, i.In, i.Out, i.In6, i.Out6, i.Silent, i.ProxyARP, i.IPv6, i.MTU, i.Line}
}

// configure replaces the ports. One that keeps its name keeps its socket.
func (n *Node) configure(interfaces []Interface) {
	old := n.ports
	keep := make(map[string]*port, len(old))
	for _, p := range old {
		keep[p.hardware()] = p
	}
	n.ports, n.byName = make([]*port, 0, len(interfaces)), nil
	for _, i := range interfaces {
		p := keep[i.hardware()]
		delete(keep, i.hardware())
		if p == nil {
			n.sockets++
			p = &port{node: n, index: n.sockets}
		} else if !p.claims(i) {
			p.release()
		}
		p.Interface = i
		n.ports = append(n.ports, p)
	}
	for _, p := range keep {
		p.release()
		p.set(false)
	}
	n.indexNames()
	n.relink()
}

// Ports above this number are found by a map.
const fewPorts = 16

// indexNames makes byName; a name counts before the hardware of another.
func (n *Node) indexNames() {
	if len(n.ports) <= fewPorts {
		return
	}
	n.byName = make(map[string]*port, 2*len(n.ports))
	for _, p := range n.ports {
		n.byName[p.hardware()] = p
	}
	for _, p := range n.ports {
		n.byName[p.Name] = p
	}
}

// port is the port of an exact name, nil when there is none.
func (n *Node) port(name string) *port {
	if n.byName != nil {
		return n.byName[name]
	}
	for _, p := range n.ports {
		if p.Name == name || p.Hardware == name && name != "" {
			return p
		}
	}
	return nil
}

// portNamed is the port of a name as a person types it.
func (n *Node) portNamed(name string) *port {
	if p := n.port(name); p != nil || name == "" || n.settings.Interface == nil {
		return p
	}
	if i, ok := n.settings.Interface(name); ok {
		return n.port(i.Name)
	}
	return nil
}

// cable is what is plugged into an interface, nil without.
func (n *Node) cable(name string) *cable {
	p := n.portNamed(name)
	for _, c := range n.cables {
		if c.name == name || p != nil && c.port == p {
			return c
		}
	}
	return nil
}

// relink lets ports, cables and claims match what is configured and plugged in.
func (n *Node) relink() {
	n.tables.Store(nil)
	for _, c := range n.cables {
		c.port = n.portNamed(c.name)
	}
	for _, p := range n.ports {
		s, cable := n.plugged(p)
		up := p.Up && cable
		if !up {
			s = nil
		}
		if s != p.segment {
			p.release()
			p.attach(s)
		}
		p.set(up)
	}
}

// plugged is the segment of a port, nil for one that needs none, and whether it has a
// cable as far as it needs one. A port without a cable of its own shares its parent's,
// which has to be up.
func (n *Node) plugged(p *port) (*Segment, bool) {
	if c := n.socket(p); c != nil {
		return c.segment, true
	}
	if p.Virtual {
		return nil, true
	}
	if p.Parent == "" {
		return nil, false
	}
	parent := n.port(p.Parent)
	if parent == nil || parent == p || parent.Parent != "" || !parent.Up {
		return nil, false
	}
	return n.plugged(parent)
}

// socket is the cable that a port has for itself, nil without.
func (n *Node) socket(p *port) *cable {
	for _, c := range n.cables {
		if c.port == p {
			return c
		}
	}
	return nil
}

// set is the new state of a port, of which watchers are told.
func (p *port) set(up bool) {
	if p.up == up {
		return
	}
	p.up = up
	if !up {
		p.node.neighbours.forget(p)
	}
	change := LinkChange{Interface: p.Name, Up: up}
	for _, w := range p.node.watchers {
		p.node.fabric.news.add(func() { w.call(change) })
	}
}

// attach claims the addresses of a port on a segment.
func (p *port) attach(s *Segment) {
	p.segment, p.derived = s, false
	if s == nil {
		return
	}
	six, own := p.IPv6, false
	for _, a := range p.Addresses {
		s.claim(p, a.Addr())
		six = six || a.Addr().Is6()
		own = own || a.Addr().Is6() && a.Addr().IsLinkLocalUnicast()
	}
	if p.derived = six && !own; p.derived {
		s.claim(p, p.mac().LinkLocal())
	}
}

// release takes the addresses of a port from its segment.
func (p *port) release() {
	if p.segment == nil {
		return
	}
	for _, a := range p.Addresses {
		p.segment.unclaim(p, a.Addr())
	}
	if p.derived {
		p.segment.unclaim(p, p.mac().LinkLocal())
	}
	p.segment = nil
}

// owns reports whether an address is the port's.
func (p *port) owns(a netip.Addr) bool {
	return p.derived && a == p.mac().LinkLocal() || slices.ContainsFunc(p.Addresses, func(x netip.Prefix) bool { return x.Addr() == a })
}

// table is the routing table of a VRF, made if need be. The fabric's mu is held.
func (n *Node) table(vrf string) *Table {
	all := n.tables.Load()
	if all == nil {
		made := makeTables(func(yield func(*Interface) bool) {
			for _, p := range n.ports {
				if p.up && !yield(&p.Interface) {
					return
				}
			}
		}, n.settings)
		all = &made
		n.tables.Store(all) // another may have made the same
	}
	return (*all)[vrf]
}

// Table is the routing table of a VRF, as the node sees it at the moment.
func (n *Node) Table(vrf string) *Table {
	n.fabric.mu.RLock()
	defer n.fabric.mu.RUnlock()
	return n.table(vrf)
}

// MAC is the hardware address of an interface.
type MAC [6]byte

// mac is made of the numbers of the node and its interface, under the prefix that
// Cisco's IOS on Linux uses (from memory).
func (p *port) mac() MAC {
	n := p.node.index
	return MAC{0xaa, 0xbb, 0xcc + byte(n>>16), byte(n >> 8), byte(n), byte(p.index)}
}

// String is the address as Cisco writes it: aabb.cc00.0101.
func (m MAC) String() string {
	return fmt.Sprintf("%02x%02x.%02x%02x.%02x%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// LinkLocal is the address of IPv6 that is made of it, of RFC 4291 appendix A.
func (m MAC) LinkLocal() netip.Addr {
	return netip.AddrFrom16([16]byte{0: 0xfe, 1: 0x80, 8: m[0] ^ 2, 9: m[1], 10: m[2], 11: 0xff, 12: 0xfe, 13: m[3], 14: m[4], 15: m[5]})
}
