package network

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// EchoFunc sends one echo request with so many bytes of data through the host, and
// waits for the answer until ctx ends. It returns the time between the two.
type EchoFunc func(ctx context.Context, to netip.Addr, size int) (time.Duration, error)

// Echo asks the device itself, or the host for what is behind the uplink.
func (h *Host) Echo(ctx context.Context, p Packet) (time.Duration, Verdict) {
	v := h.Walk(p)
	if v.Outcome != TimedOut || h.o.Echo == nil {
		return 0, v
	}
	return echoBeyond(ctx, h.o.Echo, p, v)
}

// Echo walks there and back, or asks the host for what is behind the uplink. Whoever
// watches the node that answered is told.
func (n *Node) Echo(ctx context.Context, p Packet) (time.Duration, Verdict) {
	at, v := n.walk(&p)
	if v.Outcome == Delivered && !v.Resolving || v.Back {
		at.node.answered(p.Flow)
	}
	if n.fabric.o.Echo == nil || !n.fabric.uplinkTakes(p.Flow.Remote.Addr(), &v) {
		return 0, v
	}
	if bad := n.fabric.o.Uplink.own(p.Flow.Remote.Addr()); bad != nil {
		return 0, *bad
	}
	return echoBeyond(ctx, n.fabric.o.Echo, p, v)
}

// WatchEchoes calls f for each echo request that the node answers, until stop: on the
// goroutine that sends the request, which f must not hold up. The flow is the node's.
func (n *Node) WatchEchoes(f func(Flow)) (stop func()) {
	w := &f
	n.echoes.mu.Lock()
	n.echoes.all = append(n.echoes.all, w)
	n.echoes.mu.Unlock()
	return func() {
		n.echoes.mu.Lock()
		defer n.echoes.mu.Unlock()
		n.echoes.all = slices.DeleteFunc(n.echoes.all, func(x *func(Flow)) bool { return x == w })
	}
}

// echoes are those who watch the echo requests that a node answers.
type echoes struct {
	mu  sync.Mutex
	all []*func(Flow) // guarded by mu
}

// answered tells them of one. F is the flow of who asked.
func (n *Node) answered(f Flow) {
	n.echoes.mu.Lock()
	all := slices.Clone(n.echoes.all)
	n.echoes.mu.Unlock()
	f.Local, f.Remote = f.Remote, f.Local
	for _, tell := range all {
		(*tell)(f)
	}
}

// WatchEchoes never calls: no packet of the host reaches the device.
func (h *Host) WatchEchoes(func(Flow)) (stop func()) { return func() {} }

// The headers of an echo request: 20 bytes of IPv4, 8 of ICMP.
const echoHeaders = 28

func echoBeyond(ctx context.Context, echo EchoFunc, p Packet, v Verdict) (time.Duration, Verdict) {
	took, err := echo(ctx, p.Flow.Remote.Addr(), max(p.Size-echoHeaders, 0))
	if err != nil {
		v.Outcome, v.Reported, v.Err = TimedOut, false, err
		return 0, v
	}
	return took, Verdict{Outcome: Delivered, Hop: p.Flow.Remote.Addr()}
}
