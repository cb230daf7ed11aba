package exec

import (
	"cmp"
	"fmt"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var ipInterfaceCommands = []Command{
	{Syntax: `show "Show running system information" ip "IP information" interface "IP interface status and configuration" [INTERFACE$name "Interface"] brief "Brief summary of IP status and configuration"`,
		Level: 1, Filter: true, Run: showIPInterfaceBrief},
	{Syntax: `show "Show running system information" ip "IP information" interface "IP interface status and configuration" [INTERFACE$name "Interface"]`,
		Level: 1, Filter: true, Run: showIPInterface},
}

// interfaces are those of the device, in the order of show commands.
func interfaces(s *Session) []*model.Interface { return s.Config().InterfacesInOrder() }

// linkUp reports whether the line protocol of an interface is up.
func linkUp(s *Session, i *model.Interface) bool { return s.Device.LinkUp(i.Name) }

// linkState is the state of an interface and of its line protocol.
func linkState(s *Session, i *model.Interface) (status, protocol string) {
	switch {
	case i.Shutdown:
		return "administratively down", "down"
	case linkUp(s, i):
		return "up", "up"
	}
	return "down", "down"
}

// showIPInterfaceBrief has a row for each interface (ios-cli E).
func showIPInterfaceBrief(s *Session, a cli.Args) error {
	width := cmp.Or(s.Release.Show.InterfaceColumn, 27)
	row := func(name, address, ok, method, status, protocol string) {
		s.Printf("%-*s%-15s %s %-6s %-21s %s\n", width, name, address, ok, method, status, protocol)
	}
	row("Interface", "IP-Address", "OK?", "Method", "Status", "Protocol")
	return eachChosen(s, a, func(i *model.Interface) {
		address, method := briefAddress(i)
		status, protocol := linkState(s, i)
		row(i.Name+" ", address, "YES", method, status, pad(protocol, 8, ""))
	})
}

// briefAddress is the primary address of an interface, and where it comes from.
func briefAddress(i *model.Interface) (address, method string) {
	switch i.Addressing {
	case model.Static:
		return i.Address.Addr().String(), cmp.Or(string(i.Method), "unset")
	case model.DHCP:
		return "unassigned", "DHCP"
	case model.Negotiated:
		return "unassigned", "IPCP" // from memory
	}
	return "unassigned", cmp.Or(string(i.Method), "unset")
}

// determined is how an address came about in show ip interface.
var determined = map[model.AddressMethod]string{model.NVRAM: "non-volatile memory", model.Manual: "setup command"}

// showIPInterface is what IP knows of interfaces.
func showIPInterface(s *Session, a cli.Args) error {
	return eachChosen(s, a, func(i *model.Interface) {
		status, protocol := linkState(s, i)
		s.Printf("%s is %s, line protocol is %s\n", i.Name, status, protocol)
		if i.Addressing != model.Static {
			s.Println("  Internet protocol processing disabled")
			return
		}
		s.Printf("  Internet address is %s\n  Broadcast address is 255.255.255.255\n  Address determined by %s\n  MTU is %d bytes\n",
			i.Address, cmp.Or(determined[i.Method], "setup command"), s.Config().IPMTUOf(i))
		s.Println("  Helper address is "+helper(i), "  Directed broadcast forwarding is disabled")
		for p := range i.Secondary.All() {
			s.Printf("  Secondary address %s\n", p)
		}
		s.Println("  Outgoing access list is "+cmp.Or(i.AccessOut, "not set"), "  Inbound  access list is "+cmp.Or(i.AccessIn, "not set"),
			"  Proxy ARP is "+switched(i.ProxyARP, "enabled", "disabled"), "  Local Proxy ARP is disabled", "  Security level is default", "  Split horizon is enabled",
			"  ICMP redirects are "+switched(i.Redirects, "always sent", "never sent"),
			"  ICMP unreachables are "+switched(i.Unreachables, "always sent", "never sent"), "  ICMP mask replies are never sent")
		above, below, _ := strings.Cut(switching, "{vrf}\n")
		if i.VRF != "" {
			below = fmt.Sprintf("  VPN Routing/Forwarding \"%s\"\n", i.VRF) + below
		}
		s.Println(strings.TrimSuffix(above+below, "\n"))
	})
}

// helper is the first `ip helper-address` of an interface.
func helper(i *model.Interface) string {
	address, _ := i.Passive.Value("ip helper-address")
	return cmp.Or(address, "not set")
}

// switched is what a setting that is on or off says.
func switched(set bool, on, off string) string {
	if set {
		return on
	}
	return off
}

// switching is the end of show ip interface, as on an interface with CEF
// (from memory); {vrf} is where its VRF stands.
const switching = `  IP fast switching is enabled
  IP Flow switching is disabled
  IP CEF switching is enabled
  IP CEF switching turbo vector
{vrf}
  IP multicast fast switching is enabled
  IP multicast distributed fast switching is disabled
  IP route-cache flags are Fast, CEF
  Router Discovery is disabled
  IP output packet accounting is disabled
  IP access violation accounting is disabled
  TCP/IP header compression is disabled
  RTP/IP header compression is disabled
  Policy routing is disabled
  Network address translation is disabled
  BGP Policy Mapping is disabled
  Input features: MCI Check
`
