package tacacs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A login as IOS does it: the lengths of the packets are those of the capture in
// aaa-snmp A3 (13, 16, 9, 6 and a header each).
func TestLogin(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			start := p.read(Start{}).(Start)
			if start.User != "cisco" || start.Action != ActionLogin || p.h.Length != 13 || p.h.Seq != 1 || p.h.Version != minorDefault {
				t.Errorf("START %+v in %+v", start, p.h)
			}
			p.answer(Reply{Status: GetPass, NoEcho: true, Message: "Password: "}, nil)
			if c := p.read(Continue{}).(Continue); c.Message != "test" || p.h.Seq != 3 || p.h.Length != 9 {
				t.Errorf("CONTINUE %q in %+v", string(c.Message), p.h)
			}
			p.answer(Reply{Status: Pass}, nil)
			if _, err := readPacket(p.c); err == nil {
				t.Error("a packet after PASS")
			}
		})
		x, r, err := c.Login(t.Context(), s, ActionLogin, Identity{User: "cisco", Level: 1, Type: TypeASCII, Service: ServiceLogin})
		if err != nil || r != (Reply{Status: GetPass, NoEcho: true, Message: "Password: "}) {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = x.Continue(t.Context(), "test"); err != nil || r.Status != Pass {
			t.Errorf("%+v, %v", r, err)
		}
		x.Abort("too late")
		if _, err := x.Continue(t.Context(), "test"); err == nil {
			t.Error("a session that is over went on")
		}
	})
}

// Statuses that end a session are returned, whatever they mean.
func TestLastStatuses(t *testing.T) {
	for _, status := range []Status{Pass, Fail, Restart, Error, Follow} {
		t.Run(status.String(), func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, c *Client) {
				s := scripts(t, func(p *peer) {
					p.read(Start{})
					p.answer(Reply{Status: status, Message: "why", Data: "data"}, nil)
				})
				x, r, err := c.Login(t.Context(), s, ActionLogin, lab)
				if err != nil || r.Status != status || r.Message != "why" || r.Data != "data" {
					t.Errorf("%+v, %v", r, err)
				}
				if len(c.links) > 0 {
					t.Error("the connection is still there")
				}
				x.Abort("")
			})
		})
	}
}

func TestBadReplies(t *testing.T) {
	getPass := Reply{Status: GetPass, Message: "Password: "}
	protocol := new(*ProtocolError)
	tests := []struct {
		name   string
		script func(*peer)
		want   any // an error, or a pointer for errors.As
	}{
		{"wrong key", func(p *peer) { p.key = "other"; p.answer(getPass, nil) }, ErrKey},
		{"unencrypted", func(p *peer) { p.key = ""; p.answer(getPass, nil) }, ErrKey},
		{"lengths", func(p *peer) { p.raw([]byte{5, 1, 0, 200, 0, 0}, nil) }, ErrKey},
		{"empty", func(p *peer) { p.raw(nil, nil) }, ErrKey},
		{"status 0", func(p *peer) { p.raw([]byte{0, 0, 0, 0, 0, 0}, nil) }, protocol},
		{"status 8", func(p *peer) { p.raw([]byte{8, 0, 0, 0, 0, 0}, nil) }, protocol},
		{"other session", func(p *peer) { p.answer(getPass, func(h *Header) { h.Session++ }) }, protocol},
		{"sequence number repeated", func(p *peer) { p.answer(getPass, func(h *Header) { h.Seq = 1 }) }, protocol},
		{"sequence number ahead", func(p *peer) { p.answer(getPass, func(h *Header) { h.Seq = 4 }) }, protocol},
		{"other type", func(p *peer) { p.answer(getPass, func(h *Header) { h.Kind = Authorization }) }, protocol},
		{"other version", func(p *peer) { p.answer(getPass, func(h *Header) { h.Version = 0xd0 }) }, protocol},
		{"huge", func(p *peer) { _, _ = p.c.Write(unhex(p.t, "c00102001234567800010001")) }, protocol},
		{"end", func(*peer) {}, ErrClosed},
		{"end within a packet", func(p *peer) { _, _ = p.c.Write([]byte{0xc0, 1, 2}) }, ErrClosed},
		{"mute", func(p *peer) { _, _ = p.c.Read(make([]byte, 1)) }, ErrTimeout},
		{"half a packet", func(p *peer) { _, _ = p.c.Write([]byte{0xc0, 1, 2}); _, _ = p.c.Read(make([]byte, 1)) }, ErrTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, c *Client) {
				s := scripts(t, func(p *peer) { p.read(Start{}); tt.script(p) })
				begun := time.Now()
				x, r, err := c.Login(t.Context(), s, ActionLogin, lab)
				if x != nil || !is(err, tt.want) {
					t.Errorf("%+v, %v, want %v", r, err, tt.want)
				}
				if took := time.Since(begun); (tt.want == ErrTimeout) != (took == 5*time.Second) {
					t.Errorf("after %s", took)
				}
				if len(c.links) > 0 {
					t.Error("the connection is still there")
				}
			})
		})
	}
}

