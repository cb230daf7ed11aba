package exec

import (
	"cmp"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var vrfCommands = []Command{
	{Syntax: `show "Show running system information" vrf "VPN Routing/Forwarding instance information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRF},
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
