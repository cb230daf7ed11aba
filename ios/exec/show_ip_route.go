package exec

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"vtylab/cli"
)

const ofVRF = `[vrf "Display routes from a VPN Routing/Forwarding instance" WORD$vrf "VPN Routing/Forwarding instance name"]`

var ipRouteCommands = []Command{
	{Syntax: `show "Show running system information" ip "IP information" route "IP routing table" ` + ofVRF + `
	  [A.B.C.D$to "Network to display information about or hostname" | connected "Connected" | static "Static routes" | summary "Summary of all routes"]`,
		Level: 1, Filter: true, Run: showIPRoute},
}

func showIPRoute(s *Session, a cli.Args) error {
	vrf := a.Get("vrf")
	if vrf != "" && !s.Config().VRFs.Has(vrf) {
		s.Printf("%% IP routing table %s does not exist\n", vrf)
		return nil
	}
	if !s.Config().RoutesIPv4() {
		showGateway(s)
		return nil
	}
	table := routes(s, vrf, true)
	to, err := netip.ParseAddr(a.Get("to"))
	switch {
	case err == nil:
		if vrf != "" {
			s.Printf("\nRouting Table: %s\n", vrf)
		}
		showRouteTo(s, to, table)
	case a.Has("summary"):
		showRouteSummary(s, vrf, table)
	default:
		if vrf != "" {
			s.Printf("\nRouting Table: %s\n", vrf)
		}
		s.Printf("%s\n%s\n\n", s.Release.Show.RouteCodes, gateway(table))
		printRoutes(s, table, func(r route) bool {
			return !(a.Has("connected") && r.Code != "C" || a.Has("static") && r.Code != "S")
		})
	}
	return nil
}

// showGateway is what show ip route has without IP routing (from memory).
func showGateway(s *Session) {
	gateway := "not set"
	if a := s.Config().DefaultGateway; a.IsValid() {
		gateway = a.String()
	}
	s.Println("Default gateway is "+gateway, "", "Host               Gateway           Last Use    Total Uses  Interface", "ICMP redirect cache is empty")
}

// gateway is the line about the default route.
func gateway(table []route) string {
	if i := slices.IndexFunc(table, func(r route) bool { return r.To.Bits() == 0 }); i >= 0 {
		via := table[i].Via
		if !via.IsValid() {
			via = netip.IPv4Unspecified()
		}
		return fmt.Sprintf("Gateway of last resort is %s to network 0.0.0.0", via)
	}
	return "Gateway of last resort is not set"
}

// classful is the network of classes A, B and C that an address is in; other
// addresses and default routes have none of their own.
func classful(p netip.Prefix) netip.Prefix {
	first, bits := p.Addr().As4()[0], 0
	switch {
	case p.Bits() == 0 || first >= 224:
		return p
	case first < 128:
		bits = 8
	case first < 192:
		bits = 16
	default:
		bits = 24
	}
	if p.Bits() < bits {
		return p
	}
	return netip.PrefixFrom(p.Addr(), bits).Masked()
}

// printRoutes prints the routes that are wanted below the classful networks that
// all of them divide.
func printRoutes(s *Session, table []route, wanted func(route) bool) {
	for len(table) > 0 {
		major := classful(table[0].To)
		n := 1
		for n < len(table) && classful(table[n].To) == major {
			n++
		}
		if slices.ContainsFunc(table[:n], wanted) {
			printNetwork(s, major, table[:n], wanted)
		}
		table = table[n:]
	}
}

// printNetwork prints the routes into one classful network.
func printNetwork(s *Session, major netip.Prefix, in []route, wanted func(route) bool) {
	networks, masks := map[netip.Prefix]bool{}, map[int]bool{}
	for _, r := range in {
		networks[r.To], masks[r.To.Bits()] = true, true
	}
	indent, length := 9, true
	switch {
	case len(networks) == 1 && networks[major]:
		indent = 6
	case len(masks) == 1:
		s.Printf("      %s/%d is subnetted, %d subnets\n", major.Addr(), in[0].To.Bits(), len(networks))
		length = false
	default:
		s.Printf("      %s is variably subnetted, %d subnets, %d masks\n", major, len(networks), len(masks))
	}
	for i, r := range in {
		if !wanted(r) {
			continue
		}
		start := fmt.Sprintf("%-*s%s", indent, codeOf(r), shownPrefix(r.To, length))
		if i > 0 && in[i-1].To == r.To && in[i-1].Code == r.Code {
			start = strings.Repeat(" ", len(start))
		}
		s.Println(start + " " + path(r))
	}
}

