package config

import (
	"maps"
	"slices"

	"vtylab/secret"
)

// Config is a running configuration. A *Config obtained from a Store is an
// immutable snapshot.
type Config struct {
	Hostname string
	Prompt   string // of EXEC; "" is the host name
	Clock    Clock
	Domain   Domain
	Service  Service
	Security Security
	Enable   Enable
	Users    []User
	AAA      AAA
	Login    LoginProtection
	SSH      SSH
	SCP      SCP
	Lines    []Line
	Banners  Banners
	ACLs     []ACL
	Extended []ExtendedACL
	Logging  Logging
	Aliases  []Alias
	Passive  Passive
}

// Domain is what names are completed and resolved with.
type Domain struct {
	Name    string
	Lookup  bool
	Servers []string
	Hosts   []Host
}

// Host is a static name: `ip host NAME ADDRESS`.
type Host struct{ Name, Address string }

// SCP is the `ip scp` configuration.
type SCP struct{ ServerEnable bool }

// Alias is `alias MODE NAME TEXT`.
type Alias struct{ Mode, Name, Text string }

// New returns a configuration with what all releases have in common; a
// platform's factory text is applied on top.
func New() *Config {
	c := &Config{
		Domain:  Domain{Lookup: true},
		Service: NewService(),
		AAA:     NewAAA(),
		SSH:     NewSSH(),
		Logging: NewLogging(),
		Lines:   []Line{NewLine(Console, 0), NewLine(Auxiliary, 0)},
	}
	for i := range 5 {
		c.Lines = append(c.Lines, NewLine(VTY, i))
	}
	return c
}

// Clone returns a deep copy.
func (c *Config) Clone() *Config {
	n := *c
	n.Domain.Servers = slices.Clone(c.Domain.Servers)
	n.Domain.Hosts = slices.Clone(c.Domain.Hosts)
	n.Enable.Secrets = maps.Clone(c.Enable.Secrets)
	n.Enable.Passwords = maps.Clone(c.Enable.Passwords)
	n.Users = slices.Clone(c.Users)
	n.AAA = c.AAA.clone()
	n.SSH = c.SSH.clone()
	n.Lines = slices.Clone(c.Lines)
	for i := range n.Lines {
		n.Lines[i].Passive = slices.Clip(n.Lines[i].Passive)
	}
	n.ACLs = slices.Clone(c.ACLs)
	n.Extended = slices.Clone(c.Extended)
	for i := range n.Extended {
		n.Extended[i].Entries = slices.Clip(n.Extended[i].Entries)
	}
	n.Aliases = slices.Clone(c.Aliases)
	n.Passive = c.Passive.clone()
	return &n
}

// User returns the local user of that name. With exact false the case of the
// name does not matter, as for method `local`.
func (c *Config) User(name string, exact bool) (User, bool) {
	for _, u := range c.Users {
		if u.Name == name || (!exact && equalFold(u.Name, name)) {
			return u, true
		}
	}
	return User{}, false
}

// EnablePassword returns what guards a privilege level; ok is false when
// nothing does. A secret outranks a password.
func (c *Config) EnablePassword(level int) (s secret.Secret, isSecret, ok bool) {
	if s, ok := c.Enable.Secrets[level]; ok {
		return s, true, true
	}
	s, ok = c.Enable.Passwords[level]
	return s, false, ok
}

// Line returns the configuration of a line.
func (c *Config) Line(kind LineKind, number int) (Line, bool) {
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Kind == kind && l.Number == number {
			return *l, true
		}
	}
	return Line{}, false
}

// ACL returns an access list by number or name.
func (c *Config) ACL(name string) (ACL, bool) {
	for _, a := range c.ACLs {
		if a.Name == name {
			return a, true
		}
	}
	return ACL{}, false
}
