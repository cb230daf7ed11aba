package device

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"

	"vtylab/syslog"
)

// Uplink is how far connections that the device itself makes may go.
type Uplink int

// The reaches of --uplink.
const (
	UplinkAny Uplink = iota
	UplinkLoopback
	UplinkNone
)

// dial makes a connection of the device's own, as far as Options.Uplink goes.
// The address is numeric: the device resolves names itself.
func (d *Device) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.options.Dial == nil || !d.options.Uplink.reaches(address) {
		return nil, fmt.Errorf("device: no way to %s", address)
	}
	return d.options.Dial(ctx, network, address)
}

func (u Uplink) reaches(address string) bool {
	switch u {
	case UplinkAny:
		return true
	case UplinkLoopback:
		a, err := netip.ParseAddrPort(address)
		return err == nil && a.Addr().Unmap().IsLoopback()
	}
	return false
}

// dialLog is the way to a `logging host`.
func (d *Device) dialLog(ctx context.Context, h syslog.Host) (io.WriteCloser, error) {
	network := "udp"
	if h.TCP {
		network = "tcp"
	}
	return d.dial(ctx, network, net.JoinHostPort(h.Address, strconv.Itoa(h.PortOr514())))
}
