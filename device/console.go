package device

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"vtylab/aaa"
	"vtylab/cli/edit"
	"vtylab/ios/model"
)

// ConsoleOptions say how the console line behaves.
type ConsoleOptions struct {
	// Scripted starts with a session instead of waiting for RETURN: a script
	// has nobody to press it.
	Scripted bool
}

// Console runs the console line on a terminal until the terminal ends: boot
// report, login, session, and again.
func (d *Device) Console(ctx context.Context, t Terminal, o ConsoleOptions) error {
	l := d.FindLine(model.Console, 0)
	c := &console{Line: l, term: t, waits: !o.Scripted, keys: edit.New()}
	l.screenOf(t)
	l.take("")
	defer l.release()
	for {
		if err := c.round(ctx); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// console is the state of the console line between sessions.
type console struct {
	*Line
	term  Terminal
	waits bool
	boots int // how often the device was booted when the line last looked
	ahead []byte
	keys  *edit.Editor // outlives a session: it knows whether a CR is half of a CR LF
}

// round is one login, from the report of a boot to the end of the session.
func (c *console) round(ctx context.Context) error {
	if r, ok := c.term.(interface{ Reset() }); ok {
		r.Reset()
	}
	s := newSession(ctx, c.Line, c.term)
	s.User, s.Privilege = "", c.Config().Privilege
	s.input, s.editor = c.ahead, c.keys
	s.editor.SetHistory(s.exec)
	s.editor.SetEditing(true)
	c.mu.Lock()
	c.hangup = c.term.Hangup
	c.mu.Unlock()
	boots := c.device.bootCount()
	started := c.boots != boots
	if started {
		c.boots = boots
		c.Write(c.device.BootReport())
		if early := c.takeEarly(); c.waits && len(early) > 0 {
			c.Write("\n" + strings.Join(early, "\n") + "\n")
		}
	}
	if c.waits {
		if err := c.greet(s, started); err != nil {
			return c.again(err, s)
		}
	}
	c.waits = true
	return c.again(c.session(ctx, s), s)
}

// again turns the end of a session into another round, and the end of the
// terminal into the end of the console. What was typed ahead is for the next
// round, unless the line was cleared.
func (c *console) again(err error, s *Session) error {
	switch {
	case s.expired.Load() || s.hungUp(err):
		c.ahead = nil
		return nil
	case s.lost != nil:
		return s.lost
	case err != nil && err != errLogin && err != errHangup && !errors.Is(err, ErrInterrupted):
		c.device.errorf(err, "console")
	}
	c.ahead = slices.Clone(s.input)
	return nil
}

// Write sends text with LF line ends.
func (c *console) Write(text string) {
	c.screen.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

// greet waits for RETURN.
func (c *console) greet(s *Session, started bool) error {
	if started {
		c.Write("\n\nPress RETURN to get started!\n\n\n")
	} else {
		c.Write("\n\n" + c.device.Config().Hostname + " con0 is now available\n\n\n\n\n\nPress RETURN to get started.\n\n\n\n\n\n\n")
	}
	for {
		k, err := s.key()
		if err != nil || k == '\r' || k == '\n' {
			c.Write("\n")
			return err
		}
	}
}

// session logs in and runs one session.
func (c *console) session(ctx context.Context, s *Session) error {
	if err := c.login(ctx, s); err != nil {
		return err
	}
	c.seat(s)
	defer c.seat(nil)
	s.execBanner()
	err := s.run()
	// What there is to say of the end comes before the next greeting.
	s.screen.begin()
	c.device.ended(s)
	s.screen.ready()
	return err
}

// login asks for what the line's method list wants, three times.
func (c *console) login(ctx context.Context, s *Session) error {
	a := &aaa.Attempt{Config: c.device.Config(), Line: *c.Config()}
	user, password := a.Asks()
	b := a.Config.Banners
	if b.MOTD != "" && a.Line.MOTDBanner && a.Line.ExecBanner {
		s.Println(c.banner(b.MOTD))
	}
	if user || password {
		if b.Login != "" {
			s.Println(c.banner(b.Login))
		}
		if err := c.identify(ctx, s, a, user); err != nil {
			return err
		}
	}
	s.User = a.User
	grant, result := a.AuthorizeExec(ctx)
	if result != aaa.Pass {
		s.Println("% Authorization failed.")
		return errLogin
	}
	s.Privilege = grant.Privilege
	return nil
}

func (c *console) identify(ctx context.Context, s *Session, a *aaa.Attempt, user bool) error {
	s.Printf("\n%s\n\n", orDefault(a.Config.AAA.Banner, "User Access Verification"))
	for try := range a.Config.AAA.Attempts {
		var err error
		if user {
			if a.User, err = c.within(s, "Username", func() (string, error) {
				return s.Ask(orDefault(a.Config.AAA.UsernamePrompt, "Username: "))
			}); err != nil {
				return err
			}
		}
		if a.Password, err = c.within(s, "Password", func() (string, error) {
			return s.Secret(orDefault(a.Config.AAA.PasswordPrompt, "Password: "))
		}); err != nil {
			return err
		}
		switch a.Login(ctx) {
		case aaa.Pass:
			return nil
		default:
			// A line that asks for its password complains once, at the end.
			if user || a.Config.AAA.NewModel || try == a.Config.AAA.Attempts-1 {
				s.Printf("%s\n\n", loginFailure(a, user))
			}
		}
	}
	return errLogin
}

// loginResponse is how long a login prompt waits (show line: Login-sequence User
// Response).
const loginResponse = 30 * time.Second

// within asks with that limit.
func (c *console) within(s *Session, what string, ask func() (string, error)) (string, error) {
	var late atomic.Bool
	timer := time.AfterFunc(loginResponse, func() {
		late.Store(true)
		c.term.Hangup()
	})
	defer timer.Stop()
	answer, err := ask()
	if err != nil && late.Load() {
		c.Write("\n% " + what + ":  timeout expired!\n")
		return "", errLogin
	}
	return answer, err
}

// loginFailure is what a refused login prints (ios-cli A3).
func loginFailure(a *aaa.Attempt, user bool) string {
	switch {
	case a.Config.AAA.NewModel:
		return orDefault(a.Config.AAA.FailMessage, "% Authentication failed")
	case user:
		return "% Login invalid"
	}
	return "% Bad passwords"
}
