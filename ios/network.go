package ios

import (
	"slices"

	"vtylab/ios/model"
	"vtylab/network"
)

// networkSettings are the interfaces and static routes of a configuration.
func networkSettings(c *model.Config) network.Settings {
	return network.Settings{
		Node: c.Hostname,
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
			for r := range c.Routes.All() {
				if !yield(routeOf(r)) {
					return
				}
			}
			for r := range c.IPv6Routes.All() {
				if !yield(routeOf(r)) {
					return
				}
			}
		},
	}
}

func interfaceOf(c *model.Config, i *model.Interface) network.Interface {
	n := network.Interface{Name: i.Name, VRF: i.VRF, Addresses: slices.Collect(i.Addresses()), Up: !i.Shutdown, Line: "interface " + i.Name}
	if i.Shutdown {
		n.Line = "shutdown of " + i.Name
	}
	if i.AccessIn != "" {
		n.In = c.List(i.AccessIn)
	}
	if i.AccessOut != "" {
		n.Out = c.List(i.AccessOut)
	}
	return n
}

func routeOf(r *model.Route) network.Route {
	return network.Route{VRF: r.VRF, To: r.To, Via: r.Via, Interface: r.Interface, Line: r.Text}
}
