package exec

import (
	"encoding/binary"
	"strings"

	"vtylab/ios/model"
	"vtylab/network"
)

// macOf is the Ethernet address of an interface: that on its link, else that of the
// device plus the number of the port. A subinterface has that of its port, a virtual
// interface that of the device.
func macOf(s *Session, name string) network.MAC {
	if m := s.Device.Net.Link(name).MAC; m != (network.MAC{}) {
		return m
	}
	var b [8]byte
	base := s.Device.BaseMAC()
	copy(b[2:], base[:])
	n := binary.BigEndian.Uint64(b[:]) + uint64(portNumber(s, name))
	binary.BigEndian.PutUint64(b[:], n)
	return network.MAC(b[2:])
}

// portNumber counts ports from 0 in the order of the device.
func portNumber(s *Session, name string) int {
	n := 0
	main, _, _ := strings.Cut(name, ".")
	if !model.Physical(main) {
		return 0
	}
	for i := range s.Config().Interfaces.Keys() {
		switch {
		case i == main:
			return n
		case model.Physical(i):
			n++
		}
	}
	return 0
}
