package telnet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"vtylab/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a Host with so many lines, on which what is typed is kept.
type house struct {
	lines chan struct{}
	until string // what ends a session

	mu      sync.Mutex
	typed   bytes.Buffer // guarded by mu, like all below
	sizes   []string
	breaks  int
	free    int
	breaker bool
}

func newHouse(lines int) *house { return &house{lines: make(chan struct{}, lines), until: "exit\r"} }

func (h *house) Reserve(network.Flow) (Line, *network.Verdict) {
	select {
	case h.lines <- struct{}{}:
		return h, nil
	default:
		return nil, &network.Verdict{Outcome: network.Refused, Reason: "no free line"}
	}
}

func (h *house) Release() { <-h.lines; h.mu.Lock(); defer h.mu.Unlock(); h.free++ }

func (h *house) Serve(_ context.Context, c *Connection) {
	c.OnResize(func(columns, rows int) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.sizes = append(h.sizes, fmt.Sprintf("%dx%d", columns, rows))
	})
	if h.breaker {
		c.OnBreak(func() { h.mu.Lock(); defer h.mu.Unlock(); h.breaks++ })
	}
	io.WriteString(c, "\r\nUsername: ")
	timer := time.AfterFunc(30*time.Second, c.Hangup)
	defer timer.Stop()
	p := make([]byte, 512)
	for {
		n, err := c.Read(p)
		h.mu.Lock()
		h.typed.Write(p[:n])
		over := strings.HasSuffix(h.typed.String(), h.until)
		h.mu.Unlock()
		if over || err != nil {
			io.WriteString(c, "\r\nbye")
			return
		}
	}
}

func (h *house) got() string { h.mu.Lock(); defer h.mu.Unlock(); return h.typed.String() }

// serve runs a server with a house in a bubble.
func serve(t *testing.T, h *house, ports []Port, f func(t *testing.T, n *network.Host, s *Server)) {
	synctest.Test(t, func(t *testing.T) {
		n := network.NewHost(network.HostOptions{})
		s := NewServer(t.Context(), h, n)
		if err := s.Apply(&Settings{Ports: ports}); err != nil {
			t.Fatal(err)
		}
		f(t, n, s)
		s.Close()
	})
}

var stranger = netip.MustParseAddrPort("10.0.0.9:40000")

func dial(t *testing.T, n *network.Host, port uint16) net.Conn {
	t.Helper()
	c, err := n.Connect("", stranger, netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), port))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var plain = []Port{{Number: 23}}

// seen reads what there is to read.
func seen(t *testing.T, c net.Conn) string {
	t.Helper()
	synctest.Wait()
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	var b strings.Builder
	io.Copy(&b, c)
	return b.String()
}

const greeting = "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f\r\nUsername: "

// A client that takes part in everything.
func TestServer(t *testing.T) {
	h := newHouse(1)
	serve(t, h, plain, func(t *testing.T, n *network.Host, s *Server) {
		c := dial(t, n, 23)
		if got := seen(t, c); got != greeting {
			t.Errorf("the server begins with %q, want %q", got, greeting)
		}
		io.WriteString(c, "\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x84\x00\x2b\xff\xf0\xff\xfa\x18\x00xterm\xff\xf0ab\r\x00")
		if got := seen(t, c); got != "" {
			t.Errorf("the server answers its own proposals with %q", got)
		}
		io.WriteString(c, "\xff\xfd\x18\xff\xfb\x27\xff\xfd\xc8\xff\xfe\x01\xff\xfe\x01\xff\xfc\x1f\xff\xfb\x03")
		if got, want := seen(t, c), "\xff\xfc\x18\xff\xfe\x27\xff\xfc\xc8\xff\xfc\x01\xff\xfe\x1f\xff\xfd\x03"; got != want {
			t.Errorf("others are answered with %q, want %q", got, want)
		}
		io.WriteString(c, "\xff\xf4\xff\xf3\xff\xf7\xff\xf8\xff\xf6exit\r\n")
		if got := seen(t, c); got != "\r\n[Yes]\r\n\r\nbye" {
			t.Errorf("the end is %q", got)
		}
		if h.got() != "ab\r\x03\x03\x7f\x15exit\r" || fmt.Sprint(h.sizes) != "[132x43]" {
			t.Errorf("typed %q, sizes %v", h.got(), h.sizes)
		}
		if h.free != 1 {
			t.Error("the line is not free while the client lingers")
		}
		c.Close()
	})
}

