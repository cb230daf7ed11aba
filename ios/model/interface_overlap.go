package model

import (
	"fmt"
	"net/netip"

	"vtylab/config"
)

// overlapping finds another interface of the same VRF that is up and has an address
// in the network of p, of IPv4.
func (c *Config) overlapping(i *Interface, p netip.Prefix) (name string, ok bool) {
	if c.networks == nil {
		c.networks = newNetworkIndex(c)
	}
	for other := range c.networks.near(p) {
		o, there := c.Interfaces.Get(other)
		if !there || o.Name == i.Name || o.VRF != i.VRF || o.Shutdown {
			continue
		}
		for a := range o.Addresses() {
			if a.Overlaps(p) {
				return o.Name, true
			}
		}
	}
	c.noteNetwork(p, i.Name)
	return "", false
}

// overlap is what IOS says of a network that another interface has.
func overlap(p netip.Prefix, with string) string {
	return fmt.Sprintf("%% %s overlaps with %s", p.Masked().Addr(), with)
}

// checkOverlap refuses an address in the network of another interface. An interface
// that is shut keeps the address and gets a warning (from memory). The text of a
// start-up configuration may have its `shutdown` further down.
func checkOverlap(c *config.Call, i *Interface, p netip.Prefix) error {
	if starting(c) {
		return nil
	}
	with, ok := root(c).overlapping(i, p)
	switch {
	case !ok:
		return nil
	case i.Shutdown:
		c.UI.Say(overlap(p, with))
		root(c).noteNetwork(p, i.Name)
		return nil
	}
	return config.Refusal(overlap(p, with))
}

// shutdown may not end while another interface has the network of an address.
var shutdown = func() config.Setting[Interface] {
	s := config.Flag(func(i *Interface) *bool { return &i.Shutdown })
	up := s.No
	s.No = func(c *config.Call, i, fresh *Interface) error {
		if !i.Shutdown || starting(c) {
			return up(c, i, fresh)
		}
		for p := range i.Addresses() {
			if !p.Addr().Is4() {
				continue // only addresses of IPv4 are checked when they are typed
			}
			if with, ok := root(c).overlapping(i, p); ok {
				return config.Refusal(overlap(p, with) + "\n" + i.Name + ": incorrect IP address assignment")
			}
		}
		return up(c, i, fresh)
	}
	return s
}()
