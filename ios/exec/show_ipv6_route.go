package exec

import (
	"fmt"
	"net/netip"
	"strings"

	"vtylab/cli"
)

var ipv6RouteCommands = []Command{
	{Syntax: `show "Show running system information" ipv6 "IPv6 information" route "Show IPv6 route table entries" ` + ofVRF + `
	  [connected "Connected routes" | local "Local routes" | static "Static routes"]`, Level: 1, Filter: true, Run: showIPv6Route},
}

// multicast is where every device with IPv6 drops groups that it has not joined.
var multicast = route{Code: "L", To: netip.MustParsePrefix("ff00::/8"), Interface: "Null0"}

func showIPv6Route(s *Session, a cli.Args) error {
	vrf, name := a.Get("vrf"), "default"
	if vrf != "" {
		name = vrf
		if !s.Config().VRFs.Has(vrf) {
			s.Printf("%% IPv6 routing table %s does not exist\n", vrf)
			return nil
		}
	}
	table := append(routes(s, vrf, false), multicast)
	s.Printf("IPv6 Routing Table - %s - %d entries\n%s\n", name, len(table), s.Release.Show.IPv6RouteCodes)
	for i, r := range table {
		if a.Has("connected") && r.Code != "C" || a.Has("static") && r.Code != "S" || a.Has("local") && r.Code != "L" {
			continue
		}
		if i == 0 || table[i-1].To != r.To {
			s.Printf("%-3s %s [%d/0]\n", r.Code, capitals(r.To), r.Distance)
		}
		s.Printf("     via %s\n", ipv6Path(r))
	}
	return nil
}

// ipv6Path is where a route of IPv6 leads.
func ipv6Path(r route) string {
	switch {
	case r.Code == "L":
		return r.Interface + ", receive"
	case !r.Via.IsValid():
		return r.Interface + ", directly connected"
	case r.Interface != "":
		return fmt.Sprintf("%s, %s", capitals(r.Via), r.Interface)
	}
	return capitals(r.Via)
}

// capitals is an address of IPv6 as IOS prints it.
func capitals(a fmt.Stringer) string { return strings.ToUpper(a.String()) }
