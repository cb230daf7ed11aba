package network

import (
	"iter"
	"net/netip"
	"sync/atomic"
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
	// entry permits nothing, and denies all of its protocol.
	Unknown bool
	// Sequence is the number of the entry in its list, Logs what is logged of a packet
	// that it decides.
	Sequence int
	Logs     Logging
	// Hits counts the packets that it decides; nil counts none.
	Hits *Hits
}

// Logging is what an entry of an access list logs of a packet.
type Logging uint8

// The ways to log. LogSource is that of standard lists.
const (
	LogNothing Logging = iota
	LogSource
	LogFlow
	LogInput // the flow, and where it came in
)

// Hits counts the packets that an entry of an access list has decided. It may be used
// from several goroutines.
type Hits struct{ n atomic.Uint64 }

// Count is how many there were.
func (h *Hits) Count() uint64 { return h.n.Load() }

// Clear begins again at 0.
func (h *Hits) Clear() { h.n.Store(0) }

// Match is a packet that an entry with Logs has decided. Flow is that of the packet: it
// comes from Remote and is for Local, and Interface is where it came in.
type Match struct {
	List     string
	Sequence int
	Permit   bool
	Logs     Logging
	Flow     Flow
	Message  Message // ICMP
	Sender   MAC     // on the link of Interface; not set for access-class
}

// match describes a packet that the entry has decided.
func (e *Entry) match(l *List, m *parcel) Match {
	return Match{List: l.Name, Sequence: e.Sequence, Permit: e.Permit, Logs: e.Logs, Flow: Flow{Proto: m.proto, Local: m.to, Remote: m.from}, Message: m.message}
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
	return l.decided(l.entry(firstOf(f), func(to Addresses) bool { return to.containAny(local) }))
}

// Admit is PermitsTo for a connection that has come: the entry counts it. Logged is what
// is to be logged of it, nil for nothing. Its destination is the unspecified address, as
// IOS logs access-class.
func (l *List) Admit(f Flow, local iter.Seq[netip.Addr]) (permit bool, line string, logged *Match) {
	m := firstOf(f)
	e := l.entry(m, func(to Addresses) bool { return to.containAny(local) })
	if e != nil && e.count() {
		unspecified := netip.IPv4Unspecified()
		if m.from.Addr().Is6() {
			unspecified = netip.IPv6Unspecified()
		}
		m.to = netip.AddrPortFrom(unspecified, m.to.Port())
		match := e.match(l, m)
		logged = &match
	}
	permit, line = l.decided(e)
	return permit, line, logged
}

// firstOf is the first packet of a flow.
func firstOf(f Flow) *parcel {
	return &parcel{proto: f.Proto, from: f.Remote, to: f.Local, message: echoRequest(f.Remote.Addr())}
}

// count counts a packet that the entry has decided, and reports whether it is logged.
func (e *Entry) count() (logs bool) {
	if e.Hits != nil {
		e.Hits.n.Add(1)
	}
	return e.Logs != LogNothing
}

// entry is the first entry that a packet fits, nil for none; destination says whether a
// set has the packet's.
func (l *List) entry(m *parcel, destination func(Addresses) bool) *Entry {
	if l == nil {
		return nil
	}
	for i := range l.Entries {
		if e := &l.Entries[i]; e.decides(m, destination) {
			return e
		}
	}
	return nil
}

// decided is what follows from the entry that a packet fits.
func (l *List) decided(e *Entry) (permit bool, line string) {
	switch {
	case e != nil:
		return e.Permit, e.Line
	case l == nil || len(l.Entries) == 0:
		return true, ""
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
