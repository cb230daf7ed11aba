package exec

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
	"vtylab/ios/model"
)

var vrfCommands = []device.Command{
	{Syntax: `show "Show running system information" vrf "VPN Routing/Forwarding instance information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRF},
}

// vrf is a VPN routing and forwarding instance, as configured.
type vrf struct {
	header, name, rd string
	protocols        []string
	interfaces       []string
}

// vrfs reads them from a configuration.
func vrfs(c *model.Config) []vrf {
	var all []vrf
	for b := range c.Passive.Of("vrf") {
		all = append(all, vrfOf(b))
	}
	for f := range c.Interfaces.All() {
		for i := range all {
			if all[i].name == f.VRF {
				all[i].interfaces = append(all[i].interfaces, f.Name)
			}
		}
	}
	return all
}

// vrfOf reads one. That of `ip vrf` is always for IPv4.
func vrfOf(b *config.Block) vrf {
	v := vrf{header: b.Header, name: b.Header[strings.LastIndexByte(b.Header, ' ')+1:], rd: "<not set>"}
	if strings.HasPrefix(b.Header, "ip ") {
		v.protocols = []string{"ipv4"}
	}
	if rd, ok := b.Lines.Value("rd"); ok {
		v.rd = rd
	}
	for l := range b.Lines.All() {
		if family, ok := strings.CutPrefix(l.Text, "address-family "); ok {
			family, _, _ = strings.Cut(family, " ")
			v.protocols = append(v.protocols, family)
		}
	}
	return v
}

// brief is the name of an interface cut short: Gi0/0.
func brief(name string) string {
	i := strings.IndexAny(name, "0123456789")
	return name[:min(2, len(name))] + name[max(i, 0):]
}

func showVRF(s *device.Session, a cli.Args) error {
	all, want := vrfs(s.Device.Config()), a.Get("name")
	if want != "" && !slices.ContainsFunc(all, func(v vrf) bool { return v.name == want }) {
		s.Printf("%% No VRF named %s\n", want)
		return nil
	}
	s.Println("  Name                             Default RD            Protocols   Interfaces")
	for _, v := range all {
		if want != "" && want != v.name {
			continue
		}
		ports := make([]string, max(1, len(v.interfaces)))
		for i, name := range v.interfaces {
			ports[i] = brief(name)
		}
		s.Println(strings.TrimRight(pad(v.name, 33, "  ")+pad(v.rd, 22, "")+pad(strings.Join(v.protocols, ","), 12, "")+ports[0], " "))
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
