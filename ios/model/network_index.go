package model

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"sync"
)

// networkIndex finds the interfaces that may have an address in a network, without a
// look at each of them. An address that an interface has no longer stays in it, and its
// user looks at what the interface has now: so the copies of a configuration share one.
// When it is full, the configuration that needs room makes its own.
type networkIndex struct {
	limit  int // of both lists together
	mu     sync.Mutex
	sorted []indexed // by address, the shorter of two prefixes first; guarded by mu
	recent []indexed // in no order, up to maxRecent; guarded by mu
}

// indexed is a network that an interface has, or had.
type indexed struct {
	netip.Prefix
	name string
}

// maxRecent is how many networks are looked at one by one before they are sorted in.
const maxRecent = 512

// newNetworkIndex has the addresses of all interfaces, and room for as many others: what
// it costs to make one again is spread over those.
func newNetworkIndex(c *Config) *networkIndex {
	x := &networkIndex{}
	for i := range c.Interfaces.All() {
		for a := range i.Addresses() {
			x.sorted = append(x.sorted, indexed{a.Masked(), i.Name})
		}
	}
	x.sort()
	x.limit = 2*len(x.sorted) + 2*maxRecent
	return x
}

func (x *networkIndex) sort() {
	slices.SortFunc(x.sorted, compareIndexed)
	x.sorted = slices.Compact(x.sorted)
}

func compareIndexed(a, b indexed) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()), cmp.Compare(a.name, b.name))
}

// noteNetwork notes that an interface may have an address in a network from now on.
func (c *Config) noteNetwork(p netip.Prefix, name string) {
	if !c.networks.add(p, name) {
		c.networks = newNetworkIndex(c)
		c.networks.add(p, name)
	}
}

// add reports whether there was room.
func (x *networkIndex) add(p netip.Prefix, name string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.sorted)+len(x.recent) >= x.limit {
		return false
	}
	x.recent = append(x.recent, indexed{p.Masked(), name})
	if len(x.recent) > maxRecent {
		x.sorted, x.recent = append(x.sorted, x.recent...), nil
		x.sort()
	}
	return true
}

// near yields the interfaces whose networks p overlaps with: those that contain it, and
// those within it.
func (x *networkIndex) near(p netip.Prefix) iter.Seq[string] {
	return func(yield func(string) bool) {
		x.mu.Lock()
		defer x.mu.Unlock()
		for bits := range p.Bits() + 1 {
			within := bits == p.Bits()
			q := netip.PrefixFrom(p.Addr(), bits).Masked()
			at, _ := slices.BinarySearchFunc(x.sorted, indexed{q, ""}, compareIndexed)
			for ; at < len(x.sorted) && (x.sorted[at].Prefix == q || within && q.Overlaps(x.sorted[at].Prefix)); at++ {
				if !yield(x.sorted[at].name) {
					return
				}
			}
		}
		for _, r := range x.recent {
			if r.Overlaps(p) && !yield(r.name) {
				return
			}
		}
	}
}
