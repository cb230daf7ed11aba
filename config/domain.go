package config

import (
	"slices"

	"vtylab/cli"
)

// domainRows are the names behind `ip domain`; both spellings are typed, the
// release decides which one shows.
var domainRows = []Row[Config]{
	{`ip "Global IP configuration subcommands" name-server "Specify address of name server to use" {A.B.C.D "Domain server IP address"}++$server`, nameServers},
	{`ip "Global IP configuration subcommands" domain "IP DNS Resolver"
	  lookup "Enable IP Domain Name System hostname translation"`, spelled(false, domainLookup)},
	{`ip domain-lookup "Enable IP Domain Name System hostname translation"`, spelled(true, domainLookup)},
	{`ip domain name "Define the default domain name"
	  WORD$name "Default domain name"`, spelled(false, domainName)},
	{`ip domain-name "Define the default domain name"
	  WORD$name "Default domain name"`, spelled(true, domainName)},
	{`ip host "Add an entry to the ip hostname table" WORD$name "Name of host"
	  A.B.C.D$address "Host IP address"`, staticHosts},
}

var (
	domainLookup = Flag(func(c *Config) *bool { return &c.Domain.Lookup })
	domainName   = Text(func(c *Config) *string { return &c.Domain.Name })
)

// spelled is a setting that shows in the release's spelling only, with a hyphen
// or as two words.
func spelled(hyphen bool, s Setting[Config]) Setting[Config] {
	show := s.Show
	s.Show = func(v *View, t, fresh *Config) {
		if v.Traits.HyphenDomain == hyphen {
			show(v, t, fresh)
		}
	}
	return s
}

var nameServers = Setting[Config]{
	Set: func(c *Call, t, _ *Config) error {
		for _, a := range c.Args.All("server") {
			if !slices.Contains(t.Domain.Servers, a) {
				t.Domain.Servers = append(slices.Clip(t.Domain.Servers), a)
			}
		}
		return nil
	},
	No: func(c *Call, t, _ *Config) error {
		drop := c.Args.All("server")
		t.Domain.Servers = slices.DeleteFunc(slices.Clone(t.Domain.Servers), func(a string) bool {
			return len(drop) == 0 || slices.Contains(drop, a)
		})
		return nil
	},
	Show: func(v *View, t, _ *Config) {
		for _, a := range t.Domain.Servers {
			v.Line("ip name-server %s", a)
		}
	},
}

var staticHosts = Setting[Config]{
	Set: func(c *Call, t, _ *Config) error {
		t.Domain.dropHost(c.Args)
		t.Domain.Hosts = append(slices.Clip(t.Domain.Hosts), Host{c.Args.Get("name"), c.Args.Get("address")})
		return nil
	},
	No: func(c *Call, t, _ *Config) error { t.Domain.dropHost(c.Args); return nil },
	Show: func(v *View, t, _ *Config) {
		for _, h := range t.Domain.Hosts {
			v.Line("ip host %s %s", h.Name, h.Address)
		}
	},
}

func (d *Domain) dropHost(a cli.Args) {
	d.Hosts = slices.DeleteFunc(slices.Clone(d.Hosts), func(h Host) bool { return h.Name == a.Get("name") })
}
