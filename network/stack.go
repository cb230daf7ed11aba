package network

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"
)

// Stack is what a device asks of its network.
type Stack interface {
	// Apply makes the stack follow a configuration. It keeps s.
	Apply(s *Settings) error
	// Listen opens a TCP port of the device. It fails when the port has a listener
	// already, or the host refuses the address that carries it; after a failure
	// nothing is open. Close waits for an Accept that is running, not for handlers.
	Listen(p Port, accept Accept) (io.Closer, error)
	// Receive opens a UDP port of the device. Datagrams come one at a time. Close
	// waits for the call that is running.
	Receive(p Port, receive func(Datagram)) (io.Closer, error)
	// Dial connects over TCP or UDP. It blocks until the other end has answered, the
	// stack knows that it will not, or ctx ends. The error is a *Verdict. A UDP
	// connection sends and receives datagrams and needs no answer to be made.
	Dial(ctx context.Context, p Path) (Conn, error)
	// Walk says what would become of a packet and of the answer to it. It sends
	// nothing and does not block.
	Walk(p Packet) Verdict
	// Echo sends an echo request and waits for the answer until ctx ends. It returns how
	// long that took beyond the program, 0 within, and the verdict on both packets: where
	// it is not answered at once, that of Walk.
	Echo(ctx context.Context, p Packet) (time.Duration, Verdict)
	// WatchEchoes calls f for each echo request that the device answers, until stop: on
	// the goroutine that sends the request, which f must not hold up.
	WatchEchoes(f func(Flow)) (stop func())
	// Observe calls the functions of an observer until stop.
	Observe(o Observer) (stop func())
	// Table is the routing table of a VRF as it is now, nil for one without entries.
	Table(vrf string) *Table
	// Link is the state of an interface, by a name that the settings find it by.
	Link(iface string) Link
	// Watch calls f after the line protocol of an interface has changed, until stop:
	// one call at a time, in the order of the changes. A call that runs already may
	// outlast stop.
	Watch(f func(LinkChange)) (stop func())
	// Neighbours are the ARP and neighbour tables of a VRF, sorted by address.
	Neighbours(vrf string) []Neighbour
	// Ports are the open ports of the device, in the order in which they were opened:
	// those of TCP, then those of UDP.
	Ports() []Port
	// Flows are the connections that live at the moment, the oldest first. Local is
	// the device's end.
	Flows() []Flow
}

// AllVRFs as the VRF of a Port is every routing table, the global one too: the
// servers of IOS listen so, and access-class decides which VRFs may come.
const AllVRFs = "*"

// Port is what a listener listens on.
type Port struct {
	Proto  Proto
	VRF    string     // "" is the global routing table
	Local  netip.Addr // the zero Addr is every address of the VRF
	Number uint16
}

// String is the port for the operator.
func (p Port) String() string {
	if p.Proto == UDP {
		return fmt.Sprintf("UDP port %d", p.Number)
	}
	return fmt.Sprintf("port %d", p.Number)
}

// same reports whether two ports are for the same connections.
func (p Port) same(q Port) bool { return p.Number == q.Number && p.VRF == q.VRF && p.Local == q.Local }

// takes reports whether a connection is for this port.
func (p Port) takes(f Flow) bool {
	return p.Number == f.Local.Port() &&
		(p.VRF == AllVRFs || p.VRF == f.VRF) &&
		(!p.Local.IsValid() || p.Local == f.Local.Addr())
}

// Path is a way out of the device.
type Path struct {
	Proto Proto
	// VRF is the routing table; "" is the global one, or that of Source.
	VRF string
	// Source is the interface whose address the packets carry (`source-interface`);
	// "" leaves it to the stack.
	Source string
	To     netip.AddrPort
	// Timeout is how long a connection may take to be made while there is no answer, 0 for
	// what the stack takes by default: in a fabric 30 s, `ip tcp synwait-time` of IOS; through
	// the host as long as that takes.
	Timeout time.Duration
	// From is the port that datagrams come from, 0 for one of the stack's choice. It may be
	// that of several connections, if their peers differ; where it is taken, and through the
	// host, the choice is the stack's all the same.
	From uint16
	// AnyPort lets the other end of a UDP connection answer from a port of its choice,
	// which is where everything goes from then on (RFC 1350 section 4).
	AnyPort bool
}

// Conn is a connection of the device. The addresses of net.Conn are those of the
// socket, which on the host bridge are the host's; Flow has the device's.
type Conn interface {
	net.Conn
	// CloseWrite ends what is sent: the peer reads to the end, and may still answer.
	CloseWrite() error
	// Reset closes the connection so that the peer sees ECONNRESET.
	Reset() error
	// SetTrafficClass sets the octet that was called type of service, 0 to 255, in the
	// packets sent from now on (RFC 2474 section 3). Without packets it does nothing.
	SetTrafficClass(class int) error
	Flow() Flow
}

// Accept decides on a connection before it is one, and must not wait for the peer:
// no other connection to the port is looked at meanwhile. It returns a handler, or a
// verdict: Refused resets the connection, Filtered leaves the peer without an answer.
type Accept func(Flow) (Handler, *Verdict)

// Handler serves a connection. It runs on a goroutine of its own, which the owner of
// the listener waits for; the connection is closed when it returns.
type Handler func(Conn)

// Packet is one packet of the device, for Walk. The ports and Local of its Flow may be
// zero.
type Packet struct {
	Flow   Flow
	Source string // the interface whose address it carries; "" leaves it to the stack
	TTL    int    // hops; 0 is the default of the device
	Size   int    // bytes, headers included
	DF     bool   // may not be fragmented
	// Established is a TCP packet of a connection that exists: one with ACK.
	Established bool
	// Message is the kind of an ICMP packet; the zero value is an echo request.
	Message Message
}

// Datagram is what a UDP port has received.
type Datagram struct {
	Flow Flow
	Data []byte // valid until the receiver returns
	// Reply sends a datagram back to where this one came from.
	Reply func([]byte) error
}
