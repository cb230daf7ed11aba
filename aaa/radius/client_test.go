package radius

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	address = netip.MustParseAddrPort("10.99.1.2:1812")
	acct    = netip.MustParseAddrPort("10.99.1.2:1813")
	second  = netip.MustParseAddrPort("10.99.2.2:1812")
)

// wire is a network of servers: what each does with a datagram.
type wire struct {
	client  *Client
	servers map[netip.AddrPort]func(datagram []byte) []byte

	mu   sync.Mutex
	sent []string // ADDRESS HEX, guarded by mu
}

func (w *wire) Send(_ *Server, to netip.AddrPort, datagram []byte) error {
	w.mu.Lock()
	w.sent = append(w.sent, fmt.Sprintf("%s %x", to, datagram))
	w.mu.Unlock()
	server := w.servers[to]
	if server == nil {
		return errors.New("unreachable")
	}
	if reply := server(datagram); reply != nil {
		w.client.Receive(to, reply)
	}
	return nil
}

// lives is a server that answers.
func lives(t *testing.T) func([]byte) []byte {
	return func(b []byte) []byte { return Reply(context.Background(), address, b, key, yes{}) }
}

func mute([]byte) []byte { return nil }

// bubble runs a test with a client under fake time.
func bubble(t *testing.T, trace func(Event), do func(*testing.T, *Client, *wire)) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{servers: map[netip.AddrPort]func([]byte) []byte{}}
		w.client = NewClient(rand.NewChaCha8([32]byte{}), w, trace)
		defer w.client.Close()
		do(t, w.client, w)
	})
}

// pair are two servers with the settings of IOLAAA: 3 s, and one retransmission.
func pair() (a, b *Server, both []*Server) {
	a = &Server{Addr: address, Acct: acct, Key: key, Timeout: 3 * time.Second, Retransmit: 1}
	b = &Server{Addr: second, Key: key, Timeout: 3 * time.Second, Retransmit: 1}
	return a, b, []*Server{a, b}
}

var login = Request{Code: AccessRequest, Attributes: onTTY}

// The packets of aaa-snmp F2, as a client sends and takes them.
func TestExchangeVectors(t *testing.T) {
	tests := []struct {
		request     Request
		id          byte
		to          netip.AddrPort
		sent, reply string
	}{
		{login, 54, address, b1, b1a},
		{Request{Code: AccessRequest, Attributes: onTTY, MessageAuthenticator: true}, 54, address, b2, b2a},
		{Request{Code: AccountingRequest, Attributes: startRecord}, 7, acct, b3, b3a},
	}
	for _, tt := range tests {
		bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
			a, _, both := pair()
			c.random, c.next = bytes.NewReader(counting[:]), tt.id
			w.servers[tt.to] = func([]byte) []byte { return unhex(t, tt.reply) }
			p, s, err := c.Exchange(t.Context(), both, tt.request)
			if err != nil || s != a || p.ID != tt.id {
				t.Errorf("%+v, %v, %v", p, s, err)
			}
			if want := tt.to.String() + " " + tt.sent; !slices.Equal(w.sent, []string{want}) {
				t.Errorf("got %s\nwant %s", w.sent, want)
			}
		})
	}
}

// The times of aaa-snmp B3.
func TestTimes(t *testing.T) {
	tests := []struct {
		name      string
		one, two  func(*testing.T) func([]byte) []byte
		took      time.Duration
		err       error
		datagrams int
	}{
		{"healthy", lives, lives, 0, nil, 1},
		{"first server down", silent, lives, 6 * time.Second, nil, 3},
		{"all down", silent, silent, 12 * time.Second, ErrNoReply, 4},
		{"unreachable", gone, gone, 12 * time.Second, ErrNoReply, 4},
		{"wrong key", otherKey, otherKey, 12 * time.Second, ErrNoReply, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
				_, _, both := pair()
				w.servers[address], w.servers[second] = tt.one(t), tt.two(t)
				begun := time.Now()
				_, _, err := c.Exchange(t.Context(), both, login)
				if took := time.Since(begun); err != tt.err || took != tt.took || len(w.sent) != tt.datagrams {
					t.Errorf("%v after %s and %d datagrams, want %v after %s and %d", err, took, len(w.sent), tt.err, tt.took, tt.datagrams)
				}
				for _, s := range w.sent { // one identifier, one authenticator, one key: one packet
					if _, packet, _ := strings.Cut(s, " "); !strings.HasSuffix(w.sent[0], packet) {
						t.Errorf("%s\ndiffers from %s", s, w.sent[0])
					}
				}
			})
		})
	}
}

