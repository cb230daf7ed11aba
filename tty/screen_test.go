package tty

import (
	"strings"
	"sync"
	"testing"
)

// A log message never breaks into the output of a command: it waits for the
// next prompt. At a prompt it comes on a row of its own.
func TestScreenMessages(t *testing.T) {
	var out lockedBuilder
	var work sync.WaitGroup
	s := newScreen(&out, func(f func()) bool { work.Go(f); return true })
	s.Write([]byte("R1#show"))
	s.Begin()
	s.Write([]byte("\r\n"))
	s.Message("first")
	s.Message("second")
	s.Write([]byte("output\r\nR1#"))
	s.Ready()
	work.Wait()
	s.Write([]byte("typed"))
	s.Message("third")
	work.Wait()
	want := "R1#show\r\noutput\r\nR1#\r\nfirst\r\nsecond\r\ntyped\r\nthird\r\n"
	if got := out.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// logging synchronous shows prompt and line again.
func TestScreenSynchronous(t *testing.T) {
	var out lockedBuilder
	var work sync.WaitGroup
	s := newScreen(&out, func(f func()) bool { work.Go(f); return true })
	s.Write([]byte("R1#sho"))
	s.synchronous(func() { s.write([]byte("R1#sho")) })
	s.Message("event")
	work.Wait()
	if got, want := out.String(), "R1#sho\r\nevent\r\nR1#sho"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A terminal that does not read keeps nobody waiting, and no more than
// maxWaiting messages in memory.
func TestScreenDoesNotWait(t *testing.T) {
	blocked := make(chan struct{})
	var work sync.WaitGroup
	shown := 0
	s := newScreen(writerFunc(func(p []byte) (int, error) { <-blocked; shown++; return len(p), nil }), func(f func()) bool { work.Go(f); return true })
	for range 5 * maxWaiting {
		s.Message("event")
	}
	close(blocked)
	work.Wait()
	if shown > maxWaiting+1 {
		t.Errorf("%d messages were kept", shown)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

type lockedBuilder struct {
	mu sync.Mutex
	strings.Builder
}

func (b *lockedBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

// What a text of others looks like on a terminal: nothing steers it, and columns stay.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain\ttext\r\n":       "plain\ttext\r\n",
		"häßlich":               "häßlich",
		"\x1b[2Ja\x07\b\v\x00b": ".[2Ja....b",
		"\x7f\u009b31m":         "..31m",
		"\x9b31m":               "\ufffd31m", // no text in UTF-8
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
