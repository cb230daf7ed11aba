package exec

import (
	"vtylab/cli"
	"vtylab/ios/model"
)

var protocolCommands = []Command{
	{Syntax: `show "Show running system information" protocols "Active network routing protocols" [INTERFACE$name "Interface"]`, Level: 1, Filter: true, Run: showProtocols},
}

// showProtocols is which protocols an interface has, and its addresses.
func showProtocols(s *Session, a cli.Args) error {
	if a.Get("name") == "" {
		routing := "enabled"
		if !s.Config().RoutesIPv4() {
			routing = "disabled"
		}
		s.Println("Global values:", "  Internet Protocol routing is "+routing)
		if s.Config().Passive.Lines.Has("ipv6 unicast-routing") {
			s.Println("  IPv6 routing is enabled")
		}
	}
	return eachChosen(s, a, func(i *model.Interface) {
		status, protocol := linkState(s, i)
		s.Printf("%s is %s, line protocol is %s\n", i.Name, status, protocol)
		if i.Addressing == model.Static {
			s.Printf("  Internet address is %s\n", i.Address)
		}
		for p := range i.Secondary.All() {
			s.Printf("  Secondary address is %s\n", p)
		}
	})
}
