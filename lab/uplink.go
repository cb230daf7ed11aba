package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"vtylab/network"
)

// ownLoopback is the answer to what a device sends to 127.0.0.0/8 or ::1: in a lab that
// is the device itself, where nothing listens.
func ownLoopback(to netip.Addr) error {
	return fmt.Errorf("%s is the device itself: %w", to, syscall.ECONNREFUSED)
}

// dial is Dial for the fabric. With UplinkLoopback the loopback is the host's.
func (o *Options) dial() func(context.Context, string, string) (net.Conn, error) {
	if o.Dial == nil || o.Uplink != network.UplinkAny {
		return o.Dial
	}
	return func(ctx context.Context, proto, address string) (net.Conn, error) {
		if to, err := netip.ParseAddrPort(address); err == nil && to.Addr().IsLoopback() {
			return nil, ownLoopback(to.Addr())
		}
		return o.Dial(ctx, proto, address)
	}
}

// echo is Echo for the fabric.
func (o *Options) echo() network.EchoFunc {
	if o.Echo == nil || o.Uplink != network.UplinkAny {
		return o.Echo
	}
	return func(ctx context.Context, to netip.Addr, size int) (time.Duration, error) {
		if to.IsLoopback() {
			return 0, ownLoopback(to)
		}
		return o.Echo(ctx, to, size)
	}
}
