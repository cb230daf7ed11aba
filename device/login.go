package device

import (
	"context"

	"vtylab/aaa"
	"vtylab/tty"
)

// Transport is how somebody came to a line.
type Transport int

// The ways to a line.
const (
	Console Transport = iota
	SSH
)

// authorize asks AAA whether a user who has logged in gets an EXEC. The verdict's
// attributes say which.
func (d *Device) authorize(ctx context.Context, l *tty.Line, login aaa.Verdict) aaa.Verdict {
	v := d.AAA.AuthorizeExec(ctx, d.System.ExecRequest(l, login))
	if v.Result != aaa.Pass {
		d.decide(Decision{Subject: "exec authorization", Who: login.User, From: l.Peer(), Refused: true, Reason: v.Reason, Line: v.Line})
	}
	return v
}

// Authenticate puts the questions of a request to the session's user: `enable`. A
// question without an answer is the verdict's Err.
func (x *Shell) Authenticate(r *aaa.Request) aaa.Verdict {
	v := x.Device.AAA.Authenticate(x.Context(), r, x.put)
	if v.Err == nil {
		x.Device.decide(Decision{Subject: r.Service, Who: x.User, From: x.Line.Peer(), Refused: v.Result != aaa.Pass, Reason: v.Reason, Line: v.Line})
	}
	return v
}

// put puts one question of AAA on the terminal.
func (x *Shell) put(_ context.Context, p aaa.Prompt) (string, error) {
	if p.Before != "" {
		x.Println(p.Before)
	}
	if p.Echo {
		return x.Ask(p.Text)
	}
	return x.Secret(p.Text)
}

// decideLogin records how a login ended.
func (d *Device) decideLogin(l *tty.Line, v aaa.Verdict) {
	who := v.User
	if v.Account == nil {
		who = ""
	}
	d.decide(Decision{Subject: "login", Who: who, From: l.Peer(), Refused: v.Result != aaa.Pass, Reason: v.Reason, Line: v.Line})
}
