package network

import (
	"iter"
	"net/netip"
	"sync"
)

// Settings are what a configuration says of the network. They read the configuration
// where they need it and copy no table; nil functions are empty tables.
type Settings struct {
	// Node is the name of the device in verdicts.
	Node string
	// Interfaces are all interfaces in the order of the configuration.
	Interfaces iter.Seq[Interface]
	// Interface finds one by the name that a person types: the product decides
	// whether case matters and names may be shortened.
	Interface func(name string) (Interface, bool)
	// Routes are the static routes of all VRFs.
	Routes iter.Seq[Route]
}

// Interface is an interface with IP.
type Interface struct {
	Name string
	VRF  string // "" is the global routing table
	// ManagementOnly interfaces carry no traffic through the device.
	ManagementOnly bool
	// Addresses are the primary one first, each with the length of its prefix.
	Addresses []netip.Prefix
	Up        bool
	// In and Out are its access lists; nil lets everything pass.
	In, Out *List
	// Line is the configuration line that decides whether it is up, for verdicts:
	// the interface's own, or its `shutdown`.
	Line string
}

// address is the first address of a family.
func (i Interface) address(v4 bool) (netip.Addr, bool) {
	for _, p := range i.Addresses {
		if p.Addr().Is4() == v4 {
			return p.Addr(), true
		}
	}
	return netip.Addr{}, false
}

// Route is a static route: by next hop, by interface, or both.
type Route struct {
	VRF       string
	To        netip.Prefix
	Via       netip.Addr
	Interface string
	Line      string
}

// view is one snapshot of the settings, with what is asked of it often.
type view struct {
	node      string
	all       iter.Seq[Interface]
	find      func(string) (Interface, bool)
	arrival   func() Interface // where a connection arrives that names no interface
	addressed func() bool      // any interface has an address
}

func newView(s *Settings) *view {
	v := &view{node: s.Node, all: s.Interfaces, find: s.Interface}
	if v.all == nil {
		v.all = func(func(Interface) bool) {}
	}
	if v.find == nil {
		v.find = func(string) (Interface, bool) { return Interface{}, false }
	}
	v.arrival = sync.OnceValue(v.firstReachable)
	v.addressed = sync.OnceValue(func() bool {
		for i := range v.all {
			if len(i.Addresses) > 0 {
				return true
			}
		}
		return false
	})
	return v
}

// firstReachable is the first management-only interface, else the first with an
// address, else the first.
func (v *view) firstReachable() Interface {
	var first, addressed Interface
	for i := range v.all {
		if i.ManagementOnly {
			return i
		}
		if addressed.Name == "" && len(i.Addresses) > 0 {
			addressed = i
		}
		if first.Name == "" {
			first = i
		}
	}
	if addressed.Name != "" {
		return addressed
	}
	return first
}

// named is the interface that a carrier names, also when the configuration has none
// of that name.
func (v *view) named(name string) Interface {
	if name == "" {
		return v.arrival()
	}
	if i, ok := v.find(name); ok {
		return i
	}
	return Interface{Name: name}
}

// owner is the interface that has an address.
func (v *view) owner(vrf string, a netip.Addr) (Interface, bool) {
	for i := range v.all {
		if i.VRF != vrf {
			continue
		}
		for _, p := range i.Addresses {
			if p.Addr() == a {
				return i, true
			}
		}
	}
	return Interface{}, false
}
