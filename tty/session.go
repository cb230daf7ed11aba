package tty

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"vtylab/cli/edit"
)

// Errors that a command may return without ending its session.
var (
	// ErrInterrupted says that the user typed Ctrl-C at a question.
	ErrInterrupted = errors.New("tty: interrupted")
	// ErrHangup ends a session from within.
	ErrHangup = errors.New("tty: hangup")
)

// Shell answers what a session's user types: one product's command line at one
// line. Its methods are called from the session's goroutine.
type Shell interface {
	// Prompt is what is shown before a command is read.
	Prompt() string
	// Run carries out a line. Errors that are the user's own (ErrInterrupted, a
	// stopped pager) do not end the session.
	Run(line string) error
	// Leave is Ctrl-Z and Ctrl-C: back to EXEC.
	Leave()
	// Help prints the answer to `?` behind line, Complete returns the line that TAB
	// makes of one.
	Help(line string)
	Complete(line string) string
	// Expiring is the warning before `absolute-timeout` ends the session.
	Expiring() string
	// More is the prompt of the pager, and what wipes it out.
	More() (prompt, erase string)
	// Mask is what each character of a password is echoed as, 0 for nothing.
	Mask() byte
}

// Session is a terminal in use: keys, questions, output. Its methods are called
// from the one goroutine that runs it, except where they say otherwise.
type Session struct {
	Line *Line
	User string
	// ID is the number of the login, which AAA gives: the unique id of `debug aaa`.
	ID uint32
	// Privilege is the current level.
	Privilege int
	// Length and Width are the screen: `terminal length`, or the client's window.
	Length, Width Dimension
	// Escape is `terminal escape-character`, or that of the line.
	Escape Dimension
	// HistorySize is how many lines are remembered, to be read from anywhere.
	HistorySize Dimension
	// ExecTimeout and AbsoluteTimeout are those of the user, who has other ones than the
	// line; 0 is for ever. They are set before Run.
	ExecTimeout, AbsoluteTimeout *time.Duration
	// Quiet runs one command for an exec request: no paging, no prompt.
	Quiet bool

	shell     Shell
	started   time.Time // when the user logged in
	term      Terminal
	screen    *Screen
	editor    *edit.Editor
	pager     *edit.Pager
	sink      io.Writer // where command output goes: the pager, or a filter before it
	histories [2]*edit.History
	prompt    string
	input     []byte          // typed and not yet consumed
	coming    chan arrival    // a read of the terminal that is under way, nil for none
	ended     bool            // the client of an exec request sends nothing more
	breaking  *breakWatch     // Breakable runs, nil while it does not
	until     context.Context // of Question, nil otherwise
	outgoing  []*Connection
	current   *Connection // that RETURN resumes

	foreground atomic.Pointer[Connection] // that has the keyboard
	hosts      atomic.Pointer[[]string]   // of outgoing
	lost       error                      // why the terminal has nothing more to read
	buffer     []byte
	idle       *time.Timer
	expired    atomic.Bool  // the idle timer ended the session
	overdue    atomic.Bool  // it has lasted as long as it may
	monitor    atomic.Bool  // terminal monitor
	monitored  atomic.Int64 // messages shown because of that
	active     atomic.Int64 // time of the last keystroke, Unix nanoseconds
	ctx        context.Context
}

// Dimension is a number of lines or columns. It may be used from anywhere: the
// client changes its window at any time.
type Dimension struct{ n atomic.Int32 }

// Get returns the number, 0 for no limit.
func (d *Dimension) Get() int { return int(d.n.Load()) }

// Set changes it.
func (d *Dimension) Set(n int) { d.n.Store(int32(n)) }

// Context ends when the device closes or the peer is gone.
func (s *Session) Context() context.Context { return s.ctx }

// NewSession prepares a session on a line that has a screen; it reads nothing yet.
// SetShell must follow before Run.
func NewSession(ctx context.Context, l *Line, t Terminal) *Session {
	cfg := l.Settings()
	s := &Session{
		Line: l, ctx: ctx, started: l.host.Steady(),
		term: t, screen: l.Screen(), editor: edit.New(),
		histories: [2]*edit.History{edit.NewHistory(), edit.NewHistory()},
		buffer:    make([]byte, 512),
	}
	s.Length.Set(cfg.Length)
	s.Width.Set(cfg.Width)
	s.Escape.Set(cfg.Escape)
	s.SetHistorySize(cfg.HistorySize())
	s.UseHistory(CommandHistory)
	s.pager = edit.NewPager(s.screen, s.Key, s.Length.Get, s.Width.Get)
	s.sink = s.pager
	s.touch()
	return s
}

// SetShell gives the session what answers it.
func (s *Session) SetShell(x Shell) {
	s.shell = x
	s.pager.SetPrompt(x.More())
}

