package scp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

const bufferSize = 64 << 10

var (
	buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, maxLine) }}
)

// wire is the dialogue below its records: answers, lines and what has gone wrong so far.
type wire struct {
	in    *bufio.Reader // content larger than a line passes it by
	out   io.Writer
	buf   *[bufferSize]byte
	trace *Trace

	stats Stats
	err   error // the first that did not end the dialogue
}

func (p *Peer) wire() *wire {
	w := &wire{in: readers.Get().(*bufio.Reader), buf: buffers.Get().(*[bufferSize]byte), out: p.Out, trace: p.Trace}
	w.in.Reset(p.In)
	return w
}

// end gives the buffers back and says how it all went.
func (w *wire) end(err error) (Stats, error) {
	w.in.Reset(nil)
	readers.Put(w.in)
	buffers.Put(w.buf)
	if err == nil {
		err = w.err
	}
	return w.stats, err
}

var zero = []byte{0}

// ack says that all is well.
func (w *wire) ack() error {
	if _, err := w.out.Write(zero); err != nil {
		return fmt.Errorf("scp: sending status: %w", err)
	}
	w.trace.token(Token{Sent: true, Kind: OK})
	return nil
}

// warn tells the peer that one file went wrong, and remembers why.
func (w *wire) warn(text string, why error) error {
	w.note(why)
	text = printable(text)
	if _, err := w.out.Write([]byte("\x01" + text + "\n")); err != nil {
		return fmt.Errorf("scp: sending error: %w", err)
	}
	w.trace.token(Token{Sent: true, Kind: Warning, Line: text})
	return nil
}

// fail tells the peer why the dialogue ends. OpenSSH uses the same byte for it as for a warning, and
// clients know no other.
func (w *wire) fail(why error) error {
	var r refusal
	if errors.As(why, &r) {
		w.warn(r.Error(), why)
	}
	return why
}

func (w *wire) note(err error) {
	w.stats.Errors++
	if w.err == nil {
		w.err = err
	}
}

// control sends a record.
func (w *wire) control(r record) error {
	line := r.String()
	if _, err := w.out.Write([]byte(line + "\n")); err != nil {
		return fmt.Errorf("scp: sending %s: %w", line, err)
	}
	w.trace.token(Token{Sent: true, Kind: Control, Line: line})
	return nil
}

// response waits for a status. A complaint of the peer is a *PeerError.
func (w *wire) response() error {
	b, err := w.in.ReadByte()
	if err != nil {
		return lost("reading status", err)
	}
	if b == 0 {
		w.trace.token(Token{Kind: OK})
		return nil
	}
	w.in.UnreadByte()
	line, err := w.line()
	if err != nil && line == "" {
		return err
	}
	return w.complaint(line)
}

// complaint reads an error record. Anything else in its place is the greeting of a shell, or its error,
// and fatal.
func (w *wire) complaint(line string) error {
	e := &PeerError{Fatal: true, Text: line}
	kind := Fatal
	if strings.HasPrefix(line, "\x01") {
		e.Fatal, kind = false, Warning
	}
	e.Text = printable(e.Text)
	w.trace.token(Token{Kind: kind, Line: e.Text})
	w.note(e)
	return e
}

// skipped takes a response: whether the peer said no to this one file. Any other trouble is an error.
func (w *wire) skipped(err error) (bool, error) {
	var complaint *PeerError
	if errors.As(err, &complaint) && !complaint.Fatal {
		return true, nil
	}
	return false, err
}

// line reads up to a newline, which it takes off. At the end of input it gives what there was,
// together with the error.
func (w *wire) line() (string, error) {
	b, err := w.in.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return "", protocolError("line exceeds %d bytes", maxLine)
	case err != nil:
		return string(b), lost("reading line", err)
	}
	return string(b[:len(b)-1]), nil
}

// lost makes the end of input an error.
func lost(doing string, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("scp: %s: %w", doing, err)
}

func isEOF(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }

// printable drops control characters and bounds a text for the peer, or from it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 1024)]
}
