package exec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
	"vtylab/ios/model"
	"vtylab/syslog"
	"vtylab/tty"
)

// System is the IOS of one device as its commands see it.
type System interface {
	// Config is the running configuration: a snapshot that must not be modified.
	Config() *model.Config
	Language() *config.Language[*model.Config]
	// SSH is what there is to say of the SSH server.
	SSH() SSHStatus
	// EnableRequest is how the user of a line gets a privilege level.
	EnableRequest(l *tty.Line, user string, level int) *aaa.Request
	// Archives are copies of the running configuration.
	Archives() *Archives
	// LoginWatch counts refused logins.
	LoginWatch() *LoginWatch
	// Lockouts are the failures of local users.
	Lockouts() *Lockouts
	// Rollbacks are changes that wait to be confirmed, ConfigLog the commands that were
	// given.
	Rollbacks() *Rollbacks
	ConfigLog() *ConfigLog
	// SNMPCopies are copies that SNMP has started.
	SNMPCopies() *Copies
	// Scratch is a copy of the running configuration to try commands on.
	Scratch() *config.Machine[*model.Config]
}

// Session is an EXEC of IOS: the shell, and the typed configuration.
type Session struct {
	*device.Shell
	System
	Release *Release
}

// state is what EXEC keeps of a session from one command to the next.
type state struct {
	stamp bool // load and time before the output of commands
	tcl   bool // the session is in the shell of Tcl
}

// kept is the session's state.
func (s *Session) kept() *state {
	if s.State == nil {
		line, _ := s.Config().Line(s.Line.Kind, s.Line.Number)
		s.State = &state{stamp: line.PromptTimestamp}
	}
	return s.State.(*state)
}

// line is the configuration of a line.
func (s *Session) line(l *tty.Line) model.Line {
	c, ok := s.Config().Line(l.Kind, l.Number)
	if !ok {
		c = model.NewLine(l.Kind, l.Number)
	}
	return c
}

// Preface is what stands before the output of a command: load and time, with
// `terminal exec prompt timestamp`.
func (s *Session) Preface() string {
	if !s.kept().stamp {
		return ""
	}
	m := s.Device.Moment()
	return fmt.Sprintf("Load for five secs: 0%%/0%%; one minute: 0%%; five minutes: 0%%\n%s, %s%s\n\n", timeSource(m), m.Mark, m.Time.Format("15:04:05.000 MST Mon Jan 2 2006"))
}

// timeSource says where the time comes from; that a clock set by hand is told
// this way is from memory.
func timeSource(m syslog.Moment) string {
	if m.Mark == syslog.NeverSet {
		return "No time source"
	}
	return "Time source is user configuration"
}

// Command is an EXEC row: its grammar (package cli), the privilege level it
// needs, and what it does. Run prints through the session; the error it returns
// ends the session unless it is one of the user's own (tty.ErrInterrupted, a
// stopped pager).
type Command struct {
	Syntax string
	Level  int
	// Configures is set for a command that acts in global configuration mode.
	Configures bool
	// Filter is set for commands that take `| include` and its kin.
	Filter bool
	Run    func(s *Session, a cli.Args) error
}

// EXEC is the commands of a release, compiled.
type EXEC struct {
	release  *Release
	commands *cli.Tree[*Command]
	modifier *cli.Tree[struct{}]
}

// New compiles the commands for a vocabulary. Acts are those that act in global
// configuration mode.
func New(r *Release, words cli.Vocabulary) (x *EXEC, acts []config.Act) {
	x = &EXEC{release: r, modifier: modifierTree(r.Show)}
	var rows []cli.Row[*Command]
	for _, c := range Commands() {
		if c.Configures {
			acts = append(acts, config.Act{Syntax: c.Syntax, Do: &c})
		} else {
			rows = append(rows, cli.Row[*Command]{Syntax: c.Syntax, Level: c.Level, Do: &c})
		}
	}
	x.commands = cli.NewTree(words, rows)
	local := slices.Concat(r.Files.Flash, device.LocalPrefixes)
	for _, t := range []interface{ Prefix(string, ...string) }{x.commands, x.modifier} {
		t.Prefix("PATH", local...)
		t.Prefix("URL", slices.Concat(local, r.Files.Servers)...)
	}
	return x, acts
}

// tree are the commands that a session has.
func (x *EXEC) tree(s *Session) *cli.Tree[*Command] { return x.commands.For(s.rights("")) }

// rights are what the session may use of a mode, "" for EXEC; nil leaves that to levels.
func (s *Session) rights(mode string) cli.Rights {
	if s.View != "" && s.View != model.RootView {
		return s.Config().ViewRights(s.View, mode)
	}
	return s.Config().Levels(mode)
}

// Access is what the session may use of the configuration.
func (s *Session) Access() config.Access {
	return config.Access{Level: s.Privilege, Rights: s.rights, Levels: s.Config().Levels}
}

// FullWords are the words of the beginning of a command, keywords in full.
func (x *EXEC) FullWords(line string) string { return x.commands.Full(line) }

// RemotePrefixes are the file systems of servers that all releases have, for copy.
var RemotePrefixes = []string{"tftp:", "ftp:", "http:", "https:", "scp:"}

// Check reports a command word without help, for tests.
func (x *EXEC) Check() error { return x.commands.Check() }

