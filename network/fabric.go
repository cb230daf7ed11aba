package network

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// FabricOptions connect a fabric to the world around it.
type FabricOptions struct {
	// Dial makes connections to addresses that no node has, as HostOptions.Dial does;
	// nil makes none. Uplink is how far it may be asked to go: to 127.0.0.0/8 and ::1 with
	// UplinkLoopback only.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Echo sends the echo requests of `ping` there; nil sends none.
	Echo   EchoFunc
	Uplink Uplink
	// Now is the clock for when a neighbour was seen; nil is the machine's.
	Now func() time.Time
}

// Fabric is a network of devices in one process: nodes, and segments that their
// interfaces are plugged into. All methods of it, its nodes and segments may be called
// from several goroutines.
type Fabric struct {
	o FabricOptions

	// generation counts the changes after which a packet may go another way. It
	// changes with mu held for writing.
	generation atomic.Uint64

	// mu guards how the fabric is built: nodes, segments, cables, ports and their
	// addresses. A packet is walked with mu held for reading.
	mu       sync.RWMutex
	nodes    map[string]*Node
	segments map[string]*Segment
	made     int // nodes so far

	news    news    // what is to be reported to watchers
	stalled stalled // connections that wait for a way
}

// NewFabric is a fabric without nodes.
func NewFabric(o FabricOptions) *Fabric {
	if o.Dial == nil {
		o.Uplink = UplinkNone
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Fabric{o: o, nodes: map[string]*Node{}, segments: map[string]*Segment{}}
}

// Add makes a node: a device without interfaces. The name is its own in the fabric.
func (f *Fabric) Add(name string) (*Node, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.nodes[name] != nil {
		return nil, fmt.Errorf("network: node %s: there is one already", name)
	}
	f.made++
	n := &Node{fabric: f, name: name, index: f.made, settings: &Settings{}}
	f.nodes[name] = n
	return n, nil
}

// Remove takes a node out: its cables, and its name. Its connections find no way any
// more; it ends none.
func (f *Fabric) Remove(n *Node) {
	f.change(func() bool {
		if f.nodes[n.name] != n {
			return false
		}
		delete(f.nodes, n.name)
		for _, c := range n.cables {
			c.unplug()
		}
		n.cables = nil
		n.relink()
		n.gone = true
		return true
	})
}

// Node is a node by name, nil when there is none.
func (f *Fabric) Node(name string) *Node {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.nodes[name]
}

// Segment is the broadcast domain of a name. It is made when it is asked for.
func (f *Fabric) Segment(name string) *Segment {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.segments[name]
	if s == nil {
		s = &Segment{fabric: f, name: name}
		f.segments[name] = s
	}
	return s
}

// Find is the node that has an address in any VRF, and the name of the interface;
// that of the node that was made first when several have it. It looks at every node.
func (f *Fabric) Find(a netip.Addr) (n *Node, iface string) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, other := range f.nodes {
		for _, p := range other.ports {
			if p.owns(a) && (n == nil || other.index < n.index) {
				n, iface = other, p.Name
			}
		}
	}
	return n, iface
}

// change runs something that changes the fabric, and what follows from it when it
// did: connections that wait look for their way again, watchers are called.
func (f *Fabric) change(do func() bool) {
	f.mu.Lock()
	changed := do()
	if changed {
		f.generation.Add(1)
	}
	f.mu.Unlock()
	if changed {
		f.stalled.retry()
		f.news.deliver()
	}
}

// Segment is a broadcast domain: a cable with two ends, a hub or a VLAN with many. An
// address has one owner on it in each VLAN: of several interfaces with it the one that
// came first.
type Segment struct {
	fabric *Fabric
	name   string
	ends   []*cable          // guarded by the fabric's mu, like all below
	owners map[claim]*port   // who answers
	others map[claim][]*port // who has the same address, in the order in which they came
}

