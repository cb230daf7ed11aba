package exec

import (
	"errors"
	"strings"

	"vtylab/aaa"
	"vtylab/asa/model"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
)

// System is the ASA of one device as its commands see it.
type System interface {
	// Config is the running configuration: a snapshot that must not be modified.
	Config() *model.Config
	Language() *config.Language[*model.Config]
	Release() *model.Release
	// EnableRequest is how the user of a shell gets privileged, LocalRequest how
	// somebody becomes another user.
	EnableRequest(x *device.Shell) *aaa.Request
	LocalRequest() *aaa.Request
	// Shown is the running configuration as show running-config has it, Checksum that
	// of the configuration that was saved last.
	Shown(all bool) string
	Checksum() string
}

// Session is an EXEC of ASA: the shell, and the typed configuration.
type Session struct {
	*device.Shell
	System
}

// Command is an EXEC row: its grammar (package cli), the privilege level it needs,
// and what it does. Run prints through the session; the error it returns ends the
// session unless it is one of the user's own (tty.ErrInterrupted, a stopped pager).
type Command struct {
	Syntax string
	Level  int
	// Configures is set for a command that acts in global configuration mode.
	Configures bool
	Run        func(s *Session, a cli.Args) error
}

// EXEC is the commands, compiled.
type EXEC struct {
	commands *cli.Tree[*Command]
	modifier *cli.Tree[struct{}]
}

// New compiles the commands. Acts are those that act in global configuration mode.
func New() (x *EXEC, acts []config.Act) {
	var rows []cli.Row[*Command]
	for _, c := range Commands() {
		if c.Configures {
			acts = append(acts, config.Act{Syntax: c.Syntax, Do: &c})
		} else {
			rows = append(rows, cli.Row[*Command]{Syntax: c.Syntax, Level: c.Level, Do: &c})
		}
	}
	return &EXEC{cli.NewTree(model.Words, rows), modifierTree()}, acts
}

// Check reports a command word without help, for tests.
func (x *EXEC) Check() error {
	if err := x.commands.Check(); err != nil {
		return err
	}
	return x.modifier.Check()
}

// Match finds the command that an EXEC line is, without effects.
func (x *EXEC) Match(s *Session, line string) (device.Action, error) {
	command, modifier, at := splitFilter(line)
	m, err := x.commands.Match(command, s.Privilege)
	if err != nil {
		return device.Action{}, &device.Mistake{Err: err, Line: line}
	}
	run := func() error { return m.Do.Run(s, m.Args) }
	if at >= 0 {
		f, err := x.modifier.Match(modifier, s.Privilege)
		if err != nil {
			return device.Action{}, &device.Mistake{Err: err, Line: modifier, Offset: at}
		}
		run = func() error { return s.filtered(m, f.Args) }
	}
	return device.Action{Words: m.Args.Masked().String(), Level: m.Do.Level, Run: run}, nil
}

// Act is a command that acts in configuration mode.
func Act(s *Session, r *config.Resolved) device.Action {
	c := r.Act.(*Command)
	return device.Action{Words: r.Words(), Level: config.Level, Mode: config.Global, Run: func() error { return c.Run(s, r.Args) }}
}

// Complain prints why a line was not understood (asa-ssh-scp 2).
func (s *Session) Complain(m *device.Mistake) {
	column := len(s.ShownPrompt()) + m.Offset
	s.Println(Complaint(m.Err, column))
}

// Complaint words what is wrong with a line that begins in a column.
func Complaint(err error, column int) string {
	var e *cli.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Kind {
	case cli.Ambiguous:
		return `ERROR: % Ambiguous command:  "` + e.Text + `"`
	case cli.Incomplete:
		return "ERROR: % Incomplete command"
	}
	return strings.Repeat(" ", column+e.Pos) + "^\nERROR: % Invalid input detected at '^' marker."
}