// A port without Telnet, one that negotiates BINARY, and a break on a line.
func TestServerModes(t *testing.T) {
	h := newHouse(2)
	h.breaker = true
	serve(t, h, []Port{{2001, Plain}, {4001, Raw}, {6001, Binary}}, func(t *testing.T, n *network.Host, s *Server) {
		c := dial(t, n, 4001)
		io.WriteString(c, "\xff\xf3\r\n")
		if got := seen(t, c); got != "\r\nUsername: " || h.got() != "\xff\xf3\r\n" {
			t.Errorf("raw: %q, typed %q", got, h.got())
		}
		b := dial(t, n, 6001)
		want := "\xff\xfb\x01\xff\xfb\x03\xff\xfb\x00\xff\xfd\x18\xff\xfd\x1f\xff\xfd\x00\r\nUsername: "
		if got := seen(t, b); got != want {
			t.Errorf("binary: %q, want %q", got, want)
		}
		io.WriteString(b, "\xff\xfd\x00\xff\xfb\x00\xff\xf3a\r\n")
		seen(t, b)
		if h.got() != "\xff\xf3\r\na\r\n" || h.breaks != 1 {
			t.Errorf("typed %q, %d breaks", h.got(), h.breaks)
		}
		c.Close()
		b.Close()
	})
}

// Ports follow the settings; a connection that exists stays, and one more than there
// are lines is refused.
func TestServerPorts(t *testing.T) {
	h := newHouse(1)
	serve(t, h, plain, func(t *testing.T, n *network.Host, s *Server) {
		c := dial(t, n, 23)
		if _, err := n.Connect("", stranger, netip.MustParseAddrPort("10.0.0.1:23")); err == nil {
			t.Error("there are more connections than lines")
		}
		s.Apply(&Settings{Ports: []Port{{Number: 2001}}})
		if s.Listens(23) || !s.Listens(2001) {
			t.Error("the ports do not follow")
		}
		s.Retire(&Settings{})
		if s.Listens(2001) {
			t.Error("the port was not given up")
		}
		io.WriteString(c, "exit\r\n")
		if got := seen(t, c); !strings.HasSuffix(got, "bye") {
			t.Errorf("the connection does not stay: %q", got)
		}
		c.Close()
	})
}

// Strangers who keep to no rule: the line is free again after the time for a question.
func TestServerHostile(t *testing.T) {
	for _, c := range []struct {
		why   string
		begin string
		again string // sent over and over, "" for silence
	}{
		{"says nothing", "", ""},
		{"a subnegotiation without an end", "\xff\xfa\x18", strings.Repeat("x", 1000)},
		{"a flood of IAC", "", strings.Repeat("\xff\xf1", 500)},
		{"a flood of proposals, and reads no answer", "", strings.Repeat("\xff\xfd\x2a", 400)},
		{"a command that never comes", "\xff", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			h := newHouse(1)
			serve(t, h, plain, func(t *testing.T, n *network.Host, s *Server) {
				conn := dial(t, n, 23)
				go func() {
					io.WriteString(conn, c.begin)
					for i := 0; c.again != "" && i < 10000; i++ {
						if _, err := io.WriteString(conn, c.again); err != nil {
							return
						}
						time.Sleep(time.Millisecond)
					}
				}()
				time.Sleep(41 * time.Second)
				synctest.Wait()
				if h.free != 1 || h.typed.Len() > 0 {
					t.Errorf("line freed %d times, typed %q", h.free, h.got())
				}
				conn.Close()
			})
		})
	}
}

