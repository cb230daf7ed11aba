package exec

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"

	"vtylab/cli"
	"vtylab/network"
)

var tcpCommands = []Command{
	{Syntax: `show "Show running system information" tcp "Status of TCP connections" brief "Brief display"
		[all "All endpoints, including those listening" | numeric "Do not resolve names"]*`, Level: 1, Filter: true, Run: showTCP},
	{Syntax: `show udp "UDP statistics"`, Level: 1, Filter: true, Run: showUDP},
	{Syntax: `show control-plane "Control Plane information" host "Control Plane host path" open-ports "Show open TCP/UDP ports"`, Level: 1, Filter: true, Run: showOpenPorts},
}

// showTCP lists the TCP connections of the device, and with `all` its ports.
func showTCP(s *Session, a cli.Args) error {
	rows := 0
	row := func(local, foreign, state string) {
		if rows++; rows == 1 {
			s.Println("TCB       Local Address               Foreign Address             (state)")
		}
		s.Printf("%s  %-27s%-28s%s\n", s.controlBlock(local+foreign), local, foreign, state)
	}
	for _, f := range s.flows(network.TCP) {
		row(dotted(f.Local), dotted(f.Remote), "ESTAB")
	}
	if a.Has("all") {
		for _, p := range s.ports(network.TCP) {
			row(fmt.Sprintf("*.%d", p.Number), "*.*", "LISTEN")
		}
	}
	return nil
}

// controlBlock is the address that the control block of a connection could have, in as
// many digits as the release has.
func (s *Session) controlBlock(connection string) string {
	block := fnv.New64a()
	block.Write([]byte(connection))
	digits := s.Release.Show.ControlBlock
	if digits <= 8 {
		return fmt.Sprintf("%08X", uint32(block.Sum64())|1<<31)
	}
	return fmt.Sprintf("7F%0*X", digits-2, block.Sum64()&(1<<(4*(digits-2))-1))
}

// showUDP lists the UDP sockets of the device: those of its clients, then its ports. It
// took the place of `show ip sockets` (Cisco IOS IP Application Services Command
// Reference, whose sample has these columns).
func showUDP(s *Session, _ cli.Args) error {
	s.Println("Proto    Remote         Port      Local           Port  In Out Stat TTY OutputIF")
	for _, f := range s.flows(network.UDP) {
		s.Printf(" %-8d%-17s%-8d%-16s%-6d0   0    0   0\n", f.Proto, f.Remote.Addr(), f.Remote.Port(), f.Local.Addr(), f.Local.Port())
	}
	for _, p := range s.ports(network.UDP) {
		s.Printf(" %-7d--listen--             --any--        %-5d0    0   1    0\n", p.Proto, p.Number)
	}
	return nil
}

// flows are the connections of the device over a protocol, the oldest first.
func (s *Session) flows(of network.Proto) []network.Flow {
	return slices.DeleteFunc(s.Device.Net.Flows(), func(f network.Flow) bool { return f.Proto != of })
}

// ports are the open ports of a protocol, by number.
func (s *Session) ports(of network.Proto) []network.Port {
	all := slices.DeleteFunc(s.Device.Net.Ports(), func(p network.Port) bool { return p.Proto != of })
	slices.SortStableFunc(all, func(a, b network.Port) int { return cmp.Compare(a.Number, b.Number) })
	return all
}

// dotted writes an address and port as IOS does: 10.0.0.1.22.
func dotted(a netip.AddrPort) string { return fmt.Sprintf("%s.%d", a.Addr(), a.Port()) }

// showOpenPorts lists ports, each followed by its connections, then connections of the
// device's own clients (ios-ssh-scp 5.3).
func showOpenPorts(s *Session, _ cli.Args) error {
	s.Println("Active internet connections (servers and established)",
		"Prot               Local Address             Foreign Address                  Service    State")
	row := func(proto, local, foreign, service, state string) {
		s.Printf("%4s%28s%28s%25s%9.8s\n", proto, local, foreign, service, state)
	}
	flows := s.flows(network.TCP)
	for _, p := range s.ports(network.TCP) {
		local := fmt.Sprintf("*:%d", p.Number)
		row("tcp", local, "*:0", s.service(p.Number), "LISTEN")
		for _, f := range flows {
			if f.Local.Port() == p.Number {
				row("tcp", local, f.Remote.String(), s.service(p.Number), "ESTABLISHED")
			}
		}
	}
	for _, f := range flows {
		if !slices.ContainsFunc(s.ports(network.TCP), func(p network.Port) bool { return p.Number == f.Local.Port() }) {
			row("tcp", fmt.Sprintf("*:%d", f.Local.Port()), f.Remote.String(), otherService, "ESTABLISHED")
		}
	}
	for _, p := range s.ports(network.UDP) {
		row("udp", fmt.Sprintf("*:%d", p.Number), "*:0", otherService, "LISTEN")
	}
	return nil
}

// otherService is what a port is called that has no name of its own (from memory).
const otherService = "IOS host service"

// service is who listens on a port of the device.
func (s *Session) service(port uint16) string {
	switch n := int(port); {
	case s.Device.SSH.Listens(n):
		return "SSH-Server"
	case s.Device.Telnet.Listens(n):
		return "Telnet"
	}
	return otherService
}
