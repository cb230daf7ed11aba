package aaa

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"vtylab/aaa/tacacs"
	"vtylab/network"
)

// script is a server of TACACS+ in memory: its answers, and what it was asked.
type script struct {
	login  func(ctx context.Context, start tacacs.Start, ask func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply
	author func(tacacs.AuthorRequest) tacacs.Response
	acct   func(tacacs.AcctRequest) tacacs.AcctReply
}

func (x *script) Authenticate(ctx context.Context, start tacacs.Start, ask func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply {
	if x.login == nil {
		return tacacs.Reply{Status: tacacs.Fail}
	}
	return x.login(ctx, start, ask)
}

func (x *script) Authorize(_ context.Context, r tacacs.AuthorRequest) tacacs.Response {
	if x.author == nil {
		return tacacs.Response{Status: tacacs.AuthorFail}
	}
	return x.author(r)
}

func (x *script) Account(_ context.Context, r tacacs.AcctRequest) tacacs.AcctReply {
	if x.acct == nil {
		return tacacs.AcctReply{Status: tacacs.AcctSuccess}
	}
	return x.acct(r)
}

// answering answers each login with a status, once it has the password.
func answering(status tacacs.Status) *script {
	return &script{login: func(ctx context.Context, _ tacacs.Start, ask func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply {
		if _, err := ask(ctx, tacacs.Reply{Status: tacacs.GetPass, NoEcho: true}); err != nil {
			return tacacs.Reply{Status: tacacs.Fail}
		}
		return tacacs.Reply{Status: status}
	}}
}

// serversNet is a network on which scripts answer at addresses; every other one refuses.
type serversNet struct {
	t     *testing.T
	at    map[string]*script
	mute  []string // addresses that accept and say nothing
	dials []string
	mu    sync.Mutex
	work  sync.WaitGroup
}

var errRefused = errors.New("refused")

func (n *serversNet) Dial(_ context.Context, p network.Path) (network.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dials = append(n.dials, p.To.String())
	host := p.To.Addr().String()
	x := n.at[host]
	if x == nil && !slices.Contains(n.mute, host) {
		return nil, errRefused
	}
	ours, theirs := network.Pipe(netip.MustParseAddrPort("10.0.0.1:50000"), p.To)
	n.work.Go(func() {
		if x == nil {
			<-n.t.Context().Done()
			theirs.Close()
			return
		}
		tacacs.Serve(n.t.Context(), theirs, "cisco", x)
	})
	return &pipeConn{ours}, nil
}

type pipeConn struct{ *network.PipeEnd }

func (pipeConn) SetTrafficClass(int) error { return nil }
func (pipeConn) Flow() network.Flow        { return network.Flow{} }

// asking is settings whose groups, whatever their name, have one server for each script:
// 10.9.0.1, 10.9.0.2, …; a nil script is a server that refuses.
func asking(t *testing.T, set *Settings, scripts ...*script) (*Service, *serversNet) {
	n := &serversNet{t: t, at: map[string]*script{}}
	var all []Server
	for i, x := range scripts {
		host := netip.AddrFrom4([4]byte{10, 9, 0, byte(i + 1)}).String()
		if x != nil {
			n.at[host] = x
		}
		all = append(all, Server{Host: host, Port: 49, Key: clear("cisco"), Timeout: 5 * time.Second})
	}
	set.Group = func(name string) (Group, bool) {
		return Group{Protocol: TACACS, Name: name, Servers: all}, true
	}
	if len(scripts) == 0 {
		set.Group = nil
	}
	s := New(set, Outside{Network: n, Random: zeros{}, Go: func(f func()) bool { n.work.Go(f); return true }})
	t.Cleanup(func() { s.Close(); n.work.Wait() })
	return s, n
}

// zeros is randomness for tests, which needs none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0
	}
	return len(p), nil
}
