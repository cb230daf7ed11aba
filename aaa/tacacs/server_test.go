package tacacs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestServe(t *testing.T) {
	for _, single := range []bool{false, true} {
		t.Run(fmt.Sprintf("single-connect %t", single), func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, c *Client) {
				s := serve(t, "cisco", users{})
				s.Single = single
				for password, want := range map[string]Status{"cisco": Pass, "wrong": Fail} {
					x, r, err := c.Login(t.Context(), s, ActionLogin, Identity{Type: TypeASCII, Service: ServiceLogin})
					if err != nil || r.Status != GetUser || r.Message != "Username: " {
						t.Fatalf("%+v, %v", r, err)
					}
					if r, err = x.Continue(t.Context(), "lab"); err != nil || r.Status != GetPass || !r.NoEcho {
						t.Fatalf("%+v, %v", r, err)
					}
					if r, err = x.Continue(t.Context(), password); err != nil || r.Status != want {
						t.Errorf("%+v, %v, want %s", r, err, want)
					}
				}
				r, err := c.Authorize(t.Context(), s, onTTY, []string{"service=shell", "cmd*"})
				if err != nil || r.Status != PassAdd || r.Message != "service=shell cmd*" || r.Args[0] != "priv-lvl=15" {
					t.Errorf("%+v, %v", r, err)
				}
				a, err := c.Account(t.Context(), s, onTTY, AcctStop, []string{"task_id=1"})
				if err != nil || a.Status != AcctSuccess || a.Data != "STOP" {
					t.Errorf("%+v, %v", a, err)
				}
				if synctest.Wait(); (len(c.links) == 1) != single {
					t.Errorf("%d connections are open", len(c.links))
				}
			})
		})
	}
}

func TestServeManyAtOnce(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := serve(t, "cisco", users{})
		s.Single = true
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
				if err != nil {
					t.Error(err)
					return
				}
				if r, err := x.Continue(t.Context(), "cisco"); err != nil || r.Status != Pass {
					t.Errorf("%+v, %v", r, err)
				}
			})
		}
		all.Wait()
	})
}

func TestServeOtherKey(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := serve(t, "other", users{})
		if _, err := c.Authorize(t.Context(), s, onTTY, nil); !errors.Is(err, ErrKey) {
			t.Errorf("%v, want ErrKey", err)
		}
		s = serve(t, "", users{})
		if _, err := c.Authorize(t.Context(), s, onTTY, nil); !errors.Is(err, ErrKey) {
			t.Errorf("a server without a key: %v, want ErrKey", err)
		}
	})
}

func TestServeAbort(t *testing.T) {
	var log []string
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := serve(t, "cisco", users{func(line string) { log = append(log, line) }})
		s.Single = true
		x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
		if err != nil {
			t.Fatal(err)
		}
		x.Abort("")
		synctest.Wait()
		if r, err := c.Authorize(t.Context(), s, onTTY, nil); err != nil || r.Status != PassAdd {
			t.Errorf("after the abort: %+v, %v", r, err)
		}
	})
	if len(log) != 1 || log[0] != errAborted.Error() {
		t.Errorf("%q", log)
	}
}

// raw is a server's connection, and what Serve returns for it.
func raw(t *testing.T, ctx context.Context, h Handler) (*peer, chan error) {
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close() })
	result := make(chan error, 1)
	go func() { result <- Serve(ctx, far, "cisco", h) }()
	return &peer{t: t, c: near, key: "cisco"}, result
}

// send writes a packet as a client.
func (p *peer) send(h Header, b Body) {
	p.h = h
	p.answer(b, func(now *Header) { *now = h })
}

func TestServeRefuses(t *testing.T) {
	start := Start{Action: ActionLogin, Identity: lab}
	session := header(Authentication, 1, 7)
	asked := func(p *peer) {
		p.send(session, start)
		p.read(Reply{})
	}
	tests := []struct {
		name   string
		script func(*peer)
	}{
		{"sequence number 2 first", func(p *peer) { p.send(header(Authentication, 2, 7), start) }},
		{"CONTINUE first", func(p *peer) { p.send(header(Authentication, 3, 7), Continue{}) }},
		{"sequence number repeated", func(p *peer) { asked(p); p.send(header(Authentication, 1, 7), start) }},
		{"sequence number ahead", func(p *peer) { asked(p); p.send(header(Authentication, 5, 7), Continue{}) }},
		{"type changed", func(p *peer) { asked(p); p.send(header(Authorization, 3, 7), Continue{}) }},
		{"two answers", func(p *peer) {
			asked(p)
			p.send(header(Authentication, 3, 7), Continue{})
			p.send(header(Authentication, 5, 7), Continue{})
		}},
		{"second session", func(p *peer) { asked(p); p.send(header(Authentication, 1, 8), start) }},
		{"too many sessions", func(p *peer) {
			for i := range maxServed + 1 {
				p.send(flagged(header(Authentication, 1, uint32(i)), SingleConnect), start)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var h Handler = users{}
				if tt.name == "two answers" || tt.name == "too many sessions" {
					h = deaf{}
				}
				p, result := raw(t, t.Context(), h)
				tt.script(p)
				var wrong *ProtocolError
				if err := <-result; !errors.As(err, &wrong) {
					t.Errorf("%v, want a *ProtocolError", err)
				}
			})
		})
	}
}

