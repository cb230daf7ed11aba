package sshserver

import (
	"bufio"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/ipv4"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// fakeHost is a device with one key, lines without end, and a log.
type fakeHost struct {
	keys         []ssh.Signer
	algorithms   Algorithms
	maxStartups  int
	trafficClass int
	closed       bool // no line takes SSH
	busy         atomic.Bool

	version string                                                      // "" is 2.0
	listen  func(context.Context, string, string) (net.Listener, error) // nil is TCP

	mu       sync.Mutex
	logged   []string
	problems []error
	opened   int
}

// settings are what the server is shown.
func (h *fakeHost) settings() *Settings {
	x := &Settings{Software: "Cisco-1.25", MaxStartups: h.maxStartups, HostKeys: h.keys, Algorithms: h.algorithms,
		TimeOut: 2 * time.Minute, Retries: 3, TrafficClass: h.trafficClass}
	if len(h.keys) > 0 {
		x.Version = cmp.Or(h.version, "2.0")
		if !h.closed {
			x.Ports = []int{Port}
		}
	}
	return x
}

func (h *fakeHost) Trace(int) (ssh.Trace, int) { return nil, 0 }
func (h *fakeHost) Report(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := e.(type) {
	case Enabled:
		h.logged = append(h.logged, "enabled "+e.Version)
	case Disabled:
		h.logged = append(h.logged, "disabled "+e.Version)
	case Keyed:
		h.logged = append(h.logged, fmt.Sprint("keyed ", e.Err == nil))
	case Authenticated:
		h.logged = append(h.logged, fmt.Sprintf("authenticated %q %v", e.Info.User, e.Err == nil))
	case Ended:
		h.logged = append(h.logged, fmt.Sprintf("ended %q keyed %v shell %v", e.Info.User, e.Keyed, e.Shell))
	}
}

// network is the host's network, on which ports of the device are those that the
// host gives.
func (h *fakeHost) network() *network.Host {
	return network.NewHost(network.HostOptions{Carriers: network.Carriers{{Address: "127.0.0.1:0"}}, Problem: h.Problem,
		Listen: func(ctx context.Context, protocol, address string) (net.Listener, error) {
			h.opened++
			if h.listen != nil {
				return h.listen(ctx, protocol, address)
			}
			return new(net.ListenConfig).Listen(ctx, protocol, address)
		}})
}

// serve makes a server with its network.
func serve(t *testing.T, h *fakeHost) *testServer {
	stack := h.network()
	return &testServer{New(t.Context(), h, stack), stack}
}

// testServer is a server that tests reach.
type testServer struct {
	*Server
	stack *network.Host
}

// Addr is where a port of the device is on the host, nil while it is closed.
func (s *testServer) Addr(port int) net.Addr {
	all := s.stack.Addrs(uint16(port))
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

func (h *fakeHost) Problem(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problems = append(h.problems, err)
}

func (h *fakeHost) Reserve(network.Flow) (Line, *network.Verdict) {
	if h.busy.Load() {
		return nil, &network.Verdict{Outcome: network.Refused, Reason: "all lines are busy"}
	}
	return &fakeLine{}, nil
}

func (h *fakeHost) log() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	text := strings.Join(h.logged, "\n")
	h.logged = nil
	return text
}

// fakeLine lets lab/lab in and answers every session with a word.
type fakeLine struct{ ssh.Authenticator }

func (fakeLine) Methods(string) []string                               { return []string{"password"} }
func (fakeLine) Banner() string                                        { return "" }
func (fakeLine) None(context.Context, string) bool                     { return false }
func (fakeLine) Password(_ context.Context, u, p string) bool          { return u == "lab" && p == "lab" }
func (fakeLine) PublicKey(context.Context, string, ssh.PublicKey) bool { return false }
func (fakeLine) Connected(*Connection)                                 {}
func (fakeLine) Authenticated(string)                                  {}
func (fakeLine) Release()                                              {}
func (fakeLine) Handle(s ssh.Session)                                  { io.WriteString(s, "hello"); s.Exit(0) }

func newHost(t *testing.T) *fakeHost {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	a := ssh2.NewConfig().Algorithms
	return &fakeHost{keys: []ssh.Signer{signer}, maxStartups: 128, trafficClass: -1,
		algorithms: Algorithms{Kex: a.Kex, Ciphers: a.Ciphers, MACs: a.MACs, HostKey: a.HostKey, PublicKey: a.PublicKey}}
}

// SSH follows the configuration: Apply may come as often as it likes.
func TestApply(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := newHost(t)
	key := h.keys
	s := serve(t, h)
	defer s.Close()
	steps := []struct {
		why    string
		change func()
		listen bool
		log    string
	}{
		{"a key brings SSH up", func() {}, true, "enabled 2.0"},
		{"nothing new, nothing said", func() {}, true, ""},
		{"no vty allows ssh: enabled, but closed", func() {
			h.closed = true
		}, false, ""},
		{"one does again", func() { h.closed = false }, true, ""},
		{"the key is gone", func() { h.keys = nil }, false, "disabled 2.0"},
		{"and back", func() { h.keys = key }, true, "enabled 2.0"},
	}
	for _, step := range steps {
		step.change()
		if err := s.Apply(h.settings()); err != nil {
			t.Fatal(err)
		}
		if got := s.Addr(Port) != nil; got != step.listen {
			t.Errorf("%s: listening is %v", step.why, got)
		}
		if got := h.log(); got != step.log {
			t.Errorf("%s: logged %q, want %q", step.why, got, step.log)
		}
	}
	if h.opened != 3 {
		t.Errorf("the port was opened %d times, want 3", h.opened)
	}
}

// login runs a client against the server; the error is the client's.
func login(t *testing.T, addr net.Addr, user string) (string, error) {
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		return "", err
	}
	c := ssh2.NewClient(conn, &ssh2.ClientConfig{Config: ssh2.NewConfig(), User: user,
		Auth:    []ssh2.ClientAuth{ssh2.Password(1, func(context.Context) (string, error) { return "lab", nil })},
		HostKey: func(context.Context, string, []byte) error { return nil }})
	defer c.Close()
	if err := c.Handshake(t.Context()); err != nil {
		return "", err
	}
	x, err := c.Open(t.Context())
	if err != nil {
		return "", err
	}
	if err := x.Exec(t.Context(), "show clock"); err != nil {
		return "", err
	}
	out, err := io.ReadAll(x)
	return string(out), err
}