func silent(*testing.T) func([]byte) []byte { return mute }
func gone(*testing.T) func([]byte) []byte   { return nil }
func otherKey(*testing.T) func([]byte) []byte {
	return func(b []byte) []byte { return Reply(context.Background(), address, b, "other", yes{}) }
}

// With dead-criteria time 5 tries 1 and a dead time of 5 minutes: 6.4, 3.3 and 0.3 s
// (aaa-snmp B3), of which the rest is not the client's. After exactly 300 s the server
// is asked again.
func TestDeadTime(t *testing.T) {
	var turns []string
	bubble(t, func(e Event) {
		switch e := e.(type) {
		case Dead:
			turns = append(turns, fmt.Sprintf("dead %s", e.Server.Addr))
		case Alive:
			turns = append(turns, fmt.Sprintf("alive %s %t", e.Server.Addr, e.Answered))
		}
	}, func(t *testing.T, c *Client, w *wire) {
		a, _, both := pair()
		a.Dead, a.Deadtime = Criteria{Time: 5 * time.Second, Tries: 1}, 5*time.Minute
		w.servers[address], w.servers[second] = mute, lives(t)
		ask := func(want time.Duration) {
			t.Helper()
			begun := time.Now()
			if _, s, err := c.Exchange(t.Context(), both, login); err != nil || time.Since(begun) != want {
				t.Errorf("%v, %v after %s, want %s", s, err, time.Since(begun), want)
			}
		}
		ask(6 * time.Second)
		time.Sleep(10 * time.Second)
		ask(3 * time.Second)
		if s := c.Stats(a); !s.Dead || s.DeadCount != 1 || s.Since != 0 || s.Authen.Timeouts != 3 || s.Authen.Failovers != 2 {
			t.Errorf("%+v", s)
		}
		ask(0)
		c.ClearCounters()
		time.Sleep(5*time.Minute - 1)
		ask(0)
		if s := c.Stats(a); !s.Dead || s.DeadTime != 5*time.Minute-1 {
			t.Errorf("%+v", s)
		}
		time.Sleep(1)
		synctest.Wait()
		w.servers[address] = lives(t)
		ask(0)
		s := c.Stats(a)
		if s.Dead || s.Previous != 5*time.Minute || s.DeadTime != 5*time.Minute || s.Authen.Accepts != 1 || s.Authen.Timeouts != 0 {
			t.Errorf("%+v", s)
		}
	})
	if want := []string{"dead 10.99.1.2:1812", "alive 10.99.1.2:1812 false"}; !slices.Equal(turns, want) {
		t.Errorf("%q, want %q", turns, want)
	}
}

// Without criteria three logins do not make a server dead, more do; without a dead time
// it is alive again at once.
func TestDefaultCriteria(t *testing.T) {
	var turns []string
	bubble(t, func(e Event) {
		switch e.(type) {
		case Dead, Alive:
			turns = append(turns, fmt.Sprintf("%T", e))
		}
	}, func(t *testing.T, c *Client, w *wire) {
		a, _, both := pair()
		w.servers[second] = lives(t)
		for i := range 10 {
			begun := time.Now()
			if _, _, err := c.Exchange(t.Context(), both, login); err != nil || time.Since(begun) != 6*time.Second {
				t.Errorf("login %d: %v after %s", i, err, time.Since(begun))
			}
			if s := c.Stats(a); s.Dead || (s.DeadCount > 0) != (i >= 4) {
				t.Errorf("after %d logins: %+v", i+1, s)
			}
		}
	})
	if want := []string{"radius.Dead", "radius.Alive", "radius.Dead", "radius.Alive"}; !slices.Equal(turns, want) {
		t.Errorf("%q, want %q", turns, want)
	}
}

