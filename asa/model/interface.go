package model

import (
	"net/netip"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// Interface is one interface of the hardware.
type Interface struct {
	Name           string // of the hardware: GigabitEthernet0/0
	Nameif         string // what commands call it, "" for none
	Level          int    // of security, NoLevel for none
	Address        netip.Prefix
	Shutdown       bool
	ManagementOnly bool
}

// NoLevel is the security level of an interface that has none.
const NoLevel = -1

// NewInterface is an interface that nobody has configured.
func NewInterface(name string) Interface {
	return Interface{Name: name, Level: NoLevel, Shutdown: true}
}

var interfaceRows = []row[Config]{
	{`interface "Select an interface to configure" INTERFACE$name "{} interface"`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("name")
			if !t.Interfaces.Has(name) {
				return invalid(c.Args, "name")
			}
			c.Enter(interfaceMode.Name, name)
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for i := range t.Interfaces.All() {
				v.Line("interface %s", i.Name)
				v.Body(interfaceMode.Name, i)
				v.Line("!")
			}
		},
	}},
}

// noShutdown brings up every interface: a saved configuration says which are not.
func (c *Config) noShutdown() {
	for _, name := range c.Release.Interfaces {
		c.Interfaces.Edit(name).Shutdown = false
	}
}

// invalid is the complaint about an argument.
func invalid(a cli.Args, name string) error {
	for _, w := range a {
		if w.Name == name {
			return &cli.Error{Kind: cli.Invalid, Pos: w.Pos}
		}
	}
	return &cli.Error{Kind: cli.Invalid}
}

var interfaceMode = &config.Mode[*Config, Interface]{
	Name: "interface", Suffix: "config-if", Heading: Heading("interface"),
	At:    func(c *Config, name string) []*Interface { return []*Interface{c.Interfaces.Edit(name)} },
	Fresh: func(*Config) *Interface { i := NewInterface(""); return &i },
	Groups: []config.Group[Interface]{group("interface",
		row[Interface]{`management-only "Dedicate an interface to management. Block thru traffic"`, managementOnly},
		row[Interface]{`shutdown "Shutdown the selected interface"`, shutdown},
		row[Interface]{`nameif "Assign name to interface" WORD$name "A name by which this interface will be referred in all other commands"`, nameif},
		row[Interface]{`security-level "Specify the security level of this interface" <0-100>$level "The security level for the interface"`, securityLevel},
		row[Interface]{`ip "Configure the ip address" address "Configure the IP address of this interface"
			A.B.C.D$address "The IPv4 address of this interface" A.B.C.D$mask "The IPv4 netmask of this interface"`, address},
	)},
}

// managementOnly shows on a management interface whatever it is (asa-ssh-scp 2.2).
var managementOnly = config.Setting[Interface]{
	Set: func(_ *config.Call, i, _ *Interface) error { i.ManagementOnly = true; return nil },
	No:  func(_ *config.Call, i, _ *Interface) error { i.ManagementOnly = false; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		switch {
		case i.ManagementOnly:
			v.Line("management-only")
		case v.All || strings.HasPrefix(i.Name, "Management"):
			v.Line("no management-only")
		}
	},
}

var shutdown = config.Setting[Interface]{
	Set: func(_ *config.Call, i, _ *Interface) error { i.Shutdown = true; return nil },
	No:  func(_ *config.Call, i, _ *Interface) error { i.Shutdown = false; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		if i.Shutdown {
			v.Line("shutdown")
		}
	},
}

// nameif gives an interface its name; a level that was not set follows from it. The
// `ssh` lines of an interface go with its name (from memory).
var nameif = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		name, all := c.Value(), root(c)
		if other, taken := all.Named(name); taken {
			if other.Name == i.Name {
				return nil
			}
			return config.Refusal("ERROR: Name \"" + name + "\" has been assigned to interface " + other.Name) // from memory
		}
		all.SSH.rename(i.Nameif, name)
		i.Nameif = name
		if i.Level == NoLevel {
			i.Level = 0
			if strings.EqualFold(name, "inside") {
				i.Level = 100
			}
			say(c, "INFO: Security level for \""+name+"\" set to "+strconv.Itoa(i.Level)+" by default.")
		}
		return nil
	},
	No: func(c *config.Call, i, _ *Interface) error {
		root(c).SSH.rename(i.Nameif, "")
		i.Nameif, i.Level = "", NoLevel
		return nil
	},
	Show: func(v *config.View, i, _ *Interface) {
		if i.Nameif == "" {
			v.Line("no nameif")
			return
		}
		v.Line("nameif %s", i.Nameif)
	},
}

var securityLevel = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error { i.Level, _ = c.Args.Int("level"); return nil },
	No:  func(_ *config.Call, i, _ *Interface) error { i.Level = NoLevel; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		if i.Level == NoLevel {
			v.Line("no security-level")
			return
		}
		v.Line("security-level %d", i.Level)
	},
}

var address = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		address, err := netip.ParseAddr(c.Args.Get("address"))
		if err != nil {
			return invalid(c.Args, "address")
		}
		length, ok := maskLength(c.Args.Get("mask"))
		if !ok {
			return config.Refusal("ERROR: Invalid netmask " + c.Args.Get("mask")) // from memory
		}
		i.Address = netip.PrefixFrom(address, length)
		return nil
	},
	No: func(_ *config.Call, i, _ *Interface) error { i.Address = netip.Prefix{}; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		if !i.Address.IsValid() {
			v.Line("no ip address")
			return
		}
		v.Line("ip address %s %s", i.Address.Addr(), maskOf(i.Address.Bits()))
	},
}
