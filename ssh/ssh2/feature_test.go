package ssh2

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// Packets in pieces of one byte and of 64, both ways, every cipher.
func TestDribble(t *testing.T) {
	for _, size := range []int{1, 64} {
		for _, cipher := range cipherNames() {
			t.Run(cipher, func(t *testing.T) {
				t.Parallel()
				server, client := testServer(), testClient()
				server.Algorithms.Ciphers, client.Algorithms.Ciphers = []string{cipher}, []string{cipher}
				cc, sc := memPair()
				cc.dribble, sc.dribble = size, size
				_, done := start(t, sc, server)
				c := NewClient(cc, client)
				if err := c.Handshake(t.Context()); err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				in := strings.Repeat("0123456789", 300)
				if out, _ := run(t, c, "cat", in); out != in {
					t.Errorf("cat returned %d bytes, want %d", len(out), len(in))
				}
				if err := <-done; err != nil {
					t.Errorf("Serve = %v", err)
				}
			})
		}
	}
}

// Both write megabytes without reading, through windows and TCP buffers that
// are smaller, with keys changing: nobody waits for ever.
func TestBothWriteAtOnce(t *testing.T) {
	server, client := testServer(), testClient()
	server.RekeyBytes, client.RekeyBytes = 700<<10, 900<<10
	const size = 8 << 20
	server.Handle = func(s ssh.Session) {
		read := make(chan int64)
		go func() {
			n, _ := io.Copy(io.Discard, s)
			read <- n
		}()
		s.Write(make([]byte, size))
		if n := <-read; n == size {
			s.Exit(0)
		} else {
			s.Exit(1)
		}
	}
	c, s, done := connect(t, server, client)
	x, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Shell(t.Context()); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() {
		_, err := x.Write(make([]byte, size))
		x.CloseWrite()
		wrote <- err
	}()
	for range 20 {
		s.RequestRekey()
		c.RequestRekey()
	}
	n, err := io.Copy(io.Discard, x)
	if n != size || err != nil {
		t.Errorf("read %d, %v; want %d", n, err, size)
	}
	if err := <-wrote; err != nil {
		t.Errorf("write: %v", err)
	}
	if status, err := x.Wait(); status != 0 || err != nil {
		t.Errorf("Wait = %d, %v", status, err)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

// Terminal, window-change and standard error.
func TestShell(t *testing.T) {
	server := testServer()
	sizes := make(chan ssh.Window, 10)
	server.Handle = func(s ssh.Session) {
		s.OnWindowChange(func(w ssh.Window) { sizes <- w })
		sizes <- s.PTY().Window
		if s.PTY().Term != "vt100" || s.PTY().Modes[53] != 1 || s.Kind() != ssh.Shell {
			t.Errorf("pty %+v, kind %v", s.PTY(), s.Kind())
		}
		io.Copy(s.Stderr(), s)
		s.Exit(-1)
	}
	c, _, _ := connect(t, server, testClient())
	x, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 511, Rows: 1000}, Modes: map[byte]uint32{53: 1, 128: 9600}}
	if err := x.RequestPTY(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := x.Shell(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-sizes; got != p.Window {
		t.Errorf("size %v, want %v", got, p.Window)
	}
	want := ssh.Window{Columns: 80, Rows: 24}
	if err := x.WindowChange(want); err != nil {
		t.Fatal(err)
	}
	if got := <-sizes; got != want {
		t.Errorf("size %v, want %v", got, want)
	}
	io.WriteString(x, "oops")
	x.CloseWrite()
	if out, _ := io.ReadAll(x.Stderr()); string(out) != "oops" {
		t.Errorf("standard error %q", out)
	}
	if status, err := x.Wait(); status != -1 || err != nil {
		t.Errorf("Wait = %d, %v", status, err)
	}
}

// Output and standard error in one, in their order; more than the window of it.
func TestMerge(t *testing.T) {
	const lines = 200_000
	server := testServer()
	server.Handle = func(s ssh.Session) {
		for range lines {
			io.WriteString(s, "out\n")
			io.WriteString(s.Stderr(), "err\n")
		}
		s.Exit(0)
	}
	c, _, _ := connect(t, server, testClient())
	x, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x.Merge()
	if err := x.Exec(t.Context(), "both"); err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(x); err != nil || string(all) != strings.Repeat("out\nerr\n", lines) {
		t.Errorf("%d bytes were read, %v", len(all), err)
	}
}

// A second program on a channel, an unknown request, a subsystem.
func TestRequestsRefused(t *testing.T) {
	c, _, done := connect(t, testServer(), testClient())
	x, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Shell(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.Exec(t.Context(), "cat"); err != ErrRequestRefused {
		t.Errorf("second program: %v", err)
	}
	if err := x.startRequest(t.Context(), "auth-agent-req@openssh.com", nil); err != ErrRequestRefused {
		t.Errorf("agent: %v", err)
	}
	_, err = c.Open(t.Context())
	if open := (*OpenError)(nil); !errors.As(err, &open) || open.Reason != openShortage || open.Text != "" {
		t.Errorf("second session: %v", err)
	}
	if err := x.Subsystem(t.Context(), "sftp"); err != ErrRequestRefused {
		t.Errorf("subsystem: %v", err)
	}
	if err := <-done; err != ErrSubsystem {
		t.Errorf("Serve = %v, want %v", err, ErrSubsystem)
	}
}

// Several sessions at once, when the configuration has it.
func TestManySessions(t *testing.T) {
	server := testServer()
	server.MaxChannels = 10
	c, _, done := connect(t, server, testClient())
	keep, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := keep.Shell(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		if _, status := run(t, c, "status 3", ""); status != 3 {
			t.Fatalf("status %d", status)
		}
	}
	keep.CloseWrite()
	keep.Wait()
	if err := <-done; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

// Every way to log in, and what the Authenticator is asked.
func TestAuthentication(t *testing.T) {
	password := func(answers ...string) ClientAuth {
		return Password(len(answers), func(context.Context) (string, error) {
			a := answers[0]
			answers = answers[1:]
			return a, nil
		})
	}
	interactive := func(rounds ...string) ClientAuth {
		return KeyboardInteractive(3, func(_ context.Context, _, _ string, prompts []ssh.Prompt) ([]string, error) {
			var a []string
			for range prompts {
				a, rounds = append(a, rounds[0]), rounds[1:]
			}
			return a, nil
		})
	}
	changePassword := func(ask ssh.Challenge) bool {
		a, err := ask("", "", []ssh.Prompt{{Text: "Password: "}})
		if err != nil || a[0] != "old" {
			return false
		}
		a, err = ask("", "Your password has expired.", []ssh.Prompt{{Text: "New Password: "}, {Text: "Re-enter New password: "}})
		return err == nil && a[0] == a[1]
	}
	tests := []struct {
		name   string
		server *testAuth
		client []ClientAuth
		ok     bool
		calls  []string
	}{
		{"none", &testAuth{none: true}, nil, true, []string{"none cisco"}},
		{"second password", &testAuth{}, []ClientAuth{password("a", "cisco")}, true,
			[]string{"none cisco", "password cisco a", "password cisco cisco"}},
		{"keyboard-interactive then password", &testAuth{}, []ClientAuth{interactive("a", "b"), password("cisco")}, false,
			[]string{"none cisco", "interactive cisco", "interactive cisco", "interactive cisco"}},
		{"two rounds", &testAuth{ask: changePassword}, []ClientAuth{interactive("old", "new", "new")}, true,
			[]string{"none cisco", "interactive cisco"}},
		{"no questions", &testAuth{ask: func(ask ssh.Challenge) bool { _, err := ask("", "", nil); return err == nil }},
			[]ClientAuth{interactive()}, true, []string{"none cisco", "interactive cisco"}},
		{"method not offered", &testAuth{methods: []string{"password"}}, []ClientAuth{interactive("cisco"), password("cisco")}, true,
			[]string{"none cisco", "password cisco cisco"}},
		{"rsa key", &testAuth{key: rsa1024().Blob()}, []ClientAuth{PublicKeys(ecdsa256(), rsa1024())}, true,
			[]string{"none cisco", "publickey cisco ecdsa-sha2-nistp256", "publickey cisco rsa-sha2-512", "publickey cisco rsa-sha2-512", "proved cisco rsa-sha2-512"}},
		{"ed25519 key", &testAuth{key: ed25519K().Blob()}, []ClientAuth{PublicKeys(ed25519K())}, true,
			[]string{"none cisco", "publickey cisco ssh-ed25519", "publickey cisco ssh-ed25519", "proved cisco ssh-ed25519"}},
		{"a key that does not let in after all", &testAuth{key: ed25519K().Blob(), unproved: true}, []ClientAuth{PublicKeys(ed25519K())}, false,
			[]string{"none cisco", "publickey cisco ssh-ed25519", "publickey cisco ssh-ed25519", "proved cisco ssh-ed25519"}},
		{"ecdsa key", &testAuth{key: ecdsa521().Blob()}, []ClientAuth{PublicKeys(ecdsa521())}, true,
			[]string{"none cisco", "publickey cisco ecdsa-sha2-nistp521", "publickey cisco ecdsa-sha2-nistp521", "proved cisco ecdsa-sha2-nistp521"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server, client := testServer(), testClient()
			server.Auth, client.Auth = tt.server, tt.client
			client.User = "cisco"
			if tt.name == "keyboard-interactive then password" {
				client.Auth[0] = interactive("a", "b", "c")
			}
			cc, sc := memPair()
			s, done := start(t, sc, server)
			c := NewClient(cc, client)
			err := c.Handshake(t.Context())
			if (err == nil) != tt.ok {
				t.Errorf("Handshake = %v", err)
			}
			if tt.ok && s.Info().User != "cisco" {
				// The server knows the user before it says SUCCESS.
				t.Errorf("user %q", s.Info().User)
			}
			c.Close()
			<-done
			if diff := cmp.Diff(tt.calls, tt.server.calls); diff != "" {
				t.Errorf("the Authenticator was asked (-want +got):\n%s", diff)
			}
		})
	}
}

// A signature made for something else is refused.
func TestForgedSignatures(t *testing.T) {
	forge := map[string]func(p *script) (id []byte, user, algorithm string, signer ssh.Signer){
		"another session": func(p *script) ([]byte, string, string, ssh.Signer) {
			return make([]byte, 32), "cisco", ssh.KeyECDSA256, ecdsa256()
		},
		"another user": func(p *script) ([]byte, string, string, ssh.Signer) {
			return p.kex.sessionID, "lab", ssh.KeyECDSA256, ecdsa256()
		},
		"another algorithm": func(p *script) ([]byte, string, string, ssh.Signer) {
			return p.kex.sessionID, "cisco", ssh.KeyEd25519, ecdsa256()
		},
	}
	for name, f := range forge {
		t.Run(name, func(t *testing.T) {
			cfg := testServer()
			cfg.Auth = &testAuth{key: ecdsa256().Blob()}
			hostile(t, cfg, func(p *script, _ *memConn) {
				p.keyExchange(nil)
				p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
				p.want(msgServiceAccept)
				id, user, algorithm, key := f(p)
				sig, err := key.Sign(nil, key.Algorithms()[0], signedRequest(id, user, algorithm, key.Blob()))
				if err != nil {
					t.Fatal(err)
				}
				p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "publickey", encode(&authPublicKey{
					Signed: true, Algorithm: ssh.KeyECDSA256, Blob: key.Blob(), Signature: wire.AppendString(nil, string(sig))})}))
				p.want(msgAuthFailure)
			})
		})
	}
}

// A client may give up a question by another request (RFC 4256 section 3.1).
func TestInteractiveAbandoned(t *testing.T) {
	err := hostile(t, testServer(), func(p *script, _ *memConn) {
		p.keyExchange(nil)
		p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
		p.want(msgServiceAccept)
		p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "keyboard-interactive", encode(&authInteractive{})}))
		p.want(msgInfoRequest)
		p.password("cisco", "cisco")
		p.want(msgAuthSuccess)
	})
	if !errors.Is(err, io.EOF) {
		t.Errorf("Serve = %v, want EOF", err)
	}
}

