package exec

import (
	"net/netip"
	"slices"

	"vtylab/cli"
	"vtylab/ios/model"
)

var ipv6InterfaceCommands = []Command{
	{Syntax: `show "Show running system information" ipv6 "IPv6 information" interface "IPv6 interface status and configuration" [INTERFACE$name "Interface"] brief "Brief summary of IPv6 status and configuration"`,
		Level: 1, Filter: true, Run: showIPv6InterfaceBrief},
	{Syntax: `show "Show running system information" ipv6 "IPv6 information" interface "IPv6 interface status and configuration" [INTERFACE$name "Interface"]`,
		Level: 1, Filter: true, Run: showIPv6Interface},
}

// ipv6Of are the addresses of IPv6 of an interface: the link-local one, configured or
// made of its Ethernet address, and the others; on is false without IPv6.
func ipv6Of(s *Session, i *model.Interface) (link netip.Addr, global []netip.Prefix, on bool) {
	link = macOf(s, i.Name).LinkLocal()
	for a := range i.IPv6.All() {
		switch {
		case a.LinkLocal:
			link = a.Prefix.Addr()
		case a.Prefix.IsValid():
			global = append(global, a.Prefix)
		}
	}
	return link, global, i.RunsIPv6()
}

func showIPv6InterfaceBrief(s *Session, a cli.Args) error {
	return eachChosen(s, a, func(i *model.Interface) {
		status, protocol := linkState(s, i)
		s.Printf("%-23s[%s/%s]\n", i.Name, status, protocol)
		link, global, on := ipv6Of(s, i)
		if !on {
			s.Println("    unassigned")
			return
		}
		s.Println("    " + capitals(link))
		for _, p := range global {
			s.Println("    " + capitals(p.Addr()))
		}
	})
}

// showIPv6Interface tells of the interfaces that have IPv6.
func showIPv6Interface(s *Session, a cli.Args) error {
	return eachChosen(s, a, func(i *model.Interface) {
		link, global, on := ipv6Of(s, i)
		if !on {
			return
		}
		status, protocol := linkState(s, i)
		s.Printf("%s is %s, line protocol is %s\n  IPv6 is enabled, link-local address is %s \n  No Virtual link-local address(es):\n", i.Name, status, protocol, capitals(link))
		if len(global) == 0 {
			s.Println("  No global unicast address is configured")
		} else {
			s.Println("  Global unicast address(es):")
		}
		for _, p := range global {
			s.Printf("    %s, subnet is %s \n", capitals(p.Addr()), capitals(p.Masked()))
		}
		s.Println("  Joined group address(es):", "    FF02::1")
		for _, group := range solicited(link, global) {
			s.Println("    " + capitals(group))
		}
		s.Printf("  MTU is %d bytes\n", s.Config().MTUOf(i))
		s.Println("  ICMP error messages limited to one every 100 milliseconds", "  ICMP redirects are enabled", "  ICMP unreachables are sent",
			"  ND DAD is enabled, number of DAD attempts: 1", "  ND reachable time is 30000 milliseconds (using 30000)", "  ND NS retransmit interval is 1000 milliseconds")
	})
}

// solicited are the groups in which neighbours look for addresses (RFC 4291 2.7.1).
func solicited(link netip.Addr, global []netip.Prefix) (groups []netip.Addr) {
	add := func(a netip.Addr) {
		b := a.As16()
		g := netip.AddrFrom16([16]byte{0: 0xff, 1: 2, 11: 1, 12: 0xff, 13: b[13], 14: b[14], 15: b[15]})
		if !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	for _, p := range global {
		add(p.Addr())
	}
	add(link)
	return groups
}
