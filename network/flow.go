package network

import "net/netip"

// Proto is a protocol number of IP (RFC 791, IANA "Protocol Numbers").
type Proto uint8

// The protocols that a device uses.
const (
	TCP  Proto = 6
	UDP  Proto = 17
	ICMP Proto = 1
)

// Flow is a connection as a device and its access lists see it.
type Flow struct {
	Proto          Proto
	VRF, Interface string
	Local, Remote  netip.AddrPort
}
