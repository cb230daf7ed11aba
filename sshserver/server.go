package sshserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"vtylab/network"
	"vtylab/ssh"
)

// Host is what the server needs of the device.
type Host interface {
	// Listen opens a TCP port of the device, (nil, nil) when nobody can reach it.
	Listen(ctx context.Context, port int) (net.Listener, error)
	// Reserve takes a line for a connection to a port of the device, or refuses it.
	Reserve(f network.Flow) (Line, error)
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
	host Host
	ctx  context.Context

	mu        sync.Mutex
	settings  *Settings            // guarded by mu, like all below
	enabled   string               // the version that was announced, "" while down
	listeners map[int]net.Listener // nil until the first
	slots     []*Connection        // by number, nil where free
	closed    bool

	work sync.WaitGroup
}

// New makes a server that is down. It ends with ctx or Close.
func New(ctx context.Context, h Host) *Server {
	return &Server{host: h, ctx: ctx, settings: &Settings{}}
}

// Settings are those that were applied last.
func (s *Server) Settings() *Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

// Apply makes listeners match the settings and reports when SSH comes up or goes
// down. Sessions that exist stay.
func (s *Server) Apply(x *Settings) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.settings = x
	for port, l := range s.listeners {
		if !slices.Contains(x.Ports, port) {
			l.Close()
			delete(s.listeners, port)
		}
	}
	var errs []error
	for _, port := range x.Ports {
		errs = append(errs, s.listen(port))
	}
	s.announce(x.Version)
	return errors.Join(errs...)
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

// Restarted forgets that SSH was announced, for a key that replaces another:
// the device says that SSH went down and came up.
func (s *Server) Restarted() {
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

func (s *Server) listen(port int) error {
	if s.listeners[port] != nil {
		return nil
	}
	l, err := s.host.Listen(s.ctx, port)
	if err != nil {
		return fmt.Errorf("sshserver: port %d: %w", port, err)
	}
	if l == nil {
		return nil
	}
	if s.listeners == nil {
		s.listeners = map[int]net.Listener{}
	}
	s.listeners[port] = l
	s.work.Go(func() { s.accept(l, port) })
	return nil
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

// Addr is the host's address of a port of the device, nil while it is closed.
func (s *Server) Addr(port int) net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.listeners[port]; l != nil {
		return l.Addr()
	}
	return nil
}

// The pause after an Accept that failed, say for want of descriptors, doubles
// from the first to the last.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// accept serves a listener until it is closed.
func (s *Server) accept(l net.Listener, port int) {
	pause := firstPause
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			pause = firstPause
			s.work.Go(func() { s.serve(conn, port) })
		case errors.Is(err, net.ErrClosed):
			return
		default:
			s.host.Problem(fmt.Errorf("sshserver: accepting: %w", err))
			select {
			case <-s.ctx.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, lastPause)
		}
	}
}

// refuse resets a connection, which the peer sees as refused.
func refuse(conn net.Conn) {
	if t, ok := conn.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	conn.Close()
}

// Connections are the connections in slot order, for show ssh; not those whose
// sessions are over.
func (s *Server) Connections() []*Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.slots), func(c *Connection) bool { return c == nil || c.over.Load() })
}

// Close ends all connections and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.listeners {
		l.Close()
	}
	clear(s.listeners)
	for _, c := range s.slots {
		if c != nil {
			c.Close()
		}
	}
	s.mu.Unlock()
	s.work.Wait()
}