func is(err error, want any) bool {
	if target, ok := want.(error); ok {
		return errors.Is(err, target)
	}
	return errors.As(err, want)
}

func TestConnecting(t *testing.T) {
	never := func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	bubble(t, nil, func(t *testing.T, c *Client) {
		var failed *ConnectError
		_, _, err := c.Login(t.Context(), scripts(t), ActionLogin, lab)
		if !errors.As(err, &failed) || failed.Server != address || !errors.Is(err, errRefused) {
			t.Errorf("refused: %v", err)
		}
		begun := time.Now()
		_, err = c.Authorize(t.Context(), &Server{Addr: address, Dial: never, Timeout: 3 * time.Second}, lab, nil)
		if !errors.As(err, &failed) || !errors.Is(err, ErrTimeout) || time.Since(begun) != 3*time.Second {
			t.Errorf("no answer: %v after %s", err, time.Since(begun))
		}
		begun = time.Now()
		_, err = c.Account(t.Context(), &Server{Addr: address, Dial: never}, lab, AcctStop, nil)
		if !errors.Is(err, ErrTimeout) || time.Since(begun) != 5*time.Second {
			t.Errorf("the default timeout: %v after %s", err, time.Since(begun))
		}
		gaveUp := errors.New("the user is gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(gaveUp)
		if _, err = c.Authorize(ctx, &Server{Addr: address, Dial: never}, lab, nil); !errors.Is(err, gaveUp) || errors.As(err, &failed) {
			t.Errorf("given up: %v", err)
		}
	})
}

// The client may be closed in the middle of everything.
func TestClose(t *testing.T) {
	never := func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.read(AuthorRequest{})
			_, _ = p.c.Read(make([]byte, 1))
		})
		var done sync.WaitGroup
		for _, server := range []*Server{s, {Addr: address, Dial: never}} {
			done.Go(func() {
				if _, err := c.Authorize(t.Context(), server, lab, nil); !errors.Is(err, ErrClosed) {
					t.Errorf("%v, want ErrClosed", err)
				}
			})
		}
		synctest.Wait()
		c.Close()
		done.Wait()
		if _, err := c.Authorize(t.Context(), scripts(t, func(*peer) {}), lab, nil); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}

// A timeout of a context is not the server's.
func TestContextEnds(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.read(Start{})
			p.answer(Reply{Status: GetPass}, nil)
			p.read(Continue{})
			_, _ = p.c.Read(make([]byte, 1))
		})
		x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
		if err != nil {
			t.Fatal(err)
		}
		gaveUp := errors.New("gave up")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, gaveUp)
		defer cancel()
		if _, err := x.Continue(ctx, "cisco"); !errors.Is(err, gaveUp) {
			t.Errorf("%v, want the cause", err)
		}
	})
}

func TestAbort(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.read(Start{})
			p.answer(Reply{Status: GetUser, Message: "Username: "}, nil)
			if got := p.read(Continue{}); got != (Continue{Abort: true, Data: "line dropped"}) {
				t.Errorf("%+v", got)
			}
		})
		x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
		if err != nil {
			t.Fatal(err)
		}
		x.Abort("line dropped")
	})
}

