package telnet

import (
	"context"
	"fmt"
	"sync"

	"vtylab/network"
)

// Host is what the server needs of the device.
type Host interface {
	// Reserve takes a line for a connection, or says what becomes of it without one.
	Reserve(f network.Flow) (Line, *network.Verdict)
}

// Line is a line that a connection has taken.
type Line interface {
	// Serve is the connection's user on the line. The connection ends when it returns.
	Serve(ctx context.Context, c *Connection)
	// Release frees the line.
	Release()
}

// Server is the Telnet server of one device.
type Server struct {
	host  Host
	stack network.Stack
	ctx   context.Context

	applying sync.Mutex // one Apply at a time; taken before mu
	mu       sync.Mutex
	settings *Settings            // guarded by mu, like all below
	conns    map[*Connection]bool // nil until the first
	closed   bool

	ports network.PortSet // changed under applying
	work  sync.WaitGroup  // connections
}

// NewServer makes a server that listens nowhere, on a network. It ends with ctx or
// Close.
func NewServer(ctx context.Context, h Host, stack network.Stack) *Server {
	return &Server{host: h, stack: stack, ctx: ctx, settings: &Settings{}}
}

// Retire closes the ports that are not in the settings: before another service opens
// one of them. It waits for connections that are being let in there.
func (s *Server) Retire(x *Settings) {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.ports.Keep(x.numbers())
}

// Apply makes the open ports match the settings. Connections that exist stay.
func (s *Server) Apply(x *Settings) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.mu.Lock()
	closed := s.closed
	s.settings = x
	s.mu.Unlock()
	if closed {
		return nil
	}
	if err := s.ports.Set(s.stack, x.numbers(), s.accept); err != nil {
		return fmt.Errorf("telnet: %w", err)
	}
	return nil
}

// accept decides on a connection before it is one: it needs a line.
func (s *Server) accept(f network.Flow) (network.Handler, *network.Verdict) {
	c, ok := s.claim(f)
	if !ok {
		return nil, &network.Verdict{Outcome: network.Refused, Reason: "the port is being closed"}
	}
	line, refused := s.host.Reserve(f)
	if refused != nil {
		s.forget(c)
		s.work.Done()
		return nil, refused
	}
	return func(conn network.Conn) {
		defer s.work.Done()
		defer s.forget(c)
		s.serve(c, line, conn)
	}, nil
}

// claim counts a connection among the work. Every claim is followed by a Done.
func (s *Server) claim(f network.Flow) (*Connection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mode, listens := s.settings.listens(int(f.Local.Port()))
	if s.closed || !listens {
		return nil, false
	}
	if s.conns == nil {
		s.conns = map[*Connection]bool{}
	}
	c := &Connection{Flow: f, mode: mode}
	s.conns[c] = true
	s.work.Add(1)
	return c, true
}

func (s *Server) forget(c *Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// serve is the life of a connection. The line is free when its user has left, not when
// the peer has closed its half of TCP too.
func (s *Server) serve(c *Connection, line Line, conn network.Conn) {
	open := s.connected(c, conn)
	if open {
		c.begin()
		line.Serve(s.ctx, c)
	}
	line.Release()
	if open {
		c.finish()
	}
}

// connected gives a connection its socket, unless the server is closed by now.
func (s *Server) connected(c *Connection, conn network.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.conn = conn
	return !s.closed
}

// Listens reports whether a port of the device is open.
func (s *Server) Listens(port int) bool { return s.ports.Listens(port) }

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
	for c := range s.conns {
		if c.conn != nil {
			c.conn.Close()
		}
	}
	s.mu.Unlock()
	s.ports.Keep(nil)
}
