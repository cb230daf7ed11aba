package config

import (
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
)

// virtual are the interfaces that a configuration makes and removes.
var virtual = []string{"Loopback", "Tunnel", "Vlan", "Port-channel", "BVI", "Dialer", "Null", "Virtual-Template", "Multilink", "Group-Async", "nve"}

// keepPhysical is `no interface` and `default interface`: what is there cannot be
// removed, only what a configuration has made.
func keepPhysical(c *Call, v verb) (bool, error) {
	header := printed(c.Args)
	name := strings.TrimPrefix(header, "interface ")
	switch {
	case v == doDefault:
		if b := c.Config.Passive.block(header); b != nil {
			b.Lines = nil
		}
		c.UI.Say("Interface " + name + " set to default configuration") // from memory
		return true, nil
	case v == doSet || strings.Contains(name, "."):
		return false, nil
	}
	for _, kind := range virtual {
		if strings.HasPrefix(name, kind) {
			return false, nil
		}
	}
	return false, Refusal("% Removal of physical interfaces is not permitted")
}

// checkAddress refuses masks with gaps, and addresses that name a network or its
// broadcast.
func checkAddress(c *Call, v verb) (bool, error) {
	typed := c.Args.Get("address")
	if v != doSet || typed == "" {
		return false, nil
	}
	address, host := ipv4(netip.MustParseAddr(typed)), ^ipv4(netip.MustParseAddr(c.Args.Get("mask")))
	switch length := bits.LeadingZeros32(host); {
	case host&(host+1) != 0:
		return false, Refusal(fmt.Sprintf("Bad mask 0x%X for address %s", ^host, typed))
	case length == 0:
		return false, Refusal("Bad mask /0 for address " + typed)
	case length < 31 && (address&host == 0 || address&host == host):
		return false, Refusal(fmt.Sprintf("Bad mask /%d for address %s", length, typed))
	}
	return false, nil
}

// noShutdown brings up every interface.
func (c *Config) noShutdown() {
	for i := range c.Passive.Blocks {
		b := &c.Passive.Blocks[i]
		if b.Mode == "interface" {
			b.Lines = slices.DeleteFunc(slices.Clone(b.Lines), func(l PassiveLine) bool { return l.Text == "shutdown" })
		}
	}
}
