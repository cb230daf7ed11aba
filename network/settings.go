package network

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"sync"
)

// Settings are what a configuration says of the network. They read the configuration
// where they need it and copy no table; nil functions are empty tables.
type Settings struct {
	// Node is the name of the device in verdicts.
	Node string
	// Host devices drop packets of IPv4 that are for others, without an ICMP message (`no
	// ip routing`).
	Host bool
	// Queues devices keep a packet while they ask for the address of a neighbour, as Linux
	// does; others drop it.
	Queues bool
	// Interfaces are all interfaces in the order of the configuration.
	Interfaces iter.Seq[Interface]
	// Interface finds one by the name that a person types: the product decides
	// whether case matters and names may be shortened.
	Interface func(name string) (Interface, bool)
	// Hello is what the device says of itself on the link of an interface
	// (CDP): a value that products understand, nil for nothing. It is called with the
	// lock of the stack held, and must not wait.
	Hello func(iface string) any
	// Routes are the static routes of all VRFs.
	Routes iter.Seq[Route]
}

// Interface is an interface with IP.
type Interface struct {
	Name string
	// Hardware is the name that a cable is plugged into, where it is not Name: an ASA
	// calls GigabitEthernet0/0 "outside". "" is Name.
	Hardware string
	// Parent is the interface whose cable this one shares, VLAN the tag of its frames
	// there (802.1Q), 0 for none. "" is a cable of its own.
	Parent string
	VLAN   uint16
	// Virtual interfaces need no cable to be up: a loopback.
	Virtual bool
	// ManagementOnly interfaces carry no traffic through the device.
	ManagementOnly bool
	// Silent interfaces drop what they may not forward without an ICMP message to the
	// sender (`no ip unreachables`).
	Silent bool
	// ProxyARP interfaces answer for IPv4 addresses that the device has a route to by
	// another interface (RFC 1027).
	ProxyARP bool
	Up       bool
	VRF      string // "" is the global routing table
	// Addresses are the primary one first, each with the length of its prefix.
	Addresses []netip.Prefix
	// IPv6 interfaces have a link-local address, with or without others (`ipv6 enable`):
	// that of Addresses, else the MAC makes it.
	IPv6 bool
	// In and Out are its access lists of IPv4, In6 and Out6 those of IPv6; nil lets
	// everything pass.
	In, Out, In6, Out6 *List
	// MTU is the largest packet that it sends, in bytes; 0 is no limit.
	MTU int
	// Line is the configuration line that decides whether it is up, for verdicts:
	// the interface's own, or its `shutdown`.
	Line string
}

// hardware is the name of the socket of its cable.
func (i *Interface) hardware() string { return cmp.Or(i.Hardware, i.Name) }

// address is the first address of a family, a link-local one of IPv6 last.
func (i Interface) address(v4 bool) (first netip.Addr, ok bool) {
	for _, p := range i.Addresses {
		if a := p.Addr(); a.Is4() == v4 {
			if v4 || !a.IsLinkLocalUnicast() {
				return a, true
			}
			first, ok = a, true
		}
	}
	return first, ok
}

// Route is a static route: by next hop, by interface, or both.
type Route struct {
	VRF       string
	To        netip.Prefix // an invalid one leads nowhere
	Via       netip.Addr
	Interface string
	// Distance is the administrative distance, 1 to 255; 0 is 1, that of a static
	// route. Of several routes to one prefix the nearest counts, and 255 never does.
	Distance int
	// Discard routes lead to Null0: what takes them is dropped.
	Discard bool
	Line    string
}

// NewSettings are settings that do not change: those of a server that has no
// configuration language, or of a test. Interfaces are found by their exact names.
func NewSettings(node string, interfaces []Interface, routes ...Route) *Settings {
	return &Settings{
		Node:       node,
		Interfaces: slices.Values(interfaces),
		Interface: func(name string) (Interface, bool) {
			i := slices.IndexFunc(interfaces, func(i Interface) bool { return i.Name == name || i.Hardware == name && name != "" })
			if i < 0 {
				return Interface{}, false
			}
			return interfaces[i], true
		},
		Routes: slices.Values(routes),
	}
}

// view is one snapshot of the settings, with what is asked of it often.
type view struct {
	node      string
	all       iter.Seq[Interface]
	find      func(string) (Interface, bool)
	arrival   func() Interface // where a connection arrives that names no interface
	addressed func() bool      // any interface has an address
	tables    func() Tables
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
	v.tables = sync.OnceValue(func() Tables { return s.Tables(func(i Interface) bool { return i.Up }) })
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
