package exec

import (
	"cmp"

	"vtylab/cli"
	"vtylab/ios/model"
)

var ipInterfaceCommands = []Command{
	{Syntax: `show "Show running system information" ip "IP information" interface "IP interface status and configuration" brief "Brief summary of IP status and configuration"`,
		Level: 1, Filter: true, Run: showIPInterfaceBrief},
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
	for _, i := range interfaces(s) {
		if name := a.Get("name"); name != "" && name != i.Name {
			continue
		}
		address, method := briefAddress(i)
		status, protocol := linkState(s, i)
		row(i.Name+" ", address, "YES", method, status, pad(protocol, 8, ""))
	}
	return nil
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
