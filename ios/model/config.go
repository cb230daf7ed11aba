package model

import (
	"maps"
	"net/netip"

	"vtylab/config"
	"vtylab/secret"
)

// Config is a running configuration. A *Config obtained from a Store is an
// immutable snapshot.
type Config struct {
	Release            *Release
	Hostname           string
	Prompt             string // of EXEC; "" is the host name
	Clock              Clock
	Domain             Domain
	Service            Service
	Security           Security
	Enable             Enable
	Users              Users
	Privileges         Privileges
	Policies           config.Table[string, PasswordPolicy]
	Views              config.Table[string, ParserView]
	AAA                AAA
	Tacacs, Radius     Servers
	Login              LoginProtection
	SSH                SSH
	CDP                CDP
	Telnet             Telnet
	SCP                SCP
	Lines              config.Table[LineID, Line]
	Interfaces         config.Table[string, Interface]
	Banners            Banners
	Clients            FileClients
	Archive            Archive
	VRFs               config.Table[string, VRF]
	Routes, IPv6Routes config.Table[string, Route] // by their text
	IPRouting          Toggle
	DefaultGateway     netip.Addr // without IPRouting
	ACLs               config.Table[ACLID, ACL]
	Logging            Logging
	SNMP               SNMP
	Aliases            config.Table[aliasID, Alias]
	Passive            config.Passive

	networks *networkIndex // of overlapping, nil until it is needed; copies share it
}

// Domain is `ip domain` and what it works with: the names of hosts.
type Domain struct {
	Lookup  bool
	Timeout int // seconds that a question waits for its answer
	Retries int // how often it is asked again
	Names       // in the global routing table
	VRFs    config.Table[string, Names]
}

// Names are the names of hosts in one routing table.
type Names struct {
	VRF     string // "" is the global one
	Name    string // the default domain
	Source  string // interface that questions come from
	Servers []string
	Hosts   config.Table[string, Host]
}

// Host is a static name: `ip host NAME ADDRESS …`.
type Host struct {
	Name      string
	Addresses []string // replaced, never edited in place
}

// SCP is the `ip scp` configuration.
type SCP struct{ ServerEnable bool }

// New returns a configuration with what all releases have in common; a
// release's factory text is applied on top.
func New() *Config {
	c := &Config{
		Domain:  newDomain(),
		Service: NewService(),
		AAA:     NewAAA(),
		Radius:  Servers{Retransmit: defaultRetransmit},
		SSH:     NewSSH(),
		CDP:     NewCDP(),
		Logging: NewLogging(),
		SNMP:    NewSNMP(),
		Archive: NewArchive(),
	}
	c.addLine(NewLine(Console, 0))
	c.addLine(NewLine(Auxiliary, 0))
	for i := range 5 {
		c.addLine(NewLine(VTY, i))
	}
	return c
}

// Clone returns a copy that can be edited; it shares what tables hold.
func (c *Config) Clone() *Config {
	n := *c
	n.Domain.Names, n.Domain.VRFs = c.Domain.Names.Clone(), c.Domain.VRFs.Clone()
	n.Enable.Secrets = maps.Clone(c.Enable.Secrets)
	n.Enable.Passwords = maps.Clone(c.Enable.Passwords)
	n.Users = c.Users.clone()
	n.Policies, n.Privileges, n.Views = c.Policies.Clone(), c.Privileges.Clone(), c.Views.Clone()
	n.AAA = c.AAA.clone()
	n.Tacacs, n.Radius = c.Tacacs.clone(), c.Radius.clone()
	n.SSH = c.SSH.clone()
	n.SNMP = c.SNMP.clone()
	n.Lines, n.ACLs, n.Aliases = c.Lines.Clone(), c.ACLs.Clone(), c.Aliases.Clone()
	n.Interfaces, n.VRFs, n.Routes, n.IPv6Routes = c.Interfaces.Clone(), c.VRFs.Clone(), c.Routes.Clone(), c.IPv6Routes.Clone()
	n.Archive.Passive = c.Archive.Passive.Clone()
	n.Passive = c.Passive.Clone()
	return &n
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
	l, ok := c.Lines.Get(LineID{kind, number})
	if !ok {
		return Line{}, false
	}
	return *l, true
}

func (c *Config) addLine(l Line) { c.Lines.Put(l.ID(), l) }

// EachLine lets change adjust every line, for presets.
func (c *Config) EachLine(change func(*Line)) {
	for l := range c.Lines.All() {
		change(c.Lines.Edit(l.ID()))
	}
}

// AddVTYs makes sure that there are n vtys.
func (c *Config) AddVTYs(n int) {
	for i := range n {
		if !c.Lines.Has(LineID{VTY, i}) {
			c.addLine(NewLine(VTY, i))
		}
	}
}
