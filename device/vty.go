package device

import (
	"context"
	"strconv"
	"strings"

	"vtylab/aaa"
	"vtylab/ios/model"
	"vtylab/ssh"
	"vtylab/sshserver"
)

// vty is a line that an SSH connection has taken: it authenticates the user and
// runs what the user asked for.
type vty struct {
	device *Device
	line   *Line
	boot   int // when the line was taken
	conn   *sshserver.Connection
	user   string // who authenticated; set before Handle
	watch  *watch // ends a connection that does nothing after authentication
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
	v.line.mu.Lock()
	defer v.line.mu.Unlock()
	v.line.hangup = c.Close
}

// Release frees the line.
func (v *vty) Release() {
	v.watch.stop()
	v.line.release()
	v.device.lines.sync(v.device, v.device.Config())
}

func (v *vty) attempt(user, password string) *aaa.Attempt {
	return &aaa.Attempt{Config: v.device.Config(), Line: *v.line.Config(), SSH: true, User: user, Password: password}
}

// Methods are those of `ip ssh server algorithm authentication`.
func (v *vty) Methods(string) []string { return v.device.Config().SSH.AuthMethods() }

// Banner is `banner login`.
func (v *vty) Banner() string {
	if text := v.device.Config().Banners.Login; text != "" {
		return v.line.banner(text) + "\r\n"
	}
	return ""
}

// None is never enough: a device asks even where any password will do.
func (v *vty) None(context.Context, string) bool { return false }

// Password checks through AAA.
func (v *vty) Password(ctx context.Context, user, password string) bool {
	ok := v.attempt(user, password).Login(ctx) == aaa.Pass && v.allows(user)
	if !ok {
		v.failed(user)
	}
	return ok
}

// allows applies what limits a user who has proved who it is: sessions at a
// time, and the user's own access class.
func (v *vty) allows(user string) bool {
	c := v.device.Config()
	sessions := 0
	for _, o := range v.device.SSH.Connections() {
		if info, _ := o.Info(); info.User == user {
			sessions++
		}
	}
	if c.SSH.PerUser != 0 && sessions >= c.SSH.PerUser {
		return false
	}
	u, known := c.Users.Find(user, false)
	if !known {
		return true
	}
	permit, _ := c.Permits(u.AccessClass, flow(v.conn.Peer(), v.conn.Port))
	return permit && (u.MaxLinks == 0 || sessions < u.MaxLinks)
}

// KeyboardInteractive asks for the password in a round of its own.
func (v *vty) KeyboardInteractive(ctx context.Context, user string, ask ssh.Challenge) bool {
	prompt := orDefault(v.device.Config().AAA.PasswordPrompt, "Password: ")
	answers, err := ask("", "", []ssh.Prompt{{Text: prompt}})
	if err != nil || len(answers) != 1 {
		return false
	}
	return v.Password(ctx, user, answers[0])
}

// PublicKey accepts the keys of `ip ssh pubkey-chain`. It is also asked by
// probes, so it logs nothing.
func (v *vty) PublicKey(_ context.Context, user string, key ssh.PublicKey) bool {
	return v.device.Config().SSH.Authorizes(user, key.Blob) && v.allows(user)
}

// Authenticated is called once, when a user has logged in: it logs that, takes a
// one-time user away, and from now on the line's exec-timeout runs.
func (v *vty) Authenticated(user string) {
	d := v.device
	if d.Config().Login.LogSuccess {
		d.Log("SEC_LOGIN", 5, "LOGIN_SUCCESS", "Login Success [user: %s] [Source: %s] [localport: 22] at %s", user, v.line.Peer(), d.Stamp(d.Now()))
	}
	if u, ok := d.Config().Users.Find(user, false); ok && u.SingleUse {
		d.Update("", func(c *model.Config) error {
			c.Users.Delete(u.Name)
			return nil
		})
	}
	v.watch = newWatch(v.line.Config().ExecTimeout.Duration(), v.conn.Close)
}

func (v *vty) failed(user string) {
	if d := v.device; d.Config().Login.LogFailure {
		d.Log("SEC_LOGIN", 4, "LOGIN_FAILED", "Login failed [user: %s] [Source: %s] [localport: 22] [Reason: Login Authentication Failed] at %s", user, v.line.Peer(), d.Stamp(d.Now()))
	}
}

