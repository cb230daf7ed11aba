package ios_test

import (
	"net/netip"
	"testing"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/network"
)

// A device remembers so many flows that were logged, and logs how many packets of others
// it has missed.
func TestFilteredFlowsAreBounded(t *testing.T) {
	devicetest.InBubble(t, devicetest.Default(), "", func(t *testing.T, r *devicetest.Bubble) {
		for n := range 1000 {
			r.Device.Matched(network.Match{List: "A", Logs: network.LogFlow, Flow: network.Flow{Proto: network.TCP,
				Remote: netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), uint16(n)), Local: netip.MustParseAddrPort("10.0.0.2:22")}})
		}
		time.Sleep(time.Hour)
		got := r.Logged()
		want := []string{"%SEC-6-IPACCESSLOGP: list A denied tcp 10.0.0.1(0) -> 10.0.0.2(22), 1 packet",
			"%SEC-6-IPACCESSLOGRL: access-list logging rate-limited or missed 744 packets"}
		if n := len(got); n != 257 || got[0] != want[0] || got[256] != want[1] {
			t.Errorf("%d messages from %q to %q, want 257 from %q to %q", n, got[0], got[n-1], want[0], want[1])
		}
	})
}
