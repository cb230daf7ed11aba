package sshserver

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vtylab/config"
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
	cfg := s.host.Config()
	c, ok := s.claim(conn, port, cfg.SSH.MaxStartups)
	if !ok {
		refuse(conn)
		return
	}
	defer s.free(c)
	if err := mark(conn, &cfg.SSH); err != nil {
		s.host.Problem(fmt.Errorf("sshserver: marking packets: %w", err))
	}
	line, err := s.host.Reserve(conn.RemoteAddr(), port)
	if err != nil {
		refuse(conn)
		return
	}
	c.line = line
	defer c.release()
	defer conn.Close()
	line.Connected(c)
	if s.host.Version(cfg) == "1.5" {
		s.version1(c, time.Duration(cfg.SSH.TimeOut)*time.Second)
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

// start gives a connection its engine, and that to `debug ip ssh`.
func (s *Server) start(c *Connection, cfg *config.Config) {
	engine := ssh2.NewServer(c.conn, &ssh2.ServerConfig{
		Config: s.host.Engine(cfg), HostKeys: s.host.HostKeys(cfg), Auth: c.line, Handle: c.handle,
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
	s.traceEngine(c)
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

// The messages of `ip ssh logging events`.

func (c *Connection) event(mnemonic, format string, args ...any) {
	if c.server.host.Config().SSH.LoggingEvents && !c.forgotten.Load() {
		c.server.host.Log("SSH", 5, mnemonic, format, args...)
	}
}

func (c *Connection) describe() string {
	host, _, err := net.SplitHostPort(c.conn.RemoteAddr().String())
	if err != nil {
		host = c.conn.RemoteAddr().String()
	}
	return fmt.Sprintf("from %s (tty = %d)", host, c.Slot)
}

func algorithms(i ssh.ConnInfo) string {
	return fmt.Sprintf("using crypto cipher '%s', hmac '%s'", i.In.Cipher, i.In.MAC)
}

func outcome(err error) string {
	if err != nil {
		return "Failed"
	}
	return "Succeeded"
}

func (c *Connection) keyed(i ssh.ConnInfo, err error) {
	c.mu.Lock()
	if c.info = i; err == nil {
		c.state = stateKeyed
	}
	c.mu.Unlock()
	c.event("SSH2_SESSION", "SSH2 Session request %s %s %s", c.describe(), algorithms(i), outcome(err))
	var mismatch *ssh.NoMatchError
	if errors.As(err, &mismatch) {
		c.server.host.Log("SSH", 3, "NO_MATCH", "No matching %s found: client %s server %s", mismatchClass(mismatch.Class), strings.Join(mismatch.Client, ","), strings.Join(mismatch.Server, ","))
	}
}

func (c *Connection) authenticated(i ssh.ConnInfo, err error) {
	user := i.User
	if err != nil {
		user = ""
	} else {
		c.mu.Lock()
		c.info, c.state = i, stateStarted
		c.mu.Unlock()
		c.line.Authenticated(user)
	}
	c.event("SSH2_USERAUTH", "User '%s' authentication for SSH2 Session %s %s %s", user, c.describe(), algorithms(i), outcome(err))
}

func (c *Connection) ended(err error) {
	i, state := c.Info()
	if state != stateConnected { // captured after a refused login too
		user := i.User
		if c.shell.Load() && c.server.host.Dialect().NamelessShell {
			user = ""
		}
		c.event("SSH2_CLOSE", "SSH2 Session %s for user '%s' %s closed", c.describe(), user, algorithms(i))
	}
	var length *ssh.PacketLengthError
	if errors.As(err, &length) {
		c.server.host.Log("SSH", 3, "BAD_PACK_LEN", "Bad packet length %d", int32(length.Length))
	}
	var unexpected *ssh.UnexpectedError
	if errors.As(err, &unexpected) {
		host, _, _ := net.SplitHostPort(c.conn.RemoteAddr().String())
		c.server.host.Log("SSH", 4, "SSH2_UNEXPECTED_MSG", "Unexpected message type has arrived. Terminating the connection from %s", host)
	}
}

func mismatchClass(class string) string {
	if class == "kex" || class == "hostkey" {
		return class + " algorithm"
	}
	return class
}
