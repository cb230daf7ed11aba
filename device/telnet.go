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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &telnetTerminal{c, cancel}
	d.connected(c.Flow, seat{line: v.line, via: Telnet, boot: v.boot}, func() { t.Close() })
	if d.System.NoEXEC(v.line) && !outward(v.line) {
		return
	}
	x := d.open(ctx, v.line.Attach(t), t, Origin{Typed, c.Flow.Remote})
	x.boot = v.boot
	c.OnResize(x.resize)
	if outward(v.line) {
		c.OnBreak(v.line.Break)
	}
	x.Screen().Gather()
	defer x.Screen().Send()
	login := &entry{Shell: x, via: Telnet, term: t, flow: c.Flow}
	if err := login.authenticate(ctx); err != nil {
		x.Flush()
		return
	}
	d.tcp.named(c.Flow, x.User)
	v.line.Seat(x.Session)
	x.live(Telnet)
	v.line.Seat(nil)
}

// telnetTerminal is the terminal of a session over Telnet. Its end, from either side,
// ends what the session is doing: a command that waits for something else does not read.
type telnetTerminal struct {
	*telnet.Connection
	end context.CancelFunc
}

func (t *telnetTerminal) Read(p []byte) (int, error) {
	n, err := t.Connection.Read(p)
	if n == 0 && err != nil {
		t.end()
	}
	return n, err
}

func (t *telnetTerminal) Write(p []byte) (int, error) {
	n, err := t.Connection.Write(p)
	if err != nil {
		t.end()
	}
	return n, err
}

func (t *telnetTerminal) Hangup() {
	t.end()
	t.Connection.Hangup()
}

func (t *telnetTerminal) Close() error {
	t.end()
	return t.Connection.Close()
}
