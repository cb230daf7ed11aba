package tty

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Terminal is what a session talks through: a local console, or an SSH session.
type Terminal interface {
	io.ReadWriter
	// Hangup makes reads return io.EOF, now and until the terminal is handed to
	// the next session.
	Hangup()
}

// Screen is the output side of a terminal. Messages that come while the
// session is busy wait for the next prompt, as they do on a device that logs at
// a low priority. Whoever logs never waits for a slow terminal.
type Screen struct {
	spawn func(func()) bool // Host.Go

	mu     sync.Mutex
	w      io.Writer // guarded by mu
	quiet  io.Writer // w for messages: what debug shows is not debugged; guarded by mu
	column int       // of the cursor, guarded by mu
	held   []byte    // gathered output, nil while none is; guarded by mu
	redraw func()    // logging synchronous: prompt and line again, guarded by mu

	queue   sync.Mutex
	busy    bool          // a command runs, guarded by queue
	pumping bool          // pump runs, guarded by queue
	waiting []string      // guarded by queue
	shown   chan struct{} // closed when pumping ends, nil unless settle waits; guarded by queue
}

// maxWaiting bounds the messages that wait for a prompt; more are dropped.
const maxWaiting = 1000

func newScreen(w io.Writer, spawn func(func()) bool) *Screen {
	s := &Screen{w: w, quiet: w, spawn: spawn}
	if t, ok := w.(interface{ Untraced() io.Writer }); ok {
		s.quiet = t.Untraced()
	}
	return s
}

// Write sends bytes as they are.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(p)
}

// edit writes what a change of the edited line shows. A message that comes at the
// same time is shown before or after it: redraw shows the line too.
func (s *Screen) edit(change func() []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := change()
	if len(out) == 0 {
		return nil
	}
	_, err := s.write(out)
	return err
}

func (s *Screen) write(p []byte) (int, error) {
	s.track(p)
	if s.held != nil {
		s.held = append(s.held, p...)
		return len(p), nil
	}
	return s.w.Write(p)
}

// Gather keeps what is written until Send: what greets a user is one packet with
// the first prompt (16 bytes in the seed's trace of a login).
func (s *Screen) Gather() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = []byte{}
	}
}

// Send writes what was gathered.
func (s *Screen) Send() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendLocked()
}

func (s *Screen) sendLocked() {
	held := s.held
	s.held = nil
	if len(held) > 0 {
		s.w.Write(held) // who reads next learns of an error
	}
}

// track follows the cursor's column.
func (s *Screen) track(p []byte) {
	if i := bytes.LastIndexAny(p, "\r\n"); i >= 0 {
		s.column = 0
		p = p[i+1:]
	}
	for _, b := range p {
		switch {
		case b == '\b':
			s.column = max(0, s.column-1)
		case b >= ' ':
			s.column++
		}
	}
}

// Fresh moves to the start of a new row unless the cursor is at one.
func (s *Screen) Fresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh()
}

func (s *Screen) fresh() {
	if s.column != 0 {
		s.write([]byte("\r\n"))
	}
}

// settle waits until all messages are shown, unless a command runs: what is asked next
// stands behind them.
func (s *Screen) settle() {
	for {
		s.queue.Lock()
		done := s.busy || !s.pumping && len(s.waiting) == 0
		shown := s.shown
		if !done && shown == nil {
			shown = make(chan struct{})
			s.shown = shown
		}
		s.queue.Unlock()
		if done {
			return
		}
		<-shown
	}
}

// Begin marks a command as running; Ready ends that after the prompt was sent,
// and shows what has waited.
func (s *Screen) Begin() {
	s.queue.Lock()
	defer s.queue.Unlock()
	s.busy = true
}

func (s *Screen) Ready() {
	s.queue.Lock()
	s.busy = false
	pump := !s.pumping && len(s.waiting) > 0
	s.pumping = s.pumping || pump
	s.queue.Unlock()
	if pump {
		s.pump()
	}
}

// Message shows a log line between what the user sees. It does not wait.
func (s *Screen) Message(text string) {
	s.queue.Lock()
	defer s.queue.Unlock()
	if len(s.waiting) == maxWaiting {
		return
	}
	s.waiting = append(s.waiting, text)
	if !s.busy && !s.pumping {
		s.pumping = true
		s.spawn(s.pump)
	}
}

// pump shows messages until there are none or a command begins.
func (s *Screen) pump() {
	for {
		s.queue.Lock()
		if s.busy || len(s.waiting) == 0 {
			s.pumping = false
			if s.shown != nil {
				close(s.shown)
				s.shown = nil
			}
			s.queue.Unlock()
			return
		}
		text := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.queue.Unlock()
		s.message(text)
	}
}

// flush shows what has waited although a command runs.
func (s *Screen) flush() {
	s.queue.Lock()
	texts := s.waiting
	s.waiting = nil
	s.queue.Unlock()
	for _, text := range texts {
		s.message(text)
	}
}

func (s *Screen) message(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendLocked()
	loud := s.w
	s.w = s.quiet
	defer func() { s.w = loud }()
	s.fresh()
	s.write([]byte(strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"))
	if s.redraw != nil {
		s.redraw()
	}
}

// synchronous makes every message be followed by redraw; nil stops that.
func (s *Screen) synchronous(redraw func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redraw = redraw
}

// Printable is a text from outside, of a file say, without what could
// steer the terminal: a dot for each control character but HT, LF and CR. Its columns
// stay as they are.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r <= 0x9f {
			return '.'
		}
		return r
	}, text)
}
