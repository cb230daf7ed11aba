package network

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
)

// RouteKind says where an entry of a routing table comes from.
type RouteKind uint8

// The kinds, with the letter that `show ip route` has for them.
const (
	Connected RouteKind = iota // C: the network of an interface
	Local                      // L: an address of the device
	Static                     // S
)

// RouteEntry is a line of a routing table. Several entries to one prefix share the
// load.
type RouteEntry struct {
	Kind RouteKind
	To   netip.Prefix
	// Via and Interface are as configured: a route by next hop alone has no
	// Interface, a connected network and a route by interface alone no Via.
	Via       netip.Addr
	Interface string
	Distance  int
	Discard   bool // to Null0
	// Egress is the interface that packets leave by, and NextHop the address that is
	// asked for on its link: what Via led to, invalid when it is the destination itself.
	Egress  string
	NextHop netip.Addr
	// Line is the configuration line behind it.
	Line string
	own  bool // To is an address of the device
}

// Table is the routing table of one VRF, of both families: what is up and reachable.
// It does not change. A nil Table is empty.
type Table struct {
	entries []RouteEntry // by prefix, the shorter of two first
	groups  []group      // those with one prefix, by the same order
	longest []int32      // groups, the longest prefix first
	lengths [2][]int     // of IPv4 and IPv6, the longest first; used with index
	index   map[netip.Prefix]int32
}

// group are the entries to one prefix.
type group struct {
	to       netip.Prefix
	first, n int32
}

// Up to scan groups a lookup looks at one after the other; above that it looks each
// length of prefix up in an index.
const scan = 64

// All are the entries in the order of `show ip route`: IPv4 first, by address, the
// shorter of two prefixes first.
func (t *Table) All() iter.Seq[RouteEntry] {
	if t == nil {
		return func(func(RouteEntry) bool) {}
	}
	return slices.Values(t.entries)
}

// Lookup is the entry that packets from one address to another take: that of the
// longest prefix; where several share the load, the addresses decide.
func (t *Table) Lookup(from, to netip.Addr) (RouteEntry, bool) {
	e := t.lookup(from, to)
	if e == nil {
		return RouteEntry{}, false
	}
	return *e, true
}

func (t *Table) lookup(from, to netip.Addr) *RouteEntry {
	g := t.find(to)
	if g == nil {
		return nil
	}
	n := int32(0)
	if g.n > 1 {
		n = share(from, to) % g.n
	}
	return &t.entries[g.first+n]
}

// share spreads pairs of addresses, as per-destination load sharing does.
func share(from, to netip.Addr) (n int32) {
	for _, a := range [2]netip.Addr{from, to} {
		for _, b := range a.As16() {
			n = n*31 + int32(b)
		}
	}
	return n & 0x7fffffff
}

