package exec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var vrfCommands = []Command{
	{Syntax: `show "Show running system information" vrf "VPN Routing/Forwarding instance information" [brief "Brief VPN Routing/Forwarding instance information"] [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRF},
	{Syntax: `show "Show running system information" vrf "VPN Routing/Forwarding instance information" detail "Detailed VPN Routing/Forwarding instance information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRFDetail},
	{Syntax: `show "Show running system information" ip "IP information" vrf "VPN Routing/Forwarding instance information" [brief "Brief VPN Routing/Forwarding instance information"] [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showIPVRF},
	{Syntax: `show "Show running system information" ip "IP information" vrf "VPN Routing/Forwarding instance information" detail "Detailed VPN Routing/Forwarding instance information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRFDetail},
	{Syntax: `show "Show running system information" ip "IP information" vrf "VPN Routing/Forwarding instance information" interfaces "Show VPN Routing/Forwarding interface information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showIPVRFInterfaces},
}

// eachVRF runs a function on all VRFs or on the one that a command names.
func eachVRF(s *Session, a cli.Args, f func(v *model.VRF)) error {
	c, want := s.Config(), a.Get("name")
	if want != "" && !c.VRFs.Has(want) {
		s.Printf("%% No VRF named %s\n", want)
		return nil
	}
	for v := range c.VRFs.All() {
		if want == "" || want == v.Name {
			f(v)
		}
	}
	return nil
}

// showIPVRF is the older form of show vrf, without protocols.
func showIPVRF(s *Session, a cli.Args) error {
	if name := a.Get("name"); name == "" || s.Config().VRFs.Has(name) {
		s.Println("  Name                             Default RD            Interfaces")
	}
	in := interfacesIn(s.Config())
	return eachVRF(s, a, func(v *model.VRF) {
		ports := append(in[v.Name], "")
		s.Println(strings.TrimRight(pad(v.Name, 33, "  ")+pad(cmp.Or(v.RD, "<not set>"), 22, "")+briefOrNone(ports[0]), " "))
		for _, more := range ports[1:] {
			if more != "" {
				s.Printf("%57s%s\n", "", brief(more))
			}
		}
	})
}

// briefOrNone is brief, of a name that may be missing.
func briefOrNone(name string) string {
	if name == "" {
		return ""
	}
	return brief(name)
}

// showIPVRFInterfaces has a row for each interface in a VRF.
func showIPVRFInterfaces(s *Session, a cli.Args) error {
	s.Println("Interface              IP-Address      VRF                              Protocol")
	return eachVRF(s, a, func(v *model.VRF) {
		for _, i := range interfaces(s) {
			if i.VRF == v.Name {
				address, _ := briefAddress(i)
				_, protocol := linkState(s, i)
				s.Printf("%-22s %-15s %-32s %s\n", brief(i.Name), address, v.Name, protocol)
			}
		}
	})
}

// showVRFDetail is everything about VRFs; the layout is that of 15.x, from memory.
func showVRFDetail(s *Session, a cli.Args) error {
	in := interfacesIn(s.Config())
	return eachVRF(s, a, func(v *model.VRF) {
		id := tableID(s, v.Name)
		s.Printf("VRF %s (VRF Id = %d); default RD %s; default VPNID <not set>\n", v.Name, id, cmp.Or(v.RD, "<not set>"))
		if v.Description != "" {
			s.Println("  Description: " + v.Description)
		}
		if v.Old {
			s.Println("  Old CLI format, supports IPv4 only", "  Flags: 0xC")
		} else {
			s.Println("  New CLI format, supports multiple address-families", "  Flags: 0x180C")
		}
		s.Println(vrfInterfaces(in[v.Name])...)
		for _, family := range []string{"ipv4", "ipv6"} {
			if !strings.Contains(vrfProtocols(v), family) {
				s.Printf("Address family %s unicast not active\n", family)
				continue
			}
			s.Printf("Address family %s unicast (Table ID = 0x%X):\n", family, id)
			s.Println("  Flags: 0x0", "  No Export VPN route-target communities", "  No Import VPN route-target communities", "  No import route-map",
				"  No global export route-map", "  No export route-map", "  VRF label distribution protocol: not configured", "  VRF label allocation mode: per-prefix")
		}
		s.Println("")
	})
}

// vrfInterfaces are the names of a VRF's interfaces, four to a line.
func vrfInterfaces(names []string) []string {
	if len(names) == 0 {
		return []string{"  No interfaces"}
	}
	lines := []string{"  Interfaces:"}
	for four := range slices.Chunk(names, 4) {
		line := "   "
		for _, name := range four {
			line += fmt.Sprintf(" %-24s", brief(name))
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// interfacesIn are the names of the interfaces by their VRF.
func interfacesIn(c *model.Config) map[string][]string {
	in := map[string][]string{}
	for i := range c.Interfaces.All() {
		in[i.VRF] = append(in[i.VRF], i.Name)
	}
	return in
}

// vrfProtocols are those that a VRF is for.
func vrfProtocols(v *model.VRF) string {
	var names []string
	if v.Old {
		names = append(names, "ipv4")
	}
	for f := range v.Families.All() {
		names = append(names, f.Protocol())
	}
	return strings.Join(names, ",")
}

// brief is the name of an interface cut short: Gi0/0.
func brief(name string) string {
	i := strings.IndexAny(name, "0123456789")
	return name[:min(2, len(name))] + name[max(i, 0):]
}

func showVRF(s *Session, a cli.Args) error {
	c, want := s.Config(), a.Get("name")
	if want != "" && !c.VRFs.Has(want) {
		s.Printf("%% No VRF named %s\n", want)
		return nil
	}
	s.Println("  Name                             Default RD            Protocols   Interfaces")
	interfaces := interfacesIn(c)
	for v := range c.VRFs.All() {
		if want != "" && want != v.Name {
			continue
		}
		ports := make([]string, max(1, len(interfaces[v.Name])))
		for i, name := range interfaces[v.Name] {
			ports[i] = brief(name)
		}
		s.Println(strings.TrimRight(pad(v.Name, 33, "  ")+pad(cmp.Or(v.RD, "<not set>"), 22, "")+pad(vrfProtocols(v), 12, "")+ports[0], " "))
		for _, more := range ports[1:] {
			s.Printf("%69s%s\n", "", more)
		}
	}
	return nil
}

// pad fills a column, and keeps a space behind what is too long for it.
func pad(text string, width int, before string) string {
	return before + text + strings.Repeat(" ", max(1, width-len(text)))
}
