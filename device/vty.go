package device

import (
	"context"
	"errors"
	"time"

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

// Connected tells how to drop the connection.
func (v *vty) Connected(c *sshserver.Connection) {
	v.conn = c
	v.device.connected(c.Flow, seat{line: v.line, via: SSH, boot: v.boot}, c.Close)
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
	return v.authenticate(ctx, user, r, nil)
}

// KeyboardInteractive puts AAA's questions, each in a round of its own.
func (v *vty) KeyboardInteractive(ctx context.Context, user string, ask ssh.Challenge) bool {
	return v.authenticate(ctx, user, v.request(user), func(_ context.Context, p aaa.Prompt) (string, error) {
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
	r := v.request(user)
	if !v.device.Settings().Login.Authorizes(r.User, key.Blob) {
		return false
	}
	r.Proved, r.Probe = true, !key.Proved
	if key.Proved {
		return v.authenticate(ctx, user, r, nil)
	}
	return v.device.AAA.Authenticate(ctx, r, nil).Result == aaa.Pass
}

// request is a login on the line over SSH, which brings the user's name. A name that
// asks for another line is a login on that.
func (v *vty) request(name string) *aaa.Request {
	user, wants := v.device.System.Reverse(name, v.conn.Flow)
	line := v.line
	if wants != nil && !wants(line) {
		if l := v.device.lines.First(wants); l != nil {
			line = l
		}
	}
	r := v.device.identify(v.device.System.LoginRequest(line, SSH), line, v.device.AAA.NewID())
	r.User, r.Named, r.Limit = user, true, v.limit
	r.Peer = v.conn.Flow.Remote
	return r
}

// authenticate decides on a login; name is what the client calls itself.
func (v *vty) authenticate(ctx context.Context, name string, r *aaa.Request, ask aaa.Ask) bool {
	d, began := v.device, time.Now()
	v.login = d.AAA.Authenticate(ctx, r, ask)
	if _, wants := d.System.Reverse(name, v.conn.Flow); wants != nil && v.login.Result == aaa.Pass && !v.move(wants) {
		v.login.Result, v.login.Reason, v.login.Line = aaa.Fail, "no such line is free", ""
	}
	if ctx.Err() != nil && v.login.Err != nil {
		return false // the client is gone: nobody was refused
	}
	d.decideLogin(v.line, v.conn.Flow.Remote, v.login)
	if v.login.Result != aaa.Pass {
		d.report(LoginRefused{r.User, v.line, v.port()})
		d.delay(ctx, d.System.LoginPause()-time.Since(began)) // whatever the check has taken
	}
	return v.login.Result == aaa.Pass
}

// port is that of the device which the client has come to.
func (v *vty) port() int { return int(v.conn.Flow.Local.Port()) }

// move takes another line in place of the one that the connection came to, unless that
// is the one which is wanted.
func (v *vty) move(wants func(*tty.Line) bool) bool {
	if wants(v.line) {
		return true
	}
	l := v.device.lines.Reserve(v.line.Peer(), wants)
	if l == nil {
		return false
	}
	v.line.Release()
	v.line = l
	v.device.connected(v.conn.Flow, seat{line: l, via: SSH, boot: v.boot}, v.conn.Close)
	return true
}

// limit applies what limits a user who has proved who it is: sessions at a time,
// and the user's own access class.
func (v *vty) limit(name string, u *aaa.User) *aaa.Verdict {
	sessions := 0
	for _, o := range v.device.SSH.Connections() {
		info, _ := o.Info()
		if user, _ := v.device.System.Reverse(info.User, v.conn.Flow); user == name {
			sessions++
		}
	}
	return v.device.limits(name, u, SSH, sessions, v.conn.Flow)
}

// Authenticated is called once, when a user has logged in; from now on the line's
// exec-timeout runs.
func (v *vty) Authenticated(string) {
	v.device.tcp.named(v.conn.Flow, v.login.User)
	v.device.report(LoggedIn{v.login.User, v.line, v.port()})
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
	grant := v.device.authorize(s.Context(), v.line, v.conn.Flow.Remote, v.login)
	v.login = v.login.Forget()
	command, transfer := scpCommand(s)
	switch {
	case outward(v.line) && s.Kind() != ssh.Shell:
		return nil
	case transfer:
		*status = v.scp(watched{s, v.watch}, command, grant)
		return nil
	case v.device.System.NoEXEC(v.line) && !outward(v.line):
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
	x.grant(v.login, grant)
	x.boot = v.boot
	if p := s.PTY(); p != nil {
		x.resize(int(p.Window.Columns), int(p.Window.Rows))
	}
	s.OnWindowChange(func(w ssh.Window) { x.resize(int(w.Columns), int(w.Rows)) })
	if outward(v.line) {
		s.OnBreak(v.line.Break)
	}
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
		end := x.account()
		x.once(line)
		end()
		return
	}
	if text := v.login.Message; text != "" {
		x.Println(text)
	}
	x.live(SSH)
}

// resize takes the size of the client's terminal, unless the line has one of its
// own.
func (x *Shell) resize(columns, rows int) {
	c, fresh := x.Line.Settings(), x.Device.Settings().FreshLine
	if c.Width == fresh.Width {
		x.Fit(columns, 0)
	}
	if c.Length == fresh.Length {
		x.Fit(0, rows)
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