// The two histories of a session: of EXEC and of the configuration modes.
const (
	CommandHistory = iota
	ConfigHistory
)

// UseHistory says which history lines go to and come from.
func (s *Session) UseHistory(which int) { s.editor.SetHistory(s.histories[which]) }

// touch notes activity.
func (s *Session) touch() { s.active.Store(s.Line.host.Steady().UnixNano()) }

// Idle is the time since the last keystroke. It may be called from anywhere.
func (s *Session) Idle() time.Duration {
	return s.Line.host.Steady().Sub(time.Unix(0, s.active.Load()))
}

// Age is the time since the user logged in. It may be called from anywhere.
func (s *Session) Age() time.Duration { return s.Line.host.Steady().Sub(s.started) }

// more waits for input.
func (s *Session) more() error {
	s.screen.Send()
	if s.until != nil || s.coming != nil {
		return s.awaited()
	}
	n, err := s.term.Read(s.buffer)
	return s.took(s.buffer[:n], err)
}

// took makes what a read has brought the input.
func (s *Session) took(data []byte, err error) error {
	if len(data) == 0 && err != nil {
		s.lost = err
		return err
	}
	s.input = data
	s.touch()
	if s.idle != nil {
		s.idle.Reset(s.execTimeout())
	}
	return nil
}

// event feeds the editor until it makes an event, and sends its echo.
func (s *Session) event() (edit.Event, error) {
	for {
		if len(s.input) == 0 {
			if err := s.more(); err != nil {
				return edit.None, err
			}
		}
		var n int
		var ev edit.Event
		if err := s.screen.edit(func() []byte {
			n, ev = s.editor.Input(s.input)
			return s.editor.Output()
		}); err != nil {
			return edit.None, err
		}
		s.input = s.input[n:]
		if ev != edit.None {
			return ev, nil
		}
	}
}

// Pass hands all that is typed to f as it is, until the terminal ends: on a line that
// has no EXEC. What f gets is valid until it returns.
func (s *Session) Pass(f func(typed []byte)) error {
	s.screen.Ready()
	for {
		if err := s.more(); err != nil {
			return err
		}
		f(s.input)
		s.input = nil
	}
}

// start shows a prompt and makes the editor ready for a line.
func (s *Session) start(prompt string, mode edit.Mode) {
	s.screen.edit(func() []byte {
		s.editor.SetWidth(s.Width.Get())
		s.editor.Begin(prompt, mode)
		return s.editor.Output()
	})
}

// Key reads one key, as the pager and [confirm] do.
func (s *Session) Key() (byte, error) {
	defer s.breaking.pause()()
	s.editor.AwaitKey()
	for {
		ev, err := s.event()
		if err != nil || ev == edit.Key {
			return s.editor.Key(), err
		}
	}
}

// Write prints output of a command; lines end in "\n".
func (s *Session) Write(p []byte) (int, error) { return s.sink.Write(p) }

// Printf prints to the user.
func (s *Session) Printf(format string, args ...any) { fmt.Fprintf(s.sink, format, args...) }

// Println prints lines to the user.
func (s *Session) Println(lines ...string) {
	for _, l := range lines {
		io.WriteString(s.sink, l+"\n")
	}
}

// Say is Println for one text.
func (s *Session) Say(line string) { s.Println(line) }

// Invite is Say for a text that asks for input.
func (s *Session) Invite(line string) { s.Println(line) }

// Text reads one line without a prompt, as banners do.
func (s *Session) Text() (string, error) { return s.ask("", edit.Text) }

// Ask puts a question and returns the line typed.
func (s *Session) Ask(prompt string) (string, error) { return s.ask(prompt, edit.Text) }

// Secret asks for a line that is not echoed, or as the shell's mask.
func (s *Session) Secret(prompt string) (string, error) { return s.ask(prompt, edit.Secret) }

// Question is Ask or, without an echo, Secret, given up when ctx ends: the error is its
// cause then.
func (s *Session) Question(ctx context.Context, prompt string, echo bool) (string, error) {
	s.until = ctx
	defer func() { s.until = nil }()
	if echo {
		return s.Ask(prompt)
	}
	return s.Secret(prompt)
}

func (s *Session) ask(prompt string, mode edit.Mode) (string, error) {
	defer s.breaking.pause()()
	if s.breaking.was() {
		return "", ErrInterrupted
	}
	s.pager.Flush()
	s.pager.Reset()
	s.editor.SetMask(s.shell.Mask())
	s.screen.settle()
	s.start(prompt, mode)
	for {
		switch ev, err := s.event(); {
		case err != nil:
			return "", err
		case ev == edit.Enter:
			return s.editor.Line(), nil
		case ev == edit.Interrupt || ev == edit.EndMode || ev == edit.Abort:
			s.screen.Fresh()
			return "", ErrInterrupted
		}
	}
}