// find is the longest prefix that has an address in it.
func (t *Table) find(a netip.Addr) *group {
	if t == nil {
		return nil
	}
	if t.index == nil {
		for _, g := range t.longest {
			if t.groups[g].to.Contains(a) {
				return &t.groups[g]
			}
		}
		return nil
	}
	for _, bits := range t.lengths[family(a)] {
		p, err := a.Prefix(bits)
		if err != nil {
			return nil
		}
		if g, ok := t.index[p]; ok {
			return &t.groups[g]
		}
	}
	return nil
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// Tables are the routing tables by VRF.
type Tables map[string]*Table

// Tables are the routing tables of a configuration, as far as its interfaces are up:
// the networks and addresses of those, and the static routes whose interface is up or
// whose next hop can be reached through another entry.
func (s *Settings) Tables(up func(Interface) bool) Tables {
	return makeTables(func(yield func(*Interface) bool) {
		if s.Interfaces == nil {
			return
		}
		for i := range s.Interfaces {
			if up(i) && !yield(&i) {
				return
			}
		}
	}, s)
}

// makeTables makes tables of the interfaces that are up.
func makeTables(up iter.Seq[*Interface], s *Settings) Tables {
	drafts := map[string]*draft{}
	of := func(vrf string) *draft {
		d := drafts[vrf]
		if d == nil {
			d = &draft{}
			drafts[vrf] = d
		}
		return d
	}
	alive := map[string]string{} // by each of their names
	for i := range up {
		alive[i.Name], alive[i.hardware()] = i.Name, i.Name
		if len(i.Addresses) > 0 {
			of(i.VRF).connect(i)
		}
	}
	if s.Routes != nil {
		for r := range s.Routes {
			if r.To.IsValid() && r.Distance < unusable {
				of(r.VRF).static(r, s.egress(r, alive))
			}
		}
	}
	all := make(Tables, len(drafts))
	for vrf, d := range drafts {
		if t := d.table(); len(t.entries) > 0 {
			all[vrf] = t
		}
	}
	return all
}

// A route of this distance is never used.
const unusable = 255

// egress is the interface that a route names, "" when it is down or not there.
func (s *Settings) egress(r Route, alive map[string]string) string {
	if r.Interface == "" {
		return ""
	}
	if name, ok := alive[r.Interface]; ok {
		return name
	}
	if s.Interface != nil {
		if i, ok := s.Interface(r.Interface); ok {
			return alive[i.Name]
		}
	}
	return ""
}

// draft is a table that is being made.
type draft struct {
	sure []RouteEntry // connected, local, and static with an interface
	open []RouteEntry // static routes whose next hop is still to be found
}

// connect adds the networks and addresses of an interface. A network of one address is
// the address (`C 1.1.1.1/32`).
func (d *draft) connect(i *Interface) {
	for _, p := range i.Addresses {
		if p.Addr().IsLinkLocalUnicast() && p.Addr().Is6() {
			continue // every link has those
		}
		e := RouteEntry{To: p.Masked(), Interface: i.Name, Egress: i.Name, Line: i.Line, own: p.IsSingleIP()}
		d.sure = append(d.sure, e)
		if !e.own {
			e.Kind, e.To, e.own = Local, netip.PrefixFrom(p.Addr(), p.Addr().BitLen()), true
			d.sure = append(d.sure, e)
		}
	}
}

func (d *draft) static(r Route, egress string) {
	e := RouteEntry{Kind: Static, To: r.To.Masked(), Via: r.Via, Interface: r.Interface, Distance: cmp.Or(r.Distance, 1),
		Discard: r.Discard, Egress: egress, NextHop: r.Via, Line: r.Line}
	switch {
	case e.Discard, egress != "":
		d.sure = append(d.sure, e)
	case r.Interface == "" && r.Via.IsValid():
		d.open = append(d.open, e)
	}
}

// table puts in what can be reached, and what can be reached through that, until
// nothing is left that can.
func (d *draft) table() *Table {
	t := newTable(d.sure)
	for open := d.open; len(open) > 0; {
		var found, left []RouteEntry
		for _, e := range open {
			if g := t.find(e.Via); g != nil && !circular(&e, g) {
				found = append(found, e)
			} else {
				left = append(left, e)
			}
		}
		if len(found) == 0 {
			break
		}
		d.sure = append(d.sure, found...)
		t, open = newTable(d.sure), left
	}
	return t.resolve()
}

// circular reports whether a route would become the way to its own next hop.
func circular(e *RouteEntry, g *group) bool {
	return e.To.Contains(e.Via) && e.To.Bits() >= g.to.Bits()
}

// deep is how many next hops may lead to each other.
const deep = 16

// resolve finds the egress of each entry, and takes out those that have none after all:
// two routes whose next hops lead to each other.
func (t *Table) resolve() *Table {
	var good []RouteEntry
	for _, e := range t.entries {
		if e.Egress != "" || e.Discard {
			good = append(good, e)
			continue
		}
		for n, at := 0, e.Via; n < deep; n++ {
			next := t.lookup(netip.Addr{}, at)
			if next == nil {
				break
			}
			if next.Egress == "" && !next.Discard {
				at = next.Via
				continue
			}
			if e.Egress, e.NextHop = next.Egress, at; next.NextHop.IsValid() {
				e.NextHop = next.NextHop
			}
			e.Discard = next.Discard
			if !next.own { // a next hop of the device's own leads nowhere
				good = append(good, e)
			}
			break
		}
	}
	if len(good) == len(t.entries) {
		t.entries = good
		return t
	}
	return newTable(good)
}

// newTable sorts entries, drops those that a nearer one stands before, and indexes the
// rest.
func newTable(all []RouteEntry) *Table {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b RouteEntry) int {
		return cmp.Or(a.To.Addr().Compare(b.To.Addr()), cmp.Compare(a.To.Bits(), b.To.Bits()), cmp.Compare(a.Distance, b.Distance))
	})
	t := &Table{entries: all[:0]}
	for _, e := range all {
		last := len(t.groups) - 1
		if last < 0 || t.groups[last].to != e.To {
			t.groups = append(t.groups, group{to: e.To, first: int32(len(t.entries)), n: 1})
		} else if e.Distance > t.entries[t.groups[last].first].Distance {
			continue
		} else {
			t.groups[last].n++
		}
		t.entries = append(t.entries, e)
	}
	t.order()
	return t
}

// order makes what find uses.
func (t *Table) order() {
	t.longest = make([]int32, len(t.groups))
	for i := range t.longest {
		t.longest[i] = int32(i)
	}
	slices.SortStableFunc(t.longest, func(a, b int32) int { return cmp.Compare(t.groups[b].to.Bits(), t.groups[a].to.Bits()) })
	if len(t.groups) <= scan {
		return
	}
	t.index = make(map[netip.Prefix]int32, len(t.groups))
	for _, g := range t.longest {
		to := t.groups[g].to
		t.index[to] = g
		l := &t.lengths[family(to.Addr())]
		if n := len(*l); n == 0 || (*l)[n-1] != to.Bits() {
			*l = append(*l, to.Bits())
		}
	}
	t.longest = nil
}
