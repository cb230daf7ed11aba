package device

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"vtylab/aaa"
	"vtylab/network"
	"vtylab/tty"
)

// Transport is how a user came to a line.
type Transport int

// The ways to a line.
const (
	Console Transport = iota
	SSH
	Telnet
)

// entry is a login whose questions are asked on the terminal of the line.
type entry struct {
	*Shell
	via  Transport
	term tty.Terminal
	flow network.Flow // of the connection; the zero value at the console
}

// errLogin says that the login failed.
var errLogin = errors.New("device: login failed")

// authenticate asks for what the line's method list wants, as often as the
// configuration allows. The user has an EXEC then, unless there is an error.
func (e *entry) authenticate(ctx context.Context) error {
	d := e.Device
	r := e.request()
	if !d.System.BeforeLogin(e.Shell, r) {
		d.decide(Decision{Subject: "login", From: e.Line.Peer(), Refused: true, Reason: aaa.ReasonNoPassword, Line: r.List.Line})
		return errLogin
	}
	tries := d.Settings().Login.Attempts
	for try := 1; ; try++ {
		v := d.AAA.Authenticate(ctx, r, e.ask)
		if v.Err != nil {
			return v.Err
		}
		d.decideLogin(e.Line, e.flow.Remote, v)
		if v.Message != "" {
			e.Println(v.Message)
		}
		e.tell(r, v)
		if v.Result == aaa.Pass {
			return e.authorize(ctx, v)
		}
		e.Flush()
		e.Wait(d.System.LoginPause())
		d.System.LoginFailed(e.Shell, r, try == tries)
		if try >= tries {
			return errLogin
		}
	}
}

// request is a login on the line.
func (e *entry) request() *aaa.Request {
	r := e.Device.identify(e.Device.System.LoginRequest(e.Line, e.via), e.Line, e.Device.AAA.NewID())
	if e.via != Console {
		r.Peer, r.Limit = e.flow.Remote, e.limit
	}
	return r
}

// limit applies what limits a user who has proved who it is, as over SSH.
func (e *entry) limit(name string, u *aaa.User) *aaa.Verdict {
	sessions := 0
	for _, s := range e.Device.Sessions() {
		if s.Line.Kind != tty.Console && s.User == name {
			sessions++
		}
	}
	return e.Device.limits(name, u, e.via, sessions, e.flow)
}

// limits is the verdict on a user who has so many sessions, nil to let the user in.
func (d *Device) limits(name string, u *aaa.User, t Transport, sessions int, f network.Flow) *aaa.Verdict {
	reason, line := d.Settings().Login.Limits(u, t, sessions, f)
	if reason == "" {
		return nil
	}
	return &aaa.Verdict{Result: aaa.Fail, Reason: reason, Line: line}
}

// tell reports a login in which a question was asked: at the console a refused one only.
func (e *entry) tell(r *aaa.Request, v aaa.Verdict) {
	user, password := r.List.Asks()
	if !user && !password {
		return
	}
	port := int(e.flow.Local.Port())
	switch {
	case v.Result != aaa.Pass:
		e.Device.report(LoginRefused{v.User, e.Line, port})
	case e.via != Console:
		e.Device.report(LoggedIn{v.User, e.Line, port})
	}
}

// authorize asks whether the user gets an EXEC.
func (e *entry) authorize(ctx context.Context, login aaa.Verdict) error {
	grant := e.Device.authorize(ctx, e.Line, e.flow.Remote, login)
	if grant.Result != aaa.Pass {
		e.Println(e.Device.System.Denied())
		return errLogin
	}
	e.grant(login, grant)
	return nil
}

// ask puts one question of a login, which waits as long as the product says.
func (e *entry) ask(ctx context.Context, p aaa.Prompt) (string, error) {
	limit := e.Device.Settings().Login.Response
	if limit == 0 {
		return e.put(ctx, p)
	}
	var late atomic.Bool
	timer := time.AfterFunc(limit, func() {
		late.Store(true)
		e.term.Hangup()
	})
	defer timer.Stop()
	answer, err := e.put(ctx, p)
	if err != nil && late.Load() {
		e.Screen().Write([]byte(strings.ReplaceAll(e.Device.System.LoginTimeout(p), "\n", "\r\n")))
		return "", errLogin
	}
	return answer, err
}

// authorize asks AAA whether a user who has logged in gets an EXEC. The verdict's
// attributes say which.
func (d *Device) authorize(ctx context.Context, l *tty.Line, peer netip.AddrPort, login aaa.Verdict) aaa.Verdict {
	r := d.follow(d.System.ExecRequest(l, login), l, login)
	r.Peer = peer
	v := d.AAA.AuthorizeExec(ctx, r)
	if v.Result != aaa.Pass {
		d.decide(Decision{Subject: "exec authorization", Who: login.User, From: l.Peer(), Refused: true, Reason: v.Reason, Line: v.Line})
	}
	return v
}

// Authenticate puts the questions of a request to the session's user: `enable`. A
// question without an answer is the verdict's Err.
func (x *Shell) Authenticate(r *aaa.Request) aaa.Verdict {
	x.Device.identify(r, x.Line, x.login.ID)
	r.Peer, r.Login = x.Origin.Peer, x.login
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
func (d *Device) decideLogin(l *tty.Line, peer netip.AddrPort, v aaa.Verdict) {
	if v.Result != aaa.Pass && d.Settings().Login.RecordsFailures {
		r := d.follow(&aaa.Request{Service: aaa.Exec, Peer: peer}, l, v)
		d.AAA.AccountFailure(d.accounting(l, aaa.AccountExec, 0, v.User), r)
	}
	who := v.User
	if v.Account == nil {
		who = ""
	}
	d.decide(Decision{Subject: "login", Who: who, From: l.Peer(), Refused: v.Result != aaa.Pass, Reason: v.Reason, Line: v.Line})
}
