package radius

import (
	"net/netip"
	"time"
)

// Event is one thing that a Client did. It has no words: whoever traces makes a
// product's lines of it.
type Event interface{ event() }

// Endpoint is a server as its state and its messages name it: the address of
// authentication and that of accounting.
type Endpoint struct{ Addr, Acct netip.AddrPort }

// Origin is which request an event is about, and the server that it is at.
type Origin struct {
	Server Endpoint
	To     netip.AddrPort // Addr or Acct
	ID     byte
	Tag    uint32 // of the Request
}

// The events of a request, in this order: Sent to the first server, then for each try
// Waiting and either Received or TimedOut, with Retransmitted or FailedOver before the
// next try. GaveUp is the end if no server has answered.
type (
	// Sent is a request as it goes to its first server, of so many bytes.
	Sent struct {
		Origin
		Packet Packet
		Length int
	}
	// SendError is a datagram that could not be sent. It is waited for all the same.
	SendError struct {
		Origin
		Err error
	}
	// Waiting is a try that was sent, and how long it may take.
	Waiting struct {
		Origin
		Timeout time.Duration
	}
	// TimedOut is a try without an answer.
	TimedOut struct{ Origin }
	// Retransmitted is the request sent again to the same server.
	Retransmitted struct{ Origin }
	// FailedOver is that the request goes to a further server, which Origin names.
	FailedOver struct{ Origin }
	// Received is the reply, of so many bytes.
	Received struct {
		Origin
		Packet Packet
		Length int
	}
	// GaveUp names the last server.
	GaveUp struct{ Origin }
)

// Events of datagrams that are no reply. They change nothing but counters.
type (
	// Forged is a reply that cannot be verified: the key is wrong, or somebody else has
	// sent it. The two say which authenticators are right; Message is
	// true where none is needed.
	Forged struct {
		Origin
		Packet                 Packet
		Authenticator, Message bool
	}
	// Unexpected is a reply to no request, from somebody else than it was sent to, or of
	// another kind.
	Unexpected struct {
		From netip.AddrPort
		Code Code
		ID   byte
	}
	// Malformed is a datagram that is no packet.
	Malformed struct {
		From netip.AddrPort
		Err  error
	}
)

// Events of a server.
type (
	// Dead is a server that has met the criteria, Alive one that is asked again: it has
	// answered, or its time is over.
	Dead  struct{ Server Endpoint }
	Alive struct {
		Server   Endpoint
		Answered bool
	}
)

func (Sent) event()          {}
func (SendError) event()     {}
func (Waiting) event()       {}
func (TimedOut) event()      {}
func (Retransmitted) event() {}
func (FailedOver) event()    {}
func (Received) event()      {}
func (GaveUp) event()        {}
func (Forged) event()        {}
func (Unexpected) event()    {}
func (Malformed) event()     {}
func (Dead) event()          {}
func (Alive) event()         {}
