package exec

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"vtylab/resolver"
)

// resolve is the address of a host that a command names in a routing table. Where there
// is none, it has said so, and the address is invalid.
func (s *Session) resolve(vrf, name string) (netip.Addr, error) {
	found, err := s.lookUp(vrf, name)
	if errors.Is(err, errNoHost) {
		s.Println("% Bad IP address or host name") // from memory, as an argument of ssh
		return netip.Addr{}, nil
	}
	return first(found), err
}

// errNoHost says that a name has no address.
var errNoHost = resolver.ErrNotFound

// first is the first of some addresses, the zero value of none.
func first(all []netip.Addr) (a netip.Addr) {
	if len(all) > 0 {
		a = all[0]
	}
	return a
}

// host is resolve for ping and traceroute, which have words of their own (from memory),
// and may want an address of one family.
func (s *Session) host(vrf, name string, family func(netip.Addr) bool) (address netip.Addr, known bool, err error) {
	found, err := s.lookUp(vrf, name)
	if err == nil {
		address, known = ofFamily(found, family)
	}
	if !known && (err == nil || errors.Is(err, errNoHost)) {
		s.Println("% Unrecognized host or address, or protocol not running.")
		return address, false, nil
	}
	return address, known, err
}

// families are those of addresses, by the words of ping, traceroute and telnet.
var families = map[string]func(netip.Addr) bool{"ip": netip.Addr.Is4, "ipv6": netip.Addr.Is6, "/ipv4": netip.Addr.Is4, "/ipv6": netip.Addr.Is6}

// ofFamily is the first address, or with a family the first of that.
func ofFamily(found []netip.Addr, family func(netip.Addr) bool) (address netip.Addr, ok bool) {
	for _, a := range found {
		if family == nil || family(a) {
			return a, true
		}
	}
	return address, false
}

// sourceOf is the address that a command's source stands for: an address of the device,
// or the first of an interface. The address is invalid where there is no source; ok is
// false for one that the device does not have, or that is down.
func (s *Session) sourceOf(source string) (address netip.Addr, ok bool) {
	if source == "" {
		return address, true
	}
	typed, err := netip.ParseAddr(source)
	for i := range s.Device.Settings().Network.Interfaces {
		if !s.Device.Net.Link(i.Name).Up {
			continue
		}
		for _, p := range i.Addresses {
			if err == nil && p.Addr() == typed || err != nil && strings.EqualFold(i.Name, source) {
				return p.Addr(), true
			}
		}
	}
	return address, false
}

// lookUp finds the addresses of a host in a routing table, by asking name servers if need
// be; the user sees them asked and may break it off. The error is errNoHost for a name without an address.
func (s *Session) lookUp(vrf, name string) ([]netip.Addr, error) {
	if known := s.Device.Names.Static(vrf, name); len(known) > 0 {
		return known, nil
	}
	s.Printf("Translating \"%s\"%s", name, s.domainServers(vrf))
	var found []netip.Addr
	err := s.Breakable(func(ctx context.Context) (err error) {
		found, err = s.Device.Names.Lookup(ctx, vrf, name)
		return err
	})
	if err != nil {
		s.Println("")
		return nil, err
	}
	s.Println(" [OK]")
	return found, nil
}

// domainServers are the servers that are asked, as the lookup prints them: without any
// a device asks by broadcast, and no server answers.
func (s *Session) domainServers(vrf string) string {
	d := &s.Config().Domain
	if !d.Lookup {
		return ""
	}
	servers := d.In(vrf).Servers
	if len(servers) == 0 {
		servers = []string{"255.255.255.255"}
	}
	return "...domain server (" + strings.Join(servers, ") (") + ")"
}
