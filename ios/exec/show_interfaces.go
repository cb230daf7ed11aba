package exec

import (
	"cmp"
	"fmt"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var interfaceCommands = []Command{
	showInterfacesRow(`[INTERFACE$name "Interface"]`, showInterfaces),
	showInterfacesRow(`[INTERFACE$name "Interface"] description "Show interface description"`, showDescriptions),
	showInterfacesRow(`[INTERFACE$name "Interface"] summary "Show interface summary"`, showInterfaceSummary),
	showInterfacesRow(`[INTERFACE$name "Interface"] @show-status`, showInterfaceStatus),
	showInterfacesRow(`[INTERFACE$name "Interface"] @show-counters`, showInterfaceCounters),
}

// showInterfacesRow is one form of show interfaces.
func showInterfacesRow(rest string, run func(*Session, cli.Args) error) Command {
	return Command{Syntax: `show "Show running system information" interfaces "Interface status and configuration" ` + rest, Level: 1, Filter: true, Run: run}
}

// chosen are the interfaces that a command is about: all, or the one it names. The
// error is that of a name that the device does not have.
func chosen(s *Session, a cli.Args) ([]*model.Interface, error) {
	name := a.Get("name")
	if name == "" {
		return interfaces(s), nil
	}
	i, ok := s.Config().Interfaces.Get(name)
	if !ok {
		return nil, &cli.Error{Kind: cli.Invalid, Pos: a.At("name")}
	}
	return []*model.Interface{i}, nil
}

// eachChosen runs a function on what chosen returns.
func eachChosen(s *Session, a cli.Args, f func(i *model.Interface)) error {
	all, err := chosen(s, a)
	for _, i := range all {
		f(i)
	}
	return err
}

func showInterfaces(s *Session, a cli.Args) error {
	return eachChosen(s, a, func(i *model.Interface) { showInterface(s, i) })
}

// showInterface is everything about one interface. No traffic is counted. The layout
// is that of ISRs and IOSv.
func showInterface(s *Session, i *model.Interface) {
	h := hardwareOf(s, i.Name)
	status, protocol := linkState(s, i)
	s.Printf("%s is %s, line protocol is %s %s\n", i.Name, status, protocol, s.Release.Show.connected(i.Name, status, protocol))
	s.Println("  Hardware is " + h.Name + addressOf(s, i, h))
	if i.Description != "" {
		s.Println("  Description: " + i.Description)
	}
	if i.Addressing == model.Static {
		s.Printf("  Internet address is %s\n", i.Address)
	}
	s.Printf("  MTU %d bytes, BW %d Kbit/sec, DLY %d usec, \n     reliability 255/255, txload 1/255, rxload 1/255\n", s.Config().MTUOf(i), bandwidth(i, h), delay(i, h))
	if strings.Contains(i.Name, ".") {
		showSubinterface(s, i)
		return
	}
	s.Println("  Encapsulation " + cmp.Or(h.Encapsulation, "ARPA") + ", loopback not set")
	s.Println("  " + cmp.Or(h.Keepalive, "Keepalive set (10 sec)"))
	if h.Duplex != "" {
		s.Println("  "+h.Duplex, "  output flow-control is unsupported, input flow-control is unsupported")
	}
	if !h.NoMAC {
		s.Println("  ARP type: ARPA, ARP Timeout 04:00:00")
	}
	s.Println(strings.TrimSuffix(idle, "\n"))
	if !h.NoMAC {
		s.Println(strings.TrimSuffix(idleEthernet, "\n"))
	}
	s.Println("     0 output buffer failures, 0 output buffers swapped out")
}

// addressOf is the Ethernet address in show interfaces.
func addressOf(s *Session, i *model.Interface, h Hardware) string {
	if h.NoMAC {
		return ""
	}
	return fmt.Sprintf(", address is %[1]s (bia %[1]s)", macOf(s, i.Name))
}

// showSubinterface is what a subinterface has besides.
func showSubinterface(s *Session, i *model.Interface) {
	if i.Tag.VLAN != 0 && !i.Tag.ISL {
		s.Printf("  Encapsulation 802.1Q Virtual LAN, Vlan ID  %d.\n", i.Tag.VLAN)
	} else {
		s.Println("  Encapsulation ARPA, loopback not set")
	}
	s.Println("  ARP type: ARPA, ARP Timeout 04:00:00", "  Keepalive set (10 sec)", `  Last clearing of "show interface" counters never`)
}

// idle are the counters of an interface that nothing has passed, idleEthernet what
// an Ethernet has besides.
const (
	idle = `  Last input never, output never, output hang never
  Last clearing of "show interface" counters never
  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
  Queueing strategy: fifo
  Output queue: 0/40 (size/max)
  5 minute input rate 0 bits/sec, 0 packets/sec
  5 minute output rate 0 bits/sec, 0 packets/sec
     0 packets input, 0 bytes, 0 no buffer
     Received 0 broadcasts (0 IP multicasts)
     0 runts, 0 giants, 0 throttles 
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 packets output, 0 bytes, 0 underruns
     0 output errors, 0 collisions, 0 interface resets
     0 unknown protocol drops
`
	idleEthernet = `     0 babbles, 0 late collision, 0 deferred
     0 lost carrier, 0 no carrier
`
)

// showDescriptions has a row for each interface.
func showDescriptions(s *Session, a cli.Args) error {
	s.Println("Interface                      Status         Protocol Description")
	return eachChosen(s, a, func(i *model.Interface) {
		status, protocol := linkState(s, i)
		s.Printf("%-30s %-14s %-8s %s\n", brief(i.Name), strings.Replace(status, "administratively", "admin", 1), protocol, i.Description)
	})
}

// showInterfaceSummary has the queues of each interface, which are empty.
func showInterfaceSummary(s *Session, a cli.Args) error {
	s.Println("", " *: interface is up", " IHQ: pkts in input hold queue     IQD: pkts dropped from input queue",
		" OHQ: pkts in output hold queue    OQD: pkts dropped from output queue", " RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)",
		" TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)", " TRTL: throttle count", "")
	columns := []string{"IHQ", "IQD", "OHQ", "OQD", "RXBS", "RXPS", "TXBS", "TXPS", "TRTL"}
	head := fmt.Sprintf("  %-22s", "Interface")
	for _, c := range columns {
		head += fmt.Sprintf("%10s", c)
	}
	s.Println(head, strings.Repeat("-", len(head)))
	return eachChosen(s, a, func(i *model.Interface) {
		mark := " "
		if linkUp(s, i) {
			mark = "*"
		}
		s.Printf("%s %-22s%s\n", mark, i.Name, strings.Repeat("         0", len(columns)))
	})
}

// showInterfaceStatus has a row for each port of a switch.
func showInterfaceStatus(s *Session, a cli.Args) error {
	s.Println("", "Port      Name               Status       Vlan       Duplex  Speed Type")
	return eachChosen(s, a, func(i *model.Interface) {
		if !switchport(i) {
			return
		}
		status := "connected"
		switch {
		case i.Shutdown:
			status = "disabled"
		case !linkUp(s, i):
			status = "notconnect"
		}
		s.Printf("%-9s %-18.18s %-12s %-10s %6s %6s %s\n", brief(i.Name), i.Description, status, vlanOf(i), "auto", "auto", "10/100/1000BaseTX")
	})
}

// switchport reports a port of a switch or a channel of them.
func switchport(i *model.Interface) bool {
	return model.Physical(i.Name) || model.TypeOf(i.Name) == "Port-channel"
}

// vlanOf is what a port carries.
func vlanOf(i *model.Interface) string {
	if i.Passive.Has("no switchport") || i.Addressing != model.Unset {
		return "routed"
	}
	if mode, _ := i.Passive.Value("switchport mode"); mode == "trunk" {
		return "trunk"
	}
	vlan, _ := i.Passive.Value("switchport access vlan")
	return cmp.Or(vlan, "1")
}

// showInterfaceCounters counts nothing.
func showInterfaceCounters(s *Session, a cli.Args) error {
	for _, way := range []string{"In", "Out"} {
		s.Printf("\n%-15s %10s %14s %14s %14s \n", "Port", way+"Octets", way+"UcastPkts", way+"McastPkts", way+"BcastPkts")
		err := eachChosen(s, a, func(i *model.Interface) {
			if switchport(i) {
				s.Printf("%-15s %10d %14d %14d %14d \n", brief(i.Name), 0, 0, 0, 0)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
