package asa

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/asa/exec"
	"vtylab/asa/model"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
	"vtylab/tty"
)

// Prompt is the host name, the mode, the mark and a blank.
func (s *System) Prompt(x *device.Shell) string {
	name := s.Load().Hostname
	switch {
	case x.Position != nil:
		return name + "(" + s.Suffix(x.Position) + ")# "
	case x.Privilege > 1:
		return name + "# "
	}
	return name + "> "
}

// More is the prompt of the pager, and what wipes it out.
func (s *System) More() (prompt, erase string) {
	const more = "<--- More --->"
	return more, "\r" + strings.Repeat(" ", len(more)) + "\r"
}

// Mask stands for each character of a password.
func (s *System) Mask() byte { return '*' }

// Expiring is nothing: no session has to end at a certain time.
func (s *System) Expiring() string { return "" }

// DoPrefix is nothing: EXEC commands work in configuration modes as they are.
func (s *System) DoPrefix() string { return "" }

// Preface is nothing.
func (s *System) Preface(*device.Shell) string { return "" }

// Complain prints why a line was not understood.
func (s *System) Complain(x *device.Shell, m *device.Mistake) { s.session(x).Complain(m) }

// Rejected is a line of a text with its number; the wording is from memory.
func (s *System) Rejected(r config.Rejected) string {
	return fmt.Sprintf("*** Output from config line %d, \"%s\"\n%s", r.Number, r.Line, exec.Complaint(r.Err, 0))
}

// PrintHelp prints the answer to `?`: of the mode, of those above it, of EXEC.
func (s *System) PrintHelp(x *device.Shell, line string) {
	var sections []exec.Section
	worst := &cli.Error{Pos: -1}
	add := func(heading string, h cli.Help, err error) {
		var e *cli.Error
		switch {
		case err == nil:
			sections = append(sections, exec.Section{Heading: heading, Help: h})
		case errors.As(err, &e) && e.Pos > worst.Pos:
			worst = e
		}
	}
	whole := strings.TrimSpace(line) == ""
	for p := x.Position; p != nil; p = p.Up() {
		h, _, err := s.language.Help(p, line, s.Access(x))
		add(model.Heading(p.Mode()), h, err)
		if whole && p.Up() != nil {
			s.session(x).Answer(sections) // a mode by itself
			return
		}
	}
	h, err := s.exec.Help(s.session(x), line)
	heading := "exec mode commands/options:"
	if x.Position == nil {
		heading = ""
	}
	add(heading, h, err)
	switch {
	case len(sections) > 0:
		s.session(x).Answer(sections)
	case worst.Kind == cli.Ambiguous:
		x.Println(exec.Complaint(worst, 0))
	default:
		x.Println("ERROR: % Unrecognized command") // from memory
	}
}

// HelpCommand answers the command `help` as `?` does.
func (s *System) HelpCommand(x *device.Shell) { s.PrintHelp(x, "") }

// CompleteLine answers TAB.
func (s *System) CompleteLine(x *device.Shell, line string) string {
	if x.Position != nil {
		if done, ok := s.Complete(x.Position, line, s.Access(x)); ok {
			return done
		}
	}
	return s.exec.Complete(s.session(x), line)
}

// Greeting waits for nobody: a session at the console begins at once.
func (s *System) Greeting(bool) string { return "" }

// LoginBanner is nothing.
func (s *System) LoginBanner(*tty.Line) string { return "" }

// BeforeLogin begins on a row of its own: the session before may have ended behind its
// prompt.
func (s *System) BeforeLogin(x *device.Shell, _ *aaa.Request) bool {
	x.Screen().Fresh()
	return true
}

// LoginFailed is what a refused login prints (from memory).
func (s *System) LoginFailed(x *device.Shell, _ *aaa.Request, _ bool) { x.Println("Login incorrect") }

// LoginTimeout is nothing: a question waits for ever.
func (s *System) LoginTimeout(aaa.Prompt) string { return "" }

// Incoming is nothing: all lines have an EXEC.
func (s *System) Incoming(*device.Shell) {}

// Welcome is what follows a login (asa-ssh-scp 2). Who has not given a name gets
// one.
func (s *System) Welcome(x *device.Shell, _ device.Transport) {
	if x.User == "" {
		x.User = exec.Anonymous
	}
	if c := s.Load(); c.AAA.LoginHistory {
		logins, failures := s.history.admitted(x.User, s.visit(x.Line))
		x.Println("User "+x.User+" logged in to "+c.Hostname, logins, failures)
	}
	x.Println("Type help or '?' for a list of available commands.")
}

// visit is somebody at a line now.
func (s *System) visit(l *tty.Line) visit {
	from := l.Peer()
	if l.Kind == tty.Console {
		from = "console"
	}
	return visit{s.device.Local(s.device.Now()), from}
}

// Denied is printed where a user gets no EXEC.
func (s *System) Denied() string { return "ERROR: Command authorization failed" }

// CommandDenied is printed for a command that is not authorized.
func (s *System) CommandDenied() string { return "Command authorization failed" }

// ShutdownNotice is nothing: no reload can be asked for in advance.
func (s *System) ShutdownNotice(time.Duration) string { return "" }

// InvalidCommand words an exec request that is no command.
func (s *System) InvalidCommand(string) string {
	return exec.Complaint(&cli.Error{}, 0) + "\n"
}
