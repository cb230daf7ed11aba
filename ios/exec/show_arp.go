package exec

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"vtylab/cli"
	"vtylab/network"
)

var arpCommands = []Command{
	{Syntax: `show "Show running system information" arp "ARP table" [INTERFACE$name "Interface"]`, Level: 1, Filter: true, Run: showARP},
	{Syntax: `show "Show running system information" ip "IP information" arp "IP ARP table" [vrf "Specify a VRF" WORD$vrf "VRF name"] [A.B.C.D$address "IP address or hostname of ARP entry" | INTERFACE$name "Interface"]`,
		Level: 1, Filter: true, Run: showARP},
}

// neighbour is an entry of the ARP table. Age is how long it is known, -1 for an
// address of the device itself.
type neighbour struct {
	Address   netip.Addr
	Age       time.Duration
	MAC       network.MAC
	Interface string
}

// neighbours are the entries of a VRF. On the bridge to the host they are the device's
// own addresses: no packet of it is seen on a link.
func neighbours(s *Session, vrf string) (all []neighbour) {
	for _, n := range s.Device.Net.Neighbours(vrf) {
		age := time.Duration(-1)
		if !n.Since.IsZero() {
			age = s.Device.Now().Sub(n.Since)
		}
		if n.Addr.Is4() && !hardwareOf(s, n.Interface).NoMAC {
			all = append(all, neighbour{n.Addr, age, n.MAC, n.Interface})
		}
	}
	if all != nil {
		return all
	}
	for _, i := range interfaces(s) {
		if i.VRF != vrf || !linkUp(s, i) || hardwareOf(s, i.Name).NoMAC {
			continue
		}
		for a := range i.Addresses() {
			if a.Addr().Is4() {
				all = append(all, neighbour{a.Addr(), -1, macOf(s, i.Name), i.Name})
			}
		}
	}
	slices.SortFunc(all, func(a, b neighbour) int { return a.Address.Compare(b.Address) })
	return all
}

// showARP is the ARP table, by address.
func showARP(s *Session, a cli.Args) error {
	vrf := a.Get("vrf")
	if vrf != "" && !s.Config().VRFs.Has(vrf) {
		s.Printf("%% VRF %s does not exist\n", vrf) // from memory
		return nil
	}
	s.Println("Protocol  Address          Age (min)  Hardware Addr   Type   Interface")
	for _, n := range neighbours(s, vrf) {
		if to := a.Get("address"); to != "" && to != n.Address.String() {
			continue
		}
		if name := a.Get("name"); name != "" && name != n.Interface {
			continue
		}
		s.Println(n.row())
	}
	return nil
}

// row is a line of the ARP table.
func (n neighbour) row() string {
	age := "-"
	if n.Age >= 0 {
		age = strconv.Itoa(int(n.Age.Minutes()))
	}
	return fmt.Sprintf("Internet  %-16s%9s   %s  ARPA   %s", n.Address, age, n.MAC, n.Interface)
}
