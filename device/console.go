package device

import (
	"context"
	"errors"
	"io"
	"strings"

	"vtylab/cli/edit"
	"vtylab/config"
	"vtylab/tty"
)

// ConsoleOptions say how the console line behaves.
type ConsoleOptions struct {
	// Scripted starts with a session instead of waiting for RETURN.
	Scripted bool
	// Refused, when not nil, is told of each command that is no command or that the
	// device refuses; its number counts the lines of the terminal's input. It is called
	// from the goroutine of Console, before the complaint is printed.
	Refused func(config.Rejected)
}

// Console runs the console line on a terminal until the terminal ends: boot
// report, login, session, and again.
func (d *Device) Console(ctx context.Context, t tty.Terminal, o ConsoleOptions) error {
	l := d.FindLine(tty.Console, 0).Attach(t)
	c := &console{Line: l, device: d, term: t, waits: !o.Scripted, refused: o.Refused, keys: edit.New()}
	l.Take("")
	defer l.Release()
	for {
		if err := c.login(ctx); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// console is the state of the console line between sessions.
type console struct {
	*tty.Line
	device  *Device
	term    tty.Terminal
	waits   bool
	refused func(config.Rejected)
	boots   int // how often the device was booted when the line last looked
	ahead   []byte
	keys    *edit.Editor // outlives a session: it knows whether a CR is half of a CR LF
}

// login is one login and its session, from the report of a boot to the end.
func (c *console) login(ctx context.Context) error {
	if r, ok := c.term.(interface{ Reset() }); ok {
		r.Reset()
	}
	x := c.device.open(ctx, c.Line, c.term, Origin{Via: Typed})
	x.Resume(c.ahead, c.keys)
	x.refused = c.refused
	c.OnClear(c.term.Hangup)
	boots := c.device.bootCount()
	booted := c.boots != boots
	if booted {
		c.boots = boots
		c.write(c.device.BootReport())
		if early := c.TakeEarly(); c.waits && len(early) > 0 {
			c.write("\n" + strings.Join(early, "\n") + "\n")
		}
	}
	if c.waits {
		if err := c.greet(x, booted); err != nil {
			return c.ended(err, x)
		}
	}
	c.waits = true
	return c.ended(c.session(ctx, x), x)
}

// ended turns the end of a session into another login, and the end of the
// terminal into the end of the console. What was typed ahead is for the next
// login, unless the line was cleared.
func (c *console) ended(err error, x *Shell) error {
	switch {
	case x.Expired() || x.HungUp(err):
		c.ahead = nil
		return nil
	case x.Lost() != nil:
		return x.Lost()
	case err != nil && err != errLogin && err != tty.ErrHangup && !errors.Is(err, tty.ErrInterrupted):
		c.device.errorf(err, "console")
	}
	c.ahead = x.Ahead()
	return nil
}

// write sends text with LF line ends.
func (c *console) write(text string) {
	c.Screen().Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

// greet waits for RETURN, unless the product begins without.
func (c *console) greet(x *Shell, booted bool) error {
	greeting := c.device.System.Greeting(booted)
	if greeting == "" {
		return nil
	}
	c.write(greeting)
	for {
		k, err := x.Key()
		if err != nil || k == '\r' || k == '\n' {
			c.write("\n")
			return err
		}
	}
}

// session logs in and runs one session.
func (c *console) session(ctx context.Context, x *Shell) error {
	login := &entry{Shell: x, via: Console, term: c.term}
	if err := login.authenticate(ctx); err != nil {
		return err
	}
	c.Seat(x.Session)
	defer c.Seat(nil)
	defer x.account()()
	c.device.System.Welcome(x, Console)
	err := x.Session.Run()
	// What there is to say of the end comes before the next greeting.
	x.Screen().Begin()
	c.device.ended(x)
	x.Screen().Ready()
	return err
}
