package sshclient_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/foreign"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshclient"
)

// device is a host of the client that only counts.
type device struct {
	unmatched []*ssh.NoMatchError
	traced    int
	problems  []error
}

func (d *device) ClientTrace(int) (ssh.Trace, int) { d.traced++; return nil, 0 }
func (d *device) Unmatched(e *ssh.NoMatchError)    { d.unmatched = append(d.unmatched, e) }
func (d *device) Problem(_ string, err error)      { d.problems = append(d.problems, err) }

// scene is a client at 10.0.0.1 beside a server at 10.0.0.9, in a bubble.
type scene struct {
	*sshclient.Client
	t       *testing.T
	device  *device
	node    *network.Node
	server  *network.Node
	asked   []string // the prompts, with what came before them
	answers []string // to them in turn; none gives up
	banner  string
}

var errGivenUp = errors.New("the user has given up")

// beside runs f in a bubble; serve has the connections to port 22, nil where nobody listens.
func beside(t *testing.T, serve func(network.Conn), f func(s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		fabric := network.NewFabric(network.FabricOptions{})
		wire := fabric.Segment("wire")
		plug := func(name, address string) *network.Node {
			n, err := fabric.Add(name)
			if err != nil {
				t.Fatal(err)
			}
			fabric.Connect(n, "eth0", wire)
			n.Apply(network.NewSettings(name, []network.Interface{
				{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix(address + "/24")}},
				{Name: "lo0", Up: true, Virtual: true, Addresses: []netip.Prefix{netip.MustParsePrefix("1.1.1." + address[7:] + "/32")}},
			}, network.Route{To: netip.MustParsePrefix("1.1.1.1/32"), Via: netip.MustParseAddr("10.0.0.1")}))
			return n
		}
		s := &scene{t: t, device: &device{}, node: plug("client", "10.0.0.1"), server: plug("server", "10.0.0.9")}
		if serve != nil {
			_, err := s.server.Listen(network.Port{Proto: network.TCP, Number: 22}, func(network.Flow) (network.Handler, *network.Verdict) { return serve, nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		s.Client = sshclient.New(s.device, s.node, rand.Reader)
		s.Apply(settings())
		f(s)
		s.Close()
		time.Sleep(time.Minute) // for the server to notice
		if flows := s.node.Flows(); len(flows) > 0 {
			t.Errorf("%d connections are left", len(flows))
		}
	})
}

func settings() *sshclient.Settings {
	return &sshclient.Settings{Version: "1.99", Software: "Cisco-1.25", TrafficClass: -1, MinDHBits: 2048, Negotiation: 2 * time.Minute,
		Algorithms: sshclient.Algorithms{Kex: []string{"diffie-hellman-group14-sha1"}, Ciphers: []string{"aes128-ctr"}, MACs: []string{"hmac-sha1"}, HostKey: []string{"ssh-rsa"}}}
}

// request asks for a connection of user cisco, whose prompts the scene answers.
func (s *scene) request() sshclient.Request {
	return sshclient.Request{User: "cisco", Name: "server", To: netip.MustParseAddrPort("10.0.0.9:22"), Tries: 3,
		Banner: func(text string) { s.banner += text },
		Answer: func(_ context.Context, before string, p ssh.Prompt) (string, error) {
			s.asked = append(s.asked, before+"|"+p.Text)
			if len(s.answers) == 0 {
				return "", errGivenUp
			}
			answer := s.answers[0]
			s.answers = s.answers[1:]
			return answer, nil
		}}
}

// accepts is a server that lets in who has the password letmein.
func accepts(change func(*xssh.ServerConfig)) func(network.Conn) {
	cfg := &xssh.ServerConfig{MaxAuthTries: -1, PasswordCallback: func(_ xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) {
		if string(password) != "letmein" {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	cfg.KeyExchanges, cfg.Ciphers, cfg.MACs = []string{"diffie-hellman-group14-sha1"}, []string{"aes128-ctr"}, []string{"hmac-sha1"}
	cfg.AddHostKey(foreign.HostKey())
	if change != nil {
		change(cfg)
	}
	return func(c network.Conn) {
		conn, channels, requests, err := xssh.NewServerConn(c, cfg)
		if err != nil {
			return
		}
		defer conn.Close()
		go xssh.DiscardRequests(requests)
		for n := range channels {
			if ch, requests, err := n.Accept(); err == nil {
				serveSession(ch, requests)
			}
		}
	}
}

// serveSession says which requests there were, then echoes. It refuses a terminal.
func serveSession(ch xssh.Channel, requests <-chan *xssh.Request) {
	for r := range requests {
		r.Reply(r.Type != "pty-req", nil)
		if r.Type != "pty-req" {
			fmt.Fprintf(ch, "%s %s;", r.Type, strings.TrimLeft(string(r.Payload), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t"))
			break
		}
	}
	go xssh.DiscardRequests(requests)
	io.Copy(ch, ch)
	ch.Close()
}

// asks is a server that asks by keyboard-interactive, so often at most.
func asks(name, instruction string, prompts ...string) func(*xssh.ServerConfig) {
	return func(cfg *xssh.ServerConfig) {
		cfg.KeyboardInteractiveCallback = func(_ xssh.ConnMetadata, ask xssh.KeyboardInteractiveChallenge) (*xssh.Permissions, error) {
			answers, err := ask(name, instruction, prompts, make([]bool, len(prompts)))
			if err == nil && !slices.Contains(answers, "letmein") {
				err = errors.New("no")
			}
			return nil, err
		}
	}
}

// What a user is asked, method by method and try by try.
func TestPrompts(t *testing.T) {
	const password = "|Password: "
	onlyAsks := func(name, instruction string, prompts ...string) func(*xssh.ServerConfig) {
		return func(cfg *xssh.ServerConfig) { cfg.PasswordCallback = nil; asks(name, instruction, prompts...)(cfg) }
	}
	for _, tt := range []struct {
		name    string
		server  func(*xssh.ServerConfig)
		tries   int
		answers []string
		asked   []string
		err     error
	}{
		{"the right password", nil, 3, []string{"letmein"}, []string{password}, nil},
		{"the right one in the end", nil, 3, []string{"a", "b", "letmein"}, []string{password, password, password}, nil},
		{"three wrong ones", nil, 3, []string{"a", "b", "c", "letmein"}, []string{password, password, password}, ssh.ErrAuthFailed},
		{"one try", nil, 1, []string{"a", "letmein"}, []string{password}, ssh.ErrAuthFailed},
		{"the user gives up", nil, 3, []string{"a"}, []string{password, password}, errGivenUp},
		{"a question of the server", onlyAsks("", "", "PIN: "), 3, []string{"letmein"}, []string{"|PIN: "}, nil},
		{"two in a round", onlyAsks("", "", "PIN: ", "Token: "), 3, []string{"1", "letmein"}, []string{"|PIN: ", "|Token: "}, nil},
		{"an introduction, before the first", onlyAsks("Bank", "Give both", "PIN: ", "Token: "), 3, []string{"1", "letmein"}, []string{"Bank\nGive both|PIN: ", "|Token: "}, nil},
		{"questions, three times", onlyAsks("", "", "PIN: "), 3, []string{"1", "2", "3", "4"}, []string{"|PIN: ", "|PIN: ", "|PIN: "}, ssh.ErrAuthFailed},
		{"questions, then passwords", asks("", "", "PIN: "), 2, []string{"1", "2", "3", "letmein"}, []string{"|PIN: ", "|PIN: ", password, password}, nil},
		{"control characters", onlyAsks("\x1b[2Ja", "b\x9b\u009bc", "P\x1b[1mIN\r\n: "), 3, []string{"letmein"}, []string{"[2Ja\nb\ufffdc\nP[1mIN|: "}, nil},
		{"nobody is let in", func(cfg *xssh.ServerConfig) {
			cfg.PasswordCallback = nil
			cfg.PublicKeyCallback = func(xssh.ConnMetadata, xssh.PublicKey) (*xssh.Permissions, error) { return nil, errors.New("no") }
		}, 3, []string{"a"}, nil, ssh.ErrAuthFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, accepts(tt.server), func(s *scene) {
				s.answers = tt.answers
				r := s.request()
				r.Tries = tt.tries
				c, err := s.Dial(s.t.Context(), r)
				if !errors.Is(err, tt.err) {
					t.Errorf("the error is %v, want %v", err, tt.err)
				}
				if !slices.Equal(s.asked, tt.asked) {
					t.Errorf("asked %q, want %q", s.asked, tt.asked)
				}
				if err == nil {
					c.Disconnect()
				}
				if n := len(s.Connections()); n != 0 {
					t.Errorf("%d slots are taken", n)
				}
			})
		})
	}
}

// A banner is shown, without what steers a terminal.
func TestBanner(t *testing.T) {
	for text, want := range map[string]string{
		"Hello\r\nworld\r\n":       "Hello\nworld\n",
		"\x1b[2J\x07\u009b31mred":  "[2J31mred",
		strings.Repeat("x", 9<<10): strings.Repeat("x", 8<<10),
		"":                         "",
	} {
		beside(t, accepts(func(cfg *xssh.ServerConfig) { cfg.BannerCallback = func(xssh.ConnMetadata) string { return text } }), func(s *scene) {
			s.answers = []string{"letmein"}
			c, err := s.Dial(s.t.Context(), s.request())
			if err != nil {
				t.Fatal(err)
			}
			c.Disconnect()
			if s.banner != want {
				t.Errorf("of %.40q %.40q is shown, want %.40q", text, s.banner, want)
			}
		})
	}
}

// The server's key against those of the configuration, by the name that was typed or by
// its address.
func TestHostKeys(t *testing.T) {
	right := foreign.HostKey().PublicKey().Marshal()
	knows := func(server string, key []byte) func(name, address string, blob []byte) bool {
		return func(name, address string, blob []byte) bool {
			return (server == name || server == address) && string(blob) == string(key)
		}
	}
	for _, tt := range []struct {
		name   string
		strict bool
		trusts func(name, address string, blob []byte) bool
		err    error
	}{
		{"any key, unless that is asked for", false, nil, nil},
		{"any key, though another is known", false, knows("server", []byte("other")), nil},
		{"known by name", true, knows("server", right), nil},
		{"known by address", true, knows("10.0.0.9", right), nil},
		{"of another server", true, knows("other", right), ssh.ErrHostKey},
		{"another key", true, knows("server", []byte("other")), ssh.ErrHostKey},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, accepts(nil), func(s *scene) {
				x := settings()
				x.Strict, x.Trusts = tt.strict, tt.trusts
				s.Apply(x)
				s.answers = []string{"letmein"}
				c, err := s.Dial(s.t.Context(), s.request())
				if !errors.Is(err, tt.err) {
					t.Errorf("the error is %v, want %v", err, tt.err)
				}
				if want := []string{"|Password: "}; (err == nil) != slices.Equal(s.asked, want) {
					t.Errorf("asked %q by a server with the error %v", s.asked, err)
				}
				if err == nil {
					c.Disconnect()
				}
			})
		})
	}
}

// Why there is no connection, and after how long.
func TestNoConnection(t *testing.T) {
	refuses := func(o network.Outcome) func(s *scene) {
		return func(s *scene) {
			s.server.Listen(network.Port{Proto: network.TCP, Number: 2222}, func(network.Flow) (network.Handler, *network.Verdict) {
				return nil, &network.Verdict{Outcome: o}
			})
		}
	}
	says := func(text string) func(network.Conn) {
		return func(c network.Conn) { io.WriteString(c, text); io.Copy(io.Discard, c) }
	}
	verdict := func(o network.Outcome) func(error) bool {
		return func(err error) bool {
			var v *network.Verdict
			return errors.As(err, &v) && v.Outcome == o
		}
	}
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	errEnough := errors.New("enough")
	for _, tt := range []struct {
		name   string
		serve  func(network.Conn)
		before func(s *scene)
		change func(*sshclient.Settings, *sshclient.Request)
		after  time.Duration // 0 is at once
		ends   func(error) bool
	}{
		{name: "nobody listens", ends: verdict(network.Refused)},
		{name: "the server refuses", before: refuses(network.Refused), change: func(_ *sshclient.Settings, r *sshclient.Request) { r.To = netip.MustParseAddrPort("10.0.0.9:2222") }, ends: verdict(network.Refused)},
		{name: "the server drops it", before: refuses(network.Filtered), change: func(_ *sshclient.Settings, r *sshclient.Request) { r.To = netip.MustParseAddrPort("10.0.0.9:2222") }, after: 30 * time.Second, ends: verdict(network.TimedOut)},
		{name: "no such source interface", serve: accepts(nil), change: func(x *sshclient.Settings, _ *sshclient.Request) { x.Source = "lo9" }, ends: verdict(network.Down)},
		{name: "a server that says nothing", serve: says(""), after: 2 * time.Minute, ends: is(ssh.ErrLoginTimeout)},
		{name: "within a shorter time", serve: says("SSH-2.0-x\r\n"), change: func(x *sshclient.Settings, _ *sshclient.Request) { x.Negotiation = 5 * time.Second }, after: 5 * time.Second, ends: is(ssh.ErrLoginTimeout)},
		{name: "a server of version 1", serve: says("SSH-1.5-x\r\n"), ends: is(sshclient.ErrVersion)},
		{name: "a server of something else", serve: says("220 mail\r\n"), after: 2 * time.Minute, ends: is(ssh.ErrLoginTimeout)},
		{name: "a server that closes", serve: func(network.Conn) {}, ends: is(io.EOF)},
		{name: "nothing in common", serve: accepts(nil), change: func(_ *sshclient.Settings, r *sshclient.Request) { r.Ciphers = []string{"aes256-ctr"} },
			ends: func(err error) bool { var e *ssh.NoMatchError; return errors.As(err, &e) }},
		{name: "a client that is closed", serve: accepts(nil), before: func(s *scene) { s.Close() }, ends: is(ssh.ErrClosed)},
		{name: "a user who has enough", serve: says("SSH-2.0-x\r\n"), after: 7 * time.Second, ends: is(errEnough)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, tt.serve, func(s *scene) {
				if tt.before != nil {
					tt.before(s)
				}
				x, r := settings(), s.request()
				if tt.change != nil {
					tt.change(x, &r)
				}
				s.Apply(x)
				ctx, cancel := context.WithCancelCause(s.t.Context())
				defer time.AfterFunc(cmp.Or(tt.after, time.Hour), func() {
					if tt.ends(errEnough) {
						cancel(errEnough)
					}
				}).Stop()
				start := time.Now()
				_, err := s.Dial(ctx, r)
				if took := time.Since(start); err == nil || !tt.ends(err) || took != tt.after {
					t.Errorf("%v after %v, want that after %v", err, took, tt.after)
				}
				if want := strings.HasPrefix(tt.name, "nothing in common"); want != (len(s.device.unmatched) == 1) {
					t.Errorf("told of %d negotiations that failed", len(s.device.unmatched))
				}
				if len(s.Connections()) > 0 {
					t.Error("a slot is taken")
				}
			})
		})
	}
}

