package network

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

var (
	here  = netip.MustParseAddrPort("10.0.0.1:22")
	there = netip.MustParseAddrPort("10.0.0.9:40000")
)

// What goes in comes out, also where it is more than the window holds, in pieces of
// every size.
func TestPipeCarries(t *testing.T) {
	defer goleak.VerifyNone(t)
	a, b := Pipe(there, here)
	sent := make([]byte, 3*window+17)
	for i := range sent {
		sent[i] = byte(i * 7 >> 3)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for rest, n := sent, 1; len(rest) > 0; n = n*3 + 1 {
			k, err := a.Write(rest[:min(n, len(rest))])
			if err != nil {
				t.Errorf("write: %v", err)
				return
			}
			rest = rest[k:]
		}
		a.CloseWrite()
	})
	got, err := io.ReadAll(b)
	work.Wait()
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d bytes arrived of %d, %v", len(got), len(sent), err)
	}
	if _, err := b.Write([]byte("answer")); err != nil {
		t.Errorf("the half that is open: %v", err)
	}
	if b.in.ring != nil {
		t.Error("an empty direction holds a buffer")
	}
	if a.LocalAddr().String() != "10.0.0.9:40000" || a.RemoteAddr().String() != "10.0.0.1:22" || b.RemoteAddr().String() != "10.0.0.9:40000" {
		t.Errorf("addresses: %v %v %v", a.LocalAddr(), a.RemoteAddr(), b.RemoteAddr())
	}
}

// What each end sees after one of them has ended the connection.
func TestPipeEnds(t *testing.T) {
	for _, tt := range []struct {
		why          string
		end          func(a *PipeEnd) error
		read, write  error // of the other end, which has five bytes to read
		first        string
		own, ownSend error
	}{
		{"half-close", (*PipeEnd).CloseWrite, io.EOF, nil, "hello", nil, syscall.EPIPE},
		{"close", (*PipeEnd).Close, io.EOF, syscall.EPIPE, "hello", net.ErrClosed, net.ErrClosed},
		{"reset", (*PipeEnd).Reset, syscall.ECONNRESET, syscall.ECONNRESET, "", net.ErrClosed, net.ErrClosed},
	} {
		a, b := Pipe(there, here)
		a.Write([]byte("hello"))
		b.Write([]byte("x"))
		if err := tt.end(a); err != nil {
			t.Errorf("%s: %v", tt.why, err)
		}
		buf := make([]byte, 10)
		n, err := b.Read(buf)
		if got := string(buf[:n]); got != tt.first || (got == "" && !errors.Is(err, tt.read)) {
			t.Errorf("%s: the peer reads %q, %v, want %q", tt.why, got, err, tt.first)
		}
		if _, err := b.Read(buf); !errors.Is(err, tt.read) {
			t.Errorf("%s: then the peer reads %v, want %v", tt.why, err, tt.read)
		}
		if _, err := b.Write(buf); !errors.Is(err, tt.write) {
			t.Errorf("%s: the peer writes: %v, want %v", tt.why, err, tt.write)
		}
		if _, err := a.Read(buf[:1]); !errors.Is(err, tt.own) {
			t.Errorf("%s: a read of one's own: %v, want %v", tt.why, err, tt.own)
		}
		if _, err := a.Write(buf); !errors.Is(err, tt.ownSend) {
			t.Errorf("%s: a write of one's own: %v, want %v", tt.why, err, tt.ownSend)
		}
	}
}

// Close and Reset wake who waits, on both ends.
func TestPipeWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			why       string
			end       func(a *PipeEnd) error
			own, peer error
		}{
			{"close", (*PipeEnd).Close, net.ErrClosed, io.EOF},
			{"reset", (*PipeEnd).Reset, net.ErrClosed, syscall.ECONNRESET},
		} {
			a, b := Pipe(there, here)
			var own, full, peer error
			go func() { _, own = a.Read(make([]byte, 1)) }()
			go func() { _, full = b.Write(make([]byte, window+2)) }()
			synctest.Wait()
			c, d := Pipe(there, here)
			go func() { _, peer = d.Read(make([]byte, 1)) }()
			synctest.Wait()
			tt.end(a)
			tt.end(c)
			synctest.Wait()
			if own != nil {
				t.Errorf("%s: the reader that had something to read: %v", tt.why, own)
			}
			if full == nil {
				t.Errorf("%s: the writer of the peer got everything through", tt.why)
			}
			if !errors.Is(peer, tt.peer) {
				t.Errorf("%s: the reader of the peer: %v, want %v", tt.why, peer, tt.peer)
			}
		}
	})
}

func TestPipeDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe(there, here)
		defer b.Close()
		defer a.Close()
		began := time.Now()
		a.SetReadDeadline(began.Add(3 * time.Second))
		_, err := a.Read(make([]byte, 1))
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) != 3*time.Second {
			t.Errorf("a read that ends after 3 s: %v after %v", err, time.Since(began))
		}
		a.SetReadDeadline(time.Time{})
		b.Write([]byte("late"))
		if n, err := a.Read(make([]byte, 10)); n != 4 || err != nil {
			t.Errorf("without a deadline again: %d, %v", n, err)
		}
		began = time.Now()
		a.SetWriteDeadline(began.Add(time.Second))
		if n, err := a.Write(make([]byte, window+5)); n != window || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("a write into a full pipe: %d, %v after %v", n, err, time.Since(began))
		}
		// A deadline that is put off does not wake, one that is moved up does.
		b.SetReadDeadline(time.Now().Add(time.Second))
		b.SetReadDeadline(time.Now().Add(time.Hour))
		b.Read(make([]byte, window))
		began = time.Now()
		time.AfterFunc(time.Minute, func() { b.SetReadDeadline(time.Now()) })
		if _, err := b.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("a deadline that is moved up: %v after %v", err, time.Since(began))
		}
	})
}
