package model

import (
	"iter"
	"slices"
	"strings"

	"vtylab/config"
)

// domainRows are the names behind `ip domain`; both spellings are typed, the
// release decides which one shows. The old one has no vrf in its help (capture).
var domainRows = []row[Config]{
	{`ip "Global IP configuration subcommands" name-server "Specify address of name server to use" [vrf "Specify VRF" WORD$vrf "VRF name"]
	  {A.B.C.D "Domain server IP address" | X:X:X:X::X "Domain server IP address"}++$server`, nameServers},
	{`ip "Global IP configuration subcommands" domain "IP DNS Resolver"
	  lookup "Enable IP Domain Name System hostname translation"`, spelled(false, domainLookup)},
	{`ip domain-lookup "Enable IP Domain Name System hostname translation"`, spelled(true, domainLookup)},
	{`ip domain retry "Specify times to retry sending DNS queries" <0-100>$n "Number of times to retry"`, config.Int(func(c *Config) *int { return &c.Domain.Retries })},
	{`ip domain timeout "Specify time to wait for response to DNS queries" <0-3600>$n "Timeout (seconds)"`, config.Int(func(c *Config) *int { return &c.Domain.Timeout })},
	{`ip domain name "Define the default domain name" [vrf "Specify VRF" WORD$vrf "VRF name"]
	  WORD$name "Default domain name"`, spelled(false, domainName)},
	{`ip domain-name "Define the default domain name" [~vrf WORD$vrf "VRF name"]
	  WORD$name "Default domain name"`, spelled(true, domainName)},
	{`ip domain lookup [vrf "Specify VRF" WORD$vrf "VRF name"] source-interface "Specify source interface for DNS resolver" INTERFACE$if "Interface"`, spelled(false, lookupSource)},
	{`ip domain-lookup [~vrf WORD$vrf "VRF name"] source-interface "Specify source interface for DNS resolver" INTERFACE$if "Interface"`, spelled(true, lookupSource)},
	{`ip host "Add an entry to the ip hostname table" [vrf "Specify VRF" WORD$vrf "VRF name"] WORD$name "Name of host" /
	  {A.B.C.D "Host IP address" | X:X:X:X::X "Host IPv6 address"}++$address`, staticHosts},
}

// newDomain has the defaults of the Cisco IOS IP Addressing Services Command Reference.
func newDomain() Domain { return Domain{Lookup: true, Timeout: 3, Retries: 2} }

// Clone shares the static names.
func (n Names) Clone() Names {
	n.Servers, n.Hosts = slices.Clone(n.Servers), n.Hosts.Clone()
	return n
}

// In are the names in a routing table, "" the global one.
func (d *Domain) In(vrf string) *Names {
	if vrf == "" {
		return &d.Names
	}
	if n, ok := d.VRFs.Get(vrf); ok {
		return n
	}
	return &Names{}
}

// namesToEdit are the names of the routing table that a command is about.
func (d *Domain) namesToEdit(c *config.Call) *Names {
	vrf := c.Args.Get("vrf")
	switch {
	case vrf == "":
		return &d.Names
	case d.VRFs.Has(vrf):
		return d.VRFs.Edit(vrf)
	}
	return d.VRFs.Put(vrf, Names{VRF: vrf})
}

// all are the names of all routing tables, and the words that name the table.
func (d *Domain) all() iter.Seq2[string, *Names] {
	return func(yield func(string, *Names) bool) {
		if !yield("", &d.Names) {
			return
		}
		for n := range d.VRFs.All() {
			if !yield("vrf "+n.VRF+" ", n) {
				return
			}
		}
	}
}

var (
	domainLookup = config.Flag(func(c *Config) *bool { return &c.Domain.Lookup })
	domainName   = oneName("name", "%s %s%s", func(n *Names) *string { return &n.Name })
	lookupSource = oneName("if", "%s %ssource-interface %s", func(n *Names) *string { return &n.Source })
)

// oneName is a command that sets one text in the names of a routing table: the argument
// of a name. The format is of its first words, those of the table and the text.
func oneName(argument, format string, field func(*Names) *string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			*field(t.Domain.namesToEdit(c)) = c.Args.Get(argument)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { *field(t.Domain.namesToEdit(c)) = ""; return nil },
		Show: func(v *config.View, t, _ *Config) {
			words := strings.TrimSuffix(v.Words, " source-interface")
			for table, n := range t.Domain.all() {
				if *field(n) != "" {
					v.Line(format, words, table, *field(n))
				}
			}
		},
	}
}

// spelled is a setting that shows in the release's spelling only, with a hyphen
// or as two words.
func spelled(hyphen bool, s config.Setting[Config]) config.Setting[Config] {
	show := s.Show
	s.Show = func(v *config.View, t, fresh *Config) {
		if shown(v).Release.Traits.HyphenDomain == hyphen {
			show(v, t, fresh)
		}
	}
	return s
}

var nameServers = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		n := t.Domain.namesToEdit(c)
		for _, a := range c.Args.All("server") {
			if !slices.Contains(n.Servers, a) {
				n.Servers = append(slices.Clip(n.Servers), a)
			}
		}
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		n, drop := t.Domain.namesToEdit(c), c.Args.All("server")
		n.Servers = slices.DeleteFunc(slices.Clone(n.Servers), func(a string) bool {
			return len(drop) == 0 || slices.Contains(drop, a)
		})
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for table, n := range t.Domain.all() {
			for _, a := range n.Servers {
				v.Line("ip name-server %s%s", table, a)
			}
		}
	},
}

// Host finds a static name, in any case; nil for none.
func (n *Names) Host(name string) *Host {
	if h, ok := n.Hosts.Get(name); ok {
		return h
	}
	for h := range n.Hosts.All() {
		if strings.EqualFold(h.Name, name) {
			return h
		}
	}
	return nil
}

var staticHosts = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		n, name := t.Domain.namesToEdit(c), c.Args.Get("name")
		n.Hosts.Delete(name) // one that is replaced goes behind the others
		n.Hosts.Put(name, Host{name, c.Args.All("address")})
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		t.Domain.namesToEdit(c).Hosts.Delete(c.Args.Get("name"))
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for table, n := range t.Domain.all() {
			for h := range n.Hosts.All() {
				v.Line("ip host %s%s %s", table, h.Name, strings.Join(h.Addresses, " "))
			}
		}
	},
}
