package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
)

// Where connections of a node go that no node has the address of: the loopback is the
// node's own, whatever the protocol, and 0.0.0.0 is no host.
func TestFabricUplinkReach(t *testing.T) {
	for _, tt := range []struct {
		uplink  Uplink
		to      string
		outcome Outcome // of TCP, and of UDP that may be answered from any port
	}{
		{UplinkAny, "192.0.2.1:9", Delivered},
		{UplinkAny, "127.0.0.1:9", Refused},
		{UplinkAny, "127.9.9.9:9", Refused},
		{UplinkAny, "[::1]:9", Refused},
		{UplinkAny, "[::ffff:127.0.0.1]:9", Refused},
		{UplinkAny, "0.0.0.0:9", NoRoute},
		{UplinkAny, "[::]:9", NoRoute},
		{UplinkLoopback, "127.0.0.1:9", Delivered},
		{UplinkLoopback, "0.0.0.0:9", NoRoute},
		{UplinkLoopback, "192.0.2.1:9", NoRoute},
		{UplinkNone, "127.0.0.1:9", NoRoute},
	} {
		f := NewFabric(FabricOptions{Uplink: tt.uplink, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			near, _ := Pipe(netip.MustParseAddrPort("10.0.0.1:40000"), netip.MustParseAddrPort(address))
			return near, nil
		}})
		n, err := f.Add("R1")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Path{{Proto: TCP}, {Proto: UDP, AnyPort: true}} {
			p.To = netip.MustParseAddrPort(tt.to)
			c, err := n.Dial(t.Context(), p)
			var v *Verdict
			switch {
			case err == nil:
				c.Close()
				v = &Verdict{Outcome: Delivered}
			case !errors.As(err, &v):
				t.Fatal(err)
			}
			if v.Outcome != tt.outcome || v.Outcome == NoRoute && !v.Uplink {
				t.Errorf("uplink %v, %v to %s: %+v, want %v", tt.uplink, p.Proto, tt.to, v, tt.outcome)
			}
		}
	}
}