// builtinAliases are the EXEC aliases every device has (show aliases).
var builtinAliases = []model.Alias{
	{Name: "h", Text: "help"}, {Name: "lo", Text: "logout"}, {Name: "p", Text: "ping"}, {Name: "r", Text: "resume"},
	{Name: "s", Text: "show"}, {Name: "u", Text: "undebug"}, {Name: "un", Text: "undebug"}, {Name: "w", Text: "where"},
}

// aliases are those of EXEC mode, built in and configured.
func (s *Session) aliases() []model.Alias {
	all := slices.Clone(builtinAliases)
	for a := range s.Config().Aliases.All() {
		if a.Mode == "exec" {
			all = append(all, *a)
		}
	}
	return all
}

// expandAlias replaces a first word that is an alias.
func (s *Session) expandAlias(line string) string {
	text := strings.TrimLeft(line, " \t")
	word, _, _ := strings.Cut(text, " ")
	if text, ok := s.Config().ExecAlias(word); ok {
		return text + strings.TrimLeft(line, " \t")[len(word):]
	}
	for _, a := range builtinAliases {
		if a.Name == word {
			return a.Text + text[len(word):]
		}
	}
	return line
}

// Match finds the command that an EXEC line is, without effects. Offset is where
// the line begins in what was typed, for the caret behind `do`.
func (x *EXEC) Match(s *Session, typed string, offset int) (device.Action, error) {
	if s.Tcl() {
		return x.tcl(s, typed, offset)
	}
	return x.match(s, typed, offset)
}

func (x *EXEC) match(s *Session, typed string, offset int) (device.Action, error) {
	line := s.expandAlias(typed)
	m, err := x.tree(s).Match(line, s.Privilege)
	if command, modifier, at := splitFilter(line); at >= 0 {
		if c, e := x.tree(s).Match(command, s.Privilege); e == nil && c.Do.Filter {
			return s.action(c, command, func() error { return explain(x.filtered(s, c, modifier, at+offset), command, offset) }), nil
		}
	}
	if err != nil {
		var e *cli.Error
		if errors.As(err, &e) && e.First && e.Kind == cli.Invalid {
			if a, ok := x.host(s, line, offset); ok {
				return a, nil
			}
		}
		return device.Action{}, &device.Mistake{Err: err, Line: line, Offset: offset}
	}
	return s.action(m, line, func() error { return explain(m.Do.Run(s, m.Args), line, offset) }), nil
}

func (s *Session) action(m cli.Match[*Command], line string, run func() error) device.Action {
	level := m.Do.Level
	if moved := s.Config().Levels(""); moved != nil {
		level = moved(m.Args, level, true)
	}
	return device.Action{Words: m.Args.Masked().String(), Level: level, Run: run}
}

// Act is a command that acts in configuration mode.
func Act(s *Session, r *config.Resolved) device.Action {
	c := r.Act.(*Command)
	return device.Action{Words: r.Words(), Level: r.Level, Mode: config.Global, Run: func() error { return c.Run(s, r.Args) }}
}

// errLastWord is returned by a command whose last word fits the grammar and
// names nothing the device has: the caret goes there.
var errLastWord = errors.New("exec: no such thing")

// explain makes a mistake of the command that line was: of errLastWord, or of an
// error that has a place in it.
func explain(err error, line string, offset int) error {
	var wrong *cli.Error
	if errors.As(err, &wrong) {
		return &device.Mistake{Err: wrong, Line: line, Offset: offset}
	}
	if !errors.Is(err, errLastWord) {
		return err
	}
	last := strings.LastIndexAny(strings.TrimRight(line, " \t"), " \t") + 1
	return &device.Mistake{Err: &cli.Error{Kind: cli.Invalid, Pos: last}, Line: line, Offset: offset}
}

// Complain prints why a line was not understood.
func (s *Session) Complain(m *device.Mistake) {
	var e *cli.Error
	if !errors.As(m.Err, &e) {
		s.Println(m.Err.Error())
		return
	}
	inEXEC := s.Position == nil
	if e.First && e.Kind == cli.Invalid && inEXEC && s.line(s.Line).TransportPreferred != "none" {
		s.Println("% Unknown command or computer name, or unable to find computer address")
		return
	}
	switch e.Kind {
	case cli.Ambiguous:
		s.Printf("%% Ambiguous command:  \"%s\"\n", e.Text)
	case cli.Incomplete:
		if word := strings.TrimSpace(m.Line); word != "" && !strings.Contains(word, " ") && inEXEC && strings.HasPrefix("show", strings.ToLower(word)) {
			s.Println(`% Type "show ?" for a list of subcommands`)
			return
		}
		s.Printf("%% Incomplete command.\n\n")
	default:
		s.caret(m.Offset + e.Pos)
	}
}

func (s *Session) caret(column int) {
	s.Printf("%s^\n%% Invalid input detected at '^' marker.\n\n", strings.Repeat(" ", len(s.ShownPrompt())+column))
}

// YesNo asks until the answer is yes or no.
func (s *Session) YesNo(question string) (bool, error) {
	for {
		answer, err := s.Ask(question + " [yes/no]: ")
		if err != nil {
			return false, err
		}
		answer = strings.ToLower(strings.TrimSpace(answer))
		switch {
		case answer != "" && strings.HasPrefix("yes", answer):
			return true, nil
		case answer != "" && strings.HasPrefix("no", answer):
			return false, nil
		}
		s.Println("% Please answer 'yes' or 'no'.")
	}
}
