package tacacs

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var address = netip.MustParseAddrPort("192.0.2.49:49")

func chance(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// peer is the far end of a connection that was dialled: a script's.
type peer struct {
	t   *testing.T
	c   net.Conn
	key string
	h   Header // of the last packet that was read
}

// read takes the client's next packet, clear.
func (p *peer) read(sample Body) Body {
	p.t.Helper()
	in, err := readPacket(p.c)
	if err != nil {
		p.t.Errorf("the script reads a %T: %v", sample, err)
		return nil
	}
	p.h = in.Header
	clear, err := in.open(p.key)
	if err != nil {
		p.t.Errorf("the script opens a %T: %v", sample, err)
		return nil
	}
	b, err := parseLike(sample, clear)
	if err != nil {
		p.t.Errorf("the script parses a %T: %v", sample, err)
	}
	return b
}

// answer sends a body as the reply to the last packet; change may spoil its header.
func (p *peer) answer(b Body, change func(*Header)) {
	clear, err := b.append(nil)
	if err != nil {
		p.t.Error(err)
	}
	p.raw(clear, change)
}

func (p *peer) raw(clear []byte, change func(*Header)) {
	h := p.h
	h.Seq, h.Flags = h.Seq+1, 0
	if change != nil {
		change(&h)
	}
	wire, err := seal(h, p.key, clear)
	if err != nil {
		p.t.Error(err)
	}
	_, _ = p.c.Write(wire) // the client may be gone
}

// scripts is a server whose nth connection runs the nth script; more than those are
// refused. It waits for the scripts at the end of the test.
func scripts(t *testing.T, all ...func(*peer)) *Server {
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	var mu sync.Mutex
	return &Server{Addr: address, Key: "cisco", Timeout: 5 * time.Second, Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if len(all) == 0 {
			return nil, errRefused
		}
		script := all[0]
		all = all[1:]
		near, far := net.Pipe()
		running.Go(func() {
			defer far.Close()
			script(&peer{t: t, c: far, key: "cisco"})
		})
		return near, nil
	}}
}

var errRefused = errors.New("connection refused")

// serve is a server that runs Serve.
func serve(t *testing.T, key string, h Handler) *Server {
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	return &Server{Addr: address, Key: "cisco", Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
		near, far := net.Pipe()
		running.Go(func() { _ = Serve(t.Context(), far, key, h) })
		return near, nil
	}}
}

// bubble runs a test with a client that is closed at its end, under fake time. Servers
// have to be made within it.
func bubble(t *testing.T, trace func(Event), do func(*testing.T, *Client)) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient(chance(1), trace)
		defer c.Close()
		do(t, c)
	})
}

// users is a handler for tests: a login asks for the name if it is missing, then for a
// password, which is cisco.
type users struct{ log func(string) }

func (u users) Authenticate(ctx context.Context, s Start, ask func(context.Context, Reply) (Continue, error)) Reply {
	if s.User == "" {
		if _, err := ask(ctx, Reply{Status: GetUser, Message: "Username: "}); err != nil {
			return Reply{Status: Error}
		}
	}
	c, err := ask(ctx, Reply{Status: GetPass, NoEcho: true, Message: "Password: "})
	switch {
	case err != nil:
		if u.log != nil {
			u.log(err.Error())
		}
		return Reply{Status: Error}
	case c.Message == "cisco":
		return Reply{Status: Pass}
	}
	return Reply{Status: Fail}
}

func (u users) Authorize(_ context.Context, r AuthorRequest) Response {
	return Response{Status: PassAdd, Message: strings.Join(r.Args, " "), Args: []string{"priv-lvl=15"}}
}

func (u users) Account(_ context.Context, r AcctRequest) AcctReply {
	return AcctReply{Status: AcctSuccess, Data: r.Flags.String()}
}