// codeOf is the code of a route, with the mark of a default one.
func codeOf(r route) string {
	if r.To.Bits() == 0 {
		return r.Code + "*"
	}
	return r.Code
}

func shownPrefix(p netip.Prefix, length bool) string {
	if length {
		return p.String()
	}
	return p.Addr().String()
}

// path is where a route leads.
func path(r route) string {
	switch {
	case !r.Via.IsValid():
		return "is directly connected, " + r.Interface
	case r.Interface != "":
		return fmt.Sprintf("[%d/0] via %s, %s", r.Distance, r.Via, r.Interface)
	}
	return fmt.Sprintf("[%d/0] via %s", r.Distance, r.Via)
}

// sources are the words of a route's origin, and what stands behind its metric.
var sources = map[string]struct{ name, note string }{
	"C": {"connected", " (connected, via interface)"},
	"L": {"connected", " (connected)"},
	"S": {"static", ""},
}

// showRouteTo tells of the network that an address is in. A default route is none.
func showRouteTo(s *Session, to netip.Addr, table []route) {
	var paths []route
	near := false // another subnet of the classful network is known
	for _, r := range table {
		near = near || classful(r.To).Contains(to) && r.To.Bits() > 0
		if r.To.Contains(to) && (r.To.Bits() > 0 || to.IsUnspecified()) {
			if len(paths) > 0 && paths[0].To.Bits() < r.To.Bits() {
				paths = nil
			}
			paths = append(paths, r)
		}
	}
	switch {
	case len(paths) > 0:
		printEntry(s, paths)
	case near:
		s.Println("% Subnet not in table")
	default:
		s.Println("% Network not in table")
	}
}

// printEntry is the long form of a route.
func printEntry(s *Session, paths []route) {
	r := paths[0]
	best := ""
	if r.To.Bits() == 0 {
		best = ", candidate default path"
	}
	supernet := ""
	if classful(r.To) == r.To && r.To.Bits() < 8 {
		supernet = ", supernet"
	}
	s.Printf("Routing entry for %s%s\n", r.To, supernet)
	static := ""
	if r.Code == "S" && !r.Via.IsValid() {
		static = " (connected)"
	}
	s.Printf("  Known via \"%s\", distance %d, metric 0%s%s%s\n  Routing Descriptor Blocks:\n", sources[r.Code].name, r.Distance, best, sources[r.Code].note, static)
	for i, p := range paths {
		mark := "*"
		if i > 0 {
			mark = " "
		}
		where := "directly connected, via " + p.Interface
		if p.Via.IsValid() {
			where = p.Via.String()
			if p.Interface != "" {
				where += ", via " + p.Interface
			}
		}
		s.Printf("  %s %s\n      Route metric is 0, traffic share count is 1\n", mark, where)
	}
}

// Bytes that a route takes in the summary (from memory).
const (
	routeOverhead = 96
	routeMemory   = 288
)

// showRouteSummary counts routes; the layout is from memory.
func showRouteSummary(s *Session, vrf string, table []route) {
	name := vrf
	if name == "" {
		name = "default"
	}
	s.Printf("IP routing table name is %s (0x%X)\nIP routing table maximum-paths is 32\n", name, tableID(s, vrf))
	row := "%-16s%-12d%-12d%-12d%-12d%d\n"
	s.Println("Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)")
	total := [2]int{}
	for _, source := range []string{"connected", "static"} {
		var n [2]int
		for _, r := range table {
			if sources[r.Code].name != source {
				continue
			}
			if classful(r.To) == r.To {
				n[0]++
			} else {
				n[1]++
			}
		}
		s.Printf(row, source, n[0], n[1], 0, (n[0]+n[1])*routeOverhead, (n[0]+n[1])*routeMemory)
		total[0], total[1] = total[0]+n[0], total[1]+n[1]
	}
	sum := total[0] + total[1]
	s.Printf(row, "Total", total[0], total[1], 0, sum*routeOverhead, sum*routeMemory)
}

// tableID is the number of a VRF's table: 0 for the global one, then in the order
// of the configuration.
func tableID(s *Session, vrf string) int {
	n := 0
	for v := range s.Config().VRFs.All() {
		n++
		if v.Name == vrf {
			return n
		}
	}
	return 0
}
