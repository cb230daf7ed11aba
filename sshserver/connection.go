package sshserver

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// Connection is one SSH connection, from accept to the end of TCP.
type Connection struct {
	Slot int // `Connection` of show ssh, tty of the messages
	Port int // of the device

	server *Server
	conn   net.Conn
	line   Line
	engine ssh.Engine // nil for SSH-1

	released sync.Once   // of line
	over     atomic.Bool // its sessions are; TCP may linger
	shell    atomic.Bool // one of them was a shell

	forgotten atomic.Bool // it is of an earlier boot

	mu    sync.Mutex
	info  ssh.ConnInfo // guarded by mu
	state string       // guarded by mu
}

// The states of a connection as show ssh prints them. Only the last is taken
// from a capture.
const (
	stateConnected = "SSH2 connected"
	stateKeyed     = "Session authenticating"
	stateStarted   = "Session started"
)

// Info is what is known of the peer, and the state for show ssh.
func (c *Connection) Info() (ssh.ConnInfo, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.info, c.state
}

// Flow is the connection as access lists see it.
func (c *Connection) Flow() network.Flow {
	local, _ := netip.ParseAddrPort(c.conn.LocalAddr().String())
	remote, _ := netip.ParseAddrPort(c.conn.RemoteAddr().String())
	return network.Flow{Proto: network.TCP, Local: netip.AddrPortFrom(local.Addr().Unmap(), uint16(c.Port)),
		Remote: netip.AddrPortFrom(remote.Addr().Unmap(), remote.Port())}
}

// Peer is the address and port of the client.
func (c *Connection) Peer() string { return c.conn.RemoteAddr().String() }

// Local is the address of the device that the client uses, and the port.
func (c *Connection) Local() string {
	host, _, err := net.SplitHostPort(c.conn.LocalAddr().String())
	if err != nil {
		return c.conn.LocalAddr().String()
	}
	return net.JoinHostPort(host, strconv.Itoa(c.Port))
}

// Close drops the connection.
func (c *Connection) Close() { c.conn.Close() }

// serve is the life of a connection: limits, line, protocol, end.
func (s *Server) serve(conn net.Conn, port int) {
	cfg := s.Settings()
	c, ok := s.claim(conn, port, cfg.MaxStartups)
	if !ok {
		refuse(conn)
		return
	}
	defer s.free(c)
	if err := mark(conn, cfg.TrafficClass); err != nil {
		s.host.Problem(fmt.Errorf("sshserver: marking packets: %w", err))
	}
	line, err := s.host.Reserve(c.Flow())
	if err != nil {
		refuse(conn)
		return
	}
	c.line = line
	defer c.release()
	defer conn.Close()
	line.Connected(c)
	if cfg.Version == "1.5" {
		s.version1(c, cfg)
		return
	}
	s.start(c, cfg)
	_ = c.engine.Serve(s.ctx) // OnEnd has told
}

// release frees the line, once: at the end of the sessions, not when the client
// has closed its half of TCP too.
func (c *Connection) release() {
	c.over.Store(true)
	c.released.Do(c.line.Release)
}

// start gives a connection its engine, and that a trace.
func (s *Server) start(c *Connection, cfg *Settings) {
	engine := ssh2.NewServer(c.conn, &ssh2.ServerConfig{
		Config: cfg.version2(), HostKeys: cfg.HostKeys, Auth: c.line, Handle: c.handle,
		OnKex:  func(i ssh.ConnInfo, err error) { c.keyed(i, err) },
		OnAuth: func(i ssh.ConnInfo, err error) { c.authenticated(i, err) },
		OnEnd: func(_ ssh.ConnInfo, err error) {
			c.ended(err)
			c.release()
		},
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	c.engine = engine
	engine.SetTrace(s.host.Trace(c.Slot))
}

func (c *Connection) handle(x ssh.Session) {
	if x.Kind() == ssh.Shell {
		c.shell.Store(true)
	}
	c.line.Handle(x)
}

// claim takes the lowest free slot.
func (s *Server) claim(conn net.Conn, port, limit int) (*Connection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	i := slices.Index(s.slots, nil)
	if i < 0 {
		i = len(s.slots)
	}
	if i >= limit {
		return nil, false
	}
	if i == len(s.slots) {
		s.slots = append(s.slots, nil)
	}
	c := &Connection{Slot: i, Port: port, server: s, conn: conn, state: stateConnected}
	s.slots[i] = c
	return c, true
}

func (s *Server) free(c *Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots[c.Slot] = nil
}

// report passes on what the connection did, unless it is of an earlier boot.
func (c *Connection) report(e Event) {
	if !c.forgotten.Load() {
		c.server.host.Report(e)
	}
}

func (c *Connection) keyed(i ssh.ConnInfo, err error) {
	c.mu.Lock()
	if c.info = i; err == nil {
		c.state = stateKeyed
	}
	c.mu.Unlock()
	c.report(Keyed{c, i, err})
}

func (c *Connection) authenticated(i ssh.ConnInfo, err error) {
	if err != nil {
		i.User = ""
	} else {
		c.mu.Lock()
		c.info, c.state = i, stateStarted
		c.mu.Unlock()
		c.line.Authenticated(i.User)
	}
	c.report(Authenticated{c, i, err})
}

func (c *Connection) ended(err error) {
	i, state := c.Info()
	c.report(Ended{c, i, state != stateConnected, c.shell.Load(), err})
}
