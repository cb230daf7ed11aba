package device

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"vtylab/network"
)

// guarded is the network of the device. What the uplink refuses looks to a user like a
// host that cannot be reached; it notes why, for the operator.
type guarded struct {
	network.Stack
	device *Device

	mu    sync.Mutex
	noted map[string]bool // where datagrams were refused; guarded by mu
}

// maxNoted bounds the addresses that are remembered.
const maxNoted = 64

func (g *guarded) Dial(ctx context.Context, p network.Path) (network.Conn, error) {
	c, err := g.Stack.Dial(ctx, p)
	var v *network.Verdict
	if errors.As(err, &v) {
		g.note("connection", p.To.String(), p.Proto, v)
	}
	return c, err
}

func (g *guarded) Echo(ctx context.Context, p network.Packet) (time.Duration, network.Verdict) {
	took, v := g.Stack.Echo(ctx, p)
	if errors.Is(v.Err, fs.ErrPermission) && g.first("ICMP") {
		g.device.Problem("ping beyond the device: this user has no ICMP socket (net.ipv4.ping_group_range)", v.Err)
	}
	g.note("ping", p.Flow.Remote.Addr().String(), p.Flow.Proto, &v)
	return took, v
}

// note records a refusal of the uplink: of datagrams the first to an address, since who
// sends them does so again and again.
func (g *guarded) note(subject, to string, proto network.Proto, v *network.Verdict) {
	if v.Uplink && (proto == network.TCP || g.first(to)) {
		g.device.decide(Decision{Subject: subject, To: to, Refused: true, Reason: v.Reason})
	}
}

func (g *guarded) first(to string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.noted[to] {
		return false
	}
	if g.noted == nil || len(g.noted) == maxNoted {
		g.noted = map[string]bool{}
	}
	g.noted[to] = true
	return true
}
