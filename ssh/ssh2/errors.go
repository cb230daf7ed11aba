package ssh2

import (
	"errors"
	"fmt"

	"vtylab/ssh"
)

// Errors that end a connection, besides those of package ssh.
var (
	ErrMAC     = errors.New("ssh2: corrupted MAC on input")
	ErrVersion = errors.New("ssh2: peer does not speak SSH-2")
)

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
		length     *ssh.PacketLengthError
		unexpected *ssh.UnexpectedError
		protocol   *protocolError
		noMatch    *ssh.NoMatchError
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
	case errors.Is(err, ssh.ErrHostKey):
		return reasonByApplication, "Host key refused", true
	case errors.Is(err, errNoService):
		return reasonNoService, "Service not available", true
	case errors.As(err, &protocol):
		return reasonProtocolError, protocol.text, true
	}
	return 0, "", false
}

var errNoService = errors.New("ssh2: service not available")
