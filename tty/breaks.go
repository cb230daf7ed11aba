package tty

import (
	"bytes"
	"context"
	"slices"
)

// arrival is what a read of the terminal has brought. The data are the receiver's.
type arrival struct {
	data []byte
	err  error
}

// reading returns a channel for the next input, so that a select can wait for it. It
// begins a read unless one is under way; a read whose result was not received is the
// next input of the session. The receiver calls arrived.
func (s *Session) reading() <-chan arrival {
	if s.coming != nil {
		return s.coming
	}
	s.screen.Send()
	c := make(chan arrival, 1)
	s.coming = c
	if !s.Line.host.Go(func() {
		data := make([]byte, 512)
		n, err := s.term.Read(data)
		c <- arrival{data[:n], err}
	}) {
		c <- arrival{err: ErrHangup}
	}
	return c
}

// awaited waits for the next input, unless the question that waits for it is given up.
//
//go:noinline
func (s *Session) awaited() error {
	var given <-chan struct{}
	if s.until != nil {
		given = s.until.Done()
	}
	select {
	case a := <-s.reading():
		s.arrived(a)
		return s.took(a.data, a.err)
	case <-given:
		return context.Cause(s.until)
	}
}

// arrived notes that an arrival has been received.
func (s *Session) arrived(a arrival) arrival {
	s.coming = nil
	return a
}

// maxAhead bounds what is typed ahead of a command that takes a while; the terminal is
// not read meanwhile.
const maxAhead = 64 << 10

const ctrlC = 0x03

// escapes reports whether a key is the escape character of the session.
func (s *Session) escapes(key byte) bool { return int(key) == s.Escape.Get() }

// Breakable runs f, which takes a while, with a context that the escape character
// (Ctrl-Shift-6) and Ctrl-C end with the cause ErrInterrupted. What else is typed meanwhile is for the commands
// that follow. Messages are shown at once, and `exec-timeout` stands still. F runs on the session's goroutine and may ask
// questions; at a question the keys mean what they mean there. The context ends when the
// session is cleared or its peer is gone, too.
func (s *Session) Breakable(f func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	w := &breakWatch{s: s, cancel: cancel}
	s.breaking = w
	s.screen.Ready()
	w.begin()
	defer func() {
		w.end()
		s.breaking = nil
		s.screen.Begin()
	}()
	return f(ctx)
}

// breakWatch reads the terminal for Breakable. While its goroutine runs, the input of
// the session is the goroutine's.
type breakWatch struct {
	s      *Session
	cancel context.CancelCauseFunc
	stop   chan struct{}
	done   chan struct{}
	broken bool
}

func (w *breakWatch) begin() {
	w.s.stopIdle()
	w.stop, w.done = make(chan struct{}), make(chan struct{})
	if !w.s.Line.host.Go(w.watch) {
		close(w.done)
	}
}

func (w *breakWatch) end() {
	close(w.stop)
	<-w.done
	w.s.startIdle()
}

// pause gives the terminal back to the session; what it returns ends the pause.
func (w *breakWatch) pause() (resume func()) {
	if w == nil {
		return func() {}
	}
	w.end()
	return w.begin
}

// was reports whether the user has broken off what runs; the terminal is the session's.
func (w *breakWatch) was() bool { return w != nil && w.broken }

func (w *breakWatch) watch() {
	defer close(w.done)
	s := w.s
	ahead := bytes.Clone(s.input) // it may be the buffer of the next read
	s.input = nil
	w.typed(ahead)
	for len(s.input) < maxAhead && !w.broken {
		select {
		case <-w.stop:
			return
		case a := <-s.reading():
			s.arrived(a)
			if a.err != nil {
				s.coming = failed(a)
				if s.HungUp(a.err) {
					w.cancel(a.err)
				}
				return // the end of a script, or of what a client sends, breaks nothing off
			}
			s.touch()
			w.typed(a.data)
		}
	}
}

// typed keeps what was typed, up to a break and behind it.
func (w *breakWatch) typed(data []byte) {
	if i := slices.IndexFunc(data, func(key byte) bool { return key == ctrlC || w.s.escapes(key) }); i >= 0 {
		w.broken = true
		w.cancel(ErrInterrupted)
		w.s.input = nil // what was typed before a break is dropped with it
		at := data[i]
		data = data[i+1:]
		if w.s.escapes(at) && len(data) > 0 && data[0]|0x20 == 'x' {
			data = data[1:] // people type the sequence that suspends a connection
		}
	}
	w.s.input = append(w.s.input, data...)
}

// failed is a read that has ended already: the session meets its error when it reads.
func failed(a arrival) chan arrival {
	c := make(chan arrival, 1)
	c <- a
	return c
}
