package exec

import (
	"fmt"
	"net/netip"
	"strings"

	"vtylab/cli"
)

// CDP is what a device tells its neighbours of itself.
type CDP struct {
	Device, Platform string
	Capabilities     string // letters: "R B"
	Version          string // text of show version
	Port             string
	Address          netip.Addr // invalid for none
	// Left is how long a neighbour still keeps this when the next packet is due, in
	// seconds: a fabric sends none, its neighbours always see what is.
	Left int
}

var cdpCommands = []Command{
	{Syntax: `show "Show running system information" cdp "CDP information"`, Level: 1, Filter: true, Run: showCDP},
	{Syntax: `show cdp neighbors "CDP neighbor entries" [INTERFACE$name "Interface"] [detail "Show detailed information"]`, Level: 1, Filter: true, Run: showCDPNeighbors},
}

const cdpOff = "% CDP is not enabled"

func showCDP(s *Session, _ cli.Args) error {
	c := s.Config().CDP
	if !c.Run {
		s.Println(cdpOff)
		return nil
	}
	s.Printf("Global CDP information:\n\tSending CDP packets every %d seconds\n\tSending a holdtime value of %d seconds\n", c.Timer, c.HoldTime)
	s.Println("\tSending CDPv2 advertisements is  enabled")
	return nil
}

// heard is a neighbour on the link of an interface.
type heard struct {
	*CDP
	at string
}

// showCDPNeighbors lists who is on the links of the device's own ports.
func showCDPNeighbors(s *Session, a cli.Args) error {
	if !s.Config().CDP.Run {
		s.Println(cdpOff)
		return nil
	}
	var all []heard
	for _, i := range interfaces(s) {
		if name := a.Get("name"); name != "" && name != i.Name || !s.Config().RunsCDP(i) || !linkUp(s, i) {
			continue
		}
		for _, p := range s.Device.Net.Link(i.Name).Peers {
			if n, ok := p.Hello.(*CDP); ok && n != nil {
				all = append(all, heard{n, i.Name})
			}
		}
	}
	if a.Has("detail") {
		for _, n := range all {
			n.detail(s)
		}
	} else {
		s.Println("Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge", "                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, ",
			"                  D - Remote, C - CVTA, M - Two-port Mac Relay ", "", "Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID")
		for _, n := range all {
			n.row(s)
		}
	}
	s.Printf("\nTotal cdp entries displayed : %d\n", len(all))
	return nil
}

// row is a line of the table; a long name has one of its own.
func (n heard) row(s *Session) {
	name := n.Device
	if len(name) > 16 {
		name += "\n" + strings.Repeat(" ", 17)
	} else {
		name = fmt.Sprintf("%-17s", name)
	}
	platform := strings.TrimPrefix(strings.TrimPrefix(n.Platform, "Cisco "), "cisco ")
	s.Println(strings.TrimRight(fmt.Sprintf("%s%-18s%-11d%10s  %-10s%s", name, shortPort(n.at), n.Left, n.Capabilities+" ", platform[:min(len(platform), 9)], shortPort(n.Port)), " "))
}

// shortPort is an interface as the table has it: Gig 0/0.
func shortPort(name string) string {
	i := strings.IndexAny(name, "0123456789")
	if i < 3 {
		return name
	}
	return name[:3] + " " + name[i:]
}

// capabilityNames are the letters in words.
var capabilityNames = strings.NewReplacer("R", "Router", "B", "Source-Route-Bridge", "S", "Switch", "I", "IGMP")

func (n heard) detail(s *Session) {
	s.Println("-------------------------", "Device ID: "+n.Device, "Entry address(es): ")
	if n.Address.IsValid() {
		s.Printf("  IP address: %s\n", n.Address)
	}
	software, _, _ := strings.Cut(n.Version, "\n")
	s.Printf("Platform: %s,  Capabilities: %s \n", n.Platform, capabilityNames.Replace(n.Capabilities))
	s.Printf("Interface: %s,  Port ID (outgoing port): %s\nHoldtime : %d sec\n\n", n.at, n.Port, n.Left)
	s.Printf("Version :\n%s\n\nadvertisement version: 2\n", software)
	if n.Address.IsValid() {
		s.Printf("Management address(es): \n  IP address: %s\n", n.Address)
	}
	s.Println("")
}