// deaf asks once and then waits for its context.
type deaf struct{ users }

func (deaf) Authenticate(ctx context.Context, s Start, ask func(context.Context, Reply) (Continue, error)) Reply {
	if s.User == "lab" && s.Port == "tty2" {
		_, _ = ask(ctx, Reply{Status: GetPass})
	}
	<-ctx.Done()
	return Reply{Status: Error}
}

// What a handler may do wrong ends in an ERROR, or in no answer at all.
func TestServeBadHandler(t *testing.T) {
	long := strings.Repeat("x", 1<<16)
	for name, reply := range map[string]Reply{"asks at the end": {Status: GetPass}, "no status": {}, "too long": {Status: Fail, Message: long}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, result := raw(t, t.Context(), canned{reply: reply})
				p.send(header(Authentication, 1, 7), Start{Identity: lab})
				if got, ok := p.read(Reply{}).(Reply); !ok || got.Status != Error {
					t.Errorf("%+v", got)
				}
				if err := <-result; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

type canned struct {
	users
	reply Reply
}

func (c canned) Authenticate(context.Context, Start, func(context.Context, Reply) (Continue, error)) Reply {
	return c.reply
}

// A server can ask until the sequence numbers are used up, and still says no.
func TestServeSequenceNumbersEnd(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		x, r, err := c.Login(t.Context(), serve(t, "cisco", curious{}), ActionLogin, lab)
		asked := 0
		for ; err == nil && r.Status.Asks(); asked++ {
			r, err = x.Continue(t.Context(), "again")
		}
		if err != nil || r.Status != Fail || asked != 126 {
			t.Errorf("%+v, %v after %d answers, want 126", r, err, asked)
		}
	})
}

type curious struct{ users }

func (curious) Authenticate(ctx context.Context, _ Start, ask func(context.Context, Reply) (Continue, error)) Reply {
	for {
		if _, err := ask(ctx, Reply{Status: GetData}); err != nil {
			return Reply{Status: Fail}
		}
	}
}

func TestServeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		p, result := raw(t, ctx, users{})
		p.send(header(Authentication, 1, 7), Start{Identity: lab})
		p.read(Reply{})
		cancel(stopped)
		if err := <-result; err != stopped {
			t.Errorf("%v, want the cause", err)
		}
		begun := time.Now()
		_, result = raw(t, t.Context(), users{})
		if err := <-result; err == nil || time.Since(begun) != serverIdle {
			t.Errorf("idle: %v after %s", err, time.Since(begun))
		}
		p, result = raw(t, t.Context(), users{})
		p.c.Close()
		if err := <-result; err != nil {
			t.Errorf("a client that leaves at once: %v", err)
		}
	})
}

// Over real sockets: the server ends the connection after the reply.
func TestServeTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				if err := Serve(t.Context(), conn, "cisco", users{}); err != nil {
					t.Error(err)
				}
			})
		}
	})
	c := NewClient(chance(2), nil)
	for _, single := range []bool{false, true} {
		s := &Server{Addr: l.Addr().(*net.TCPAddr).AddrPort(), Key: "cisco", Single: single}
		for range 3 {
			x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := x.Continue(t.Context(), "cisco"); err != nil || r.Status != Pass {
				t.Errorf("%+v, %v", r, err)
			}
		}
	}
	c.Close()
	l.Close()
	running.Wait()
	var failed *ConnectError
	refused := NewClient(chance(3), nil)
	defer refused.Close()
	if _, err := refused.Authorize(t.Context(), &Server{Addr: netip.MustParseAddrPort(l.Addr().String())}, lab, nil); !errors.As(err, &failed) {
		t.Errorf("%v, want a *ConnectError", err)
	}
}
