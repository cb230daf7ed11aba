package ssh2

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"vtylab/ssh"
)

// Keys are made once: they are slow to make and tests do not change them.
var (
	rsa768   = sync.OnceValue(func() ssh.Signer { return mustKey(rsa.GenerateKey(rand.Reader, 768)) })
	rsa1024  = sync.OnceValue(func() ssh.Signer { return mustKey(rsa.GenerateKey(rand.Reader, 1024)) })
	rsa2048  = sync.OnceValue(func() ssh.Signer { return mustKey(rsa.GenerateKey(rand.Reader, 2048)) })
	ecdsa256 = sync.OnceValue(func() ssh.Signer { return mustKey(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	ecdsa384 = sync.OnceValue(func() ssh.Signer { return mustKey(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)) })
	ecdsa521 = sync.OnceValue(func() ssh.Signer { return mustKey(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)) })
	ed25519K = sync.OnceValue(func() ssh.Signer {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return mustKey(key, err)
	})
)

func mustKey[K crypto.Signer](key K, err error) ssh.Signer {
	if err != nil {
		panic(err)
	}
	s, err := ssh.NewSigner(key)
	if err != nil {
		panic(err)
	}
	return s
}

// testAuth accepts user cisco with password cisco, one key, or nobody.
type testAuth struct {
	methods  []string
	banner   string
	none     bool
	user     string // cisco unless set
	password string // likewise
	key      []byte
	unproved bool // a key whose signature is right is refused all the same
	ask      func(ask ssh.Challenge) bool

	mu    sync.Mutex
	calls []string
}

func (a *testAuth) log(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, fmt.Sprintf(format, args...))
}

func (a *testAuth) Methods(string) []string {
	if a.methods != nil {
		return a.methods
	}
	return []string{"publickey", "keyboard-interactive", "password"}
}
func (a *testAuth) Banner() string                           { return a.banner }
func (a *testAuth) None(_ context.Context, user string) bool { a.log("none %s", user); return a.none }
func (a *testAuth) Password(_ context.Context, user, password string) bool {
	a.log("password %s %s", user, password)
	return a.known(user) && password == a.wanted()
}
func (a *testAuth) wanted() string {
	if a.password == "" {
		return "cisco"
	}
	return a.password
}
func (a *testAuth) known(user string) bool { return user == a.user || a.user == "" && user == "cisco" }
func (a *testAuth) KeyboardInteractive(_ context.Context, user string, ask ssh.Challenge) bool {
	a.log("interactive %s", user)
	if a.ask != nil {
		return a.ask(ask)
	}
	answers, err := ask("", "", []ssh.Prompt{{Text: "Password: "}})
	return err == nil && a.known(user) && answers[0] == a.wanted()
}
func (a *testAuth) PublicKey(_ context.Context, user string, key ssh.PublicKey) bool {
	if key.Proved {
		a.log("proved %s %s", user, key.Algorithm)
		return !a.unproved && a.known(user)
	}
	a.log("publickey %s %s", user, key.Algorithm)
	return a.known(user) && a.key != nil && string(key.Blob) == string(a.key)
}

// testServer is a configuration that runs testProgram for everybody.
func testServer() *ServerConfig {
	cfg := &ServerConfig{Config: NewConfig(), HostKeys: []ssh.Signer{ecdsa256()}, Auth: &testAuth{}, Handle: testProgram}
	cfg.FirstChannelID = 3
	cfg.MinDHBits = 1024
	return cfg
}

func testClient() *ClientConfig {
	cfg := &ClientConfig{Config: NewConfig(), User: "cisco", HostKey: anyHost}
	cfg.MinDHBits = 1024
	cfg.Auth = []ClientAuth{Password(1, func(context.Context) (string, error) { return "cisco", nil })}
	return cfg
}

func anyHost(context.Context, string, []byte) error { return nil }

// testProgram: a shell echoes, "cat" copies its input, "status N" exits with
// N, "send N" writes N bytes, "sink" reads all.
func testProgram(s ssh.Session) {
	if s.Kind() == ssh.Shell {
		if p := s.PTY(); p != nil {
			fmt.Fprintf(s, "%s %dx%d\r\n", p.Term, p.Window.Columns, p.Window.Rows)
		}
		io.Copy(s, s)
		s.Exit(0)
		return
	}
	var n int
	command, arg, _ := strings.Cut(s.Command(), " ")
	fmt.Sscan(arg, &n)
	switch command {
	case "cat":
		io.Copy(s, s)
		s.Exit(0)
	case "status":
		fmt.Fprintln(s.Stderr(), "bye")
		s.Exit(n)
	case "send":
		if m, err := s.Write(make([]byte, n)); m != n || err != nil {
			panic(fmt.Sprintf("wrote %d of %d: %v", m, n, err))
		}
		s.Exit(0)
	case "sink":
		got, _ := io.Copy(io.Discard, s)
		fmt.Fprintln(s, got)
		s.Exit(0)
	}
}

// tcpPair is a loopback TCP connection.
func tcpPair(tb testing.TB) (client, server net.Conn) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	type accepted struct {
		c   net.Conn
		err error
	}
	ch := make(chan accepted, 1)
	go func() {
		c, err := l.Accept()
		ch <- accepted{c, err}
	}()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	a := <-ch
	if a.err != nil {
		tb.Fatal(a.err)
	}
	tb.Cleanup(func() { client.Close(); a.c.Close() })
	return client, a.c
}

// start serves conn in a goroutine; the channel gets what Serve returns.
func start(tb testing.TB, conn net.Conn, cfg *ServerConfig) (*Server, <-chan error) {
	s := NewServer(conn, cfg)
	done := make(chan error, 1)
	exited := make(chan struct{})
	go func() {
		done <- s.Serve(context.Background())
		close(exited)
	}()
	tb.Cleanup(func() {
		s.Close()
		<-exited
	})
	return s, done
}

// connect joins a client and a server of ours.
func connect(tb testing.TB, server *ServerConfig, client *ClientConfig) (*Client, *Server, <-chan error) {
	tb.Helper()
	cc, sc := tcpPair(tb)
	s, done := start(tb, sc, server)
	c := NewClient(cc, client)
	if err := c.Handshake(tb.Context()); err != nil {
		select {
		case serverErr := <-done:
			tb.Fatalf("handshake: %v; server: %v", err, serverErr)
		default:
			tb.Fatalf("handshake: %v", err)
		}
	}
	tb.Cleanup(func() { c.Close() })
	return c, s, done
}

// run executes a command and returns its output and status.
func run(tb testing.TB, c *Client, command, input string) (string, int) {
	tb.Helper()
	x, err := c.Open(tb.Context())
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	if err := x.Exec(tb.Context(), command); err != nil {
		tb.Fatalf("exec %q: %v", command, err)
	}
	go func() {
		io.WriteString(x, input)
		x.CloseWrite()
	}()
	out, err := io.ReadAll(x)
	if err != nil {
		tb.Fatalf("exec %q: reading: %v", command, err)
	}
	status, err := x.Wait()
	if err != nil {
		tb.Fatalf("exec %q: %v", command, err)
	}
	return string(out), status
}

var errTest = errors.New("test error")