// A server can ask until the sequence numbers are used up.
func TestSequenceNumbersEnd(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.read(Start{})
			for p.answer(Reply{Status: GetData}, nil); p.h.Seq < 253; p.answer(Reply{Status: GetData}, nil) {
				p.read(Continue{})
			}
		})
		x, r, err := c.Login(t.Context(), s, ActionLogin, lab)
		answers := 0
		for ; err == nil; answers++ {
			r, err = x.Continue(t.Context(), "again")
		}
		var wrong *ProtocolError
		if !errors.As(err, &wrong) || answers != 127 {
			t.Errorf("%+v, %v after %d answers, want 127", r, err, answers)
		}
	})
}

func TestWithoutKey(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.key = ""
			p.read(AuthorRequest{})
			if p.h.Flags != Unencrypted {
				t.Errorf("flags %x", p.h.Flags)
			}
			p.answer(Response{Status: AuthorFail}, nil)
		}, func(p *peer) {
			p.key = ""
			p.read(AuthorRequest{})
			p.key = "cisco"
			p.answer(Response{Status: AuthorFail}, nil)
		})
		s.Key = ""
		if r, err := c.Authorize(t.Context(), s, lab, nil); err != nil || r.Status != AuthorFail {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := c.Authorize(t.Context(), s, lab, nil); !errors.Is(err, ErrKey) {
			t.Errorf("an obfuscated reply: %v, want ErrKey", err)
		}
	})
}

func TestSingleConnection(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		first := true
		s := scripts(t, func(p *peer) {
			for range 4 {
				if p.read(AuthorRequest{}); (p.h.Flags&SingleConnect != 0) != first {
					t.Errorf("flags %x, first %t", p.h.Flags, first)
				}
				p.answer(Response{Status: PassAdd, Args: []string{"a=b"}}, func(h *Header) {
					if first {
						h.Flags |= SingleConnect
					}
					first = false
				})
			}
		}, func(p *peer) { // the server has ended the first; this one shares nothing
			p.read(AuthorRequest{})
			p.answer(Response{Status: AuthorFail}, nil)
		}, func(p *peer) {
			p.read(AuthorRequest{})
			p.answer(Response{Status: AuthorError}, nil)
		})
		s.Single = true
		for i := range 6 {
			r, err := c.Authorize(t.Context(), s, lab, []string{"service=shell"})
			if want := []AuthorStatus{PassAdd, PassAdd, PassAdd, PassAdd, AuthorFail, AuthorError}[i]; err != nil || r.Status != want {
				t.Errorf("%d: %+v, %v, want %s", i, r, err, want)
			}
			synctest.Wait()
		}
	})
}

// share opens the shared connection to a server with one authorization.
func share(p *peer) {
	p.read(AuthorRequest{})
	p.answer(Response{Status: PassAdd}, func(h *Header) { h.Flags |= SingleConnect })
}

// Sessions over one connection get their own replies, in whatever order they come; when
// it dies, each fails.
func TestSharedSessions(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		const n = 10
		s := scripts(t, func(p *peer) {
			share(p)
			asked := map[string]Header{}
			for range n {
				asked[p.read(AuthorRequest{}).(AuthorRequest).User] = p.h
			}
			for i := n - 1; i >= 0; i-- {
				p.h = asked[fmt.Sprint(i)]
				if i < n/2 {
					break
				}
				p.answer(Response{Status: PassAdd, Message: fmt.Sprint(i)}, nil)
			}
			p.answer(Response{Status: AuthorFail}, func(h *Header) { h.Session = 7 }) // nobody's
		})
		s.Single = true
		if _, err := c.Authorize(t.Context(), s, lab, nil); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				r, err := c.Authorize(t.Context(), s, Identity{User: fmt.Sprint(i)}, nil)
				if i < n/2 && !errors.Is(err, ErrClosed) || i >= n/2 && (err != nil || r.Message != fmt.Sprint(i)) {
					t.Errorf("%d: %+v, %v", i, r, err)
				}
			})
		}
		all.Wait()
	})
}

