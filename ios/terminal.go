package ios

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/tty"
)

// Prompt is the host name, or what `prompt` says; in a configuration mode the
// mode's own.
func (s *System) Prompt(x *device.Shell) string {
	c := s.Load()
	if x.Position == nil {
		if s.session(x).Tcl() {
			return c.Hostname + "(tcl)#"
		}
		return execPrompt(c, x)
	}
	if !c.Service.PromptConfig {
		return ""
	}
	name := c.Hostname
	if len(name) > 20 {
		name = name[:20]
	}
	return name + "(" + s.Suffix(x.Position) + ")#"
}

func execPrompt(c *model.Config, x *device.Shell) string {
	mark := ">"
	if x.Privilege >= 2 || x.View != "" {
		mark = "#"
	}
	if c.Prompt == "" {
		return c.Hostname + mark
	}
	text := strings.NewReplacer("%h", c.Hostname, "%p", mark, "%n", strconv.Itoa(x.Line.TTY), "%s", " ", "%%", "%").Replace(c.Prompt)
	if !strings.Contains(c.Prompt, "%p") {
		text += mark
	}
	return text
}

// More is the prompt of the pager, and what wipes it out.
func (s *System) More() (prompt, erase string) {
	return " --More-- ", "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"
}

// Mask is nothing: passwords are not echoed.
func (s *System) Mask() byte { return 0 }

// Expiring is the warning before `absolute-timeout`.
func (s *System) Expiring() string { return "*\r\n*\r\n* Line timeout expired\r\n*" }

// DoPrefix is in front of EXEC commands in configuration modes.
func (s *System) DoPrefix() string { return "do" }

// Preface is `terminal exec prompt timestamp`.
func (s *System) Preface(x *device.Shell) string { return s.session(x).Preface() }

// Complain prints why a line was not understood.
func (s *System) Complain(x *device.Shell, m *device.Mistake) { s.session(x).Complain(m) }

// Rejected is a line of a text the way a device shows it: the line, then the
// complaint.
func (s *System) Rejected(r config.Rejected) string {
	var e *cli.Error
	if !errors.As(r.Err, &e) {
		return r.Line + "\n" + r.Err.Error()
	}
	switch e.Kind {
	case cli.Ambiguous:
		return fmt.Sprintf("%s\n%% Ambiguous command:  \"%s\"", r.Line, e.Text)
	case cli.Incomplete:
		return r.Line + "\n% Incomplete command.\n"
	}
	return fmt.Sprintf("%s\n%s^\n%% Invalid input detected at '^' marker.\n", r.Line, strings.Repeat(" ", e.Pos))
}

// PrintHelp prints the answer to `?`.
func (s *System) PrintHelp(x *device.Shell, line string) {
	session := s.session(x)
	if x.Position == nil {
		s.exec.Help(session, line)
		return
	}
	if rest, _, ok := device.CutDo(s.DoPrefix(), line); ok {
		s.exec.Help(session, rest)
		return
	}
	h, heading, err := s.language.Help(x.Position, line, s.Access(x))
	session.Answer(h, heading, err)
}

// HelpCommand prints the answer to the command `help`.
func (s *System) HelpCommand(x *device.Shell) { s.session(x).PrintHelp() }

// CompleteLine answers TAB.
func (s *System) CompleteLine(x *device.Shell, line string) string {
	if x.Position == nil {
		return s.exec.Complete(s.session(x), line)
	}
	if rest, at, ok := device.CutDo(s.DoPrefix(), line); ok {
		return line[:at] + s.exec.Complete(s.session(x), rest)
	}
	done, _ := s.Complete(x.Position, line, s.Access(x))
	return done
}

// Greeting waits for RETURN at the console.
func (s *System) Greeting(booted bool) string {
	if booted {
		return "\n\nPress RETURN to get started!\n\n\n"
	}
	return "\n\n" + s.Load().Hostname + " con0 is now available\n\n\n\n\n\nPress RETURN to get started.\n\n\n\n\n\n\n"
}

// banner replaces the tokens of a banner text; its lines end in CR LF.
func banner(c *model.Config, l *tty.Line, text string) string {
	text = strings.NewReplacer("$(hostname)", c.Hostname, "$(domain)", c.Domain.Name, "$(line)", strconv.Itoa(l.TTY), "$(line-desc)", "").Replace(text)
	return strings.ReplaceAll(text, "\n", "\r\n")
}

