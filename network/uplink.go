package network

import (
	"net/netip"
	"strconv"
)

// Uplink is how far connections that the device itself makes may go beyond it.
type Uplink int

// The reaches.
const (
	UplinkAny      Uplink = iota
	UplinkLoopback        // 127.0.0.0/8 and ::1, which are the host
	UplinkNone
)

var uplinks = [...]string{"any", "loopback", "none"}

// String is the reach as a flag names it.
func (u Uplink) String() string {
	if u < 0 || int(u) >= len(uplinks) {
		return "uplink " + strconv.Itoa(int(u))
	}
	return uplinks[u]
}

// refuses is the verdict on an address that is out of reach, nil on others.
func (u Uplink) refuses(a netip.Addr) *Verdict {
	switch {
	case u == UplinkAny, u == UplinkLoopback && a.IsLoopback():
		return nil
	case u == UplinkLoopback:
		return &Verdict{Outcome: NoRoute, Uplink: true, Reason: "uplink loopback: " + a.String() + " is not loopback"}
	}
	return &Verdict{Outcome: NoRoute, Uplink: true, Reason: "uplink none: " + a.String() + " is beyond the device"}
}
