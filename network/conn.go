package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// hostConn is a connection of the host, or one end of a Pipe, as one of the device.
type hostConn struct {
	net.Conn
	of   *living
	flow Flow
	gone sync.Once // from the flows of the device
}

func (c *hostConn) Flow() Flow { return c.flow }

// Close ends the connection as the socket does.
func (c *hostConn) Close() error {
	c.gone.Do(func() { c.of.forget(c) })
	return c.Conn.Close()
}

func (c *hostConn) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return fmt.Errorf("network: half-close of %T: %w", c.Conn, errors.ErrUnsupported)
}

// Reset is a close without lingering: TCP sends RST in the place of FIN.
func (c *hostConn) Reset() error {
	switch r := c.Conn.(type) {
	case interface{ Reset() error }:
		defer c.Close()
		return r.Reset()
	case interface{ SetLinger(int) error }:
		r.SetLinger(0)
	}
	return c.Close()
}

func (c *hostConn) SetTrafficClass(class int) error {
	if _, socket := c.Conn.(*net.TCPConn); !socket {
		return nil
	}
	if addrPort(c.RemoteAddr()).Addr().Is4() {
		return ipv4.NewConn(c.Conn).SetTOS(class)
	}
	return ipv6.NewConn(c.Conn).SetTrafficClass(class)
}

// turnAway ends a connection that was not accepted. Filtered would be silence; but
// the host has answered the peer's SYN before the program knows of it. What is left is
// to close without a reset and without a byte. (The host may still reset it, when the
// peer has sent something by then.)
func (c *hostConn) turnAway(v *Verdict) {
	if v.Outcome == Filtered {
		c.Close()
		return
	}
	c.Reset()
}

// addrPort is an address of a net.Conn, IPv4 as IPv4; the zero value where the network
// has no such thing.
func addrPort(a net.Addr) netip.AddrPort {
	var p netip.AddrPort
	switch t := a.(type) {
	case interface{ AddrPort() netip.AddrPort }:
		p = t.AddrPort()
	case nil:
	default:
		p, _ = netip.ParseAddrPort(a.String())
	}
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}
