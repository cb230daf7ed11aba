package network

import (
	"io"
	"net"
	"net/netip"
	"sync"
)

// doors are the ports of a node and its connections.
type doors struct {
	mu        sync.Mutex
	tcp       openPorts[*nodeDoor] // guarded by mu, like all below
	udp       openPorts[*mailbox]
	ephemeral ephemeral

	living living
}

// nodeDoor is an open TCP port of a node.
type nodeDoor struct {
	door
	node *Node
}

// Listen opens a TCP port of the node. A number may be open several times, for
// different VRFs or addresses; the first that takes a connection gets it.
func (n *Node) Listen(p Port, accept Accept) (io.Closer, error) {
	d := &nodeDoor{door{port: p, accept: accept}, n}
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	if err := n.doors.tcp.add(d); err != nil {
		return nil, err
	}
	return d, nil
}

// Close closes the port. It waits for an Accept that is running.
func (d *nodeDoor) Close() error {
	if d.shut() {
		d.node.doors.mu.Lock()
		d.node.doors.tcp.remove(d)
		d.node.doors.mu.Unlock()
	}
	d.busy.Wait()
	return nil
}

// Ports are the open ports of the node. See Stack.
func (n *Node) Ports() (all []Port) {
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	for _, d := range n.doors.tcp {
		all = append(all, d.port)
	}
	for _, b := range n.doors.udp {
		if b.listens {
			all = append(all, b.port)
		}
	}
	return all
}

// door is the open port for a connection, nil for none.
func (n *Node) door(f Flow) *nodeDoor {
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	return n.doors.tcp.takes(f)
}

// ask takes a connection to the listener of its port.
func (n *Node) ask(f Flow) (Handler, *Verdict) {
	d := n.door(f)
	if d == nil {
		return nil, closedPort(f)
	}
	return d.ask(f)
}

// Flows are the living connections of the node, the oldest first.
func (n *Node) Flows() []Flow { return n.doors.living.flows() }

// nextPort is a port that connections of the node come from.
func (n *Node) nextPort() uint16 {
	n.doors.mu.Lock()
	defer n.doors.mu.Unlock()
	return n.doors.ephemeral.next()
}

// Connect makes a connection in memory to a TCP port of the node from outside the
// fabric, as Host.Connect does: it arrives on an interface whatever the state of that
// is, and no access list is asked. Accept runs before Connect returns. The error is a
// *Verdict.
func (n *Node) Connect(iface string, from, to netip.AddrPort) (net.Conn, error) {
	theirs, ours := Pipe(from, to)
	i := n.arrival(iface)
	if v := n.admit(n.conn(ours, Flow{Proto: TCP, VRF: i.VRF, Interface: i.Name, Local: to, Remote: from})); v != nil {
		return nil, v
	}
	return theirs, nil
}

// Inject is Connect for a connection that the caller has made: port is the node's. One
// that is not accepted is closed, and the error is a *Verdict.
func (n *Node) Inject(iface string, port uint16, conn net.Conn) error {
	i := n.arrival(iface)
	if v := n.admit(n.conn(conn, arrivingFlow(i, TCP, port, conn.RemoteAddr(), conn.LocalAddr()))); v != nil {
		return v
	}
	return nil
}

func (n *Node) conn(c net.Conn, f Flow) *hostConn {
	return &hostConn{Conn: c, of: &n.doors.living, flow: f}
}

// arrival is the interface of a connection from outside.
func (n *Node) arrival(iface string) Interface {
	n.fabric.mu.RLock()
	s := n.settings
	n.fabric.mu.RUnlock()
	return newView(s).named(iface)
}

// admit takes a connection from outside to its listener.
func (n *Node) admit(c *hostConn) *Verdict {
	handler, v := n.ask(c.flow)
	if v != nil {
		c.turnAway(v)
		return v
	}
	n.doors.living.add(c)
	go serve(c, handler)
	return nil
}

// serve runs a handler, and closes the connection behind it.
func serve(c Conn, handler Handler) {
	defer c.Close()
	handler(c)
}
