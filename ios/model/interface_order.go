package model

import (
	"cmp"
	"slices"
	"strings"
)

// InterfacesInOrder are the interfaces as show commands list them: in the order in
// which they came into being, subinterfaces by number behind their interface.
func (c *Config) InterfacesInOrder() []*Interface {
	all := make([]*Interface, 0, c.Interfaces.Len())
	place := make(map[string]int, cap(all))
	for i := range c.Interfaces.All() {
		main, _, _ := strings.Cut(i.Name, ".")
		if _, ok := place[main]; !ok {
			place[main] = len(place)
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(a, b *Interface) int {
		mainA, subA, _ := strings.Cut(a.Name, ".")
		mainB, subB, _ := strings.Cut(b.Name, ".")
		return cmp.Or(place[mainA]-place[mainB], len(subA)-len(subB), strings.Compare(subA, subB))
	})
	return all
}

// printedInterfaces are the interfaces in the order of NVGEN: loopbacks first
// (captures), then tunnels and port channels, in the end those that are no port
// either (from memory).
func (c *Config) printedInterfaces() []*Interface {
	all := c.InterfacesInOrder()
	slices.SortStableFunc(all, func(a, b *Interface) int { return rankOf(a.Name) - rankOf(b.Name) })
	return all
}

// rankOf is the place of an interface's type in the configuration.
func rankOf(name string) int {
	switch TypeOf(name) {
	case "Loopback":
		return 0
	case "Tunnel":
		return 1
	case "Port-channel":
		return 2
	case "Vlan", "BVI", "BDI", "Dialer", "Group-Async", "Virtual-Template":
		return 4
	}
	return 3
}