// Sequence numbers start anew with strict key exchange, and IGNORE before
// NEWKEYS ends it (Terrapin).
func TestStrictKex(t *testing.T) {
	server, client := testServer(), testClient()
	server.StrictKex, client.StrictKex = true, true
	c, _, _ := connect(t, server, client)
	if !c.t.kex.strict || c.t.in.seq > 10 {
		t.Errorf("strict %v, sequence number %d", c.t.kex.strict, c.t.in.seq)
	}
	if out, _ := run(t, c, "cat", "x"); out != "x" {
		t.Errorf("cat = %q", out)
	}
	cfg := testServer()
	cfg.StrictKex = true
	err := hostile(t, cfg, func(p *script, _ *memConn) {
		p.cfg.StrictKex = true
		p.identified()
		p.send(raw(msgIgnore, 0, 0, 0, 0))
		m, _ := p.kexInit()
		p.send(encode(m))
	})
	if err == nil || !strings.Contains(err.Error(), "strict") {
		t.Errorf("Serve = %v, want a violation of strict key exchange", err)
	}
}

// The callbacks that syslog hangs on are called whatever Trace is.
func TestObservers(t *testing.T) {
	server := testServer()
	var calls []string
	server.OnKex = func(i ssh.ConnInfo, err error) {
		calls = append(calls, "kex "+i.In.Cipher+" "+i.In.MAC, i.User)
	}
	server.OnAuth = func(i ssh.ConnInfo, err error) { calls = append(calls, "auth "+i.User) }
	c, _, done := connect(t, server, testClient())
	c.Close()
	<-done
	want := []string{"kex chacha20-poly1305@openssh.com hmac-sha2-256-etm@openssh.com", "", "auth cisco"}
	if !slices.Equal(calls, want) {
		t.Errorf("calls %q, want %q", calls, want)
	}
}

