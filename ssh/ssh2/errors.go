package ssh2

import (
	"errors"
	"fmt"
	"strings"

	"vtylab/ssh"
)

// Errors that end a connection. Others are typed below, or come from the
// network.
var (
	ErrLoginTimeout  = errors.New("ssh2: login timeout")
	ErrAuthExhausted = errors.New("ssh2: authentication attempts exhausted")
	ErrClosed        = errors.New("ssh2: connection closed")
	ErrMAC           = errors.New("ssh2: corrupted MAC on input")
	ErrHostKey       = errors.New("ssh2: host key refused")
	ErrAuthFailed    = errors.New("ssh2: authentication failed")
	ErrVersion       = errors.New("ssh2: peer does not speak SSH-2")
)

// NoMatchError says that a negotiation found nothing in common (RFC 4253
// section 7.1). Class is as in ssh.NoMatch.
type NoMatchError struct {
	Class          string
	Client, Server []string
}

func (e *NoMatchError) Error() string {
	return fmt.Sprintf("ssh2: no matching %s: client %s server %s", e.Class, strings.Join(e.Client, ","), strings.Join(e.Server, ","))
}

// PacketLengthError is a packet_length out of bounds.
type PacketLengthError struct{ Length uint32 }

func (e *PacketLengthError) Error() string {
	return fmt.Sprintf("ssh2: packet length %d out of bounds", e.Length)
}

// UnexpectedError is a message that does not belong where it came.
type UnexpectedError struct {
	Type     byte
	Expected string
	Phase    ssh.Phase
}

func (e *UnexpectedError) Error() string {
	s := "ssh2: unexpected " + MessageName(e.Type)
	if e.Expected != "" {
		s += ", expecting " + e.Expected
	}
	return s
}

// DisconnectError is an SSH_MSG_DISCONNECT from the peer (RFC 4253 section
// 11.1).
type DisconnectError struct {
	Reason uint32
	Text   string
}

func (e *DisconnectError) Error() string {
	return fmt.Sprintf("ssh2: peer disconnected: %d %q", e.Reason, e.Text)
}

// protocolError is a violation that has no type of its own. Its text goes to
// the peer.
type protocolError struct{ text string }

func (e *protocolError) Error() string { return "ssh2: " + e.text }

func protocolErrorf(format string, args ...any) error {
	return &protocolError{fmt.Sprintf(format, args...)}
}

// Reason codes of RFC 4253 section 11.1.
const (
	reasonProtocolError = 2
	reasonKexFailed     = 3
	reasonMAC           = 5
	reasonNoService     = 7
	reasonByApplication = 11
)

// disconnectFor is the SSH_MSG_DISCONNECT an error asks for, if it asks for
// one. The words of a bad length are those IOS sends.
func disconnectFor(err error) (reason uint32, text string, ok bool) {
	var (
		length     *PacketLengthError
		unexpected *UnexpectedError
		protocol   *protocolError
		noMatch    *NoMatchError
	)
	switch {
	case errors.As(err, &length):
		return reasonProtocolError, fmt.Sprintf("Bad packet length %d.", int32(length.Length)), true
	case errors.Is(err, ErrMAC):
		return reasonMAC, "Corrupted MAC on input.", true
	case errors.As(err, &unexpected):
		return reasonProtocolError, "Unexpected message type has arrived", true
	case errors.As(err, &noMatch):
		return reasonKexFailed, "No matching " + noMatch.Class + " found", true
	case errors.Is(err, ErrHostKey):
		return reasonByApplication, "Host key refused", true
	case errors.Is(err, errNoService):
		return reasonNoService, "Service not available", true
	case errors.As(err, &protocol):
		return reasonProtocolError, protocol.text, true
	}
	return 0, "", false
}

var errNoService = errors.New("ssh2: service not available")
