package device

import (
	"context"
	"errors"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/ifs"
	"vtylab/tty"
)

// Shell joins a session to the device's system: modes, `do`, Dispatch. Its
// methods are called from the session's goroutine.
type Shell struct {
	*tty.Session
	Device *Device
	Origin Origin
	// Position is where the user stands in the configuration, nil in EXEC.
	Position *config.Position
	// Booting is set while a start-up configuration is applied: a key pair that
	// exists is kept.
	Booting bool
	// AccessOut is the access list that the user's connections are held against, "" for
	// that of the line.
	AccessOut string
	// View is the view of the session (aaa.CLIView), which says in place of the privilege
	// level what it may use; "" is none.
	View string
	// State is what the product keeps of the session.
	State any

	boot        int                   // the boot it began after
	login       aaa.Verdict           // of who is on the line; set before the session begins
	autocommand string                // takes the place of an EXEC
	noHangup    bool                  // or comes before one
	directory   ifs.Path              // of no mount until the user changes it
	refused     func(config.Rejected) // ConsoleOptions.Refused
}

// open makes the shell of a session on a line that has a screen.
func (d *Device) open(ctx context.Context, l *tty.Line, t tty.Terminal, o Origin) *Shell {
	x := &Shell{Session: tty.NewSession(ctx, l, t), Device: d, Origin: o, boot: d.bootCount()}
	x.SetShell(x)
	return x
}

// Prompt is what the device shows before it reads a command.
func (x *Shell) Prompt() string { return x.Device.System.Prompt(x) }

// More is the prompt of the pager, and what wipes it out.
func (x *Shell) More() (prompt, erase string) { return x.Device.System.More() }

// Mask is what each character of a password is echoed as.
func (x *Shell) Mask() byte { return x.Device.System.Mask() }

// Expiring is the warning before `absolute-timeout`.
func (x *Shell) Expiring() string { return x.Device.System.Expiring() }

// Help prints the answer to `?`.
func (x *Shell) Help(line string) { x.Device.System.PrintHelp(x, line) }

// Complete returns the line that TAB makes of one.
func (x *Shell) Complete(line string) string { return x.Device.System.CompleteLine(x, line) }

// Run carries out a line as if it were typed.
func (x *Shell) Run(line string) error {
	run := x.configure
	if x.Position == nil {
		run = func(line string) error { return x.execute(line, 0) }
		if x.Current() != nil && strings.Trim(line, cli.Blanks) == "" {
			line = "resume" // RETURN goes back to a connection that was suspended
		}
	}
	err := run(line)
	if x.refused != nil && refuses(err) {
		x.refused(config.Rejected{Number: x.LineEnds(), Line: line, Err: err})
	}
	return x.answer(err)
}

// refuses reports whether an error is the user's: answer prints it.
func refuses(err error) bool {
	var mistake *Mistake
	var refusal config.Refusal
	return errors.As(err, &mistake) || errors.As(err, &refusal)
}

// execute runs an EXEC line, which begins at offset of what was typed. What is no
// command is a *Mistake.
func (x *Shell) execute(line string, offset int) error {
	sys := x.Device.System
	if sys.Comment(line) {
		return nil
	}
	if text := sys.Preface(x); text != "" {
		x.Printf("%s", text)
	}
	a, err := sys.Match(x, line, offset)
	if err != nil {
		return err
	}
	return x.Device.Dispatch(x, a)
}

// answer prints what is wrong with a line, a *Mistake or a Refusal; other errors
// are the caller's.
func (x *Shell) answer(err error) error {
	var mistake *Mistake
	var refusal config.Refusal
	switch {
	case errors.As(err, &mistake):
		x.Device.System.Complain(x, mistake)
		return nil
	case errors.As(err, &refusal):
		x.Println(string(refusal))
		return nil
	}
	return err
}

// configure runs a line of a configuration mode.
func (x *Shell) configure(line string) error {
	sys := x.Device.System
	if sys.Comment(line) {
		return nil
	}
	do := sys.DoPrefix()
	if do != "" && strings.EqualFold(strings.TrimSpace(line), do) {
		return &Mistake{Err: &cli.Error{Kind: cli.Incomplete}, Line: line}
	}
	if rest, at, ok := CutDo(do, line); ok {
		return x.execute(rest, at)
	}
	r, err := sys.Resolve(x.Position, line, sys.Access(x))
	switch {
	case err == nil:
		return x.Device.Dispatch(x, x.action(r, line))
	case do == "":
		return x.executeInstead(line, err)
	}
	return &Mistake{Err: err, Line: line}
}

// action is what a line of a configuration mode does.
func (x *Shell) action(r *config.Resolved, line string) Action {
	a := Action{Words: r.Words(), Level: r.Level, Mode: x.Position.Mode()}
	switch r.Act.(type) {
	case nil:
		a.Run = func() error { return x.apply(r, line) }
	case config.Exit:
		a.Level, a.Run = config.BuiltinLevel, func() error { x.goTo(r.At().Up()); return nil }
	case config.End:
		a.Level, a.Run = config.BuiltinLevel, func() error { x.goTo(nil); return nil }
	case config.Help:
		a.Level, a.Run = config.BuiltinLevel, func() error { x.Device.System.HelpCommand(x); return nil }
	default:
		a = x.Device.System.Act(x, r)
		act := a.Run
		a.Run = func() error { x.Position = config.Top(); return act() }
	}
	return a
}

