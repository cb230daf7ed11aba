package exec

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"vtylab/ios/model"
	"vtylab/network"
)

// mac is an Ethernet address.
type mac [6]byte

// String is the address as IOS prints it: 0200.5e00.5301.
func (m mac) String() string {
	return fmt.Sprintf("%02x%02x.%02x%02x.%02x%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// linkLocal is the address of IPv6 that is made of it (RFC 4291 appendix A).
func (m mac) linkLocal() netip.Addr {
	return netip.AddrFrom16([16]byte{0: 0xfe, 1: 0x80, 8: m[0] ^ 2, 9: m[1], 10: m[2], 11: 0xff, 12: 0xfe, 13: m[3], 14: m[4], 15: m[5]})
}

// macOf is the Ethernet address of an interface: the one that it has on its link, or that of the device, counted up by the
// number of the port. A subinterface has that of its port, what is no port that of
// the device.
func macOf(s *Session, name string) mac {
	if m := s.Device.Net.Link(name).MAC; m != (network.MAC{}) {
		return mac(m)
	}
	var b [8]byte
	base := s.Device.BaseMAC()
	copy(b[2:], base[:])
	n := binary.BigEndian.Uint64(b[:]) + uint64(portNumber(s, name))
	binary.BigEndian.PutUint64(b[:], n)
	return mac(b[2:])
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
