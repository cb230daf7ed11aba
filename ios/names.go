package ios

import (
	"net/netip"
	"time"

	"vtylab/ios/model"
	"vtylab/resolver"
)

// nameSettings are the names of hosts.
func nameSettings(c *model.Config) resolver.Settings {
	return resolver.Settings{
		On: c.Domain.Lookup, Timeout: time.Duration(c.Domain.Timeout) * time.Second, Retries: c.Domain.Retries,
		VRF: func(vrf string) resolver.Names { return namesOf(c.Domain.In(vrf)) },
	}
}

// namesOf are the names in one routing table.
func namesOf(n *model.Names) resolver.Names {
	x := resolver.Names{Servers: parsed(n.Servers), Source: n.Source, Static: func(name string) []netip.Addr {
		if h := n.Host(name); h != nil {
			return parsed(h.Addresses)
		}
		return nil
	}}
	if n.Name != "" {
		x.Domains = []string{n.Name}
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
