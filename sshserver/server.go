package sshserver

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"vtylab/network"
	"vtylab/ssh"
)

// Host is what the server needs of the device.
type Host interface {
	// Reserve takes a line for a connection, or says what becomes of it without one.
	Reserve(f network.Flow) (Line, *network.Verdict)
	// Trace is what watches the connection in a slot, nil while nobody does; maxRead
	// bounds the reads of its socket meanwhile, in bytes. It may be called with the
	// engine's locks held.
	Trace(slot int) (t ssh.Trace, maxRead int)
	// Report is told what the server did. It may be called with the server's lock
	// held.
	Report(e Event)
	// Problem is for the operator.
	Problem(err error)
}

// Line is a vty that a connection has taken.
type Line interface {
	ssh.Authenticator
	// Connected gives the line a way to drop the connection.
	Connected(c *Connection)
	// Authenticated is told who has logged in, before any session.
	Authenticated(user string)
	// Handle runs a session.
	Handle(s ssh.Session)
	// Release frees the line.
	Release()
}

// Port is the device's own SSH port.
const Port = 22

// Server is the SSH server of one device.
type Server struct {
	host  Host
	stack network.Stack
	rand  io.Reader
	ctx   context.Context

	applying sync.Mutex // one Apply at a time; taken before mu
	mu       sync.Mutex
	settings *Settings     // guarded by mu, like all below
	enabled  string        // the version that was announced, "" while down
	slots    []*Connection // by number, nil where free
	closed   bool

	ports network.PortSet // changed under applying
	work  sync.WaitGroup  // connections
}

// New makes a server that is down, on a network. It ends with ctx or Close. Rand
// feeds what the protocol needs at random, except keys, which the standard library
// makes of its own; many connections read it at once.
func New(ctx context.Context, h Host, stack network.Stack, rand io.Reader) *Server {
	return &Server{host: h, stack: stack, rand: rand, ctx: ctx, settings: &Settings{}}
}

// Settings are those that were applied last.
func (s *Server) Settings() *Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

// Apply makes the open ports match the settings and reports when SSH comes up or
// goes down. Sessions that exist stay. It waits for connections that are being let
// in at a port that is closed.
func (s *Server) Apply(x *Settings) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.settings = x
	s.mu.Unlock()
	err := s.ports.Set(s.stack, x.Ports, s.accept)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.announce(x.Version)
	if err != nil {
		return fmt.Errorf("sshserver: %w", err)
	}
	return nil
}

// announce reports the change between down and up.
func (s *Server) announce(version string) {
	switch {
	case (version == "") == (s.enabled == ""):
	case version == "":
		s.host.Report(Disabled{s.enabled})
	default:
		s.host.Report(Enabled{version})
	}
	s.enabled = version
}

// Reannounce forgets that SSH was announced, for a key that replaces another:
// the device says that SSH went down and came up.
func (s *Server) Reannounce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.announce("")
}

// Forget drops what was announced, and the connections there are end without a
// word: the device boots anew.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enabled = ""
	for _, c := range s.slots {
		if c != nil {
			c.forgotten.Store(true)
		}
	}
}

// Retrace asks the host anew what watches each connection.
func (s *Server) Retrace() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.slots {
		if c != nil && c.engine != nil {
			c.engine.SetTrace(s.host.Trace(c.Slot))
		}
	}
}

// Listens reports whether a port of the device is open.
func (s *Server) Listens(port int) bool { return s.ports.Listens(port) }

// Connections are the connections in slot order, for show ssh; not those whose
// sessions are over.
func (s *Server) Connections() []*Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.slots), func(c *Connection) bool { return c == nil || c.conn == nil || c.over.Load() })
}

// Close ends all connections and waits for them.
func (s *Server) Close() {
	s.shut()
	s.work.Wait() // a session may wait in Apply
}

// shut ends all connections and closes the ports.
func (s *Server) shut() {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.mu.Lock()
	s.closed = true
	for _, c := range s.slots {
		if c != nil && c.conn != nil {
			c.conn.Close()
		}
	}
	s.mu.Unlock()
	s.ports.Keep(nil)
}
