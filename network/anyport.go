package network

import (
	"context"
	"net"
	"net/netip"
	"sync"
)

// dialAnyPort opens a UDP socket of the host for Path.AnyPort.
func dialAnyPort(_ context.Context, protocol, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	local := &net.UDPAddr{}
	if to.Addr().IsLoopback() {
		local.IP = to.Addr().AsSlice()
	}
	c, err := net.ListenUDP(protocol, local)
	if err != nil {
		return nil, err
	}
	return &anyPortConn{UDPConn: c, to: to}, nil
}

// anyPortConn is a UDP socket that takes datagrams of one address, and of one port of it once
// that has answered.
type anyPortConn struct {
	*net.UDPConn

	mu    sync.Mutex
	to    netip.AddrPort // guarded by mu, like chose
	chose bool
}

// Read drops what others send.
func (c *anyPortConn) Read(p []byte) (int, error) {
	for {
		n, from, err := c.ReadFromUDPAddrPort(p)
		if err != nil {
			return n, err
		}
		if c.hears(netip.AddrPortFrom(from.Addr().Unmap(), from.Port())) {
			return n, nil
		}
	}
}

// hears reports whether a datagram is the peer's, which chooses its port by sending.
func (c *anyPortConn) hears(from netip.AddrPort) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.chose && from.Addr() == c.to.Addr() {
		c.to, c.chose = from, true
	}
	return from == c.to
}

func (c *anyPortConn) peer() netip.AddrPort {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.to
}

func (c *anyPortConn) Write(p []byte) (int, error) { return c.WriteToUDPAddrPort(p, c.peer()) }

func (c *anyPortConn) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.peer()) }