// A server that is closed ends its connections, those that come at the moment too.
func TestServerCloses(t *testing.T) {
	h := newHouse(1000)
	serve(t, h, plain, func(t *testing.T, n *network.Host, s *Server) {
		for range 20 {
			dial(t, n, 23)
			go n.Connect("", stranger, netip.MustParseAddrPort("10.0.0.1:23"))
		}
		s.Close()
		if len(h.lines) > 0 || len(n.Flows()) > 0 {
			t.Errorf("%d lines are taken, %d connections live", len(h.lines), len(n.Flows()))
		}
		if err := s.Apply(&Settings{Ports: plain}); err != nil || s.Listens(23) {
			t.Errorf("a closed server listens: %v", err)
		}
	})
}

// The client and the server of this package, with each other.
func TestClient(t *testing.T) {
	h := newHouse(1)
	h.breaker = true
	synctest.Test(t, func(t *testing.T) {
		n := network.NewHost(network.HostOptions{})
		n.Apply(network.NewSettings("R1", []network.Interface{{Name: "lo", Virtual: true, Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}}}))
		s := NewServer(t.Context(), h, n)
		s.Apply(&Settings{Ports: plain})
		client := NewClient(n)
		x, err := client.Dial(t.Context(), Request{To: netip.MustParseAddrPort("10.0.0.1:23"), Type: "vt100"})
		if err != nil {
			t.Fatal(err)
		}
		x.Resize(100, 50)
		var shown bytes.Buffer
		done := make(chan struct{})
		go func() { io.Copy(&shown, x); close(done) }()
		synctest.Wait()
		if x.LocalEcho() {
			t.Error("the server does not echo")
		}
		io.WriteString(x, "a\r\xff")
		x.Special('b')
		x.Special('c')
		x.Special('z')
		x.Resize(255, 43)
		io.WriteString(x, "exit\r")
		<-done
		x.Close()
		if shown.String() != "\r\nUsername: \r\nbye" {
			t.Errorf("shown is %q", &shown)
		}
		if h.got() != "a\r\xff\x03exit\r" || h.breaks != 1 || fmt.Sprint(h.sizes) != "[100x50 255x43]" {
			t.Errorf("typed %q, %d breaks, sizes %v", h.got(), h.breaks, h.sizes)
		}
		client.Close()
		if _, err := client.Dial(t.Context(), Request{To: netip.MustParseAddrPort("10.0.0.1:23")}); err == nil {
			t.Error("a closed client connects")
		}
		s.Close()
	})
}

// What the client answers to a server that asks; what it does not know it refuses.
func TestClientAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := network.Pipe(stranger, netip.MustParseAddrPort("10.0.0.2:23"))
		x := newTerminal(NewClient(nil), pipeConn{near}, Request{Type: "vt100"})
		x.Resize(80, 24)
		done := make(chan struct{})
		go func() { io.Copy(io.Discard, x); close(done) }()
		for _, c := range []struct{ ask, answer string }{
			{"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f", "\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0"},
			{"\xff\xfa\x18\x01\xff\xf0", "\xff\xfa\x18\x00vt100\xff\xf0"},
			{"\xff\xfd\x01\xff\xfd\x27\xff\xfb\x05", "\xff\xfc\x01\xff\xfc\x27\xff\xfe\x05"},
			{"\xff\xfc\x01", "\xff\xfe\x01"},
			{"\xff\xfb\x03", ""},
		} {
			io.WriteString(far, c.ask)
			if got := seen(t, far); got != c.answer {
				t.Errorf("%q is answered with %q, want %q", c.ask, got, c.answer)
			}
		}
		if !x.LocalEcho() {
			t.Error("nobody echoes")
		}
		far.Close()
		<-done
		x.Close()
	})
}

// pipeConn is the end of a pipe as a connection of a device.
type pipeConn struct{ *network.PipeEnd }

func (pipeConn) SetTrafficClass(int) error { return nil }
func (pipeConn) Flow() network.Flow        { return network.Flow{} }
