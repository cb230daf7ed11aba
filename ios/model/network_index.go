package model

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"sync"
)

// networkIndex finds the interfaces that may have an address in a network, without a
// look at each of them. It forgets nothing: who asks looks at what the interface has
// now. So the copies of a configuration share one.
type networkIndex struct {
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

// newNetworkIndex has the addresses of all interfaces.
func newNetworkIndex(c *Config) *networkIndex {
	x := &networkIndex{}
	for i := range c.Interfaces.All() {
		for a := range i.Addresses() {
			x.sorted = append(x.sorted, indexed{a.Masked(), i.Name})
		}
	}
	x.sort()
	return x
}

func (x *networkIndex) sort() {
	slices.SortFunc(x.sorted, compareIndexed)
	x.sorted = slices.Compact(x.sorted)
}

func compareIndexed(a, b indexed) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()), cmp.Compare(a.name, b.name))
}

// add notes that an interface may have an address in a network from now on.
func (x *networkIndex) add(p netip.Prefix, name string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.recent = append(x.recent, indexed{p.Masked(), name})
	if len(x.recent) > maxRecent {
		x.sorted, x.recent = append(x.sorted, x.recent...), nil
		x.sort()
	}
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
