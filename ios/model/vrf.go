package model

import (
	"strings"

	"vtylab/config"
)

// VRF is a VPN routing and forwarding instance.
type VRF struct {
	Name        string
	Old         bool // `ip vrf`, which is for IPv4 only
	Description string
	RD          string                              // route distinguisher, "" when not set
	Families    config.Table[string, AddressFamily] // by their words
	Passive     config.PassiveLines
}

// AddressFamily is one `address-family` of a VRF.
type AddressFamily struct {
	Words   string // ipv4, ipv6 multicast
	Passive config.PassiveLines
}

// Protocol is ipv4 or ipv6.
func (f AddressFamily) Protocol() string {
	protocol, _, _ := strings.Cut(f.Words, " ")
	return protocol
}

// Clone shares the commands without behaviour.
func (f AddressFamily) Clone() AddressFamily {
	f.Passive = f.Passive.Clone()
	return f
}

// Clone shares the address families and the commands without behaviour.
func (f VRF) Clone() VRF {
	f.Families, f.Passive = f.Families.Clone(), f.Passive.Clone()
	return f
}

// Header is the command that leads into the VRF.
func (f *VRF) Header() string {
	if f.Old {
		return "ip vrf " + f.Name
	}
	return "vrf definition " + f.Name
}

// vrfAt returns the VRF of that name to be edited, made when there is none.
func (c *Config) vrfAt(name string, old bool) *VRF {
	if f := c.VRFs.Edit(name); f != nil {
		return f
	}
	return c.VRFs.Put(name, VRF{Name: name, Old: old})
}

// familyAt is vrfAt for an address family.
func (f *VRF) familyAt(words string) *AddressFamily {
	if a := f.Families.Edit(words); a != nil {
		return a
	}
	return f.Families.Put(words, AddressFamily{Words: words})
}

var vrfRows = []row[Config]{
	{`vrf "VRF commands" definition "VRF definition" WORD$vrf "VRF name" /`, vrfEntry(false)},
	{`ip "Global IP configuration subcommands" vrf "Configure an IP VPN Routing/Forwarding instance" WORD$vrf "VPN Routing/Forwarding instance name" /`,
		config.Alternate(vrfEntry(true))},
}

// vrfEntry leads into a VRF, and makes it in that spelling.
func vrfEntry(old bool) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			t.vrfAt(c.Args.Get("vrf"), old)
			c.Enter(vrfMode.Name, c.Args.Get("vrf"))
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { t.VRFs.Delete(c.Args.Get("vrf")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for f := range t.VRFs.All() {
				v.Line("%s", f.Header())
				v.Body(vrfMode.Name, f)
				v.Line("!")
			}
		},
	}
}

var vrfMode = &config.Mode[*Config, VRF]{
	Name: "vrf", Suffix: "config-vrf", Heading: "VPN Routing/Forwarding instance configuration commands:",
	At:    func(c *Config, key string) []*VRF { return []*VRF{c.vrfAt(key, false)} },
	Fresh: func(*Config) *VRF { return &VRF{} },
	Keeps: func(f *VRF) *config.PassiveLines { return &f.Passive },
	Groups: []config.Group[VRF]{group("vrf", []row[VRF]{
		{`description "VRF specific description" LINE$text "VRF specific description"`, trimmed(config.Text(func(f *VRF) *string { return &f.Description }))},
		{`rd "Specify Route Distinguisher" WORD$rd "VPN Route Distinguisher"`, config.Text(func(f *VRF) *string { return &f.RD })},
		{`address-family "Enter Address Family command mode" {ipv4 "Address family" | ipv6 "Address family"}
		  [multicast "Address Family Multicast" | unicast "Address Family Unicast"] /`, addressFamily},
	}...)},
}

var addressFamily = config.Setting[VRF]{
	Set: func(c *config.Call, f, _ *VRF) error {
		words := config.Printed(c.Args[1:])
		f.familyAt(words)
		c.Enter(familyMode.Name, config.Inside(f.Name, words))
		return nil
	},
	No: func(c *config.Call, f, _ *VRF) error { f.Families.Delete(config.Printed(c.Args[1:])); return nil },
	Show: func(v *config.View, f, _ *VRF) {
		for a := range f.Families.All() {
			v.Line("address-family %s", a.Words)
			v.Body(familyMode.Name, a)
			v.Line("%s", familyMode.Closing)
		}
	},
}

// familyMode edits one address family of a VRF; its key names both.
var familyMode = &config.Mode[*Config, AddressFamily]{
	Name: "vrf-af", Suffix: "config-vrf-af", Heading: "VRF Address Family configuration commands:", Closing: "exit-address-family",
	At: func(c *Config, key string) []*AddressFamily {
		name, words := config.Outside(key)
		return []*AddressFamily{c.vrfAt(name, false).familyAt(words)}
	},
	Fresh: func(*Config) *AddressFamily { return &AddressFamily{} },
	Keeps: func(a *AddressFamily) *config.PassiveLines { return &a.Passive },
}
