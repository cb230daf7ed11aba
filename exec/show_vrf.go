package exec

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/device"
)

var vrfCommands = []device.Command{
	{Syntax: `show "Show running system information" vrf "VPN Routing/Forwarding instance information" [WORD$name "VRF name"]`, Level: 1, Filter: true, Run: showVRF},
}

// vrf is a VPN routing and forwarding instance, as configured.
type vrf struct {
	name, rd              string
	protocols, interfaces []string
}

// vrfs reads them from a configuration.
func vrfs(text string) []vrf {
	var all []vrf
	in, port := -1, ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		body := strings.HasPrefix(line, " ")
		if !body {
			in, port = -1, ""
		}
		last := words[len(words)-1]
		switch {
		case !body && words[0] == "interface":
			port = last
		case !body && (strings.HasPrefix(line, "vrf definition ") || strings.HasPrefix(line, "ip vrf ")):
			all = append(all, vrf{name: last, rd: "<not set>"})
			if in = len(all) - 1; words[0] == "ip" {
				all[in].protocols = []string{"ipv4"}
			}
		case in >= 0 && words[0] == "rd":
			all[in].rd = last
		case in >= 0 && words[0] == "address-family":
			all[in].protocols = append(all[in].protocols, words[1])
		case port != "" && strings.HasSuffix(strings.TrimSuffix(line, " "+last), "vrf forwarding"):
			if i := slices.IndexFunc(all, func(v vrf) bool { return v.name == last }); i >= 0 {
				all[i].interfaces = append(all[i].interfaces, brief(port))
			}
		}
	}
	return all
}

// brief is an interface's name cut short: Gi0/0.
func brief(name string) string {
	i := strings.IndexAny(name, "0123456789")
	return name[:min(2, len(name))] + name[max(i, 0):]
}

func showVRF(s *device.Session, a cli.Args) error {
	all, want := vrfs(s.Device.RunningConfig(false)), a.Get("name")
	if want != "" && !slices.ContainsFunc(all, func(v vrf) bool { return v.name == want }) {
		s.Printf("%% No VRF named %s\n", want)
		return nil
	}
	s.Println("  Name                             Default RD            Protocols   Interfaces")
	for _, v := range all {
		if want != "" && want != v.name {
			continue
		}
		first := ""
		if len(v.interfaces) > 0 {
			first = v.interfaces[0]
		}
		s.Println(strings.TrimRight(pad(v.name, 33, "  ")+pad(v.rd, 22, "")+pad(strings.Join(v.protocols, ","), 12, "")+first, " "))
		for _, more := range v.interfaces[min(1, len(v.interfaces)):] {
			s.Printf("%69s%s\n", "", more)
		}
	}
	return nil
}

// pad fills a column, and keeps a space behind what is too long for it.
func pad(text string, width int, before string) string {
	return before + text + strings.Repeat(" ", max(1, width-len(text)))
}
