package vtylab_test

import (
	"context"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/config"
	"vtylab/device"
	"vtylab/ifs"
	"vtylab/ssh/ssh2"
)

// half is one direction of a connection in memory.
type half struct {
	mu   sync.Mutex
	cond sync.Cond
	b    []byte // guarded by mu, like all below
	over bool
}

func newHalf() *half {
	h := &half{}
	h.cond.L = &h.mu
	return h
}

func (h *half) Read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.b) == 0 && !h.over {
		h.cond.Wait()
	}
	n := copy(p, h.b)
	if h.b = h.b[n:]; n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (h *half) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return 0, io.ErrClosedPipe
	}
	h.b = append(h.b, p...)
	h.cond.Broadcast()
	return len(p), nil
}

// end lets nothing more in; with drop what nobody has read is lost.
func (h *half) end(drop bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over = true; drop {
		h.b = nil
	}
	h.cond.Broadcast()
}

// memConn is one end of a connection in memory, which a bubble of synctest can
// wait for.
type memConn struct {
	in, out *half
	from    net.Addr // of the other end
}

func (c *memConn) Read(p []byte) (int, error)       { return c.in.Read(p) }
func (c *memConn) Write(p []byte) (int, error)      { return c.out.Write(p) }
func (c *memConn) Close() error                     { c.in.end(true); c.out.end(false); return nil }
func (c *memConn) CloseWrite() error                { c.out.end(false); return nil }
func (c *memConn) reset()                           { c.in.end(true); c.out.end(true) }
func (c *memConn) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 22} }
func (c *memConn) RemoteAddr() net.Addr             { return c.from }
func (c *memConn) SetDeadline(time.Time) error      { return nil }
func (c *memConn) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (c *memConn) SetWriteDeadline(time.Time) error { return nil }

// memListener is the port of a device in memory.
type memListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *memListener) Addr() net.Addr { return &net.TCPAddr{Port: 22} }

// bubble is a router in a bubble of synctest: time passes when nothing else
// happens, and no goroutine may be left in the end.
type bubble struct {
	*router
	port  *memListener
	files []string // in flash, at first
	free  int64    // bytes of flash, at first
}

// inBubble boots a router with more configuration than the usual.
func inBubble(t *testing.T, release, more string, f func(t *testing.T, r *bubble)) {
	t.Helper()
	model := models(t, release)
	key, err := hostKey()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		port := &memListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		text := usual + "logging buffered 1000000\nip ssh logging events\n" + more
		d, err := device.New(model, device.Options{Startup: &text, Now: time.Now,
			Listen: func(context.Context, int) (net.Listener, error) { return port, nil }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		d.AddKeys(key)
		r := &bubble{router: &router{Device: d, t: t}, port: port}
		r.files, r.free = r.listing()
		time.Sleep(time.Second) // it has more to say of its key
		r.logged()
		f(t, r)
	})
}

// FS is flash.
func (r *bubble) FS() ifs.FS { return r.Files.Home().FS() }

// listing is what flash holds, and how much more would fit.
func (r *bubble) listing() (files []string, free int64) {
	r.t.Helper()
	fs := r.FS()
	entries, err := fs.ReadDir("")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, e.Name)
	}
	return files, fs.Info().Free
}

// dial connects to the router's port 22 from 10.0.0.9.
func (r *bubble) dial() *memConn {
	r.t.Helper()
	to, from := newHalf(), newHalf()
	r.port.conns <- &memConn{in: to, out: from, from: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 9), Port: 40000}}
	return &memConn{in: from, out: to, from: r.port.Addr()}
}

// clientConfig is a client of ours with algorithms that are quick.
func (r *bubble) clientConfig(user, password string) *ssh2.ClientConfig {
	cfg := &ssh2.ClientConfig{Config: ssh2.NewConfig(), User: user, HostKey: func(context.Context, string, []byte) error { return nil }}
	cfg.Algorithms.Kex = append(cfg.Algorithms.Kex, "diffie-hellman-group14-sha1")
	cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = []string{"aes128-ctr"}, []string{"hmac-sha1", "hmac-sha2-256-etm@openssh.com"}
	cfg.Auth = []ssh2.ClientAuth{ssh2.Password(4, func(context.Context) (string, error) { return password, nil })}
	return cfg
}

// logged returns what the router has logged since it was asked last, from the
// percent sign on.
func (r *bubble) logged() []string {
	synctest.Wait()
	var lines []string
	for _, l := range r.Logs.Buffer().Lines() {
		if _, text, ok := strings.Cut(l, "%"); ok {
			lines = append(lines, "%"+text)
		}
	}
	r.Logs.Buffer().Clear()
	return lines
}

// nobody checks that the router is as it was before anybody came: no connection,
// no line taken, nothing in flash, nothing half written.
func (r *bubble) nobody(after string) {
	r.t.Helper()
	synctest.Wait()
	if n := len(r.SSH.Connections()); n > 0 {
		r.t.Errorf("%s: %d connections are left", after, n)
	}
	for _, l := range r.Lines() {
		if l.Kind == config.VTY && (l.Busy() || l.Session() != nil || l.Peer() != "") {
			r.t.Errorf("%s: vty %d is taken", after, l.Number)
		}
	}
	if files, free := r.listing(); !slices.Equal(files, r.files) || free != r.free {
		r.t.Errorf("%s: flash holds %q and has %d bytes free, want %q and %d", after, files, free, r.files, r.free)
	}
}
