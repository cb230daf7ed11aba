package tacacs

import (
	"net/netip"
	"time"
)

// Event is one thing that a Client did. It has no words: whoever traces makes a
// product's lines of it. It is one of Connecting, Connected, Reused, Closed, Sent,
// Received and TimedOut.
type Event interface{ event() }

// Origin is whose an event is. For Closed it is the exchange that opened the connection.
type Origin struct {
	Server  netip.AddrPort
	Session uint32
	Tag     uint32 // of the Identity
}

// The events of a connection.
type (
	// Connecting is a connection that is being opened, for so long at most.
	Connecting struct {
		Origin
		Timeout time.Duration
	}
	// Connected is one that is open, or Err why not: a *ConnectError, or the cause of
	// the context.
	Connected struct {
		Origin
		Err error
	}
	// Reused is an exchange that goes over a connection which is open already.
	Reused struct{ Origin }
	// Closed is the end of a connection, behind all events of its sessions. Err is nil
	// where the client or the server has ended it in order.
	Closed struct {
		Origin
		Err error
	}
)

// The events of an exchange.
type (
	// Sent is a packet that was sent; its answer may take so long as Timeout, which is 0
	// where none is expected. Passwords within it are Secrets.
	Sent struct {
		Origin
		Header
		Body    Body
		Timeout time.Duration
	}
	// Received is a packet that was received. Body is nil and Err says why, if it cannot
	// be understood.
	Received struct {
		Origin
		Header
		Body Body
		Err  error
	}
	// TimedOut is a reply that did not come in time.
	TimedOut struct{ Origin }
)

func (Connecting) event() {}
func (Connected) event()  {}
func (Reused) event()     {}
func (Closed) event()     {}
func (Sent) event()       {}
func (Received) event()   {}
func (TimedOut) event()   {}
