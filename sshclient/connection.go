package sshclient

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// Connection is a connection to a server, from the first byte to its end.
type Connection struct {
	Slot int // `Connection` of show ssh, number of the debug lines
	// User is who logs in there, Name the server as it was typed.
	User, Name string

	client *Client
	flow   network.Flow
	freed  sync.Once

	conn   net.Conn     // nil until there is one; guarded by the client's mu, like engine
	engine *ssh2.Client // nil until the identifications are known

	loggedIn bool // guarded by the client's mu
}

// open makes the connection and logs in.
func (x *Connection) open(ctx context.Context, cfg *Settings, r *Request) error {
	c := x.client
	conn, err := c.stack.Dial(ctx, network.Path{Proto: network.TCP, VRF: r.VRF, Source: cfg.Source, To: r.To})
	if err != nil {
		return err
	}
	x.flow = conn.Flow()
	if cfg.TrafficClass >= 0 {
		if err := conn.SetTrafficClass(cfg.TrafficClass); err != nil {
			c.host.Problem("marking packets", err)
		}
	}
	engine, err := x.begin(ctx, cfg, r, conn)
	if err != nil {
		conn.Close()
		return err
	}
	err = engine.Handshake(ctx)
	var unmatched *ssh.NoMatchError
	if errors.As(err, &unmatched) {
		c.host.Unmatched(unmatched)
	}
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		x.loggedIn = true
	}
	return err
}

// farewell is how long a question waits for the DISCONNECT of a server that has counted
// its last attempt: the user is not asked in vain.
const farewell = 50 * time.Millisecond

// begin exchanges the identification lines and makes the engine. The server's line
// comes first, as in the seed's trace: the client's answers it.
func (x *Connection) begin(ctx context.Context, cfg *Settings, r *Request, conn net.Conn) (*ssh2.Client, error) {
	if err := x.connected(conn); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	lines, err := x.greet(cfg, conn)
	if err != nil {
		return nil, err
	}
	engine := ssh2.NewClient(conn, &ssh2.ClientConfig{
		Config: cfg.version2(r, x.client.rand), User: r.User, Auth: r.methods(), Banner: r.banner, Farewell: farewell,
		HostKey: func(_ context.Context, _ string, blob []byte) error { return x.trust(cfg, r, blob) },
	})
	engine.Identified(lines)
	x.client.mu.Lock()
	defer x.client.mu.Unlock()
	x.engine = engine
	engine.SetTrace(x.client.host.ClientTrace(x.Slot))
	return engine, nil
}

// connected gives the connection its socket, unless the client is closed by now.
func (x *Connection) connected(conn net.Conn) error {
	x.client.mu.Lock()
	defer x.client.mu.Unlock()
	if x.client.closed {
		return ssh.ErrClosed
	}
	x.conn = conn
	return nil
}

// greet reads the server's identification line and answers it.
func (x *Connection) greet(cfg *Settings, conn net.Conn) (ssh.Idents, error) {
	var lines ssh.Idents
	var err error
	if lines.Remote, lines.Rest, err = ssh.ReadIdent(conn, true); err != nil {
		return lines, err
	}
	trace, _ := x.client.host.ClientTrace(x.Slot)
	if trace == nil {
		trace = func(ssh.Event) {}
	}
	trace(ssh.VersionReceived{Line: lines.Remote})
	lines.Local = cfg.identification(lines.Remote)
	if err := ssh.WriteIdent(conn, lines.Local, "\n"); err != nil {
		return lines, err
	}
	trace(ssh.VersionSent{Line: lines.Local})
	if !ssh.Speaks2(lines.Remote) {
		return lines, ErrVersion
	}
	return lines, nil
}

// trust decides on the server's key.
func (x *Connection) trust(cfg *Settings, r *Request, blob []byte) error {
	if cfg.Strict && !cfg.Trusts(r.Name, r.To.Addr().String(), blob) {
		return ssh.ErrHostKey
	}
	return nil
}

// Info is what is known of the connection.
func (x *Connection) Info() ssh.ConnInfo { return x.engine.Info() }

// LoggedIn reports whether the user is logged in on the server.
func (x *Connection) LoggedIn() bool {
	x.client.mu.Lock()
	defer x.client.mu.Unlock()
	return x.loggedIn
}

// Flow is the connection as access lists see it.
func (x *Connection) Flow() network.Flow { return x.flow }

// Disconnect tells the server that the connection ends, closes it and frees its slot.
// It waits for the goroutines of the connection.
func (x *Connection) Disconnect() {
	x.freed.Do(func() {
		_ = x.engine.Disconnect() // the server may be gone
		x.client.free(x)
	})
}

// Exec starts a command without a terminal. Closing the session ends the connection.
func (x *Connection) Exec(ctx context.Context, command string) (*Command, error) {
	s, err := x.engine.Open(ctx)
	if err == nil {
		err = s.Exec(ctx, command)
	}
	if err != nil {
		x.Disconnect()
		return nil, err
	}
	return &Command{ClientSession: s, conn: x}, nil
}

// Subsystem starts a subsystem (RFC 4254 section 6.5). Closing the session ends the
// connection.
func (x *Connection) Subsystem(ctx context.Context, name string) (*Command, error) {
	s, err := x.engine.Open(ctx)
	if err == nil {
		err = s.Subsystem(ctx, name)
	}
	if err != nil {
		x.Disconnect()
		return nil, err
	}
	return &Command{ClientSession: s, conn: x}, nil
}

// Command is a command that runs on the server.
type Command struct {
	*ssh2.ClientSession
	conn *Connection
}

// Close ends the connection.
func (s *Command) Close() error {
	s.conn.Disconnect()
	return nil
}