// Slots are the lowest that are free; there are 128.
func TestSlots(t *testing.T) {
	beside(t, accepts(func(cfg *xssh.ServerConfig) { cfg.NoClientAuth = true }), func(s *scene) {
		dial := func() *sshclient.Connection {
			c, err := s.Dial(s.t.Context(), s.request())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		a, b, c := dial(), dial(), dial()
		b.Disconnect()
		b.Disconnect() // again does nothing
		if d := dial(); a.Slot != 0 || c.Slot != 2 || d.Slot != 1 {
			t.Errorf("the slots are %d, %d and %d, want 0, 2 and 1", a.Slot, c.Slot, d.Slot)
		}
		for range 125 {
			dial()
		}
		if _, err := s.Dial(s.t.Context(), s.request()); err != sshclient.ErrTooMany {
			t.Errorf("the 129th is %v, want %v", err, sshclient.ErrTooMany)
		}
		if n := len(s.Connections()); n != 128 {
			t.Errorf("%d connections, want 128", n)
		}
		s.Drop()
		for _, x := range s.Connections() {
			x.Disconnect()
		}
		if x := dial(); x.Slot != 0 {
			t.Errorf("the slot after all are free is %d, want 0", x.Slot)
		} else {
			x.Disconnect()
		}
	})
}

// What runs on the server, and which interface it is reached from.
func TestSessions(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(c *sshclient.Connection) (io.ReadWriteCloser, error)
		want string
		fail bool
	}{
		{"a command", func(c *sshclient.Connection) (io.ReadWriteCloser, error) {
			return c.Exec(context.Background(), "scp -f x")
		}, "exec scp -f x;", false},
		{"a subsystem", func(c *sshclient.Connection) (io.ReadWriteCloser, error) {
			return c.Subsystem(context.Background(), "sftp")
		}, "subsystem sftp;", false},
		{"a command without the terminal that it asked for", func(c *sshclient.Connection) (io.ReadWriteCloser, error) {
			return c.Open(context.Background(), ssh.PTY{Term: "vt100"}, "show clock")
		}, "exec \nshow clock;", false},
		{"no shell without a terminal", func(c *sshclient.Connection) (io.ReadWriteCloser, error) {
			return c.Open(context.Background(), ssh.PTY{Term: "vt100"}, "")
		}, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, accepts(nil), func(s *scene) {
				x := settings()
				x.Source = "lo0"
				s.Apply(x)
				s.answers = []string{"letmein"}
				c, err := s.Dial(s.t.Context(), s.request())
				if err != nil {
					t.Fatal(err)
				}
				if got := c.Flow().Local.Addr().String(); got != "1.1.1.1" {
					t.Errorf("it comes from %s, want that of lo0", got)
				}
				session, err := tt.open(c)
				if (err != nil) != tt.fail {
					t.Fatalf("the error is %v", err)
				}
				if err == nil {
					io.WriteString(session, "ping")
					want := tt.want + "ping"
					got := make([]byte, len(want))
					if _, err := io.ReadFull(session, got); err != nil || strings.ReplaceAll(string(got), "\n", "") != strings.ReplaceAll(want, "\n", "") {
						t.Errorf("the server says %q, %v; want %q", got, err, want)
					}
					session.Close()
				}
				if n := len(s.Connections()); n != 0 {
					t.Errorf("%d slots are taken", n)
				}
			})
		})
	}
}

// The identification of a client that speaks both versions.
func TestIdentification(t *testing.T) {
	for server, want := range map[string]string{
		"SSH-2.0-x":  "SSH-2.0-Cisco-1.25\n",
		"SSH-1.99-x": "SSH-1.99-Cisco-1.25\n",
	} {
		var got string
		beside(t, func(c network.Conn) {
			io.WriteString(c, server+"\r\n")
			b := make([]byte, len(want))
			io.ReadFull(c, b)
			got = string(b)
		}, func(s *scene) {
			if _, err := s.Dial(s.t.Context(), s.request()); err == nil {
				t.Error("there is a connection")
			}
			synctest.Wait()
			if got != want {
				t.Errorf("%s is answered %q, want %q", server, got, want)
			}
		})
	}
}
