package network

import (
	"iter"
	"net/netip"
)

// List is an access list as connections are held against it: the first entry that
// fits decides, and what none fits is denied. A list without entries, and nil,
// permit everything.
type List struct {
	Name    string
	Entries []Entry
}

// Entry is one line of a list. It fits a flow when everything that it says does.
type Entry struct {
	Permit bool
	Line   string // of the configuration
	Proto  Proto  // 0: every protocol
	// From and FromPorts are the source's, To and ToPorts the destination's.
	From, To           Addresses
	FromPorts, ToPorts Ports
	// Established entries fit the packets of a connection that exists, answers among
	// them, and so no flow, which is about to become one.
	Established bool
	// Messages are those of ICMP that it fits.
	Messages Messages
	// Unknown is set when the line says more than this package understands. Such an
	// entry lets nobody in: it permits nothing, and denies all of its protocol.
	Unknown bool
}

// Addresses is a set of addresses: those that agree with Address in every bit that
// is not set in Free, its wildcard. The zero value is every address.
type Addresses struct{ Address, Free netip.Addr }

// Ports is a set of ports; nil is every port.
type Ports []Span

// Span is a run of ports with both ends in it; there is none when First is behind
// Last.
type Span struct{ First, Last uint16 }

// Permits reports whether the list lets a flow pass, and the configuration line
// that decided, "" when the list has no entry.
func (l *List) Permits(f Flow) (permit bool, line string) {
	return l.PermitsTo(f, func(yield func(netip.Addr) bool) { yield(f.Local.Addr()) })
}

// PermitsTo is Permits for a device that answers on several addresses: a
// destination fits when it fits one of them, whatever address the flow has.
func (l *List) PermitsTo(f Flow, local iter.Seq[netip.Addr]) (permit bool, line string) {
	m := parcel{proto: f.Proto, from: f.Remote, to: f.Local, message: echoRequest(f.Remote.Addr())}
	return l.test(&m, func(to Addresses) bool { return to.containAny(local) })
}

// passes reports whether the list lets a packet pass, and the line that decided.
func (l *List) passes(m *parcel) (permit bool, line string) {
	if l == nil {
		return true, ""
	}
	to := m.to.Addr()
	return l.test(m, func(set Addresses) bool { return set.Contain(to) })
}

// test is the first entry that a packet fits; destination tells whether a set has the
// packet's.
func (l *List) test(m *parcel, destination func(Addresses) bool) (permit bool, line string) {
	if l == nil || len(l.Entries) == 0 {
		return true, ""
	}
	for i := range l.Entries {
		if e := &l.Entries[i]; e.decides(m, destination) {
			return e.Permit, e.Line
		}
	}
	return false, "access-list " + l.Name + " (implicit deny)"
}

func (e *Entry) decides(m *parcel, destination func(Addresses) bool) bool {
	switch {
	case e.Proto != 0 && e.Proto != m.proto:
		return false
	case e.Unknown:
		return !e.Permit
	case e.Established && !m.established, e.Messages != nil && !(m.isICMP() && e.Messages.Contain(m.message)):
		return false
	}
	return e.From.Contain(m.from.Addr()) && e.FromPorts.Contain(m.from.Port()) &&
		e.ToPorts.Contain(m.to.Port()) && destination(e.To)
}

// Prefix is the set of the addresses of a prefix.
func Prefix(p netip.Prefix) Addresses {
	free := p.Addr().AsSlice()
	for i := range free {
		free[i] = 0xff >> min(max(p.Bits()-8*i, 0), 8)
	}
	mask, _ := netip.AddrFromSlice(free)
	return Addresses{p.Masked().Addr(), mask}
}

// Contain reports whether an address is in the set. The zero netip.Addr is in the
// set of all only.
func (a Addresses) Contain(addr netip.Addr) bool {
	if a == (Addresses{}) {
		return true
	}
	addr = addr.Unmap()
	if addr.BitLen() != a.Address.BitLen() {
		return false
	}
	got, want, free := addr.As16(), a.Address.As16(), a.Free.As16()
	for i := range got {
		if (got[i]^want[i])&^free[i] != 0 {
			return false
		}
	}
	return true
}

func (a Addresses) containAny(all iter.Seq[netip.Addr]) bool {
	if a == (Addresses{}) {
		return true
	}
	for addr := range all {
		if a.Contain(addr) {
			return true
		}
	}
	return false
}

// Contain reports whether a port is in the set.
func (p Ports) Contain(port uint16) bool {
	for _, s := range p {
		if s.First <= port && port <= s.Last {
			return true
		}
	}
	return p == nil
}
