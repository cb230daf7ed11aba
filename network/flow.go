// Package network is the network as one device sees it.
package network

import "net/netip"

// Proto is an IP protocol by its number.
type Proto uint8

// Protocols that a device speaks itself.
const (
	ICMP   Proto = 1
	TCP    Proto = 6
	UDP    Proto = 17
	ICMPv6 Proto = 58
)

// Flow is a connection as a device and its access lists see it: the first packet,
// which comes from Remote and is for Local.
type Flow struct {
	Proto          Proto
	VRF, Interface string
	Local, Remote  netip.AddrPort
}
