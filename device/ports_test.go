package device_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
)

// Interfaces that change at the same moment are reported in the order of the
// configuration, again and again.
func TestLineProtocolsInOrder(t *testing.T) {
	const loopbacks = 50
	var made, shut, want strings.Builder
	for i := range loopbacks {
		fmt.Fprintf(&made, "interface Loopback%d\n", i)
		fmt.Fprintf(&shut, "interface Loopback%d\n shutdown\n", i)
		fmt.Fprintf(&want, "%%LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback%d, changed state to down\n", i)
	}
	devicetest.InBubble(t, "ios-15.5", "file prompt quiet\n"+made.String(), func(t *testing.T, r *devicetest.Bubble) {
		r.Put("flash:shut", shut.String())
		r.Device.Run(t.Context(), "copy flash:shut running-config")
		time.Sleep(2 * time.Second)
		var got strings.Builder
		for _, line := range r.Logged() {
			if i := strings.Index(line, "%LINEPROTO"); i >= 0 {
				got.WriteString(line[i:] + "\n")
			}
		}
		if got.String() != want.String() {
			t.Errorf("the log is\n%s", got.String())
		}
	})
}
