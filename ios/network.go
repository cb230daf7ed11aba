package ios

import (
	"iter"
	"slices"
	"strings"

	"vtylab/ios/model"
	"vtylab/network"
)

// networkSettings are the interfaces and static routes of a configuration.
func (s *System) networkSettings(c *model.Config) network.Settings {
	return network.Settings{
		Node:  c.Hostname,
		Host:  !c.RoutesIPv4(),
		Hello: func(iface string) any { return s.hello(c, iface) },
		Interfaces: func(yield func(network.Interface) bool) {
			for i := range c.Interfaces.All() {
				if !yield(interfaceOf(c, i)) {
					return
				}
			}
		},
		Interface: func(name string) (network.Interface, bool) {
			i, ok := c.Interfaces.Get(c.Release.Words.InterfaceName(name))
			if !ok {
				return network.Interface{}, false
			}
			return interfaceOf(c, i), true
		},
		Routes: func(yield func(network.Route) bool) {
			for _, routes := range []iter.Seq[*model.Route]{c.IPv4Routes(), c.IPv6Routes.All()} {
				for r := range routes {
					if !yield(routeOf(r)) {
						return
					}
				}
			}
		},
	}
}

func interfaceOf(c *model.Config, i *model.Interface) network.Interface {
	n := network.Interface{
		Name: i.Name, VRF: i.VRF, Addresses: slices.Collect(i.Addresses()), MTU: c.IPMTUOf(i), Virtual: strings.HasPrefix(i.Name, "Loopback"),
		Up: !i.Shutdown, Line: "interface " + i.Name, Silent: !i.Unreachables, ProxyARP: i.ProxyARP && c.RoutesIPv4(), IPv6: i.RunsIPv6(),
		In: c.List(i.AccessIn), Out: c.List(i.AccessOut), In6: c.IPv6List(i.FilterIn), Out6: c.IPv6List(i.FilterOut),
	}
	if i.Shutdown {
		n.Line = "shutdown of " + i.Name
	}
	if parent, _, sub := strings.Cut(i.Name, "."); sub {
		n.Parent = parent
	}
	if !i.Tag.Native {
		n.VLAN = uint16(i.Tag.VLAN)
	}
	return n
}

func routeOf(r *model.Route) network.Route {
	return network.Route{VRF: r.VRF, To: r.To, Via: r.Via, Interface: r.Interface, Distance: r.Distance, Discard: strings.HasPrefix(r.Interface, "Null"), Line: r.Text}
}