// When all servers are dead, all are asked; one that answers is alive.
func TestAllDead(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		a, b, both := pair()
		for _, s := range both {
			s.Dead, s.Deadtime = Criteria{Time: time.Second, Tries: 2}, time.Hour
		}
		if _, _, err := c.Exchange(t.Context(), both, login); err != ErrNoReply {
			t.Error(err)
		}
		if !c.Stats(a).Dead || !c.Stats(b).Dead {
			t.Error("alive")
		}
		begun := time.Now()
		if _, _, err := c.Exchange(t.Context(), both, login); err != ErrNoReply || time.Since(begun) != 12*time.Second {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		w.servers[second] = lives(t)
		if _, s, err := c.Exchange(t.Context(), both, login); err != nil || s != b {
			t.Errorf("%v, %v", s, err)
		}
		if !c.Stats(a).Dead || c.Stats(b).Dead {
			t.Errorf("%+v\n%+v", c.Stats(a), c.Stats(b))
		}
		c.Retain(b)
		if c.Stats(a).Dead {
			t.Error("not forgotten")
		}
	})
}

// What is no reply changes counters, and the request goes on to its timeout.
func TestForgedReplies(t *testing.T) {
	right := func(b []byte) []byte { return Reply(context.Background(), address, b, key, yes{}) }
	flip := func(at int) func(*Client, []byte) {
		return func(c *Client, b []byte) {
			reply := right(b)
			reply[at] ^= 1
			c.Receive(address, reply)
		}
	}
	signedRequest := Request{Code: AccessRequest, Attributes: onTTY, MessageAuthenticator: true}
	tests := []struct {
		name    string
		request Request
		answer  func(*Client, []byte)
		want    Counters
		event   string
	}{
		{"a bit of the authenticator", login, flip(4), Counters{BadAuthenticators: 1}, "radius.Forged false true"},
		{"a bit of the Message-Authenticator", signedRequest, flip(headerLen + 2), Counters{BadAuthenticators: 1}, "radius.Forged false false"},
		{"only the Message-Authenticator", signedRequest, func(c *Client, b []byte) {
			reply := right(b)
			reply[headerLen+2] ^= 1
			sum := digest(reply, [16]byte(b[4:]), key)
			copy(reply[4:], sum[:])
			c.Receive(address, reply)
		}, Counters{BadAuthenticators: 1}, "radius.Forged true false"},
		{"other identifier", login, func(c *Client, b []byte) {
			reply := right(b)
			reply[1]++
			c.Receive(address, reply)
		}, Counters{Unexpected: 1}, "radius.Unexpected"},
		{"other address", login, func(c *Client, b []byte) { c.Receive(second, right(b)) }, Counters{}, "radius.Unexpected"},
		{"other code", login, func(c *Client, b []byte) {
			reply := right(b)
			reply[0] = byte(AccountingResponse)
			c.Receive(address, reply)
		}, Counters{Unexpected: 1}, "radius.Unexpected"},
		{"no packet", login, func(c *Client, b []byte) { c.Receive(address, b[:19]) }, Counters{Malformed: 1}, "radius.Malformed"},
		{"an attribute past the end", login, func(c *Client, b []byte) {
			reply := right(b)
			reply[headerLen+1] = 200
			c.Receive(address, reply)
		}, Counters{Malformed: 1}, "radius.Malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var events []string
			bubble(t, func(e Event) {
				switch e := e.(type) {
				case Forged:
					events = append(events, fmt.Sprintf("%T %t %t", e, e.Authenticator, e.Message))
				case Unexpected, Malformed:
					events = append(events, fmt.Sprintf("%T", e))
				}
			}, func(t *testing.T, c *Client, w *wire) {
				a := &Server{Addr: address, Acct: acct, Key: key}
				w.servers[address] = func(b []byte) []byte { tt.answer(c, b); return nil }
				begun := time.Now()
				if p, _, err := c.Exchange(t.Context(), []*Server{a}, tt.request); err != ErrNoReply || time.Since(begun) != 5*time.Second {
					t.Errorf("%+v, %v after %s", p, err, time.Since(begun))
				}
				tt.want.Requests, tt.want.Timeouts, tt.want.Failures = 1, 1, 1
				if got := c.Stats(a).Authen; got != tt.want {
					t.Errorf("got  %+v\nwant %+v", got, tt.want)
				}
			})
			if !slices.Equal(events, []string{tt.event}) {
				t.Errorf("%q, want %q", events, tt.event)
			}
		})
	}
}

