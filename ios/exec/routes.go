package exec

import (
	"cmp"
	"net/netip"
	"slices"

	"vtylab/ios/model"
)

// route is one path of a routing table as show commands print it.
type route struct {
	Code      string // C, L, S
	To        netip.Prefix
	Via       netip.Addr // invalid for what is directly connected
	Interface string
	Distance  int
}

// routes is the routing table of a VRF, of IPv4 or of IPv6: what is up and can be
// reached, by address, the shorter of two prefixes first. It is the one place that
// knows where the table comes from.
func routes(s *Session, vrf string, v4 bool) []route {
	all := connected(s, vrf, v4)
	candidates := staticRoutes(s.Config(), vrf, v4)
	for grown := true; grown; {
		grown = false
		candidates = slices.DeleteFunc(candidates, func(r route) bool {
			if !resolves(s, r, all) {
				return false
			}
			all, grown = append(all, r), true
			return true
		})
	}
	all = best(all)
	slices.SortStableFunc(all, func(a, b route) int {
		return cmp.Or(a.To.Addr().Compare(b.To.Addr()), a.To.Bits()-b.To.Bits())
	})
	return all
}

// connected are the networks and the addresses of interfaces that are up.
func connected(s *Session, vrf string, v4 bool) (all []route) {
	for _, i := range interfaces(s) {
		if i.VRF != vrf || !linkUp(s, i) {
			continue
		}
		for a := range i.Addresses() {
			if a.Addr().Is4() != v4 {
				continue
			}
			all = append(all, route{Code: "C", To: a.Masked(), Interface: i.Name})
			if a.Bits() < a.Addr().BitLen() {
				all = append(all, route{Code: "L", To: netip.PrefixFrom(a.Addr(), a.Addr().BitLen()), Interface: i.Name})
			}
		}
	}
	return all
}

// staticRoutes are those of the configuration.
func staticRoutes(c *model.Config, vrf string, v4 bool) (all []route) {
	table := &c.IPv6Routes
	if v4 {
		table = &c.Routes
	}
	for r := range table.All() {
		if r.VRF == vrf && r.To.IsValid() && r.Distance < 255 && (r.Via.IsValid() || r.Interface != "") {
			all = append(all, route{"S", r.To, r.Via, r.Interface, r.Distance})
		}
	}
	return all
}

// resolves reports whether a static route leads somewhere: to an interface that is
// up, or to a next hop that another route knows.
func resolves(s *Session, r route, known []route) bool {
	if r.Interface != "" {
		i, ok := s.Config().Interfaces.Get(r.Interface)
		return model.TypeOf(r.Interface) == "Null" || ok && linkUp(s, i)
	}
	return slices.ContainsFunc(known, func(k route) bool {
		return k.To != r.To && k.To.Bits() > 0 && k.To.Contains(r.Via) && model.TypeOf(k.Interface) != "Null"
	})
}

// best keeps the paths with the lowest distance of each network.
func best(all []route) []route {
	lowest := map[netip.Prefix]int{}
	for _, r := range all {
		if d, ok := lowest[r.To]; !ok || r.Distance < d {
			lowest[r.To] = r.Distance
		}
	}
	return slices.DeleteFunc(all, func(r route) bool { return r.Distance > lowest[r.To] })
}
