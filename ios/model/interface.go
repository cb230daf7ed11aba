package model

import (
	"fmt"
	"math/bits"
	"net/netip"
	"strings"
	"vtylab/config"
)

// virtual are the interfaces that a configuration makes and removes.
var virtual = []string{"Loopback", "Tunnel", "Vlan", "Port-channel", "BVI", "Dialer", "Null", "Virtual-Template", "Multilink", "Group-Async", "nve"}

// keepPhysical is `no interface` and `default interface`: what is there cannot be
// removed, only what a configuration has made.
func keepPhysical(c *config.Call, v config.Form) (bool, error) {
	header := config.Printed(c.Args)
	name := strings.TrimPrefix(header, "interface ")
	switch {
	case v == config.Default:
		if b := root(c).Passive.Blocks.Edit(header); b != nil {
			b.Lines = config.PassiveLines{}
		}
		c.UI.Say("Interface " + name + " set to default configuration") // from memory
		return true, nil
	case v == config.Set || strings.Contains(name, "."):
		return false, nil
	}
	for _, kind := range virtual {
		if strings.HasPrefix(name, kind) {
			return false, nil
		}
	}
	return false, config.Refusal("% Removal of physical interfaces is not permitted")
}

// interfaceMode is the mode of an interface or subinterface.
func interfaceMode(c *config.Call) string {
	if strings.Contains(config.Printed(c.Args), ".") {
		return "subif"
	}
	return "interface"
}

// checkAddress refuses masks with gaps, and addresses that name a network or its
// broadcast.
func checkAddress(c *config.Call, v config.Form) (bool, error) {
	typed := c.Args.Get("address")
	if v != config.Set || typed == "" {
		return false, nil
	}
	address, host := ipv4(netip.MustParseAddr(typed)), ^ipv4(netip.MustParseAddr(c.Args.Get("mask")))
	switch length := bits.LeadingZeros32(host); {
	case host&(host+1) != 0:
		return false, config.Refusal(fmt.Sprintf("Bad mask 0x%X for address %s", ^host, typed))
	case length == 0:
		return false, config.Refusal("Bad mask /0 for address " + typed)
	case length < 31 && (address&host == 0 || address&host == host):
		return false, config.Refusal(fmt.Sprintf("Bad mask /%d for address %s", length, typed))
	}
	return false, nil
}

// noShutdown brings up every interface.
func (c *Config) noShutdown() {
	for b := range c.Passive.Of("interface") {
		c.Passive.Blocks.Edit(b.Key).Lines.Drop(func(l *config.PassiveLine) bool { return l.Text == "shutdown" })
	}
}
