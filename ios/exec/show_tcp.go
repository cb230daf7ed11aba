package exec

import (
	"hash/fnv"
	"net"
	"strconv"

	"vtylab/cli"
)

var tcpCommands = []Command{
	{Syntax: `show "Show running system information" tcp "Status of TCP connections" brief "Brief display"
		[all "All endpoints, including those listening" | numeric "Do not resolve names"]*`, Level: 1, Filter: true, Run: showTCP},
}

// showTCP lists the connections of the SSH server, and its ports.
func showTCP(s *Session, a cli.Args) error {
	rows := 0
	row := func(local, foreign, state string) {
		if rows++; rows == 1 {
			s.Println("TCB       Local Address           Foreign Address        (state)")
		}
		block := fnv.New32a()
		block.Write([]byte(local + foreign))
		s.Printf("%08X  %-24s%-23s%s\n", block.Sum32()|1<<31, local, foreign, state)
	}
	for _, c := range s.Device.SSH.Connections() {
		row(dottedPort(c.Local()), dottedPort(c.Peer()), "ESTAB")
	}
	if x := s.SSH(); x.Up && a.Has("all") {
		for _, port := range x.Ports {
			row("*."+strconv.Itoa(port), "*.*", "LISTEN")
		}
	}
	return nil
}

// dottedPort writes an address and port as IOS does: 10.0.0.1.22.
func dottedPort(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host + "." + port
}
