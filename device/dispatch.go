package device

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vtylab/tty"
)

// Via is how a command came to the device.
type Via int

// A command is typed (or pasted) on a line, is an exec request, stands in a text
// that is copied to the running configuration or is read at boot, or is given by
// the program (Device.Run). An autocommand of a shell counts as typed.
const (
	Typed Via = iota
	Request
	Text
	Boot
	Program
)

func (v Via) String() string { return [...]string{"typed", "request", "text", "boot", "program"}[v] }

// Origin is where a shell's commands come from. Who gives them is Shell.User.
type Origin struct {
	Via  Via
	Peer netip.AddrPort // of the SSH connection; invalid for the console and the program
}

// Action is one command that is about to run.
type Action struct {
	Words string // keywords in full, a * in the place of each secret
	Level int    // privilege level that the command belongs to
	Mode  string // configuration mode, "" in EXEC
	Run   func() error
}

// Gate is what every command passes: those of Options.Gates, then the device's own, which
// authorizes commands and records them. Its methods are called from the shell's goroutine, and may block as long as
// the shell's Context lasts. No lock is held, except that of the device's power while
// it boots (Origin.Via is Boot): a gate must not save or wait for a session then.
//
// Before may refuse the command: a config.Refusal is printed to who gave it, in the
// product's words; another error stops it without a text. It may also put another Run
// into the Action. After is called for each Before, in reverse order, with what came of
// the command: an error is a refusal, or what the command returned.
type Gate interface {
	Before(x *Shell, a *Action) error
	After(x *Shell, a *Action, err error)
}

// Dispatch is the one door: commands that are typed, pasted, sent as an exec
// request or given by the program pass it one by one. A text is one action, and each
// acting command in it is another, within the first.
func (d *Device) Dispatch(x *Shell, a Action) error {
	passed, err := d.before(x, &a)
	if err == nil {
		err = a.Run()
	}
	for _, g := range slices.Backward(passed) {
		g.After(x, &a, err)
	}
	return err
}

// before asks the gates, and returns those that were asked.
func (d *Device) before(x *Shell, a *Action) ([]Gate, error) {
	for i, g := range d.gates {
		if err := g.Before(x, a); err != nil {
			if _, told := err.(unauthorized); told {
				return d.gates[:i+1], err
			}
			d.decide(Decision{Subject: "command", Who: x.User, From: x.Line.Peer(), Refused: true, Reason: "command " + strconv.Quote(a.Words)})
			return d.gates[:i+1], err
		}
	}
	return d.gates, nil
}

// Run carries out one EXEC command on behalf of the program, at privilege level 15,
// and returns what it prints, with LF line ends and without paging. It blocks until
// the command has ended; ctx ends a command that waits. The text has the complaint
// where there is one; the error is a *Mistake for what is no command, a
// config.Refusal for what a Gate refuses, io.EOF for a command that has a question,
// and that of ctx.
func (d *Device) Run(ctx context.Context, line string) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.ctx, cancel)()
	var printed bytes.Buffer
	x := d.unattended(ctx, Program, &printed)
	defer x.DisconnectAll()
	x.Quiet = true
	err := x.execute(line, 0)
	if reason := x.answer(err); errors.Is(reason, tty.ErrHangup) {
		err = nil // exit
	}
	x.Flush()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return strings.ReplaceAll(printed.String(), "\r\n", "\n"), err
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
