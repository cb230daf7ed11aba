package model

import (
	"net/netip"

	"vtylab/config"
)

// vrfForwarding is the VRF in its old or its new spelling; an interface is in one. One
// that goes to another loses its addresses.
func vrfForwarding(old bool) config.Setting[Interface] {
	return config.Setting[Interface]{
		Set: func(c *config.Call, i, _ *Interface) error {
			vrf := c.Args.Get("vrf")
			if vrf != i.VRF {
				i.dropAddresses(c, "enabling VRF "+vrf)
			}
			i.VRF, i.OldVRF = vrf, old
			return nil
		},
		No: func(c *config.Call, i, _ *Interface) error {
			if i.VRF != "" {
				i.dropAddresses(c, "disabling VRF "+i.VRF)
			}
			i.VRF = ""
			return nil
		},
		Show: func(v *config.View, i, _ *Interface) {
			if i.VRF != "" && i.OldVRF == old {
				v.Line("%s %s", v.Words, i.VRF)
			}
		},
	}
}

// dropAddresses removes the addresses of an interface. Where the command was typed it
// prints so, and why (captures of IOS 15 and XE; the line about IPv6 is from memory).
func (i *Interface) dropAddresses(c *config.Call, why string) {
	say := func(protocol string) {
		if !starting(c) {
			c.UI.Say("% Interface " + i.Name + " " + protocol + " disabled and address(es) removed due to " + why)
		}
	}
	if i.Addressing > NoAddress || i.Secondary.Len() > 0 {
		i.Addressing, i.Secondary, i.Method = NoAddress, config.Table[netip.Prefix, netip.Prefix]{}, methodOf(c)
		say("IPv4")
	}
	if i.RunsIPv6() {
		i.IPv6Enable, i.IPv6 = false, config.Table[string, IPv6Address]{}
		say("IPv6")
	}
}
