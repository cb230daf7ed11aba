package model

import (
	"slices"
	"strings"

	"vtylab/config"
)

// domainRows are the names behind `ip domain`; both spellings are typed, the
// release decides which one shows.
var domainRows = []row[Config]{
	{`ip "Global IP configuration subcommands" name-server "Specify address of name server to use" {A.B.C.D "Domain server IP address"}++$server`, nameServers},
	{`ip "Global IP configuration subcommands" domain "IP DNS Resolver"
	  lookup "Enable IP Domain Name System hostname translation"`, spelled(false, domainLookup)},
	{`ip domain-lookup "Enable IP Domain Name System hostname translation"`, spelled(true, domainLookup)},
	{`ip domain name "Define the default domain name"
	  WORD$name "Default domain name"`, spelled(false, domainName)},
	{`ip domain-name "Define the default domain name"
	  WORD$name "Default domain name"`, spelled(true, domainName)},
	{`ip domain lookup source-interface "Specify source interface for DNS resolver" INTERFACE$if "Interface"`, spelled(false, lookupSource)},
	{`ip domain-lookup source-interface "Specify source interface for DNS resolver" INTERFACE$if "Interface"`, spelled(true, lookupSource)},
	{`ip host "Add an entry to the ip hostname table" WORD$name "Name of host" /
	  {A.B.C.D "Host IP address"}++$address`, staticHosts},
}

var (
	domainLookup = config.Flag(func(c *Config) *bool { return &c.Domain.Lookup })
	lookupSource = config.Text(func(c *Config) *string { return &c.Domain.Source })
	domainName   = config.Text(func(c *Config) *string { return &c.Domain.Name })
)

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
		for _, a := range c.Args.All("server") {
			if !slices.Contains(t.Domain.Servers, a) {
				t.Domain.Servers = append(slices.Clip(t.Domain.Servers), a)
			}
		}
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		drop := c.Args.All("server")
		t.Domain.Servers = slices.DeleteFunc(slices.Clone(t.Domain.Servers), func(a string) bool {
			return len(drop) == 0 || slices.Contains(drop, a)
		})
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for _, a := range t.Domain.Servers {
			v.Line("ip name-server %s", a)
		}
	},
}

// Host finds a static name, in any case; nil for none.
func (d *Domain) Host(name string) *Host {
	if h, ok := d.Hosts.Get(name); ok {
		return h
	}
	for h := range d.Hosts.All() {
		if strings.EqualFold(h.Name, name) {
			return h
		}
	}
	return nil
}

var staticHosts = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		name := c.Args.Get("name")
		t.Domain.Hosts.Delete(name) // one that is replaced goes behind the others
		t.Domain.Hosts.Put(name, Host{name, c.Args.All("address")})
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error { t.Domain.Hosts.Delete(c.Args.Get("name")); return nil },
	Show: func(v *config.View, t, _ *Config) {
		for h := range t.Domain.Hosts.All() {
			v.Line("ip host %s %s", h.Name, strings.Join(h.Addresses, " "))
		}
	},
}
