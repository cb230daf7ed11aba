package device

import (
	"context"

	"vtylab/network"
	"vtylab/telnet"
	"vtylab/tty"
)

// telnetHost is the device as its Telnet server sees it.
type telnetHost struct{ *Device }

// Reserve takes a line for a connection.
func (h telnetHost) Reserve(f network.Flow) (telnet.Line, *network.Verdict) {
	l, boot, refused := h.reserve(Telnet, f)
	if refused != nil {
		return nil, refused
	}
	return &telnetLine{device: h.Device, line: l, boot: boot}, nil
}

// telnetLine is a line that a Telnet connection has taken.
type telnetLine struct {
	device *Device
	line   *tty.Line
	boot   int // when the line was taken
}

// Release frees the line.
func (v *telnetLine) Release() { v.line.Release() }

// Serve logs the client in, and is its session until that ends.
func (v *telnetLine) Serve(ctx context.Context, c *telnet.Connection) {
	d := v.device
	d.connected(v.line, v.boot, func() { c.Close() })
	if d.System.NoEXEC(v.line) && !outward(v.line) {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	x := d.open(ctx, v.line.Attach(c), c, Origin{Typed, c.Flow.Remote})
	x.boot = v.boot
	c.OnResize(x.resize)
	if outward(v.line) {
		c.OnBreak(v.line.Break)
	}
	x.Screen().Gather()
	defer x.Screen().Send()
	login := &entry{Shell: x, via: Telnet, term: c, flow: c.Flow}
	if err := login.authenticate(ctx); err != nil {
		x.Flush()
		return
	}
	v.line.Seat(x.Session)
	x.live(Telnet)
	v.line.Seat(nil)
}
