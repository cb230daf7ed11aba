package device

import (
	"context"
	"errors"
	"fmt"
	"net"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/tty"
)

// ErrNoLine says that no line is free, or none takes the connection.
var ErrNoLine = errors.New("device: no free vty")

// sshHost is the device as its SSH server sees it.
type sshHost struct{ *Device }

// Listen opens a port of the device on the host.
func (h sshHost) Listen(ctx context.Context, port int) (net.Listener, error) {
	if h.options.Listen == nil {
		return nil, nil
	}
	return h.options.Listen(ctx, port)
}

// Trace is the product's `debug ip ssh`.
func (h sshHost) Trace(slot int) (t ssh.Trace, maxRead int) { return h.System.SSHTrace(slot) }

// Report passes on what the server did.
func (h sshHost) Report(e sshserver.Event) { h.report(SSHServer{e}) }

// Problem is for the operator.
func (h sshHost) Problem(err error) { h.log.WithError(err).Warn("ssh server") }

// Reserve takes a vty for a connection: one that the product lets it have.
func (h sshHost) Reserve(f network.Flow) (sshserver.Line, error) {
	if !h.power.TryRLock() {
		return nil, fmt.Errorf("device: it boots: %w", ErrNoLine)
	}
	defer h.power.RUnlock()
	admits := h.System.Admits(f)
	refused := Decision{Subject: "connection", From: f.Remote.Addr().String(), Refused: true, Reason: "no free vty"}
	l := h.lines.Reserve(refused.From, func(l *tty.Line) bool {
		ok, reason, line := admits(l)
		if !ok {
			refused.Reason, refused.Line = reason, line
		}
		return ok
	})
	if l == nil {
		h.decide(refused)
		return nil, fmt.Errorf("device: %s: %w", refused.From, ErrNoLine)
	}
	return &vty{device: h.Device, line: l, boot: h.bootCount()}, nil
}
