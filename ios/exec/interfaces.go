package exec

import (
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var interfaceCommands = []Command{
	{Syntax: `show "Show running system information" ip "IP information" interface "IP interface status and configuration" brief "Brief summary of IP status and configuration"`,
		Level: 1, Filter: true, Run: showIPInterfaceBrief},
	{Syntax: `show hosts "IP domain-name, lookup style, nameservers, and host table"`, Level: 1, Filter: true, Run: showHosts},
}

// showIPInterfaceBrief reads the interfaces from their configuration.
func showIPInterfaceBrief(s *Session, _ cli.Args) error {
	s.Println("Interface                  IP-Address      OK? Method Status                Protocol")
	for i := range s.Config().Interfaces.All() {
		address, method, status, protocol := "unassigned", "unset", "up", "up"
		if i.Addressing == model.Static {
			address, method = i.Address.Addr().String(), "NVRAM"
		}
		if i.Shutdown {
			status, protocol = "administratively down", "down"
		}
		s.Printf("%-26s %-15s YES %-6s %-21s %-8s\n", i.Name, address, method, status, protocol)
	}
	return nil
}

func showHosts(s *Session, _ cli.Args) error {
	d := s.Config().Domain
	if d.Name == "" {
		s.Println("Default domain is not set")
	} else {
		s.Printf("Default domain is %s\n", d.Name)
	}
	servers := "255.255.255.255"
	if len(d.Servers) > 0 {
		servers = strings.Join(d.Servers, ", ")
	}
	s.Printf("Name/address lookup uses %s\nName servers are %s\n\n", yesNo(d.Lookup, "domain service", "static mappings"), servers)
	s.Println("Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate", "       temp - temporary, perm - permanent",
		"       NA - Not Applicable None - Not defined", "", "Host                      Port  Flags      Age Type   Address(es)")
	for h := range d.Hosts.All() {
		s.Printf("%-25s None  (perm, OK)  0   IP    %s\n", h.Name, strings.Join(h.Addresses, " "))
	}
	return nil
}