func TestRequiredMessage(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		a := &Server{Addr: address, Acct: acct, Key: key, RequireMessageAuthenticator: true}
		w.servers[address], w.servers[acct] = lives(t), lives(t)
		if _, _, err := c.Exchange(t.Context(), []*Server{a}, login); err != ErrNoReply {
			t.Errorf("without: %v", err)
		}
		signedRequest := login
		signedRequest.MessageAuthenticator = true
		if _, _, err := c.Exchange(t.Context(), []*Server{a}, signedRequest); err != nil {
			t.Error(err)
		}
		if _, _, err := c.Exchange(t.Context(), []*Server{a}, Request{Code: AccountingRequest, Attributes: startRecord}); err != nil {
			t.Error(err)
		}
	})
}

// Identifiers are shared over servers, wrap, and are not given twice at a time. A reply
// to an old request does not fit a new one of its identifier.
func TestIdentifiers(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		a, b, _ := pair()
		var old []byte
		w.servers[address], w.servers[second] = lives(t), func(datagram []byte) []byte {
			old = lives(t)(datagram)
			return old
		}
		for i := range 600 {
			p, _, err := c.Exchange(t.Context(), []*Server{[]*Server{a, b}[i%2]}, login)
			if err != nil || p.ID != byte(i) {
				t.Fatalf("%d: %+v, %v", i, p, err)
			}
		}
		stale := old // of identifier 87, now used again
		w.servers[second] = func([]byte) []byte { return stale }
		c.next = stale[1]
		if _, _, err := c.Exchange(t.Context(), []*Server{b}, login); err != ErrNoReply {
			t.Errorf("a stale reply: %v", err)
		}

		w.servers[second] = mute
		w.sent = nil
		var all sync.WaitGroup
		begun := time.Now()
		for range 300 {
			all.Go(func() { _, _, _ = c.Exchange(t.Context(), []*Server{b}, login) })
		}
		synctest.Wait()
		ids := map[string]bool{}
		for _, s := range w.sent {
			ids[strings.Fields(s)[1][2:4]] = true
		}
		if len(w.sent) != 256 || len(ids) != 256 || c.Stats(b).Authen.Outstanding != 256 {
			t.Errorf("%d datagrams with %d identifiers", len(w.sent), len(ids))
		}
		all.Wait()
		if took := time.Since(begun); took != 12*time.Second || c.Stats(b).Authen.Outstanding != 0 {
			t.Errorf("after %s: %+v", took, c.Stats(b))
		}
	})
}

// A reply that comes late, but before the request is at the next server, is taken.
func TestSlowServer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		a, _, both := pair()
		tries := 0
		w.servers[address] = func(b []byte) []byte {
			if tries++; tries == 1 {
				time.AfterFunc(4*time.Second, func() { c.Receive(address, lives(t)(b)) })
			}
			return nil
		}
		begun := time.Now()
		if _, s, err := c.Exchange(t.Context(), both, login); err != nil || s != a || time.Since(begun) != 4*time.Second {
			t.Errorf("%v, %v after %s", s, err, time.Since(begun))
		}
		if s := c.Stats(a).Authen; s.Requests != 2 || s.Retransmissions != 1 || s.Timeouts != 1 || s.Successes != 1 || s.Time != time.Second {
			t.Errorf("%+v", s)
		}
	})
}

