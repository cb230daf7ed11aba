package device

import (
	"fmt"
	"net/netip"
	"slices"

	"vtylab/tty"
)

// Via is how a command came to the device.
type Via int

// A command is typed (or pasted) on a line, is an exec request, stands in a text
// that is read at boot or copied, or is given by the program.
const (
	Typed Via = iota
	Request
	Text
	Boot
	Program
)

func (v Via) String() string { return [...]string{"typed", "request", "text", "boot", "program"}[v] }

// Origin is who gives commands.
type Origin struct {
	Via  Via
	Peer netip.AddrPort // of an SSH connection
}

// Action is one command that is about to run.
type Action struct {
	Words string // keywords in full, secrets masked
	Level int    // privilege level that the command belongs to
	Mode  string // configuration mode, "" in EXEC
	Run   func() error
}

// Gate is what every command passes. Before may refuse it: the error is the
// refusal, in the product's words. After is called for each Before, in reverse
// order, with what came of the command.
type Gate interface {
	Before(x *Shell, a *Action) error
	After(x *Shell, a *Action, err error)
}

// Dispatch is the one door: commands that are typed, pasted, sent as an exec
// request, found in a text or given by the program pass it one by one. A text is
// one action, and each acting command in it is another.
func (d *Device) Dispatch(x *Shell, a Action) (err error) {
	for i, g := range d.gates {
		if err = g.Before(x, &a); err != nil {
			for _, h := range slices.Backward(d.gates[:i+1]) {
				h.After(x, &a, err)
			}
			return err
		}
	}
	err = a.Run()
	for _, g := range slices.Backward(d.gates) {
		g.After(x, &a, err)
	}
	return err
}

// Name is who a session is in messages: `console`, `admin on console`, `admin on
// vty0 (10.0.0.1)`.
func (x *Shell) Name() string {
	l := x.Line
	switch {
	case l.Kind == tty.Console && x.User == "":
		return "console"
	case l.Kind == tty.Console:
		return x.User + " on console"
	}
	user := x.User
	if user == "" {
		user = "unknown"
	}
	return fmt.Sprintf("%s on %s%d (%s)", user, l.Kind, l.Number, l.Peer())
}
