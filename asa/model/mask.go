package model

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// maskLength is how many bits a netmask has; ok is false for one with gaps.
func maskLength(mask string) (length int, ok bool) {
	a, err := netip.ParseAddr(mask)
	if err != nil || !a.Is4() {
		return 0, false
	}
	b := a.As4()
	host := ^binary.BigEndian.Uint32(b[:])
	return bits.LeadingZeros32(host), host&(host+1) == 0
}

// maskOf is the netmask of a length.
func maskOf(length int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], ^uint32(0)<<(32-length))
	return netip.AddrFrom4(b)
}
