package ssh2

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"vtylab/ssh"
)

// cutter is a client's connection that breaks when the client has written so
// many bytes.
type cutter struct {
	net.Conn
	mu   sync.Mutex
	left int
	cut  func(net.Conn)
}

var errCut = errors.New("the connection was cut")

func (c *cutter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left < 0 {
		return 0, errCut
	}
	if len(p) < c.left {
		c.left -= len(p)
		return c.Conn.Write(p)
	}
	n, err := c.Conn.Write(p[:c.left])
	c.left = -1
	c.cut(c.Conn)
	return n, errors.Join(err, errCut)
}

// The ways a connection ends.
var cuts = map[string]func(net.Conn){
	"FIN":   func(c net.Conn) { c.(interface{ CloseWrite() error }).CloseWrite() },
	"close": func(c net.Conn) { c.Close() },
	"reset": func(c net.Conn) {
		if m, ok := c.(*memConn); ok {
			m.out.close(true) // what is under way is lost
		} else {
			c.(*net.TCPConn).SetLinger(0)
		}
		c.Close()
	},
}

// journeys are whole sessions, from the handshake to the goodbye.
var journeys = map[string]func(ctx context.Context, x *ClientSession) error{
	"shell": func(ctx context.Context, x *ClientSession) error {
		pty := ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 80, Rows: 24}, Modes: map[byte]uint32{53: 1}}
		return inTurn(
			func() error { return x.RequestPTY(ctx, pty) },
			func() error { return x.Shell(ctx) },
			func() error { return x.talk("hello\r") },
			func() error { return x.WindowChange(ssh.Window{Columns: 132, Rows: 43}) },
			func() error { x.c.RequestRekey(); return x.talk("again\r") },
			x.CloseWrite,
		)
	},
	"exec": func(ctx context.Context, x *ClientSession) error {
		return inTurn(func() error { return x.Exec(ctx, "cat") }, func() error { return x.talk("hello") }, x.CloseWrite)
	},
	"output that is larger than the window": func(ctx context.Context, x *ClientSession) error {
		return x.Exec(ctx, "send 100000")
	},
	"input that is larger than the window": func(ctx context.Context, x *ClientSession) error {
		return inTurn(func() error { return x.Exec(ctx, "sink") },
			func() error { _, err := x.Write(make([]byte, 20000)); return err }, x.CloseWrite)
	},
}

func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// talk writes and waits for an answer.
func (x *ClientSession) talk(text string) error {
	_, err := io.WriteString(x, text)
	return errors.Join(err, func() error { _, err := x.Read(make([]byte, 100)); return err }())
}

// travel goes on a journey; it fails where the connection does.
func travel(ctx context.Context, c *Client, journey func(context.Context, *ClientSession) error) error {
	defer c.Close()
	if err := c.Handshake(ctx); err != nil {
		return err
	}
	x, err := c.Open(ctx)
	if err != nil {
		return err
	}
	if err := journey(ctx, x); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, x); err != nil {
		return err
	}
	_, err = x.Wait()
	return err
}

// traveller is a client that tries every way to log in, the right one last.
func traveller() *ClientConfig {
	cfg := testClient()
	cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = []string{"aes128-ctr"}, []string{"hmac-sha1"}
	cfg.Auth = []ClientAuth{
		PublicKeys(ed25519K()),
		KeyboardInteractive(1, func(context.Context, string, string, []ssh.Prompt) ([]string, error) { return []string{"no"}, nil }),
		Password(1, func(context.Context) (string, error) { return "cisco", nil }),
	}
	return cfg
}

// host is a server for travellers, with small windows.
func host() *ServerConfig {
	cfg := testServer()
	cfg.Auth = &testAuth{banner: "Authorized access only\r\n"}
	cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = []string{"aes128-ctr"}, []string{"hmac-sha1"}
	cfg.Window, cfg.MaxPacket = 8192, 4096
	program := cfg.Handle
	cfg.Handle = func(s ssh.Session) {
		defer func() { recover() }() // a write into a connection that is gone
		program(s)
	}
	return cfg
}

// steps are where the packets of a client begin on a journey, the
// identification line first, and where the last ends.
func steps(t *testing.T, journey func(context.Context, *ClientSession) error) []int {
	cfg := traveller()
	offsets := []int{0, len(cfg.Version) + len(cfg.VersionEnd)}
	cfg.Trace = func(e ssh.Event) {
		if e, ok := e.(ssh.PacketSent); ok {
			n := offsets[len(offsets)-1] + e.Length
			if e.MAC {
				n += 20
			}
			offsets = append(offsets, n)
		}
	}
	cc, sc := memPair()
	_, done := start(t, sc, host())
	if err := travel(t.Context(), NewClient(cc, cfg), journey); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return offsets
}

