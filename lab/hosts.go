package lab

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"vtylab/network"
)

// configureHost gives a host the addresses and the default routes of the topology.
func (n *Node) configureHost() error {
	prefixes, err := n.prefixes()
	if err != nil {
		return err
	}
	gateways, err := n.addrs(n.gateways)
	if err != nil {
		return err
	}
	if err := n.checkGateways(prefixes, gateways); err != nil {
		return err
	}
	var names []string
	for _, x := range n.linked {
		names = append(names, x.iface)
	}
	for name := range prefixes {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = []string{"eth1"}
	}
	interfaces := make([]network.Interface, 0, len(names))
	for i, name := range names {
		x := network.Interface{Name: name, Up: true, Addresses: prefixes[name], Line: "address of " + n.Name}
		if i == 0 {
			x.Addresses = append(slices.Clone(prefixes[""]), x.Addresses...)
		}
		interfaces = append(interfaces, x)
	}
	var routes []network.Route
	for _, via := range gateways {
		all := netip.IPv4Unspecified()
		if via.Is6() {
			all = netip.IPv6Unspecified()
		}
		routes = append(routes, network.Route{To: netip.PrefixFrom(all, 0), Via: via, Line: fmt.Sprintf("gateway: %s", via)})
	}
	s := network.NewSettings(n.Name, interfaces, routes...)
	s.Queues = true
	return n.Net.Apply(s)
}

// checkGateways finds a gateway that the host cannot reach: one in none of its networks.
func (n *NodeSpec) checkGateways(prefixes map[string][]netip.Prefix, gateways []netip.Addr) error {
	for i, via := range gateways {
		if via.Is6() && via.IsLinkLocalUnicast() {
			continue
		}
		if !slices.ContainsFunc(slices.Concat(slices.Collect(maps.Values(prefixes))...), func(p netip.Prefix) bool { return p.Contains(via) }) {
			return n.gateways[i].errorf("gateway %s: want an address in a network of the host", via)
		}
	}
	return nil
}
