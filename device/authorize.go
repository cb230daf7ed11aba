package device

import (
	"strconv"
	"strings"

	"vtylab/aaa"
	"vtylab/config"
	"vtylab/tty"
)

// follow puts into a request what is known of a user who has logged in.
func (d *Device) follow(r *aaa.Request, l *tty.Line, login aaa.Verdict) *aaa.Request {
	r.User, r.Account, r.Login = login.User, login.Account, login
	return d.identify(r, l, login.ID)
}

// identify puts into a request where it comes from: the line, as servers are told, and the
// number of the login.
func (d *Device) identify(r *aaa.Request, l *tty.Line, id uint32) *aaa.Request {
	r.Port, r.ID = "tty"+strconv.Itoa(l.TTY), id
	return r
}

// lists is the gate of the product's own lists: a command is authorized and recorded. The
// commands of a text, those of the program, and those that a device reads as it boots are
// neither authorized nor recorded.
type lists struct{ d *Device }

// unauthorized is the refusal of a command by a list.
type unauthorized struct{ config.Refusal }

// Unwrap makes it a refusal, which is printed.
func (u unauthorized) Unwrap() error { return u.Refusal }

func (unauthorized) Error() string { return "device: the command is not authorized" }

// Before asks the list that the command is under, and records the command: by the lists as
// they are before it runs, which may change them.
func (g lists) Before(x *Shell, a *Action) error {
	if x.Origin.Via != Typed && x.Origin.Via != Request {
		return nil
	}
	r := g.d.System.CommandRequest(x.Line, a)
	listed := r != nil
	if !listed {
		r = &aaa.Request{Service: aaa.Commands}
	}
	g.d.command(x, r, a)
	g.d.System.AAATrace(aaa.Needed{Request: r})
	if listed {
		if v := g.d.AAA.Authorize(x.Context(), r); v.Result != aaa.Pass {
			g.d.decide(Decision{Subject: "command authorization", Who: x.User, From: x.Line.Peer(), Refused: true, Reason: v.Reason, Line: v.Line})
			return unauthorized{config.Refusal(g.d.System.CommandDenied())}
		}
	}
	g.d.AAA.AccountCommand(g.d.accounting(x.Line, aaa.AccountCommands, a.Level, x.User), r)
	return nil
}

// After has nothing left to do.
func (lists) After(*Shell, *Action, error) {}

// accounting is the list that records something of a user on a line.
func (d *Device) accounting(l *tty.Line, of string, level int, user string) aaa.Accounting {
	if user == "" && d.Settings().Login.Nameless {
		return aaa.Accounting{}
	}
	return d.System.Accounting(l, of, level)
}

// command is a request about a command of a session.
func (d *Device) command(x *Shell, r *aaa.Request, a *Action) *aaa.Request {
	d.follow(r, x.Line, x.login)
	r.Peer = x.Origin.Peer
	r.Command = aaa.Command{Level: a.Level, Words: strings.Fields(a.Words)}
	return r
}

// allowsOut asks whether the user of a session may use its line, which leads out (Cisco,
// "Configuring Authorization", reverse-access): a server that names ports (port#1=R1/tty2)
// allows those only.
func (d *Device) allowsOut(x *Shell) bool {
	r := d.System.ReverseRequest(x.Line)
	if r == nil {
		return true
	}
	d.follow(r, x.Line, x.login)
	r.Peer = x.Origin.Peer
	v := d.AAA.Authorize(x.Context(), r)
	own := d.Settings().Hostname + "/" + r.Port
	named, found := false, false
	for _, a := range v.Attributes {
		if strings.HasPrefix(a.Name, "port#") {
			named, found = true, found || a.Value == own
		}
	}
	if v.Result == aaa.Pass && (found || !named) {
		return true
	}
	d.decide(Decision{Subject: "reverse access", Who: x.User, From: x.Line.Peer(), Refused: true, Reason: v.Reason, Line: v.Line})
	return false
}

// grant gives a session what its user may have: the level, and the attributes of an EXEC.
func (x *Shell) grant(login, grant aaa.Verdict) {
	x.login, x.User, x.Privilege, x.ID = login.Forget(), login.User, grant.Privilege(), login.ID
	if d, ok := grant.Minutes(aaa.IdleTime); ok {
		x.ExecTimeout = &d
	}
	if d, ok := grant.Minutes(aaa.Timeout); ok {
		x.AbsoluteTimeout = &d
	}
	if grant.Attribute(aaa.NoEscape) == "true" {
		x.Escape.Set(tty.NoEscape)
	}
	x.View = grant.Attribute(aaa.CLIView)
	x.AccessOut = grant.Attribute(aaa.OutACL)
	if x.Line.Kind != tty.Console {
		x.autocommand, x.noHangup = grant.Attribute(aaa.AutoCommand), grant.Attribute(aaa.NoHangup) == "true"
	}
}

// account records that the EXEC of a session begins; the function that it returns records
// the end.
func (x *Shell) account() (end func()) {
	d := x.Device
	list := d.accounting(x.Line, aaa.AccountExec, 0, x.User)
	if len(list.Groups) == 0 {
		return func() {}
	}
	r := d.follow(&aaa.Request{Service: aaa.Exec}, x.Line, x.login)
	r.Peer = x.Origin.Peer
	a := d.AAA.Begin(x.Context(), list, r)
	return func() { a.End(x.cause()) }
}

// cause is why the session has ended.
func (x *Shell) cause() aaa.Cause {
	switch {
	case x.Expired():
		return aaa.IdleTimeout
	case x.Overdue():
		return aaa.SessionTimeout
	case x.Line.Cleared():
		return aaa.AdminReset
	case x.Lost() != nil || x.Context().Err() != nil:
		return aaa.LostCarrier
	}
	return aaa.UserRequest
}

// AccountConnection records a connection that the session makes, until end is called with
// what there is to say of it: bytes_in=….
func (x *Shell) AccountConnection(details ...string) (end func(details ...string)) {
	d := x.Device
	list := d.accounting(x.Line, aaa.AccountConnection, 0, x.User)
	if len(list.Groups) == 0 {
		return func(...string) {}
	}
	r := d.follow(&aaa.Request{Service: aaa.Exec}, x.Line, x.login)
	r.Peer = x.Origin.Peer
	a := d.AAA.Begin(x.Context(), list, r, details...)
	return func(more ...string) { a.End(0, more...) }
}