func TestAccountingCounters(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		a, _, both := pair()
		w.servers[acct] = lives(t)
		for _, kind := range []uint32{AcctStart, AcctInterim, AcctInterim, AcctStop, AcctOn} {
			if _, _, err := c.Exchange(t.Context(), both, Request{Code: AccountingRequest, Attributes: Attributes{Uint32(AcctStatusType, kind)}}); err != nil {
				t.Fatal(err)
			}
		}
		want := Counters{Requests: 5, Successes: 5, Starts: 1, Interims: 2, Stops: 1, StartReplies: 1, InterimReplies: 2, StopReplies: 1}
		if got := c.Stats(a).Account; got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

func TestExchangeEnds(t *testing.T) {
	bubble(t, nil, func(t *testing.T, c *Client, w *wire) {
		_, _, both := pair()
		if _, _, err := c.Exchange(t.Context(), nil, login); err != ErrNoServer {
			t.Error(err)
		}
		long := Request{Code: AccessRequest, Attributes: Attributes{String(UserPassword, strings.Repeat("x", 200))}}
		if _, _, err := c.Exchange(t.Context(), both, long); !errors.Is(err, ErrMalformed) {
			t.Error(err)
		}
		hungUp := errors.New("hung up")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, hungUp)
		defer cancel()
		if _, _, err := c.Exchange(ctx, both, login); err != hungUp {
			t.Error(err)
		}
		time.AfterFunc(time.Second, c.Close)
		if _, _, err := c.Exchange(t.Context(), both, login); err != ErrClosed {
			t.Error(err)
		}
		c.random = io.MultiReader()
		if _, _, err := c.Exchange(t.Context(), both, login); err == nil || len(c.ids) > 0 {
			t.Errorf("without randomness: %v", err)
		}
	})
}

// The events of the capture in aaa-snmp B6.
func TestTrace(t *testing.T) {
	var got []string
	bubble(t, func(e Event) {
		switch e := e.(type) {
		case Sent:
			hidden, _ := e.Packet.Attributes.Bytes(UserPassword)
			got = append(got, fmt.Sprintf("%s to %s id %d len %d tag %x, hidden %t", e.Packet.Code, e.To, e.ID, e.Length, e.Tag, !strings.Contains(string(hidden), "cisco")))
		case Waiting:
			got = append(got, fmt.Sprintf("started %s", e.Timeout))
		case TimedOut, SendError:
			got = append(got, fmt.Sprintf("%T", e))
		case Retransmitted:
			got = append(got, fmt.Sprintf("retransmit to %s,%d", e.Server.Addr, e.Server.Acct.Port()))
		case FailedOver:
			got = append(got, fmt.Sprintf("fail-over to %s", e.To))
		case GaveUp:
			got = append(got, fmt.Sprintf("no response from %s", e.To))
		case Received:
			got = append(got, fmt.Sprintf("received %s from %s len %d", e.Packet.Code, e.To, e.Length))
		}
	}, func(t *testing.T, c *Client, w *wire) {
		_, _, both := pair()
		w.servers[address], w.servers[second] = mute, mute
		q := login
		q.Tag = 0xe2
		_, _, _ = c.Exchange(t.Context(), both, q)
		w.servers[address] = lives(t)
		_, _, _ = c.Exchange(t.Context(), both, q)
	})
	want := strings.Split(`Access-Request to 10.99.1.2:1812 id 0 len 77 tag e2, hidden true
started 3s
radius.TimedOut
retransmit to 10.99.1.2:1812,1813
started 3s
radius.TimedOut
fail-over to 10.99.2.2:1812
started 3s
radius.TimedOut
retransmit to 10.99.2.2:1812,0
started 3s
radius.TimedOut
no response from 10.99.2.2:1812
Access-Request to 10.99.1.2:1812 id 1 len 77 tag e2, hidden true
started 3s
received Access-Accept from 10.99.1.2:1812 len 51`, "\n")
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// FuzzReceive gives a client that waits whatever there is.
func FuzzReceive(f *testing.F) {
	for _, v := range []string{b1, b1a, b2a, b3a} {
		f.Add(unhex(f, v))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c := NewClient(bytes.NewReader(counting[:]), &wire{}, nil)
		q, err := c.begin(t.Context(), &login)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.move(q, &Server{Addr: address, Key: key}); err != nil {
			t.Fatal(err)
		}
		c.Receive(address, b)
		if len(q.inbox) > 0 && hex.EncodeToString(b) != b1a && hex.EncodeToString(b) != b2a {
			t.Errorf("%x was taken", b)
		}
	})
}
