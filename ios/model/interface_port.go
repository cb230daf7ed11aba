package model

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// virtual are the interfaces that a configuration makes and removes.
var virtual = []string{"Loopback", "Tunnel", "Vlan", "Port-channel", "BVI", "BDI", "Dialer", "Null", "Virtual-PPP", "Virtual-Template", "Multilink", "Group-Async", "nve"}

// Physical reports whether an interface is a port of the hardware, which cannot be
// made or removed.
func Physical(name string) bool {
	return !strings.Contains(name, ".") && !slices.Contains(virtual, TypeOf(name))
}

// TypeOf is the type in the name of an interface.
func TypeOf(name string) string { return name[:len(name)-len(unitOf(name))] }

// lan reports whether an interface, or the one that it is a part of, is not point-to-point.
func lan(name string) bool {
	kind := TypeOf(name)
	return strings.HasSuffix(kind, "Ethernet") || strings.HasSuffix(kind, "GigE") || slices.Contains(lanTypes, kind)
}

var lanTypes = []string{"Vlan", "Port-channel", "BVI", "BDI"}

// unitOf is the number in the name of an interface: 0/1.10.
func unitOf(name string) string {
	if i := strings.IndexAny(name, "0123456789"); i >= 0 {
		return name[i:]
	}
	return ""
}

// portExists returns nil for an interface that there is or that can be made.
// Otherwise the caret goes to the part of its name that the device lacks; where
// exactly is from memory. A start-up configuration tells what hardware there is.
func portExists(c *config.Call, t *Config) error {
	name := c.Args.Get("name")
	if canBe(c, t, name) {
		return nil
	}
	word := c.Args[slices.IndexFunc(c.Args, func(w cli.Word) bool { return w.Name == "name" })]
	known := t.known(name)
	if known == 0 && !t.Release.lists(TypeOf(name)) {
		return &cli.Error{Kind: cli.Invalid, Pos: word.Pos}
	}
	return &cli.Error{Kind: cli.Invalid, Pos: word.End - len(unitOf(name)) + known}
}

// canBe reports whether there is an interface of that name, or one can be made.
func canBe(c *config.Call, t *Config, name string) bool {
	if t.Interfaces.Has(name) || starting(c) {
		return true
	}
	if main, _, sub := strings.Cut(name, "."); sub {
		return t.Interfaces.Has(main)
	}
	number := strings.Trim(unitOf(name), "0123456789") == ""
	return number && slices.Contains(virtual, TypeOf(name)) && t.Release.lists(TypeOf(name))
}

// lists reports whether the device has interfaces of a type.
func (r *Release) lists(kind string) bool {
	types, ok := r.Words.ListedInterfaces()
	return !ok || slices.ContainsFunc(types, func(i cli.Item) bool { return i.Name == kind })
}

// known is how much of the number of an interface some other one of its type
// begins with, in whole parts: 2 of the 0/9 beside GigabitEthernet0/1.
func (c *Config) known(name string) int {
	kind, unit := TypeOf(name), unitOf(name)
	for end := len(unit); end > 0; end-- {
		if strings.IndexByte("/.:", unit[end-1]) < 0 {
			continue
		}
		for i := range c.Interfaces.Keys() {
			if strings.HasPrefix(i, kind+unit[:end]) {
				return end
			}
		}
	}
	return 0
}