// LoginBanner is `banner login`, before a login over SSH.
func (s *System) LoginBanner(l *tty.Line) string {
	c := s.Load()
	if c.Banners.Login == "" {
		return ""
	}
	return banner(c, l, c.Banners.Login) + "\r\n"
}

// BeforeLogin prints the banners before a login on a terminal.
func (s *System) BeforeLogin(x *device.Shell, r *aaa.Request) bool {
	c, line := s.Load(), s.line(x.Line)
	user, password := r.List.Asks()
	motd := c.Banners.MOTD != "" && line.MOTDBanner && line.ExecBanner
	if x.Line.Kind != tty.Console && (motd || password) {
		x.Println("") // the console is on a row of its own
	}
	if motd {
		x.Println(banner(c, x.Line, c.Banners.MOTD))
	}
	switch {
	case !user && !password:
		return true
	case x.Line.Kind != tty.Console && c.LineLocked(&line):
		x.Printf("\nPassword required, but none set\n")
		return false
	}
	if c.Banners.Login != "" {
		x.Println(banner(c, x.Line, c.Banners.Login))
	}
	text := c.AAA.Banner
	if text == "" {
		text = "User Access Verification"
	}
	x.Printf("\n%s\n\n", text)
	return true
}

// LoginFailed is what a refused login prints (ios-cli A3).
func (s *System) LoginFailed(x *device.Shell, r *aaa.Request, last bool) {
	c := s.Load()
	user, _ := r.List.Asks()
	switch {
	case c.AAA.NewModel && c.AAA.FailMessage != "":
		x.Printf("%s\n\n", c.AAA.FailMessage)
	case c.AAA.NewModel:
		x.Printf("%% Authentication failed\n\n")
	case user:
		x.Printf("%% Login invalid\n\n")
	case last: // a line that asks for its password complains once
		x.Printf("%% Bad passwords\n\n")
	}
}

// LoginTimeout is what a question of a login prints that was not answered in time.
func (s *System) LoginTimeout(p aaa.Prompt) string {
	what := "Password"
	if p.What == aaa.AskUser {
		what = "Username"
	}
	return "\n% " + what + ":  timeout expired!\n"
}

// Incoming is what follows a login on a line without an EXEC (ios-cli A10).
func (s *System) Incoming(x *device.Shell) {
	if c := s.Load(); c.Banners.Incoming != "" {
		x.Println(banner(c, x.Line, c.Banners.Incoming))
	}
}

// Welcome is what follows a login: over SSH motd, which a terminal has shown before,
// then exec.
func (s *System) Welcome(x *device.Shell, t device.Transport) {
	c, line := s.Load(), s.line(x.Line)
	if t == device.SSH {
		x.Screen().Write([]byte(strings.Repeat("\r\n", s.product.Release.Show.ShellLead)))
		if line.ExecBanner && line.MOTDBanner && c.Banners.MOTD != "" {
			x.Println(banner(c, x.Line, c.Banners.MOTD))
		}
	}
	if text := c.Banners.Exec; text != "" && line.ExecBanner {
		x.Println(banner(c, x.Line, text))
	}
	if c.Service.Linenumber {
		x.Printf("\n%s line %d \n\n", c.Hostname, x.Line.TTY)
	}
}

// Denied is printed where a user gets no EXEC.
func (s *System) Denied() string { return "% Authorization failed." }

// CommandDenied is printed for a command that is not authorized; the empty line behind it
// is from memory.
func (s *System) CommandDenied() string { return "Command authorization failed.\n" }

// ShutdownNotice is what everybody is shown before a scheduled reload (captured).
func (s *System) ShutdownNotice(left time.Duration) string {
	if left == 0 {
		return exec.Notice("SHUTDOWN NOW")
	}
	return exec.Notice(fmt.Sprintf("SHUTDOWN in %d:%02d:%02d", left/time.Hour, left/time.Minute%60, left/time.Second%60))
}

// InvalidCommand words an exec request that is no command.
func (s *System) InvalidCommand(line string) string {
	return fmt.Sprintf("Line has invalid autocommand \"%s\"", line)
}