// Default asks a question with a default in brackets: `Destination filename
// [x]? `.
func (s *Session) Default(question, value string) (string, error) {
	answer, err := s.Ask(question + " [" + value + "]? ")
	if answer = strings.TrimSpace(answer); answer == "" {
		answer = value
	}
	return answer, err
}

// Confirm asks `question [confirm]`, or just that; Enter or y go on, any other
// key does not. A key that prints is echoed, as netmiko and scrapli expect of a
// device.
func (s *Session) Confirm(question string) (bool, error) {
	s.pager.Reset()
	io.WriteString(s.screen, strings.TrimPrefix(question+" [confirm]", " "))
	k, err := s.Key()
	if err != nil {
		return false, err
	}
	if ' ' < k && k < 0x7f {
		s.screen.Write([]byte{k})
	}
	io.WriteString(s.screen, "\r\n")
	return k == '\r' || k == '\n' || k == 'y' || k == 'Y', nil
}

// execTimeout is how long the session may be idle; 0 is for ever.
func (s *Session) execTimeout() time.Duration {
	if s.ExecTimeout != nil {
		return *s.ExecTimeout
	}
	return s.Line.Settings().ExecTimeout.Duration()
}

// absoluteTimeout is how long the session may last; 0 is for ever.
func (s *Session) absoluteTimeout() time.Duration {
	if s.AbsoluteTimeout != nil {
		return *s.AbsoluteTimeout
	}
	return time.Duration(s.Line.Settings().AbsoluteTimeout) * time.Minute
}

// History returns the EXEC commands entered last, oldest first.
func (s *Session) History() *edit.History { return s.histories[CommandHistory] }

// SetEditing turns enhanced editing on or off.
func (s *Session) SetEditing(on bool) { s.editor.SetEditing(on) }

// SetHistorySize changes how many lines are remembered.
func (s *Session) SetHistorySize(n int) {
	s.HistorySize.Set(n)
	for _, h := range s.histories {
		h.SetSize(n)
	}
}

// SetMonitor turns `terminal monitor` on or off.
func (s *Session) SetMonitor(on bool) { s.monitor.Store(on) }

// HungUp reports whether err is the session being cleared while its terminal
// lives on.
func (s *Session) HungUp(err error) bool {
	t, ok := s.term.(interface{ HungUp() bool })
	return ok && err != nil && t.HungUp()
}

// Logout ends the session after the running command.
func (s *Session) Logout() error { return ErrHangup }

// Expired reports whether the idle timer ended the session, Overdue that it had lasted as
// long as it may, Lost why its terminal has nothing more to read.
func (s *Session) Expired() bool { return s.expired.Load() }
func (s *Session) Overdue() bool { return s.overdue.Load() }
func (s *Session) Lost() error   { return s.lost }

// Monitored shows a log line to a session that asked for them, and reports
// whether it did. It may be called from anywhere.
func (s *Session) Monitored(line string) bool {
	if !s.monitor.Load() {
		return false
	}
	s.Line.Message(line)
	s.monitored.Add(1)
	return true
}

// Fit takes the size of a client's terminal, 0 for unknown. It may be called from
// anywhere.
func (s *Session) Fit(columns, rows int) {
	if columns > 0 {
		s.Width.Set(min(columns, 512))
	}
	if rows > 0 {
		s.Length.Set(min(rows, 512))
	}
	if c := s.foreground.Load(); c != nil {
		signal(c.ready)
	}
}

// Screen is the session's output; what is written there is not paged.
func (s *Session) Screen() *Screen { return s.screen }

// Settle waits until the messages are shown that have come so far, unless a command
// holds them back.
func (s *Session) Settle() { s.screen.settle() }

// Flush shows what the pager holds back.
func (s *Session) Flush() { s.pager.Flush() }

// NewPage makes the pager count the rows of the next output anew.
func (s *Session) NewPage() { s.pager.Reset() }

// Through sends output through w while f runs.
func (s *Session) Through(w io.Writer, f func() error) error {
	before := s.sink
	s.sink = w
	defer func() { s.sink = before }()
	return f()
}

// Sink is where output goes now.
func (s *Session) Sink() io.Writer { return s.sink }

// Resume takes over what was typed ahead on the terminal, and the editor that
// knows whether a CR is half of a CR LF.
func (s *Session) Resume(ahead []byte, keys *edit.Editor) {
	s.input, s.editor = ahead, keys
	s.UseHistory(CommandHistory)
	s.editor.SetEditing(true)
}

// LineEnds is how many line ends were consumed of what was typed; after Resume, also
// in the sessions before.
func (s *Session) LineEnds() int { return s.editor.LineEnds() }

// Ahead is what was typed and not consumed.
func (s *Session) Ahead() []byte { return slices.Clone(s.input) }

// ShownPrompt is the prompt of the line being carried out: the caret of a
// complaint counts it.
func (s *Session) ShownPrompt() string { return s.prompt }
