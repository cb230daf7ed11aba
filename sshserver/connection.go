package sshserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"vtylab/network"
	"vtylab/ssh"
)

// Connection is one SSH connection, from accept to the end of TCP.
type Connection struct {
	Slot int // `Connection` of show ssh, tty of the messages
	Port int // of the device
	// Flow is the connection as access lists see it.
	Flow network.Flow

	server *Server
	line   Line

	released sync.Once   // of line
	over     atomic.Bool // its sessions are; TCP may linger
	shell    atomic.Bool // one of them was a shell

	forgotten atomic.Bool // it is of an earlier boot

	conn   network.Conn // nil until there is one; guarded by the server's mu, like engine
	engine ssh.Engine   // nil until the versions are known

	mu    sync.Mutex
	info  ssh.ConnInfo // guarded by mu
	state State        // guarded by mu
}

// State is how far a connection has come.
type State int

// A connection is new, has keys, and a user.
const (
	StateConnected State = iota
	StateKeyed
	StateAuthenticated
)

// Info is what is known of the peer, and the state.
func (c *Connection) Info() (ssh.ConnInfo, State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.info, c.state
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

// errFull is why a connection beyond maxstartups is refused.
var errFull = errors.New("sshserver: as many connections as the configuration allows")

// accept decides on a connection before it is one: limits, then a line.
func (s *Server) accept(f network.Flow) (network.Handler, *network.Verdict) {
	c := s.claim(f)
	if c == nil {
		return nil, &network.Verdict{Outcome: network.Refused, Err: errFull}
	}
	line, refused := s.host.Reserve(f)
	if refused != nil {
		s.free(c)
		s.work.Done()
		return nil, refused
	}
	c.line = line
	return func(conn network.Conn) {
		defer s.work.Done()
		s.serve(c, conn)
	}, nil
}

// claim takes the lowest free slot, and counts the connection among the work.
func (s *Server) claim(f network.Flow) *Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.slots, nil)
	if i < 0 {
		i = len(s.slots)
	}
	if s.closed || i >= s.settings.MaxStartups {
		return nil
	}
	if i == len(s.slots) {
		s.slots = append(s.slots, nil)
	}
	c := &Connection{Slot: i, Port: int(f.Local.Port()), Flow: f, server: s, state: StateConnected}
	s.slots[i] = c
	s.work.Add(1)
	return c
}

func (s *Server) free(c *Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots[c.Slot] = nil
}

// connected gives a connection its socket, unless the server is closed by now.
func (s *Server) connected(c *Connection, conn network.Conn) (*Settings, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.conn = conn
	return s.settings, !s.closed
}

// serve is the life of a connection: identification, engine, end.
func (s *Server) serve(c *Connection, conn network.Conn) {
	defer s.end(c, conn)
	if engine := s.start(c, conn); engine != nil {
		_ = engine.Serve(s.ctx) // ended has told
	}
}

// end frees what a connection has taken.
func (s *Server) end(c *Connection, conn network.Conn) {
	conn.Close()
	c.release()
	s.free(c)
}

// start exchanges the identifications and makes the engine, nil when there is none. It
// is a function of its own, because what it needs would otherwise stay on the stack of
// every connection.
func (s *Server) start(c *Connection, conn network.Conn) ssh.Engine {
	cfg, open := s.connected(c, conn)
	if !open {
		return nil
	}
	if err := cfg.mark(conn); err != nil {
		s.host.Problem(fmt.Errorf("sshserver: marking packets: %w", err))
	}
	c.line.Connected(c)
	lines, err := c.greet(cfg)
	if err != nil {
		c.trace(ssh.Disconnected{Phase: ssh.Identification, Err: err})
		c.ended(err)
		return nil
	}
	engine := cfg.engine(c, lines)
	s.mu.Lock()
	c.engine = engine
	engine.SetTrace(s.host.Trace(c.Slot))
	s.mu.Unlock()
	return engine
}

// trace passes on an event of the time before there is an engine.
func (c *Connection) trace(e ssh.Event) {
	if t, _ := c.server.host.Trace(c.Slot); t != nil {
		t(e)
	}
}

// greet exchanges the identification lines.
func (c *Connection) greet(cfg *Settings) (ssh.Idents, error) {
	ctx, cancel := context.WithTimeoutCause(c.server.ctx, cfg.TimeOut, ssh.ErrLoginTimeout)
	defer cancel()
	lines, err := ssh.Greet(ctx, c.conn, cfg.identification(), "\n", c.trace)
	if err == nil && cfg.Version == "1.5" {
		err = errVersion1
	}
	return lines, err
}

// release frees the line, once: at the end of the sessions, not when the client
// has closed its half of TCP too.
func (c *Connection) release() {
	c.over.Store(true)
	c.released.Do(c.line.Release)
}

func (c *Connection) handle(x ssh.Session) {
	if x.Kind() == ssh.Shell {
		c.shell.Store(true)
	}
	c.line.Handle(x)
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
		c.state = StateKeyed
	}
	c.mu.Unlock()
	c.report(Keyed{c, i, err})
}

func (c *Connection) authenticated(i ssh.ConnInfo, err error) {
	if err != nil {
		i.User = ""
	} else {
		c.mu.Lock()
		c.info, c.state = i, StateAuthenticated
		c.mu.Unlock()
		c.line.Authenticated(i.User)
	}
	c.report(Authenticated{c, i, err})
}

func (c *Connection) ended(err error) {
	i, state := c.Info()
	c.report(Ended{c, i, state != StateConnected, c.shell.Load(), err})
}
