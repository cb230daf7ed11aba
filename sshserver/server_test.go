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

	"go.uber.org/goleak"
	"golang.org/x/net/ipv4"

	"vtylab/ios/model"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// fakeHost is a device with one key, lines without end, and a log.
type fakeHost struct {
	cfg  *model.Config
	keys []ssh.Signer
	busy atomic.Bool

	version string                                                      // "" is 2.0
	listen  func(context.Context, string, string) (net.Listener, error) // nil is TCP

	mu       sync.Mutex
	logged   []string
	problems []error
	opened   int
}

func (h *fakeHost) Config() *model.Config               { return h.cfg }
func (h *fakeHost) HostKeys(*model.Config) []ssh.Signer { return h.keys }
func (h *fakeHost) Engine(*model.Config) ssh2.Config    { return ssh2.NewConfig() }
func (h *fakeHost) Version(*model.Config) string        { return cmp.Or(h.version, "2.0") }
func (h *fakeHost) Dialect() *Dialect                   { return &Dialect{} }
func (h *fakeHost) Debug(string, ...string)             {}
func (h *fakeHost) Listen(ctx context.Context, port int) (net.Listener, error) {
	h.opened++
	if h.listen != nil {
		return h.listen(ctx, "tcp", "127.0.0.1:0")
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
}

func (h *fakeHost) Problem(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problems = append(h.problems, err)
}

func (h *fakeHost) Reserve(net.Addr, int) (Line, error) {
	if h.busy.Load() {
		return nil, errors.New("all lines are busy")
	}
	return &fakeLine{}, nil
}

func (h *fakeHost) Log(facility string, severity int, mnemonic, format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.logged = append(h.logged, fmt.Sprintf("%%%s-%d-%s: ", facility, severity, mnemonic)+fmt.Sprintf(format, args...))
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
	return &fakeHost{cfg: model.New(), keys: []ssh.Signer{signer}}
}

// SSH follows the configuration: Apply may come as often as it likes.
func TestApply(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := newHost(t)
	key := h.keys
	s := New(t.Context(), h)
	defer s.Close()
	steps := []struct {
		why    string
		change func()
		listen bool
		log    string
	}{
		{"a key brings SSH up", func() {}, true, "%SSH-5-ENABLED: SSH 2.0 has been enabled"},
		{"nothing new, nothing said", func() {}, true, ""},
		{"no vty allows ssh: enabled, but closed", func() {
			h.cfg.EachLine(func(l *model.Line) { l.TransportIn = []string{"telnet"} })
		}, false, ""},
		{"one does again", func() { h.cfg.Lines.Edit(model.LineID{Kind: model.VTY}).TransportIn = []string{"ssh"} }, true, ""},
		{"the key is gone", func() { h.keys = nil }, false, "%SSH-5-DISABLED: SSH 2.0 has been disabled"},
		{"and back", func() { h.keys = key }, true, "%SSH-5-ENABLED: SSH 2.0 has been enabled"},
	}
	for _, step := range steps {
		step.change()
		if err := s.Apply(h.cfg); err != nil {
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
	h.cfg.SSH.LoggingEvents = true
	s := New(t.Context(), h)
	defer s.Close()
	if err := s.Apply(h.cfg); err != nil {
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
	log := h.log()
	for _, want := range []string{
		"%SSH-5-SSH2_SESSION: SSH2 Session request from 127.0.0.1 (tty = 0) using crypto cipher 'chacha20-poly1305@openssh.com', hmac '",
		"' Succeeded",
		"%SSH-5-SSH2_USERAUTH: User 'lab' authentication for SSH2 Session from 127.0.0.1 (tty = 0)",
		"%SSH-5-SSH2_CLOSE: SSH2 Session from 127.0.0.1 (tty = 0) for user 'lab' using crypto cipher",
		"%SSH-5-SSH2_USERAUTH: User '' authentication for SSH2 Session from 127.0.0.1",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// maxstartups bounds the connections, whoever they are.
func TestMaxStartups(t *testing.T) {
	h := newHost(t)
	h.cfg.SSH.MaxStartups = 1
	s := New(t.Context(), h)
	defer s.Close()
	if err := s.Apply(h.cfg); err != nil {
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

// `ip ssh dscp` and `ip ssh precedence` mark the packets of a connection.
func TestMark(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, c := range []struct{ dscp, precedence, class int }{{-1, -1, 0}, {46, -1, 0xb8}, {-1, 5, 0xa0}, {0, -1, 0}} {
		h := newHost(t)
		h.cfg.SSH.DSCP, h.cfg.SSH.Precedence = c.dscp, c.precedence
		came := make(chan net.Conn, 1)
		h.listen = func(ctx context.Context, network, address string) (net.Listener, error) {
			l, err := new(net.ListenConfig).Listen(ctx, network, address)
			return watched{l, came}, err
		}
		s := New(t.Context(), h)
		if err := s.Apply(h.cfg); err != nil {
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
			t.Errorf("dscp %d, precedence %d: type of service %#x, %v, want %#x", c.dscp, c.precedence, class, err, c.class)
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
	h.listen = func(ctx context.Context, network, address string) (net.Listener, error) {
		l, err := new(net.ListenConfig).Listen(ctx, network, address)
		return poor{l, &n}, err
	}
	s := New(t.Context(), h)
	defer s.Close()
	if err := s.Apply(h.cfg); err != nil {
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
	s := New(t.Context(), h)
	defer s.Close()
	if err := s.Apply(h.cfg); err != nil {
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
