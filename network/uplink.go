package network

import (
	"context"
	"net"
	"net/netip"
	"strconv"
)

// Uplink is how far connections that the device itself makes may go beyond it.
type Uplink int

// The reaches.
const (
	UplinkAny      Uplink = iota
	UplinkLoopback        // 127.0.0.0/8 and ::1, which are the host
	UplinkNone
)

var uplinks = [...]string{"any", "loopback", "none"}

// String is the reach as a flag names it.
func (u Uplink) String() string {
	if u < 0 || int(u) >= len(uplinks) {
		return "uplink " + strconv.Itoa(int(u))
	}
	return uplinks[u]
}

// refuses is the verdict on an address that is out of reach, nil on others. 0.0.0.0 and ::
// are: a host takes them for itself.
func (u Uplink) refuses(a netip.Addr) *Verdict {
	switch {
	case a.IsUnspecified():
		return &Verdict{Outcome: NoRoute, Uplink: true, Reason: "uplink " + u.String() + ": " + a.String() + " is no host"}
	case u == UplinkAny, u == UplinkLoopback && a.IsLoopback():
		return nil
	case u == UplinkLoopback:
		return &Verdict{Outcome: NoRoute, Uplink: true, Reason: "uplink loopback: " + a.String() + " is not loopback"}
	}
	return &Verdict{Outcome: NoRoute, Uplink: true, Reason: "uplink none: " + a.String() + " is beyond the device"}
}

// own is the verdict on 127.0.0.0/8 and ::1 in a fabric, nil on other addresses: they are
// a node itself, where nothing listens, unless the uplink leads to the host's.
func (u Uplink) own(a netip.Addr) *Verdict {
	if u == UplinkLoopback || !a.IsLoopback() {
		return nil
	}
	return &Verdict{Outcome: Refused, Reason: a.String() + " is the device itself"}
}

// protocols are those that the host connects with.
var protocols = map[Proto]string{TCP: "tcp", UDP: "udp"}

// dialHost connects to the destination of a path through the host, with dial. It blocks
// until the host has an answer, ctx ends, or p.Timeout is over.
func dialHost(ctx context.Context, p Path, dial func(ctx context.Context, network, address string) (net.Conn, error)) (net.Conn, *Verdict) {
	protocol, ok := protocols[p.Proto]
	if !ok {
		return nil, &Verdict{Outcome: NoRoute, Reason: "the uplink carries TCP and UDP only"}
	}
	if p.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.Timeout)
		defer cancel()
	}
	if p.AnyPort {
		dial = dialAnyPort
	}
	c, err := dial(ctx, protocol, p.To.String())
	if err != nil {
		return nil, dialVerdict(err)
	}
	return c, nil
}