// sshTerminal is a session of the engine as a terminal.
type sshTerminal struct{ ssh.Session }

// Hangup drops the connection.
func (t sshTerminal) Hangup() { t.Close() }

// Handle runs a shell or a command.
func (v *vty) Handle(s ssh.Session) {
	grant, result := v.authorize(s.Context())
	command, transfer := scpCommand(s)
	switch {
	case transfer:
		s.Exit(v.scp(watched{s, v.watch}, command, grant, result))
		return
	case s.Kind() == ssh.Shell && v.line.Config().NoExec:
		s.Exit(0)
		return
	case result != aaa.Pass:
		s.Write([]byte("% Authorization failed.\r\n"))
		s.Exit(0)
		return
	}
	if s.Kind() == ssh.Exec {
		s = watched{s, v.watch}
	} else {
		v.watch.stop() // a shell has a timer of its own
	}
	x := newSession(s.Context(), v.line.screenOf(s), sshTerminal{s})
	x.User, x.Privilege = v.user, grant.Privilege
	x.fit(s.PTY())
	s.OnWindowChange(func(w ssh.Window) { x.resize(w) })
	v.line.seat(x)
	v.run(x, s, grant.AutoCommand)
	v.line.seat(nil)
	s.Exit(0)
}

// authorize asks AAA for an EXEC for the user who has logged in. What it works
// with would otherwise stay on the stack of every session.
func (v *vty) authorize(ctx context.Context) (aaa.Grant, aaa.Result) {
	info, _ := v.conn.Info()
	v.user = info.User
	return v.attempt(v.user, "").AuthorizeExec(ctx)
}

// run is the shell, or the one command of an exec request or an autocommand.
func (v *vty) run(x *Session, s ssh.Session, line string) {
	if s.Kind() == ssh.Exec {
		x.once(s.Command())
		return
	}
	x.screen.gather()
	x.screen.Write([]byte("\r\n"))
	x.banners()
	if line != "" {
		x.screen.send()
		x.once(line)
		return
	}
	x.run()
	v.device.ended(x)
}

// fit takes the size of the client's terminal, unless the line has one of its
// own.
func (s *Session) fit(p *ssh.PTY) {
	if p != nil {
		s.resize(p.Window)
	}
}

func (s *Session) resize(w ssh.Window) {
	c, fresh := s.Line.Config(), model.NewLine(s.Line.Kind, s.Line.Number)
	if c.Width == fresh.Width && w.Columns > 0 {
		s.Width.Set(int(min(w.Columns, 512)))
	}
	if c.Length == fresh.Length && w.Rows > 0 {
		s.Length.Set(int(min(w.Rows, 512)))
	}
}

// once runs one command without paging or prompt, as an exec request or an
// autocommand does.
func (s *Session) once(line string) {
	s.Quiet = true
	s.Length.Set(0)
	s.screen.begin()
	if _, err := s.Device.exec.Match(firstPart(line), s.Privilege); err != nil {
		s.Printf("Line has invalid autocommand \"%s\"", line)
		return
	}
	s.screen.Write([]byte("\r\n"))
	s.Do(line)
	s.pager.Flush()
}

func firstPart(line string) string {
	command, _, _ := splitFilter(line)
	return command
}

// banners shows what follows a login over SSH: motd, then exec.
func (s *Session) banners() {
	b, line := s.Device.Config().Banners, s.Line.Config()
	if line.ExecBanner && line.MOTDBanner && b.MOTD != "" {
		s.Println(s.Line.banner(b.MOTD))
	}
	s.execBanner()
}

// execBanner is what follows a login on the console, which has shown motd before.
func (s *Session) execBanner() {
	if text := s.Device.Config().Banners.Exec; text != "" && s.Line.Config().ExecBanner {
		s.Println(s.Line.banner(text))
	}
	if c := s.Device.Config(); c.Service.Linenumber {
		s.Printf("\n%s line %d \n\n", c.Hostname, s.Line.TTY())
	}
}

// banner replaces the tokens of a banner text; its lines end in CR LF.
func (l *Line) banner(text string) string {
	c := l.device.Config()
	text = strings.NewReplacer("$(hostname)", c.Hostname, "$(domain)", c.Domain.Name, "$(line)", strconv.Itoa(l.TTY()), "$(line-desc)", "").Replace(text)
	return strings.ReplaceAll(text, "\n", "\r\n")
}
