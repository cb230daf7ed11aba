package wire

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestCutString(t *testing.T) {
	whole := AppendString(AppendString([]byte(nil), ""), "hello")
	s, rest, ok := CutString(whole)
	if !ok || len(s) != 0 {
		t.Fatalf("the first string is %q, %v", s, ok)
	}
	if s, rest, ok = CutString(rest); !ok || string(s) != "hello" || len(rest) != 0 {
		t.Fatalf("the second string is %q, %v, with %q behind it", s, ok, rest)
	}
	for n := range 9 {
		if s, _, ok := CutString(AppendString(nil, "hello")[:n]); ok {
			t.Errorf("%d of 9 bytes make %q", n, s)
		}
	}
	if _, _, ok := CutString([]byte("\xff\xff\xff\xffx")); ok {
		t.Error("a length of 2^32-1 was taken")
	}
}

// A ring gives back what was put in, in order, and holds no memory when empty.
func TestRing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var r Ring
	var model []byte
	for i := range 2000 {
		p := bytes.Repeat([]byte{byte(i)}, random.IntN(3000))
		if random.IntN(2) == 0 {
			r.Write(p)
			model = append(model, p...)
		} else {
			n := r.Read(p)
			if want := min(len(p), len(model)); n != want || !bytes.Equal(p[:n], model[:n]) {
				t.Fatalf("step %d: read %d bytes, want the %d next", i, n, want)
			}
			model = model[n:]
		}
		if r.Len() != len(model) || (len(model) == 0) != (r.buf == nil) {
			t.Fatalf("step %d: %d bytes with memory %v, want %d", i, r.Len(), r.buf != nil, len(model))
		}
	}
	r.Free()
	if r.Len() != 0 {
		t.Errorf("%d bytes after Free", r.Len())
	}
}

// Events come one at a time from any goroutine, and none after Set(nil).
func TestTracer(t *testing.T) {
	var tracer Tracer[int]
	tracer.Emit(0)
	if tracer.On() || tracer.MaxRead() != 0 {
		t.Error("a new tracer is on")
	}
	sum, inside := 0, 0
	tracer.Set(func(n int) {
		if inside++; inside > 1 {
			t.Error("two events at once")
		}
		sum += n
		inside--
	}, 4096)
	if !tracer.On() || tracer.MaxRead() != 4096 {
		t.Errorf("on: %v, reads of %d bytes", tracer.On(), tracer.MaxRead())
	}
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 1000 {
				tracer.Emit(1)
			}
		})
	}
	work.Wait()
	tracer.Set(nil, 0)
	tracer.Emit(1)
	if tracer.On() || sum != 8000 {
		t.Errorf("on: %v, %d events, want 8000", tracer.On(), sum)
	}
}

// watcher is an engine that reads.
type watcher struct {
	loggedIn, on bool
	most         int
	reads        []int
}

func (w *watcher) LoggedIn() bool       { return w.loggedIn }
func (w *watcher) Watched() (bool, int) { return w.on, w.most }
func (w *watcher) SocketRead(n int)     { w.reads = append(w.reads, n) }

func TestReader(t *testing.T) {
	for _, tt := range []struct {
		name  string
		w     watcher
		rest  string
		input io.Reader
		reads []int
	}{
		{"at once", watcher{}, "", strings.NewReader("0123456789"), []int{10}},
		{"byte by byte", watcher{loggedIn: true}, "", iotest.OneByteReader(strings.NewReader("0123456789")), []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"bounded", watcher{on: true, most: 4}, "", strings.NewReader("0123456789"), []int{4, 4, 2}},
		{"what came before", watcher{}, "01234", strings.NewReader("56789"), []int{5, 5}},
	} {
		var in Reader
		in.Init(tt.input, &tt.w)
		in.Unread([]byte(tt.rest))
		if err := in.Fill(3); err != nil || string(in.Peek(3)) != "012" || string(in.Take(2)) != "01" {
			t.Errorf("%s: the first bytes: %v", tt.name, err)
		}
		if err := in.Fill(8); err != nil || string(in.Take(8)) != "23456789" || in.Len() != 0 {
			t.Errorf("%s: the others: %v, with %d left", tt.name, err, in.Len())
		}
		if err := in.Await(); err != io.EOF {
			t.Errorf("%s: the end is %v", tt.name, err)
		}
		if !slices.Equal(tt.w.reads, tt.reads) {
			t.Errorf("%s: reads of %d bytes, want %d", tt.name, tt.w.reads, tt.reads)
		}
		in.Release()
	}
	var in Reader
	in.Init(strings.NewReader("012"), &watcher{})
	if err := in.Fill(4); err != io.ErrUnexpectedEOF {
		t.Errorf("an end within four bytes is %v", err)
	}
	if room := in.Ahead(1 << 20); room > 8<<10 {
		t.Errorf("a megabyte announced before the login gets room for %d bytes", room)
	}
}

// pair is a TCP connection, which can be closed by halves.
func pair(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

func (o *Writer) queue(s string) {
	copy(o.Room(len(s)), s)
	o.Add(len(s))
}

// What many goroutines queue arrives whole; behind Finish comes nothing but the FIN,
// and Linger waits for the peer's, whatever that still sends.
func TestWriterEnds(t *testing.T) {
	ours, theirs := pair(t)
	var work Group
	var out Writer
	out.Init(ours, &work)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 100 {
				out.Lock()
				out.queue(strings.Repeat("x", 1000))
				out.Unlock()
				if err := out.Flush(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan string)
	go func() {
		got, err := io.ReadAll(theirs)
		theirs.Write([]byte("nobody reads this"))
		theirs.Close()
		if err != nil {
			t.Error(err)
		}
		done <- string(got)
	}()
	writers.Wait()
	errEnd := errors.New("the end")
	out.Lock()
	out.queue("last")
	err := out.Finish(errEnd)
	closed := out.Err()
	out.Unlock()
	if err != nil || closed != errEnd || !HalfClose(ours) {
		t.Errorf("Finish = %v, afterwards %v", err, closed)
	}
	Linger(ours)
	if got := <-done; len(got) != 800_004 || !strings.HasSuffix(got, "xlast") {
		t.Errorf("%d bytes arrived, want 800004", len(got))
	}
	work.Wait()
	out.Release()
}

// A socket that cannot be written ends what is queued, and who waits.
func TestWriterBreaks(t *testing.T) {
	ours, theirs := pair(t)
	var work Group
	var out Writer
	out.Init(ours, &work)
	theirs.Close()
	ours.Close()
	out.Lock()
	out.queue("x")
	out.StartFlush()
	for out.Err() == nil {
		out.Wait()
	}
	idle := out.Len() == 0
	out.Unlock()
	if out.Broken() == nil || !idle {
		t.Errorf("broken by %v, with something queued: %v", out.Broken(), !idle)
	}
	work.Wait()
}

// A timer that was stopped is not waited for, one that was not is.
func TestGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		fired := false
		stop := g.After(time.Hour, func() { t.Error("a stopped timer fired") })
		g.After(time.Minute, func() { fired = true })
		stop()
		began := time.Now()
		g.Wait()
		if took := time.Since(began); !fired || took != time.Minute {
			t.Errorf("Wait returned after %v, fired: %v", took, fired)
		}
		stop()
	})
}