// The client refuses a host key its callback refuses, and says so.
func TestHostKeyRefused(t *testing.T) {
	client := testClient()
	client.HostKey = func(context.Context, string, []byte) error { return errTest }
	cc, sc := memPair()
	_, done := start(t, sc, testServer())
	err := NewClient(cc, client).Handshake(t.Context())
	if !errors.Is(err, ssh.ErrHostKey) || !errors.Is(err, errTest) {
		t.Errorf("Handshake = %v", err)
	}
	var d *ssh.DisconnectError
	if err := <-done; !errors.As(err, &d) {
		t.Errorf("Serve = %v, want a DISCONNECT", err)
	}
}

// The context given to Handshake ends it.
func TestHandshakeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cc, _ := memPair()
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errTest)
		defer cancel()
		if err := NewClient(cc, testClient()).Handshake(ctx); err != errTest {
			t.Errorf("Handshake = %v, want %v", err, errTest)
		}
	})
}

// The identification lines may be exchanged before the engine is chosen; what
// came behind the client's line is not lost.
func TestIdentifiedBefore(t *testing.T) {
	cc, sc := memPair()
	cfg := testServer()
	cfg.Version = "SSH-1.99-Cisco-1.25"
	done := make(chan error, 1)
	go func() {
		if err := ssh.WriteIdent(sc, cfg.Version, "\n"); err != nil {
			done <- err
			return
		}
		line, rest, err := ssh.ReadIdent(sc, false)
		if err != nil {
			done <- err
			return
		}
		if len(rest) == 0 {
			t.Error("the KEXINIT did not come with the line")
		}
		s := NewServer(sc, cfg)
		s.Identified(ssh.Idents{Local: cfg.Version, Remote: line, Rest: rest})
		done <- s.Serve(t.Context())
	}()
	client := testClient()
	line, rest, err := ssh.ReadIdent(cc, true)
	if err != nil {
		t.Fatal(err)
	}
	c := NewClient(&holdFirst{memConn: cc, held: []byte("SSH-2.0-client\r\n")}, client)
	c.Identified(ssh.Idents{Local: "SSH-2.0-client", Remote: line, Rest: rest})
	if err := c.Handshake(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out, _ := run(t, c, "cat", "x"); out != "x" {
		t.Errorf("cat = %q", out)
	}
	c.Close()
	if err := <-done; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

// holdFirst puts bytes before the first write, in one piece with it.
type holdFirst struct {
	*memConn
	held []byte
}

func (h *holdFirst) Write(p []byte) (int, error) {
	if h.held == nil {
		return h.memConn.Write(p)
	}
	b := append(h.held, p...)
	h.held = nil
	_, err := h.memConn.Write(b)
	return len(p), err
}
