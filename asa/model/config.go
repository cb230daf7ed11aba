package model

import (
	"net/netip"

	"vtylab/config"
)

// Config is a running configuration. A *Config obtained from a Store is an
// immutable snapshot.
type Config struct {
	Release    *Release
	Hostname   string
	Enable     Enable
	Interfaces config.Table[string, Interface] // by the name of the hardware
	Pager      int                             // lines of a page, 0 for no pausing
	AAA        AAA
	SSH        SSH
	Console    Console
	Users      config.Table[string, User]
	CallHome   Reporting
	Passive    config.Passive
}

// Console is the `console` configuration.
type Console struct{ Timeout int } // minutes, 0 for ever

// New returns the configuration of a device that nobody has configured.
func New(r *Release) *Config {
	c := &Config{Release: r, Hostname: Hostname, Pager: 24, AAA: NewAAA(), SSH: NewSSH()}
	for _, name := range r.Interfaces {
		c.Interfaces.Put(name, NewInterface(name))
	}
	return c
}

// Clone returns a copy that can be edited; it shares what tables hold.
func (c *Config) Clone() *Config {
	n := *c
	n.Interfaces, n.Users, n.SSH.Allowed = c.Interfaces.Clone(), c.Users.Clone(), c.SSH.Allowed.Clone()
	n.Passive = c.Passive.Clone()
	return &n
}

// Named finds an interface by its nameif.
func (c *Config) Named(nameif string) (*Interface, bool) {
	for i := range c.Interfaces.All() {
		if i.Nameif != "" && i.Nameif == nameif {
			return i, true
		}
	}
	return nil, false
}

// Permits reports whether an `ssh` line lets an address in on the interface of that
// nameif.
func (c *Config) Permits(nameif string, from netip.Addr) bool {
	for a := range c.SSH.Allowed.All() {
		if a.Interface == nameif && a.Network.Contains(from.Unmap()) {
			return true
		}
	}
	return false
}
