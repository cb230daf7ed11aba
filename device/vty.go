package device

import (
	"context"
	"errors"

	"vtylab/aaa"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/tty"
)

// vty is a line that an SSH connection has taken: it authenticates the user and
// runs what the user asked for. It is the bridge between the protocol and AAA.
type vty struct {
	device *Device
	line   *tty.Line
	boot   int // when the line was taken
	conn   *sshserver.Connection
	login  aaa.Verdict // of who authenticated; set before Handle
	watch  *watch      // ends a connection that does nothing after authentication
}

// Connected tells how to drop the connection, for clear line. One that came just
// before the device booted anew goes at once.
func (v *vty) Connected(c *sshserver.Connection) {
	v.device.power.RLock()
	defer v.device.power.RUnlock()
	if v.boot != v.device.bootCount() {
		c.Close()
	}
	v.conn = c
	v.line.OnClear(c.Close)
}

// Release frees the line.
func (v *vty) Release() {
	v.watch.stop()
	v.line.Release()
}

// Methods are those that the configuration offers.
func (v *vty) Methods(string) []string { return v.device.Settings().Login.Methods }

// Banner is what the product shows before a login.
func (v *vty) Banner() string { return v.device.System.LoginBanner(v.line) }

// None is never enough: a device asks even where any password will do.
func (v *vty) None(context.Context, string) bool { return false }

// errAnswers is a peer that does not answer one question with one answer.
var errAnswers = errors.New("device: not one answer to one question")

// Password checks a password through AAA. A method that asks for more fails.
func (v *vty) Password(ctx context.Context, user, password string) bool {
	r := v.request(user)
	r.Password, r.Typed = password, true
	return v.authenticate(ctx, r, nil)
}

// KeyboardInteractive puts AAA's questions, each in a round of its own.
func (v *vty) KeyboardInteractive(ctx context.Context, user string, ask ssh.Challenge) bool {
	return v.authenticate(ctx, v.request(user), func(_ context.Context, p aaa.Prompt) (string, error) {
		answers, err := ask("", p.Before, []ssh.Prompt{{Text: p.Text, Echo: p.Echo}})
		if err == nil && len(answers) != 1 {
			err = errAnswers
		}
		if err != nil {
			return "", err
		}
		return answers[0], nil
	})
}

// PublicKey accepts the keys that the configuration lists for a user. A key that is
// only offered records nothing and takes no one-time user away.
func (v *vty) PublicKey(ctx context.Context, user string, key ssh.PublicKey) bool {
	if !v.device.Settings().Login.Authorizes(user, key.Blob) {
		return false
	}
	r := v.request(user)
	r.Proved, r.Probe = true, !key.Proved
	if key.Proved {
		return v.authenticate(ctx, r, nil)
	}
	return v.device.AAA.Authenticate(ctx, r, nil).Result == aaa.Pass
}

// request is a login on the line over SSH, which brings the user's name.
func (v *vty) request(user string) *aaa.Request {
	r := v.device.System.LoginRequest(v.line, SSH)
	r.User, r.Named, r.Limit = user, true, v.limit
	r.Peer = v.conn.Flow.Remote
	return r
}

func (v *vty) authenticate(ctx context.Context, r *aaa.Request, ask aaa.Ask) bool {
	d := v.device
	v.login = d.AAA.Authenticate(ctx, r, ask)
	d.decideLogin(v.line, v.login)
	if v.login.Result != aaa.Pass {
		d.report(LoginRefused{r.User, v.line})
	}
	return v.login.Result == aaa.Pass
}

// limit applies what limits a user who has proved who it is: sessions at a time,
// and the user's own access class.
func (v *vty) limit(name string, u *aaa.User) *aaa.Verdict {
	sessions := 0
	for _, o := range v.device.SSH.Connections() {
		if info, _ := o.Info(); info.User == name {
			sessions++
		}
	}
	reason, line := v.device.Settings().Login.Limits(u, sessions, v.conn.Flow)
	if reason == "" {
		return nil
	}
	return &aaa.Verdict{Result: aaa.Fail, Reason: reason, Line: line}
}

