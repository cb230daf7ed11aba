package network

import (
	"context"
	"net/netip"
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

// Echo walks there and back, or asks the host for what is behind the uplink.
func (n *Node) Echo(ctx context.Context, p Packet) (time.Duration, Verdict) {
	v := n.Walk(p)
	if n.fabric.o.Echo == nil || !n.fabric.uplinkTakes(p.Flow.Remote.Addr(), &v) {
		return 0, v
	}
	return echoBeyond(ctx, n.fabric.o.Echo, p, v)
}

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
