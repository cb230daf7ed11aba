package ssh

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that end a connection in either version of the protocol. Others are
// typed below, are an engine's own, or come from the network.
var (
	ErrLoginTimeout  = errors.New("ssh: login timeout")
	ErrAuthExhausted = errors.New("ssh: authentication attempts exhausted")
	ErrAuthFailed    = errors.New("ssh: authentication failed") // a client's
	ErrHostKey       = errors.New("ssh: host key refused")      // likewise
	ErrClosed        = errors.New("ssh: connection closed")
)

// NoMatchError says that a negotiation found nothing in common (RFC 4253
// section 7.1). Class is as in NoMatch.
type NoMatchError struct {
	Class          string
	Client, Server []string
}

// Error has both lists.
func (e *NoMatchError) Error() string {
	return fmt.Sprintf("ssh: no matching %s: client %s server %s", e.Class, strings.Join(e.Client, ","), strings.Join(e.Server, ","))
}

// PacketLengthError is a packet length out of bounds.
type PacketLengthError struct{ Length uint32 }

// Error has the length.
func (e *PacketLengthError) Error() string {
	return fmt.Sprintf("ssh: packet length %d out of bounds", e.Length)
}

// UnexpectedError is a message that does not belong where it came. Name is the
// message's, Expected that of the one that may come there, "" for more than one.
type UnexpectedError struct {
	Type           byte
	Name, Expected string
	Phase          Phase
}

// Error has the names.
func (e *UnexpectedError) Error() string {
	s := "ssh: unexpected " + e.Name
	if e.Expected != "" {
		s += ", expecting " + e.Expected
	}
	return s
}

// DisconnectError is the peer's goodbye (RFC 4253 section 11.1); SSH-1 has no
// reason.
type DisconnectError struct {
	Reason uint32
	Text   string
}

// Error has the peer's text, quoted.
func (e *DisconnectError) Error() string {
	return fmt.Sprintf("ssh: peer disconnected: %d %q", e.Reason, e.Text)
}
