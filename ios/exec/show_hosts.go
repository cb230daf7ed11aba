package exec

import (
	"strings"

	"vtylab/cli"
)

var hostsCommands = []Command{
	{Syntax: `show hosts "IP domain-name, lookup style, nameservers, and host table"`, Level: 1, Filter: true, Run: showHosts},
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