// A client may vanish at every message of a session, between two or within one,
// in every way: Serve returns, and no goroutine is left.
func TestDisconnectAnywhere(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, journey := range journeys {
		offsets := steps(t, journey)
		for _, cut := range cuts {
			for i, at := range offsets {
				within := []int{at}
				if i+1 < len(offsets) {
					within = []int{at, at + 1, at + 5, (at + offsets[i+1]) / 2, offsets[i+1] - 1}
				}
				for _, n := range within {
					cc, sc := memPair()
					leave(t, n, cc, sc, cut, journey)
				}
			}
		}
	}
}

// leave goes on a journey that ends after n bytes, and waits for the server. What
// it returns depends on where the cut was.
func leave(t *testing.T, n int, cc, sc net.Conn, cut func(net.Conn), journey func(context.Context, *ClientSession) error) {
	t.Helper()
	s := NewServer(sc, host())
	done := make(chan error, 1)
	go func() { done <- s.Serve(context.Background()) }()
	_ = travel(t.Context(), NewClient(&cutter{Conn: cc, left: n, cut: cut}, traveller()), journey)
	<-done
	cc.Close()
}

// The same over TCP, with its buffers and resets, at each message.
func TestDisconnectOverTCP(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, name := range []string{"shell", "output that is larger than the window"} {
		offsets := steps(t, journeys[name])
		for _, cut := range cuts {
			for _, n := range offsets {
				cc, sc := tcpPair(t)
				leave(t, n, cc, sc, cut, journeys[name])
			}
		}
	}
}

// What is in the clear may end at every byte; the rest is cut at every seventh.
func TestDisconnectAtEveryByte(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	offsets := steps(t, journeys["shell"])
	for _, cut := range cuts {
		for n := 0; n < offsets[len(offsets)-1]; n++ {
			if n > offsets[2] {
				n += 6
			}
			cc, sc := memPair()
			leave(t, n, cc, sc, cut, journeys["shell"])
		}
	}
}

// A server may answer a request and be gone before the client's write of it
// returns: the answer counts.
func TestAnsweredAndGone(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		cc, sc := memPair()
		_, done := start(t, sc, testServer())
		conn := &lateWriter{memConn: cc}
		c := NewClient(conn, testClient())
		defer c.Close()
		if err := c.Handshake(t.Context()); err != nil {
			t.Fatal(err)
		}
		x, err := c.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conn.until.Store(c.ctx)
		if err := x.Exec(t.Context(), "status 3"); err != nil {
			t.Errorf("Exec = %v, want nil", err)
		}
		if status, err := x.Wait(); status != 3 || err != nil {
			t.Errorf("Wait = %d, %v; want 3", status, err)
		}
		if err := <-done; err != nil {
			t.Errorf("Serve = %v, want nil", err)
		}
	})
}

// lateWriter returns from its writes when a context is over.
type lateWriter struct {
	*memConn
	until atomic.Value
}

func (l *lateWriter) Write(p []byte) (int, error) {
	n, err := l.memConn.Write(p)
	if ctx, ok := l.until.Load().(context.Context); ok {
		<-ctx.Done()
	}
	return n, err
}

// quickPeer is the socket of a peer that has answered and closed by the time a
// write returns.
type quickPeer struct {
	net.Conn
	wrote func()
}

func (c quickPeer) Write(p []byte) (int, error) {
	defer c.wrote()
	return len(p), nil
}

// What was written was sent, even if the connection has ended by then; what comes
// after was not.
func TestSendBeforeTheEnd(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	cfg := testServer().Config.withDefaults()
	conn, _ := memPair()
	peer := &quickPeer{Conn: conn}
	tr := newTransport(peer, &cfg, false)
	peer.wrote = tr.abort
	if err := tr.out.send([]byte{msgIgnore, 0, 0, 0, 0}); err != nil {
		t.Errorf("the last message: %v", err)
	}
	if err := tr.out.send([]byte{msgIgnore, 0, 0, 0, 0}); err != ssh.ErrClosed {
		t.Errorf("the one after it: %v, want %v", err, ssh.ErrClosed)
	}
	tr.wait()
}