// goTo moves to another place of the configuration, nil is EXEC.
func (x *Shell) goTo(p *config.Position) {
	if p == nil {
		x.Leave()
		return
	}
	x.Position = p
}

// executeInstead runs what is no command of the configuration as an EXEC command.
// If it is none either, the complaint that comes later in the line is the user's.
func (x *Shell) executeInstead(line string, noConfiguration error) error {
	a, noEXEC := x.Device.System.Match(x, line, 0)
	switch {
	case noEXEC == nil:
		return x.Device.Dispatch(x, a)
	case faultAt(noEXEC) > faultAt(noConfiguration):
		return noEXEC
	}
	return &Mistake{Err: noConfiguration, Line: line}
}

// faultAt is how much of a line was understood before a mistake.
func faultAt(err error) int {
	var m *Mistake
	at := 0
	if errors.As(err, &m) {
		at = m.Offset
	}
	var e *cli.Error
	switch {
	case !errors.As(err, &e):
		return 0
	case e.Kind == cli.Ambiguous:
		return at + len(e.Text)
	}
	return at + e.Pos
}

// CutDo cuts the word that an EXEC command needs in a configuration mode off a
// line; ok is false for a line without it.
func CutDo(do, line string) (rest string, at int, ok bool) {
	word, rest, found := strings.Cut(strings.TrimLeft(line, " \t"), " ")
	if !found || do == "" || !strings.EqualFold(word, do) {
		return "", 0, false
	}
	return rest, len(line) - len(rest), true
}

// Configure carries out a command of global configuration mode for an EXEC command;
// the user stays where they are. A line that is no such command, or that the command
// refuses, is an error, and nothing has changed.
func (x *Shell) Configure(line string) error {
	at := x.Position
	defer func() { x.Position = at }()
	r, err := x.Device.System.Resolve(config.Top(), line, config.Full)
	if err != nil {
		return err
	}
	a := Action{Words: r.Words(), Level: config.Level, Mode: config.Global, Run: func() error { return x.apply(r, line) }}
	return x.Device.Dispatch(x, a)
}

// apply makes a change through the store and lets the services follow.
func (x *Shell) apply(r *config.Resolved, line string) error {
	d := x.Device
	p, err := d.System.Prepare(r, x, d.rand)
	if err != nil {
		return placed(err, line)
	}
	next, told, err := d.System.Commit(p)
	if err == nil {
		d.touched(x.User)
		d.Apply()
		d.report(x.command(r, line))
	}
	x.Println(told.Lines...)
	d.note(told.Notes)
	if err != nil {
		return placed(err, line)
	}
	x.goTo(next)
	return nil
}

// command is the event of a configuration command that has run.
func (x *Shell) command(r *config.Resolved, line string) Command {
	c := Command{User: x.User, Line: x.Line, Typed: strings.TrimSpace(line), Words: r.Words()}
	for p := r.At().Up(); p != nil; p = p.Up() {
		c.Depth++
	}
	if n := len(r.Args); n > 0 {
		c.Open = r.Args[n-1].Keyword
	}
	return c
}

// placed gives an error of a command's own its place in the line: its first word,
// unless it says another one.
func placed(err error, line string) error {
	var wrong *cli.Error
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Pos == 0 {
		wrong.Pos = len(line) - len(strings.TrimLeft(line, " "))
	}
	return &Mistake{Err: wrong, Line: line}
}

// Directory is where relative file names begin.
func (x *Shell) Directory() ifs.Path {
	if x.directory.Mount == nil {
		return x.Device.Files().Home()
	}
	return x.directory
}

// ChangeDirectory makes relative file names begin at p.
func (x *Shell) ChangeDirectory(p ifs.Path) { x.directory = p }

// Wait passes time, or less when the session ends.
func (x *Shell) Wait(d time.Duration) { x.Device.delay(x.Context(), d) }

// delay passes time, or less when ctx or the device ends.
func (d *Device) delay(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-d.ctx.Done():
	}
}

// EnterConfig goes to global configuration mode.
func (x *Shell) EnterConfig() {
	x.Position = config.Top()
	x.UseHistory(tty.ConfigHistory)
}

// Leave returns to EXEC; the device tells once.
func (x *Shell) Leave() {
	if x.Position == nil {
		return
	}
	x.Position = nil
	x.UseHistory(tty.CommandHistory)
	x.Device.report(Configured{Source: "console", By: x.Name()})
}

// Merge applies a text to the running configuration; what is wrong with it is
// printed. The error is that of a Gate, which has refused the text.
func (x *Shell) Merge(text, source string) error {
	via := x.Origin.Via
	x.Origin.Via = Text
	defer func() { x.Origin.Via = via }()
	return x.Device.merge(x, text, source, x.Name(), func(lines []string) { x.Println(lines...) })
}

var _ tty.Shell = (*Shell)(nil)
