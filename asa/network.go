package asa

import (
	"net/netip"

	"vtylab/asa/model"
	"vtylab/network"
)

// networkSettings are the interfaces that have a name: others carry nothing.
func networkSettings(c *model.Config) network.Settings {
	return network.Settings{
		Node: c.Hostname,
		Interfaces: func(yield func(network.Interface) bool) {
			for i := range c.Interfaces.All() {
				if i.Nameif != "" && !yield(interfaceOf(i)) {
					return
				}
			}
		},
		// A person may give the name or the hardware.
		Interface: func(name string) (network.Interface, bool) {
			i, ok := c.Named(name)
			if !ok {
				i, ok = c.Interfaces.Get(model.Words.InterfaceName(name))
			}
			if !ok || i.Nameif == "" {
				return network.Interface{}, false
			}
			return interfaceOf(i), true
		},
	}
}

// ordinaryMTU is that of an interface, in bytes.
const ordinaryMTU = 1500

// interfaceOf is an interface as the network sees it: by its nameif. A firewall sends
// no message about what it drops (from memory).
func interfaceOf(i *model.Interface) network.Interface {
	n := network.Interface{Name: i.Nameif, Hardware: i.Name, Silent: true, ManagementOnly: i.ManagementOnly, Up: !i.Shutdown, MTU: ordinaryMTU, Line: "interface " + i.Name}
	if i.Shutdown {
		n.Line = "shutdown of " + i.Name
	}
	if i.Address.IsValid() {
		n.Addresses = []netip.Prefix{i.Address}
	}
	return n
}
