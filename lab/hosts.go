package lab

import (
	"fmt"
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
	names := slices.Clone(n.linked)
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