// Authenticated is called once, when a user has logged in; from now on the line's
// exec-timeout runs.
func (v *vty) Authenticated(user string) {
	v.device.report(LoggedIn{user, v.line})
	v.watch = newWatch(v.line.Settings().ExecTimeout.Duration(), v.conn.Close)
}

// sshTerminal is a session of the engine as a terminal.
type sshTerminal struct{ ssh.Session }

// Hangup drops the connection.
func (t sshTerminal) Hangup() { t.Close() }

// Handle runs a copy, a shell or a command.
func (v *vty) Handle(s ssh.Session) {
	status := 0
	if x := v.shell(s, &status); x != nil {
		v.run(x, s)
		v.line.Seat(nil)
	}
	s.Exit(status)
}

// shell makes the shell of a session, nil for one that gets none: a copy, which is over
// then, or a user without an EXEC. It is a function of its own, because what it needs
// would otherwise stay on the stack of every idle session.
func (v *vty) shell(s ssh.Session, status *int) *Shell {
	grant := v.device.authorize(s.Context(), v.line, v.login)
	command, transfer := scpCommand(s)
	switch {
	case transfer:
		*status = v.scp(watched{s, v.watch}, command, grant)
		return nil
	case v.device.System.NoEXEC(v.line):
		return nil
	case grant.Result != aaa.Pass:
		s.Write([]byte(v.device.System.Denied() + "\r\n"))
		return nil
	}
	via := Typed
	if s.Kind() == ssh.Exec {
		s, via = watched{s, v.watch}, Request
	} else {
		v.watch.stop() // a shell has a timer of its own
	}
	x := v.device.open(s.Context(), v.line.Attach(s), sshTerminal{s}, Origin{via, v.conn.Flow.Remote})
	x.User, x.Privilege, x.boot = v.login.User, grant.Privilege(), v.boot
	if p := s.PTY(); p != nil {
		x.resize(p.Window)
	}
	s.OnWindowChange(x.resize)
	x.autocommand = grant.Attribute(aaa.AutoCommand)
	v.line.Seat(x.Session)
	return x
}

// run is the shell, or the one command of an exec request or an autocommand,
// which takes the place of both.
func (v *vty) run(x *Shell, s ssh.Session) {
	if s.Kind() == ssh.Exec {
		line := s.Command()
		if x.autocommand != "" {
			line = x.autocommand
		}
		x.once(line)
		return
	}
	x.Screen().Gather()
	v.device.System.Welcome(x)
	if x.autocommand != "" {
		x.Screen().Send()
		x.once(x.autocommand)
		return
	}
	x.Session.Run()
	v.device.ended(x)
}

// resize takes the size of the client's terminal, unless the line has one of its
// own.
func (x *Shell) resize(w ssh.Window) {
	c, fresh := x.Line.Settings(), x.Device.Settings().FreshLine
	if c.Width == fresh.Width {
		x.Fit(int(w.Columns), 0)
	}
	if c.Length == fresh.Length {
		x.Fit(0, int(w.Rows))
	}
}

// once runs one command without paging or prompt, as an exec request or an
// autocommand does.
func (x *Shell) once(line string) {
	defer x.DisconnectAll()
	x.Quiet = true
	x.Length.Set(0)
	x.Screen().Begin()
	a, err := x.Device.System.Match(x, line, 0)
	if err != nil {
		x.Printf("%s", x.Device.System.InvalidCommand(line))
		return
	}
	x.Screen().Write([]byte("\r\n"))
	if text := x.Device.System.Preface(x); text != "" {
		x.Printf("%s", text)
	}
	x.answer(x.Device.Dispatch(x, a))
	x.Flush()
}
