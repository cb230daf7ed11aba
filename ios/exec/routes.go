package exec

import (
	"net/netip"

	"vtylab/network"
)

// route is one path of a routing table as show commands print it.
type route struct {
	Code      string // C, L, S
	To        netip.Prefix
	Via       netip.Addr // invalid for what is directly connected
	Interface string
	Distance  int
}

// routes is the routing table of a VRF, of IPv4 or of IPv6, in the order of show ip
// route.
func routes(s *Session, vrf string, v4 bool) (all []route) {
	for e := range s.Device.Net.Table(vrf).All() {
		if e.To.Addr().Is4() == v4 {
			all = append(all, route{routeCodes[e.Kind], e.To, e.Via, e.Interface, e.Distance})
		}
	}
	return all
}

var routeCodes = [...]string{network.Connected: "C", network.Local: "L", network.Static: "S"}
