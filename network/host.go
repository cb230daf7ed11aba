package network

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
)

// HostOptions connect a device to the host.
type HostOptions struct {
	// Carriers are the addresses of the host that carry ports of the device. A port
	// without one is open for Connect and Inject, and for the device itself.
	Carriers Carriers
	// Datagrams are those that carry UDP ports.
	Datagrams Carriers
	// Listen opens an address of the host; nil is the host's own network.
	Listen func(ctx context.Context, network, address string) (net.Listener, error)
	// Dial makes the connections of the device's own clients, network is tcp or udp and
	// the address numeric; nil makes none.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Echo sends the echo requests of `ping`; nil sends none.
	Echo EchoFunc
	// Uplink is how far Dial and Echo may be asked to go.
	Uplink Uplink
	// Problem is told what the operator should know, say that the host has no
	// descriptor left; nil is for a program without a log. It may be called from several goroutines.
	Problem func(error)
}

// Host is the bridge to the host: the Stack of a device that stands alone.
//
// A connection arrives on the interface that its carrier names, with its real source
// address. The destination is the first address that the interface has of that family,
// or the host's if it has none. The state of the interface does not matter: what
// carries the connection is not its cable.
//
// The device's own addresses answer. Everything else is behind the uplink, which
// stands in for the next hop. What the configuration says of the way out comes first:
// the source interface must be up and have an address, and a VRF that is named needs
// an interface that is up and has one. But a device on which no interface has an
// address reaches everything, so that one without configuration can already copy to
// its operator's host.
//
// A port of the device has one listener, whatever its VRF.
type Host struct {
	o    HostOptions
	view atomic.Pointer[view]

	mu        sync.Mutex
	listeners map[uint16]*listener // by port; guarded by mu, like all below
	opened    uint64               // how many listeners there were
	receivers map[uint16]*receiver // by port
	ephemeral ephemeral            // of connections to itself

	living living // the connections
}

var _ Stack = (*Host)(nil)

// NewHost makes the stack of a device without configuration.
func NewHost(o HostOptions) *Host {
	if o.Listen == nil {
		o.Listen = new(net.ListenConfig).Listen
	}
	if o.Dial == nil {
		o.Uplink = UplinkNone
	}
	if o.Problem == nil {
		o.Problem = func(error) {}
	}
	h := &Host{o: o}
	h.view.Store(newView(&Settings{}))
	return h
}

// Apply follows a configuration from the next connection on.
func (h *Host) Apply(s *Settings) error {
	h.view.Store(newView(s))
	return nil
}

// Listen opens a TCP port of the device. See Stack.
func (h *Host) Listen(p Port, accept Accept) (io.Closer, error) {
	l := &listener{host: h, door: door{port: p, accept: accept}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners[p.Number] != nil {
		return nil, fmt.Errorf("network: %s: in use", p)
	}
	if err := l.open(h.o.Carriers.of(p.Number)); err != nil {
		return nil, fmt.Errorf("network: %s: %w", p, err)
	}
	if h.listeners == nil {
		h.listeners = map[uint16]*listener{}
	}
	h.opened++
	l.opened = h.opened
	h.listeners[p.Number] = l
	return l, nil
}

// Ports are the open ports of the device. See Stack.
func (h *Host) Ports() (all []Port) {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := slices.SortedFunc(maps.Values(h.listeners), func(a, b *listener) int { return cmp.Compare(a.opened, b.opened) })
	for _, l := range open {
		all = append(all, l.port)
	}
	for _, number := range slices.Sorted(maps.Keys(h.receivers)) {
		all = append(all, h.receivers[number].port)
	}
	return all
}

// Addrs are the addresses of the host that carry an open TCP port of the device.
func (h *Host) Addrs(port uint16) (all []net.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l := h.listeners[port]; l != nil {
		for _, s := range l.sockets {
			all = append(all, s.Addr())
		}
	}
	return all
}

// Connect makes a connection in memory to a TCP port of the device, without a
// goroutine that waits for it: Accept runs before Connect returns. It arrives on an
// interface, "" as for a carrier. The error is a *Verdict.
func (h *Host) Connect(iface string, from, to netip.AddrPort) (net.Conn, error) {
	i := h.view.Load().named(iface)
	return h.connect(Flow{Proto: TCP, VRF: i.VRF, Interface: i.Name, Local: to, Remote: from})
}

func (h *Host) connect(f Flow) (net.Conn, error) {
	theirs, ours := Pipe(f.Remote, f.Local)
	if v := h.admit(h.conn(ours, f)); v != nil {
		return nil, v
	}
	return theirs, nil
}

// Inject is Connect for a connection that the caller has made: port is the device's.
// One that is not accepted is closed, and the error is a *Verdict.
func (h *Host) Inject(iface string, port uint16, conn net.Conn) error {
	if v := h.admit(h.arriving(iface, port, conn)); v != nil {
		return v
	}
	return nil
}

// admit takes a connection to the listener of its port.
func (h *Host) admit(c *hostConn) *Verdict {
	h.mu.Lock()
	l := h.listeners[c.flow.Local.Port()]
	h.mu.Unlock()
	if l == nil {
		c.Reset()
		return closedPort(c.flow)
	}
	return l.admit(c)
}

// arriving is a connection of the host as it comes to the device.
func (h *Host) arriving(iface string, port uint16, conn net.Conn) *hostConn {
	return h.conn(conn, arrivingFlow(h.view.Load().named(iface), TCP, port, conn.RemoteAddr(), conn.LocalAddr()))
}

// arrivingFlow is the flow of what comes from the host to a port of the device on an
// interface: to the first address that it has of that family, or to the host's.
func arrivingFlow(i Interface, proto Proto, port uint16, remote, local net.Addr) Flow {
	from, to := addrPort(remote), addrPort(local).Addr()
	if a, ok := i.address(from.Addr().Is4()); ok {
		to = a
	}
	return Flow{Proto: proto, VRF: i.VRF, Interface: i.Name, Local: netip.AddrPortFrom(to, port), Remote: from}
}

func (h *Host) conn(c net.Conn, f Flow) *hostConn { return &hostConn{Conn: c, of: &h.living, flow: f} }

// Flows are the living connections, the oldest first: those that were accepted, and
// those that the device has dialled.
func (h *Host) Flows() []Flow { return h.living.flows() }

// live adds a connection to the flows, until it is closed.
func (h *Host) live(c *hostConn) *hostConn {
	h.living.add(c)
	return c
}
