package aaa

import (
	"context"
	"io"
	"net/netip"
	"time"

	"vtylab/network"
	"vtylab/secret"
)

// The protocols of server groups.
const (
	TACACS = "tacacs+"
	RADIUS = "radius"
)

// Group is a group of servers, which are asked in order.
type Group struct {
	Protocol string // TACACS or RADIUS
	Name     string
	Servers  []Server
	DeadTime time.Duration // of RADIUS: how long a dead server is left out, 0 for not at all
}

// Server is a server as the configuration has it.
type Server struct {
	Name string // of its block, "" for one without
	Host string // an address or the name of a host
	// Port is that of TACACS+, or of authentication; AcctPort that of accounting.
	Port, AcctPort uint16
	Key            secret.Secret
	Timeout        time.Duration // for a connection and for each reply
	Retransmit     int           // of RADIUS: how often a request is sent again
	Single         bool          // of TACACS+: one connection for all
	Private        bool          // of the group alone
	// VRF is the routing table, Source the interface that it is asked from.
	VRF, Source string
}

// serverID tells servers apart.
type serverID struct {
	protocol, host, vrf string
	port                uint16
}

func (s *Server) id(protocol string) serverID { return serverID{protocol, s.Host, s.VRF, s.Port} }

// Outside is what a Service asks servers through.
type Outside struct {
	// Network makes connections; without it no server answers.
	Network interface {
		Dial(context.Context, network.Path) (network.Conn, error)
	}
	// Lookup finds the addresses of a host in a routing table; nil knows no names.
	Lookup func(ctx context.Context, vrf, host string) ([]netip.Addr, error)
	// Random makes identifiers and authenticators.
	Random io.Reader
	// Go runs a goroutine that ends with the device, unless that has ended.
	Go func(func()) bool
	// Trace is told what happens, from any goroutine; nil tells nobody.
	Trace func(Event)
	// Now is the device's own time, for records of accounting.
	Now func() time.Time
}

// address is where a server is.
func (o *Outside) address(ctx context.Context, s *Server) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s.Host); err == nil {
		return a, true
	}
	if o.Lookup == nil {
		return netip.Addr{}, false
	}
	all, err := o.Lookup(ctx, s.VRF, s.Host)
	if err != nil || len(all) == 0 {
		return netip.Addr{}, false
	}
	return all[0], true
}

// path is the way to a port of a server.
func (s *Server) path(proto network.Proto, to netip.AddrPort) network.Path {
	return network.Path{Proto: proto, VRF: s.VRF, Source: s.Source, To: to, Timeout: s.Timeout}
}