// A reply that does not come makes further sessions use a connection of their own; the
// other sessions of the old one go on.
func TestSharedTimeout(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			share(p)
			p.read(Start{})
			p.answer(Reply{Status: GetPass}, nil)
			old := p.h
			p.read(AuthorRequest{})
			next := p.read(Continue{})
			if p.h.Session != old.Session || next == nil {
				t.Errorf("%+v: %+v", p.h, next)
			}
			p.answer(Reply{Status: Pass}, nil)
		}, share)
		s.Single = true
		if _, err := c.Authorize(t.Context(), s, lab, nil); err != nil {
			t.Fatal(err)
		}
		x, _, err := c.Login(t.Context(), s, ActionLogin, lab)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Authorize(t.Context(), s, lab, nil); !errors.Is(err, ErrTimeout) {
			t.Errorf("%v, want ErrTimeout", err)
		}
		if _, err := c.Authorize(t.Context(), s, lab, nil); err != nil {
			t.Error(err)
		}
		if r, err := x.Continue(t.Context(), "cisco"); err != nil || r.Status != Pass {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestRetain(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			share(p)
			if _, err := readPacket(p.c); err == nil {
				t.Error("the connection went on")
			}
		}, share)
		s.Single = true
		for range 2 {
			if _, err := c.Authorize(t.Context(), s, lab, nil); err != nil {
				t.Fatal(err)
			}
			other := *s
			c.Retain(&other)
			if synctest.Wait(); len(c.kept) > 1 {
				t.Error("not kept")
			}
			c.Retain()
			if synctest.Wait(); len(c.kept)+len(c.links) > 0 {
				t.Error("still there")
			}
		}
	})
}

func TestTrace(t *testing.T) {
	var mu sync.Mutex
	var got []string
	bubble(t, func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		switch e := e.(type) {
		case Connecting:
			got = append(got, fmt.Sprintf("connecting to %s, tag %x, for %s", e.Server, e.Tag, e.Timeout))
		case Connected:
			got = append(got, fmt.Sprintf("connected %v", e.Err))
		case Sent:
			got = append(got, fmt.Sprintf("sent seq %d dlen %d %T %+v, %s", e.Seq, e.Length, e.Body, e.Body, e.Timeout))
		case Received:
			got = append(got, fmt.Sprintf("received seq %d dlen %d %+v %v", e.Seq, e.Length, e.Body, e.Err))
		case TimedOut:
			got = append(got, fmt.Sprintf("timed out, tag %x", e.Tag))
		case Closed:
			got = append(got, fmt.Sprintf("closed %v", e.Err))
		}
	}, func(t *testing.T, c *Client) {
		s := scripts(t, func(p *peer) {
			p.read(Start{})
			p.answer(Reply{Status: GetPass, NoEcho: true, Message: "Password: "}, nil)
			p.read(Continue{})
			_, _ = p.c.Read(make([]byte, 1))
		})
		id := lab
		id.Tag = 0x24a5
		x, _, err := c.Login(t.Context(), s, ActionLogin, id)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = x.Continue(t.Context(), "hunter2")
	})
	want := []string{
		"connecting to 192.0.2.49:49, tag 24a5, for 5s",
		"connected <nil>",
		"sent seq 1 dlen 23 tacacs.Start {Action:1 Identity:{User:lab Port:tty2 RemoteAddr:10.0.0.1 Level:1 Method:0 Type:1 Service:1 Tag:9381} Data:<elided>}, 5s",
		"received seq 2 dlen 16 {Status:GETPASS NoEcho:true Message:Password:  Data:} <nil>",
		"sent seq 3 dlen 12 tacacs.Continue {Message:<elided> Data: Abort:false}, 5s",
		"timed out, tag 24a5",
		"closed <nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A server that answers and hangs up at once: the end of the connection comes behind
// the reply, and once.
func TestClosedComesLast(t *testing.T) {
	for range 50 {
		var mu sync.Mutex
		var got []string
		bubble(t, func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, strings.TrimPrefix(fmt.Sprintf("%T", e), "tacacs."))
		}, func(t *testing.T, c *Client) {
			s := scripts(t, func(p *peer) {
				p.read(AuthorRequest{})
				p.answer(Response{Status: PassAdd}, nil)
			})
			if _, err := c.Authorize(t.Context(), s, lab, nil); err != nil {
				t.Error(err)
			}
		})
		if want := "Connecting Connected Sent Received Closed"; strings.Join(got, " ") != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}
