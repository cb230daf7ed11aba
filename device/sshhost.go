package device

import (
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshserver"
)

// sshHost is the device as its SSH server sees it.
type sshHost struct{ *Device }

// Trace is the product's `debug ip ssh`.
func (h sshHost) Trace(slot int) (t ssh.Trace, maxRead int) { return h.System.SSHTrace(slot) }

// Report passes on what the server did.
func (h sshHost) Report(e sshserver.Event) { h.report(SSHServer{e}) }

// Problem is for the operator.
func (h sshHost) Problem(err error) { h.log.WithError(err).Warn("ssh server") }

// Reserve takes a line for a connection.
func (h sshHost) Reserve(f network.Flow) (sshserver.Line, *network.Verdict) {
	l, boot, refused := h.reserve(SSH, f)
	if refused != nil {
		return nil, refused
	}
	return &vty{device: h.Device, line: l, boot: boot}, nil
}

// clientHost is the device as its SSH client sees it.
type clientHost struct{ *Device }

// ClientTrace is the product's `debug ip ssh client`.
func (h clientHost) ClientTrace(slot int) (t ssh.Trace, maxRead int) {
	return h.System.SSHClientTrace(slot)
}

// Unmatched passes on that a negotiation failed.
func (h clientHost) Unmatched(err *ssh.NoMatchError) { h.report(SSHUnmatched{err}) }
