package model

import (
	"cmp"
	"strings"

	"vtylab/config"
)

// ordinaryMTU is the MTU of the types of interfaces that are no Ethernet, in bytes
// (from memory).
var ordinaryMTU = map[string]int{"Loopback": 1514, "POS": 4470, "ATM": 4470, "Hssi": 4470, "Fddi": 4470, "TokenRing": 4464}

// OrdinaryMTU is the MTU of an interface that is not configured, in bytes.
func OrdinaryMTU(name string) int {
	if n, ok := ordinaryMTU[TypeOf(name)]; ok {
		return n
	}
	return 1500
}

// MTUOf is the MTU of an interface in bytes: the configured one, for a subinterface else
// that of its port, else the ordinary one.
func (c *Config) MTUOf(i *Interface) int {
	main, _, sub := strings.Cut(i.Name, ".")
	if port, ok := c.Interfaces.Get(main); ok && sub && i.MTU == 0 {
		i = port
	}
	return cmp.Or(i.MTU, OrdinaryMTU(i.Name))
}

// IPMTUOf is the largest packet of IPv4 that an interface sends, in bytes.
func (c *Config) IPMTUOf(i *Interface) int { return cmp.Or(i.IPMTU, c.MTUOf(i)) }

// interfaceMTU keeps an MTU that is not the ordinary one; 0 is that.
var interfaceMTU = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		i.MTU, _ = c.Args.Int("bytes")
		if i.MTU == OrdinaryMTU(i.Name) {
			i.MTU = 0
		}
		return nil
	},
	No: func(_ *config.Call, i, _ *Interface) error { i.MTU = 0; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		if i.MTU != 0 {
			v.Line("mtu %d", i.MTU)
		}
	},
}