func TestConnections(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := newHost(t)
	s := serve(t, h)
	defer s.Close()
	if err := s.Apply(h.settings()); err != nil {
		t.Fatal(err)
	}
	addr := s.Addr(Port)
	if out, err := login(t, addr, "lab"); out != "hello" {
		t.Errorf("login: %q %v", out, err)
	}
	if _, err := login(t, addr, "eve"); err == nil {
		t.Error("a wrong user logged in")
	}
	h.busy.Store(true)
	if _, err := login(t, addr, "lab"); err == nil {
		t.Error("logged in without a line")
	}
	s.Close()
	const want = `enabled 2.0
keyed true
authenticated "lab" true
ended "lab" keyed true shell false
keyed true
authenticated "" false
ended "" keyed true shell false`
	if got := h.log(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// maxstartups bounds the connections, whoever they are.
func TestMaxStartups(t *testing.T) {
	h := newHost(t)
	h.maxStartups = 1
	s := serve(t, h)
	defer s.Close()
	if err := s.Apply(h.settings()); err != nil {
		t.Fatal(err)
	}
	first, err := net.Dial("tcp", s.Addr(Port).String())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := first.Read(make([]byte, 1)); err != nil { // it has its slot
		t.Fatal(err)
	}
	if _, err := login(t, s.Addr(Port), "lab"); err == nil {
		t.Error("logged in beyond maxstartups")
	}
}

// watched is a listener whose connections can be looked at.
type watched struct {
	net.Listener
	came chan net.Conn
}

func (l watched) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.came <- c
	}
	return c, err
}

// A traffic class marks the packets of a connection.
func TestMark(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, c := range []struct{ set, class int }{{-1, 0}, {0xb8, 0xb8}, {0xa0, 0xa0}, {0, 0}} {
		h := newHost(t)
		h.trafficClass = c.set
		came := make(chan net.Conn, 1)
		h.listen = func(ctx context.Context, protocol, address string) (net.Listener, error) {
			l, err := new(net.ListenConfig).Listen(ctx, protocol, address)
			return watched{l, came}, err
		}
		s := serve(t, h)
		if err := s.Apply(h.settings()); err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", s.Addr(Port).String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err != nil { // it was marked before
			t.Fatal(err)
		}
		if class, err := ipv4.NewConn(<-came).TOS(); class != c.class || err != nil {
			t.Errorf("traffic class %#x: type of service %#x, %v, want %#x", c.set, class, err, c.class)
		}
		conn.Close()
		s.Close()
	}
}

// poor is a listener that has no descriptor left, n times.
type poor struct {
	net.Listener
	n *atomic.Int32
}

func (l poor) Accept() (net.Conn, error) {
	if l.n.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

// Accept may fail for a while; the server is there when it works again.
func TestAcceptRecovers(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := newHost(t)
	var n atomic.Int32
	n.Store(3)
	h.listen = func(ctx context.Context, protocol, address string) (net.Listener, error) {
		l, err := new(net.ListenConfig).Listen(ctx, protocol, address)
		return poor{l, &n}, err
	}
	s := serve(t, h)
	defer s.Close()
	if err := s.Apply(h.settings()); err != nil {
		t.Fatal(err)
	}
	if out, err := login(t, s.Addr(Port), "lab"); out != "hello" {
		t.Errorf("login after three failures of Accept: %q %v", out, err)
	}
	s.Close()
	if len(h.problems) != 3 || !errors.Is(h.problems[0], syscall.EMFILE) {
		t.Errorf("the operator is told %v, want three times of too many open files", h.problems)
	}
}

// A server that is up as 1.5 says so and never speaks SSH-2, whatever the
// configuration has.
func TestVersion1(t *testing.T) {
	h := newHost(t)
	h.version = "1.5"
	s := serve(t, h)
	defer s.Close()
	if err := s.Apply(h.settings()); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", s.Addr(Port).String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	if line, err := r.ReadString('\n'); line != "SSH-1.5-Cisco-1.25\n" {
		t.Errorf("identification %q, %v", line, err)
	}
	io.WriteString(conn, "SSH-2.0-test\r\n")
	if rest, _ := io.ReadAll(r); len(rest) != 0 {
		t.Errorf("to an SSH-2 client it says %q", rest)
	}
}
