package model

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// Every command clones the configuration: what that costs does not depend on how
// much there is.
func TestCloneDoesNotGrow(t *testing.T) {
	cost := func(n int) uint64 {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "username u%d nopassword\nalias exec a%d show\nip host h%d 10.0.0.1\nip prefix-list P seq %d permit 10.0.0.0/8\n", i, i, i, i+1)
			fmt.Fprintf(&text, "interface Loopback%d\n ip ospf 1 area 0\naccess-list 10 permit 10.0.%d.%d\nip route 10.0.%d.%d 255.255.255.255 Null0\n", i, i>>8, i&255, i>>8, i&255)
			fmt.Fprintf(&text, "vrf definition V%d\n address-family ipv4\nroute-map M permit %d\nip access-list extended A%d\n permit ip any any\n", i, i, i)
		}
		fmt.Fprintf(&text, "line vty 0 %d\n", min(n, 1869))
		c := parse(text.String()).Config
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 {
			c = c.Clone()
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / 100
	}
	if few, many := cost(10), cost(5000); many > few+few/10 {
		t.Errorf("a clone takes %d bytes with 10 of each kind, %d with 5000", few, many)
	}
}
