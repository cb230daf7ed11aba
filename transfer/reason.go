package transfer

import (
	"errors"
	"strings"
	"syscall"

	"vtylab/network"
	"vtylab/scp"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// Reasons in the words of devices (ios-ssh-scp 3.3, ios-cli D4; most from memory).
const (
	reasonMissing    = "No such file or directory"
	reasonPermission = "Permission denied"
	reasonDirectory  = "Is a directory"
	reasonSpace      = "No space left on device"
	reasonUndefined  = "Undefined error"
	reasonTimedOut   = "Timed out"
	reasonRefused    = "Connection refused"
	reasonFTPLogin   = "Incorrect Login/Password"
	reasonIO         = "I/O error"
	reasonLogin      = "Authentication failed"
)

var errNoStatus = ssh2.ErrNoStatus

// Reason is why a copy failed, for `%Error opening URL (REASON)`; ok is false for errors
// that are not the server's or the network's.
func Reason(err error) (reason string, ok bool) {
	var server *Error
	var verdict *network.Verdict
	switch {
	case errors.As(err, &server):
		return server.Reason, true
	case errors.As(err, &verdict):
		return verdictReason(verdict), true
	case errors.Is(err, ssh.ErrAuthFailed), errors.Is(err, ssh.ErrHostKey):
		return reasonLogin, true
	case errors.Is(err, ssh.ErrLoginTimeout), timedOut(err):
		return reasonTimedOut, true
	}
	return "", false
}

// refused reports whether a datagram has come back: its port is closed.
func refused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

func verdictReason(v *network.Verdict) string {
	if v.Outcome == network.Refused {
		return reasonRefused
	}
	return reasonTimedOut // no route, too, as seen of tftp
}

// scpReason makes an *Error of a complaint of the server's scp; said is what it wrote
// beside the dialogue.
func scpReason(err error, said string) error {
	var complaint *scp.PeerError
	switch {
	case errors.As(err, &complaint):
		return &Error{Reason: reasonOf(complaint.Text), Err: err}
	case err != nil && said != "":
		return &Error{Reason: reasonOf(said), Err: err}
	}
	return err
}

// reasonOf is the reason that a text of a server's names.
func reasonOf(text string) string {
	text = strings.ToLower(text)
	for _, r := range []struct{ part, reason string }{
		{"no such file", reasonMissing}, {"not found", reasonMissing},
		{"denied", reasonPermission}, {"disabled", reasonPermission}, {"read-only", reasonPermission}, {"not permitted", reasonPermission},
		{"is a directory", reasonDirectory}, {"not a regular file", reasonDirectory},
		{"no space", reasonSpace}, {"quota", reasonSpace}, {"too large", reasonSpace},
	} {
		if strings.Contains(text, r.part) {
			return r.reason
		}
	}
	return reasonUndefined
}
