package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/chzyer/readline"
	"github.com/sirupsen/logrus"
	"golang.org/x/term"

	"vtylab/config"
	"vtylab/device"
)

// quitKey ends the program from a tty console: no device uses Ctrl-\.
const quitKey = 0x1c

// console runs the device's console line the way --console asks.
func (r *runArgs) console(ctx context.Context, d *device.Device, w *surroundings) error {
	kind := r.Console
	fd := int(w.stdin.Fd())
	if kind == "auto" {
		kind = "stdio"
		if readline.IsTerminal(fd) {
			kind = "tty"
		}
	}
	switch kind {
	case "none":
		<-ctx.Done()
		return nil
	case "stdio":
		return r.script(ctx, d, w)
	}
	if !readline.IsTerminal(fd) {
		return usageError{errors.New("--console tty: standard input is no terminal")}
	}
	old, err := readline.MakeRaw(fd)
	if err != nil {
		return err
	}
	defer readline.Restore(fd, old)
	// readline leaves the terminal's own CR before every LF on; the device
	// sends its line ends itself.
	if _, err := term.MakeRaw(fd); err != nil {
		return err
	}
	defer w.sharing(w.log.Out)()
	t := newTerminal(w.stdin, w.stdout, true)
	err = serve(ctx, d, t, device.ConsoleOptions{})
	io.WriteString(t, "\r\n") // the shell's prompt begins a line
	return err
}

// sharing fits the operator's log to a terminal that shows the console too, until the
// function that it returns is called: line ends with CR, and of the messages only
// warnings and errors. Refusals are for a log of their own (2>FILE).
func (w *surroundings) sharing(log io.Writer) (restore func()) {
	f, ok := log.(*os.File)
	if !ok || !readline.IsTerminal(int(f.Fd())) {
		return func() {}
	}
	level := w.log.GetLevel()
	w.log.SetOutput(carriageReturns{f})
	w.log.SetLevel(min(level, logrus.WarnLevel))
	return func() { w.log.SetOutput(f); w.log.SetLevel(level) }
}

// carriageReturns begins each line at the left edge of a raw terminal.
type carriageReturns struct{ w io.Writer }

func (c carriageReturns) Write(p []byte) (int, error) {
	_, err := c.w.Write(append([]byte("\r"), bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))...))
	return len(p), err
}

// script runs the console on standard input, and tells on standard error which of its
// lines the device has refused.
func (r *runArgs) script(ctx context.Context, d *device.Device, w *surroundings) error {
	refused := 0
	t := newTerminal(w.stdin, lineFeeds{w.stdout}, false)
	err := serve(ctx, d, t, device.ConsoleOptions{Scripted: true, Refused: func(x config.Rejected) {
		refused++
		x = x.Masked()
		w.log.WithError(x.Err).Warnf("standard input line %d refused: %q", x.Number, x.Line)
	}})
	if _, e := io.WriteString(t, "\n"); err == nil && e != nil && e != io.ErrClosedPipe { // behind the last prompt
		err = fmt.Errorf("standard output: %w", e)
	}
	if err == nil && r.Strict && refused > 0 {
		err = refusedLines(refused, "standard input")
	}
	return err
}

func serve(ctx context.Context, d *device.Device, t *terminal, o device.ConsoleOptions) error {
	stop := context.AfterFunc(ctx, t.end)
	defer stop()
	return d.Console(ctx, t, o)
}

// lineFeeds turns CR LF into LF, for captures of a scripted console.
type lineFeeds struct{ w io.Writer }

func (l lineFeeds) Write(p []byte) (int, error) {
	_, err := l.w.Write(bytes.ReplaceAll(p, []byte("\r\n"), []byte("\n")))
	return len(p), err
}

// terminal is the local console. One goroutine reads the input and one writes
// the output, because neither can be interrupted: standard output may be a pipe
// that nobody empties. They end with the program.
type terminal struct {
	shows   chan []byte   // to the writing goroutine
	shown   chan error    // its answer
	stuck   chan struct{} // closed when the end no longer waits for output
	writing sync.Mutex    // held by a Write

	mu    sync.Mutex
	cond  *sync.Cond
	typed []byte // guarded by mu, like all below
	ended bool
	hung  bool
}

// maxTyped bounds what is read ahead, in bytes; lastWords what the end waits
// for output that is being written.
const (
	maxTyped  = 64 << 10
	lastWords = 500 * time.Millisecond
)

func newTerminal(in *os.File, out io.Writer, tty bool) *terminal {
	t := &terminal{shows: make(chan []byte), shown: make(chan error, 1), stuck: make(chan struct{})}
	t.cond = sync.NewCond(&t.mu)
	go t.pump(in, tty)
	go t.show(out)
	return t
}

func (t *terminal) pump(in io.Reader, tty bool) {
	buf := make([]byte, 4096)
	for {
		n, err := in.Read(buf)
		typed := buf[:n]
		if i := bytes.IndexByte(typed, quitKey); tty && i >= 0 {
			typed, err = typed[:i], io.EOF
		}
		t.mu.Lock()
		for len(t.typed) > maxTyped && !t.ended {
			t.cond.Wait()
		}
		t.typed = append(t.typed, typed...)
		t.ended = t.ended || err != nil
		t.cond.Broadcast()
		ended := t.ended
		t.mu.Unlock()
		if ended {
			return
		}
	}
}

// Read waits for keys, the end of the input, or a hangup.
func (t *terminal) Read(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.typed) == 0 && !t.ended && !t.hung {
		t.cond.Wait()
	}
	if t.hung || len(t.typed) == 0 {
		return 0, io.EOF
	}
	n := copy(p, t.typed)
	t.typed = t.typed[n:]
	t.cond.Broadcast()
	return n, nil
}

func (t *terminal) show(out io.Writer) {
	for p := range t.shows {
		_, err := out.Write(p)
		t.shown <- err
	}
}

// Write shows output.
func (t *terminal) Write(p []byte) (int, error) {
	t.writing.Lock()
	defer t.writing.Unlock()
	select {
	case t.shows <- bytes.Clone(p): // it may outlive this call
	case <-t.stuck:
		return 0, io.ErrClosedPipe
	}
	select {
	case err := <-t.shown:
		return len(p), err
	case <-t.stuck:
		return 0, io.ErrClosedPipe
	}
}

// Hangup ends the session on the console, not the console.
func (t *terminal) Hangup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hung = true
	t.cond.Broadcast()
}

// HungUp reports whether the session was ended that way.
func (t *terminal) HungUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hung && !t.ended
}

// Reset makes the terminal ready for the next session.
func (t *terminal) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hung = false
}

// end is the end of the input, and soon of the output.
func (t *terminal) end() {
	time.AfterFunc(lastWords, func() { close(t.stuck) })
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.typed = nil
	t.cond.Broadcast()
}
