package tacacs

import (
	"errors"
	"fmt"
	"net/netip"
)

// Errors of an exchange. With any of them the server is of no use for the request: the
// next one can be asked.
var (
	// ErrTimeout: no reply in time, or no connection within a *ConnectError.
	ErrTimeout = errors.New("tacacs: timed out")
	// ErrKey: the peer's key is another one. The lengths within a body do not add up,
	// or the body is in clear where a key is configured.
	ErrKey = errors.New("tacacs: check keys")
	// ErrUnsendable: a text of the request is longer than the protocol has room for, or an
	// argument has no form. No server is asked.
	ErrUnsendable = errors.New("tacacs: the request does not fit a packet")
	// ErrClosed: the server has closed the connection before its reply.
	ErrClosed = errors.New("tacacs: the connection has ended")
)

// ConnectError is a connection that did not come about: refused, unreachable, or
// ErrTimeout.
type ConnectError struct {
	Server netip.AddrPort
	Err    error
}

func (e *ConnectError) Error() string {
	return fmt.Sprintf("tacacs: connecting to %s: %v", e.Server, e.Err)
}

func (e *ConnectError) Unwrap() error { return e.Err }

// ProtocolError is something that RFC 8907 does not allow, by the peer or, where a
// packet is made, by the caller.
type ProtocolError struct{ Reason string }

func (e *ProtocolError) Error() string { return "tacacs: " + e.Reason }

func violation(format string, args ...any) error {
	return &ProtocolError{fmt.Sprintf(format, args...)}
}
