package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"vtylab/cli/edit"
	"vtylab/config"
	"vtylab/ifs"
	"vtylab/ios/model"
)

// Errors that a command may return without ending its session.
var (
	// ErrInterrupted says that the user typed Ctrl-C at a question.
	ErrInterrupted = errors.New("device: interrupted")
	// errHangup ends a session from within.
	errHangup = errors.New("device: hangup")
)

// Session is a logged-in EXEC on a line. Its methods are called from the one
// goroutine that runs it, except where they say otherwise.
type Session struct {
	Device *Device
	Line   *Line
	User   string
	// Privilege is the current level.
	Privilege int
	// Length and Width are the screen: `terminal length`, or the client's window.
	Length, Width Dimension
	// HistorySize is how many lines are remembered, to be read from anywhere.
	HistorySize Dimension
	// Directory is where relative file names begin.
	Directory ifs.Path
	// Quiet runs one command for an exec request: no paging, no prompt.
	Quiet bool
	// Stamp puts load and time before the output of commands: `terminal exec
	// prompt timestamp`.
	Stamp bool
	// Booting is set while a start-up configuration is applied: a key pair that
	// exists is kept.
	Booting bool

	started   time.Time // when the user logged in
	term      Terminal
	screen    *Screen
	editor    *edit.Editor
	pager     *edit.Pager
	sink      io.Writer // where command output goes: the pager, or a filter before it
	exec      *edit.History
	conf      *edit.History
	pos       *config.Position // nil in EXEC
	touched   bool             // a configuration mode was entered since EXEC
	prompt    string
	input     []byte // typed and not yet consumed
	lost      error  // why the terminal has nothing more to read
	buffer    []byte
	idle      *time.Timer
	expired   atomic.Bool  // the idle timer ended the session
	monitor   atomic.Bool  // terminal monitor
	monitored atomic.Int64 // messages shown because of that
	forgotten atomic.Bool  // the device booted anew; the end of the session is not logged
	active    atomic.Int64 // time of the last keystroke, Unix nanoseconds
	ctx       context.Context
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

// newSession prepares a session on a line; it reads nothing yet.
func newSession(ctx context.Context, l *Line, t Terminal) *Session {
	cfg := l.Config()
	s := &Session{
		Device: l.device, Line: l, ctx: ctx,
		Stamp: cfg.PromptTimestamp, started: l.device.steady(),
		Directory: l.device.Files.Home(),
		term:      t, screen: l.screen, editor: edit.New(),
		exec: edit.NewHistory(), conf: edit.NewHistory(),
		buffer: make([]byte, 512),
	}
	s.Length.Set(cfg.Length)
	s.Width.Set(cfg.Width)
	s.SetHistory(cfg.HistorySize())
	s.editor.SetHistory(s.exec)
	s.pager = edit.NewPager(s.screen, s.key, s.Length.Get, s.Width.Get)
	s.sink = s.pager
	s.touch()
	return s
}

// touch notes activity.
func (s *Session) touch() { s.active.Store(s.Device.steady().UnixNano()) }

// Idle is the time since the last keystroke. It may be called from anywhere.
func (s *Session) Idle() time.Duration {
	return s.Device.steady().Sub(time.Unix(0, s.active.Load()))
}

// Age is the time since the user logged in. It may be called from anywhere.
func (s *Session) Age() time.Duration { return s.Device.steady().Sub(s.started) }

// more waits for input.
func (s *Session) more() error {
	s.screen.send()
	n, err := s.term.Read(s.buffer)
	if n == 0 && err != nil {
		s.lost = err
		return err
	}
	s.input = s.buffer[:n]
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
		n, ev := s.editor.Input(s.input)
		s.input = s.input[n:]
		if out := s.editor.Output(); len(out) > 0 {
			if _, err := s.screen.Write(out); err != nil {
				return edit.None, err
			}
		}
		if ev != edit.None {
			return ev, nil
		}
	}
}

// start shows a prompt and makes the editor ready for a line.
func (s *Session) start(prompt string, mode edit.Mode) {
	s.editor.SetWidth(s.Width.Get())
	s.editor.Begin(prompt, mode)
	s.screen.Write(s.editor.Output())
}

// key reads one key for the pager and for [confirm].
func (s *Session) key() (byte, error) {
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

// Say is Println for one text; it makes a Session a config.UI.
func (s *Session) Say(line string) { s.Println(line) }

// Invite is Say for a text that asks for input.
func (s *Session) Invite(line string) { s.Println(line) }

// Text reads one line without a prompt, as banners do.
func (s *Session) Text() (string, error) { return s.ask("", edit.Text) }

// Ask puts a question and returns the line typed.
func (s *Session) Ask(prompt string) (string, error) { return s.ask(prompt, edit.Text) }

// Secret asks for a line that is not echoed.
func (s *Session) Secret(prompt string) (string, error) { return s.ask(prompt, edit.Secret) }

func (s *Session) ask(prompt string, mode edit.Mode) (string, error) {
	s.pager.Flush()
	s.pager.Reset()
	s.start(prompt, mode)
	for {
		switch ev, err := s.event(); {
		case err != nil:
			return "", err
		case ev == edit.Enter:
			return s.editor.Line(), nil
		case ev == edit.Interrupt || ev == edit.EndMode:
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
// key does not.
func (s *Session) Confirm(question string) (bool, error) {
	s.pager.Reset()
	io.WriteString(s.screen, strings.TrimPrefix(question+" [confirm]", " "))
	k, err := s.key()
	if err != nil {
		return false, err
	}
	io.WriteString(s.screen, "\r\n")
	return k == '\r' || k == '\n' || k == 'y' || k == 'Y', nil
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

// HasSSHKey reports whether SSH has a usable key under c.
func (s *Session) HasSSHKey(c *model.Config) bool { return s.Device.HasSSHKey(c) }

// Location is where the user comes from, "" on the console.
func (s *Session) Location() string { return s.Line.Peer() }

// Origin names the session in messages: `console by console`,
// `console by admin on vty0 (10.0.0.1)`.
func (s *Session) Origin() string {
	if s.Line.Kind == model.Console {
		if s.User == "" {
			return "console by console"
		}
		return "console by " + s.User + " on console"
	}
	return fmt.Sprintf("console by %s on %s%d (%s)", orDefault(s.User, "unknown"), s.Line.Kind, s.Line.Number, s.Location())
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// execTimeout is how long the line may be idle; 0 is for ever.
func (s *Session) execTimeout() time.Duration {
	return s.Line.Config().ExecTimeout.Duration()
}

// History returns the EXEC commands entered last, oldest first.
func (s *Session) History() *edit.History { return s.exec }

// SetEditing turns enhanced editing on or off.
func (s *Session) SetEditing(on bool) { s.editor.SetEditing(on) }

// SetHistory changes how many lines are remembered.
func (s *Session) SetHistory(n int) {
	s.HistorySize.Set(n)
	s.exec.SetSize(n)
	s.conf.SetSize(n)
}

// SetMonitor turns `terminal monitor` on or off.
func (s *Session) SetMonitor(on bool) { s.monitor.Store(on) }

// hungUp reports whether err is the session being cleared while its terminal
// lives on.
func (s *Session) hungUp(err error) bool {
	t, ok := s.term.(interface{ HungUp() bool })
	return ok && err != nil && t.HungUp()
}

// Logout ends the session after the running command.
func (s *Session) Logout() error { return errHangup }
