package device

import (
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/tty"
)

// sshHost is the device as its SSH server sees it.
type sshHost struct{ *Device }

// Trace is the product's `debug ip ssh`.
func (h sshHost) Trace(slot int) (t ssh.Trace, maxRead int) { return h.System.SSHTrace(slot) }

// Report passes on what the server did.
func (h sshHost) Report(e sshserver.Event) { h.report(SSHServer{e}) }

// Problem is for the operator.
func (h sshHost) Problem(err error) { h.log.WithError(err).Warn("ssh server") }

// Reserve takes a vty for a connection: one that the product lets it have.
func (h sshHost) Reserve(f network.Flow) (sshserver.Line, *network.Verdict) {
	if !h.power.TryRLock() {
		return nil, &network.Verdict{Outcome: network.Refused, Reason: "the device boots"}
	}
	defer h.power.RUnlock()
	peer := f.Remote.Addr().String()
	admits, refused := h.System.Admits(f)
	if refused == nil {
		refused = &network.Verdict{Outcome: network.Refused, Reason: "no free vty"}
		if l := h.lines.Reserve(peer, func(l *tty.Line) bool {
			no := admits(l)
			if no != nil {
				refused = no
			}
			return no == nil
		}); l != nil {
			return &vty{device: h.Device, line: l, boot: h.bootCount()}, nil
		}
	}
	h.decide(Decision{Subject: "connection", From: peer, Refused: true, Reason: refused.Reason, Line: refused.Line})
	return nil, refused
}

// clientHost is the device as its SSH client sees it.
type clientHost struct{ *Device }

// ClientTrace is the product's `debug ip ssh client`.
func (h clientHost) ClientTrace(slot int) (t ssh.Trace, maxRead int) {
	return h.System.SSHClientTrace(slot)
}

// Unmatched passes on that a negotiation failed.
func (h clientHost) Unmatched(err *ssh.NoMatchError) { h.report(SSHUnmatched{err}) }
