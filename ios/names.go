package ios

import (
	"net/netip"

	"vtylab/ios/model"
	"vtylab/resolver"
)

// nameSettings are the names of hosts.
func nameSettings(c *model.Config) resolver.Settings {
	x := resolver.Settings{On: c.Domain.Lookup, Source: c.Domain.Source, Static: func(name string) []netip.Addr {
		h := c.Domain.Host(name)
		if h == nil {
			return nil
		}
		return parsed(h.Addresses)
	}}
	if len(c.Domain.Servers) > 0 {
		x.Servers = parsed(c.Domain.Servers)
	}
	if c.Domain.Name != "" {
		x.Domains = []string{c.Domain.Name}
	}
	return x
}

// parsed are addresses that the grammar has let through.
func parsed(texts []string) []netip.Addr {
	var all []netip.Addr
	for _, text := range texts {
		if a, err := netip.ParseAddr(text); err == nil {
			all = append(all, a)
		}
	}
	return all
}
