package network

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Neighbour is an entry of the ARP table (IPv4) or of the neighbour table (IPv6).
type Neighbour struct {
	Addr      netip.Addr
	Interface string
	MAC       MAC
	// Since is when the neighbour was first seen; the zero time for an address of the
	// device itself, which does not age.
	Since time.Time
}

// neighbours are those whom a node has exchanged packets with. An entry stays as long
// as its interface is up and the same neighbour answers.
type neighbours struct {
	mu    sync.Mutex
	known map[acquaintance]sighting // guarded by mu
}

type acquaintance struct {
	at   *port
	addr netip.Addr
}

type sighting struct {
	who   MAC
	since time.Time
}

// meet notes that a port has exchanged a packet with a neighbour, and reports whether
// it was new.
func (n *neighbours) meet(at *port, addr netip.Addr, who MAC, now func() time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := acquaintance{at, addr}
	if n.known[k].who == who {
		return false
	}
	if n.known == nil {
		n.known = map[acquaintance]sighting{}
	}
	n.known[k] = sighting{who, now()}
	return true
}

func (n *neighbours) forget(at *port) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for k := range n.known {
		if k.at == at {
			delete(n.known, k)
		}
	}
}

// Neighbours are the entries of both tables of a VRF, sorted by address: the device's
// own addresses on links, and the neighbours that a packet was walked to or came from.
func (n *Node) Neighbours(vrf string) (all []Neighbour) {
	n.fabric.mu.RLock()
	defer n.fabric.mu.RUnlock()
	for _, p := range n.ports {
		if p.segment == nil || p.VRF != vrf {
			continue
		}
		for _, a := range p.Addresses {
			if a.Addr().Is4() {
				all = append(all, Neighbour{Addr: a.Addr(), Interface: p.Name, MAC: p.mac()})
			}
		}
	}
	n.neighbours.mu.Lock()
	defer n.neighbours.mu.Unlock()
	for k, s := range n.neighbours.known {
		if k.at.VRF == vrf {
			all = append(all, Neighbour{k.addr, k.at.Name, s.who, s.since})
		}
	}
	slices.SortFunc(all, func(a, b Neighbour) int {
		return cmp.Or(a.Addr.Compare(b.Addr), cmp.Compare(a.Interface, b.Interface), a.Since.Compare(b.Since))
	})
	return all
}