// claim is an address on a segment.
type claim struct {
	addr netip.Addr
	vlan uint16
}

// Name is the segment's name.
func (s *Segment) Name() string { return s.name }

// cable joins an interface of a node to a segment.
type cable struct {
	node    *Node
	name    string // of the interface, as it was plugged in
	segment *Segment
	port    *port // nil while the node has no such interface
}

func (c *cable) unplug() {
	c.segment.ends = slices.DeleteFunc(c.segment.ends, func(x *cable) bool { return x == c })
}

// Connect plugs an interface into a segment; a cable that is there already is moved.
// The interface may be configured later. The name may be any that the node's settings
// find the interface by.
func (f *Fabric) Connect(n *Node, iface string, s *Segment) {
	f.change(func() bool {
		if n.gone {
			return false
		}
		c := n.cable(iface)
		switch {
		case c == nil:
			c = &cable{node: n, name: iface}
			n.cables = append(n.cables, c)
		case c.segment == s:
			return false
		default:
			c.unplug()
		}
		c.segment = s
		s.ends = append(s.ends, c)
		n.relink()
		return true
	})
}

// Disconnect unplugs an interface.
func (f *Fabric) Disconnect(n *Node, iface string) {
	f.change(func() bool {
		c := n.cable(iface)
		if c == nil {
			return false
		}
		c.unplug()
		n.cables = slices.DeleteFunc(n.cables, func(x *cable) bool { return x == c })
		n.relink()
		return true
	})
}

func (s *Segment) claim(p *port, a netip.Addr) {
	k := claim{a, p.VLAN}
	switch {
	case s.owners == nil:
		s.owners = map[claim]*port{k: p}
	case s.owners[k] == nil:
		s.owners[k] = p
	default:
		if s.others == nil {
			s.others = map[claim][]*port{}
		}
		s.others[k] = append(s.others[k], p)
		s.contest(s.owners[k], p, a)
	}
}

// contest tells two nodes that a port claims the address of an owner: what the gratuitous
// ARP of the one and the answer of the other do. Others with the address answer nothing,
// so that the work does not grow with their number.
func (s *Segment) contest(owner, p *port, a netip.Addr) {
	if !a.Is4() || owner.node == p.node {
		return
	}
	for _, side := range [][2]*port{{owner, p}, {p, owner}} {
		n, d := side[0].node, Duplicate{a, side[0].Name, side[1].mac()}
		if n.observed.any() {
			s.fabric.news.add(func() { n.observed.duplicate(d) })
		}
	}
}

func (s *Segment) unclaim(p *port, a netip.Addr) {
	k := claim{a, p.VLAN}
	others := s.others[k]
	switch {
	case s.owners[k] != p:
		others = slices.DeleteFunc(others, func(x *port) bool { return x == p })
	case len(others) > 0:
		s.owners[k], others = others[0], others[1:]
	default:
		delete(s.owners, k)
	}
	if len(others) == 0 {
		delete(s.others, k)
		return
	}
	s.others[k] = others
}

// owner is the node with an address, nil for none.
func (s *Segment) owner(vlan uint16, a netip.Addr) *port { return s.owners[claim{a, vlan}] }

// Peer is an interface on the same link.
type Peer struct {
	Node, Interface string
	Hello           any // what the node tells its neighbours: Settings.Hello
}

// peers are the other interfaces on a link that are up, by node and interface. An
// interface that shares a cable is on the link of that.
func (s *Segment) peers(of *port) (all []Peer) {
	if parent := of.node.port(of.Parent); parent != nil && of.node.socket(of) == nil {
		of = parent
	}
	for _, c := range s.ends {
		if c.port != nil && c.port != of && c.port.up {
			all = append(all, Peer{c.node.label(), c.port.hardware(), c.node.hello(c.port.hardware())})
		}
	}
	slices.SortFunc(all, func(a, b Peer) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Interface, b.Interface))
	})
	return all
}
