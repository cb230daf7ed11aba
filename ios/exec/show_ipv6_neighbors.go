package exec

import (
	"time"

	"vtylab/cli"
)

var ipv6NeighborCommands = []Command{
	{Syntax: `show "Show running system information" ipv6 "IPv6 information" neighbors "Show IPv6 neighbor cache entries" [vrf "VPN Routing/Forwarding instance" WORD$vrf "VRF name"]
	  [X:X:X:X::X$address "IPv6 address" | INTERFACE$name "Interface"]`, Level: 1, Filter: true, Run: showIPv6Neighbors},
}

// reachable is how long a neighbour counts as reachable after it was met (RFC 4861
// section 10, REACHABLE_TIME).
const reachable = 30 * time.Second

// showIPv6Neighbors is the neighbour table, by address. The device's own addresses are
// not in it.
func showIPv6Neighbors(s *Session, a cli.Args) error {
	vrf := a.Get("vrf")
	if !s.vrfExists(vrf) {
		s.Printf("%% VRF %s does not exist\n", vrf) // from memory
		return nil
	}
	s.Println("IPv6 Address                              Age Link-layer Addr State Interface")
	for _, n := range s.Device.Net.Neighbours(vrf) {
		if !n.Addr.Is6() || n.Since.IsZero() {
			continue
		}
		if to := a.Get("address"); to != "" && to != capitals(n.Addr) {
			continue
		}
		if name := a.Get("name"); name != "" && name != n.Interface {
			continue
		}
		age, state := s.Device.Now().Sub(n.Since), "REACH"
		if age > reachable {
			state = "STALE"
		}
		s.Printf("%-41s%4d %-15s %-5s %s\n", capitals(n.Addr), int(age.Minutes()), n.MAC, state, brief(n.Interface))
	}
	return nil
}
