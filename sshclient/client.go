package sshclient

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"sync"

	"vtylab/network"
	"vtylab/ssh"
)

// Host is what the client needs of the device.
type Host interface {
	// ClientTrace is what watches the connection in a slot, nil while debugging is off;
	// maxRead bounds the reads of its socket meanwhile, in bytes. It may be called with
	// the engine's locks held.
	ClientTrace(slot int) (t ssh.Trace, maxRead int)
	// Unmatched is told of a negotiation with a server that found nothing in common.
	Unmatched(*ssh.NoMatchError)
	// Problem is for the operator.
	Problem(doing string, err error)
}

// Client is the SSH client of one device. Its methods may be called from any goroutine.
type Client struct {
	host  Host
	stack network.Stack
	rand  io.Reader

	mu       sync.Mutex
	settings *Settings     // guarded by mu, like all below
	slots    []*Connection // by number, nil where free
	closed   bool
}

// maxConnections bounds the connections of a device to servers.
const maxConnections = 128

// ErrTooMany says that there are as many connections as may be.
var ErrTooMany = errors.New("sshclient: too many connections")

// New makes a client on a network. Rand feeds what the protocol needs at random, except
// keys, which the standard library makes of its own.
func New(h Host, stack network.Stack, rand io.Reader) *Client {
	return &Client{host: h, stack: stack, rand: rand, settings: &Settings{}}
}

// Apply takes the settings for the connections that follow; those that exist stay.
func (c *Client) Apply(x *Settings) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings = x
	return nil
}

// Settings are those that were applied last.
func (c *Client) Settings() *Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settings
}

// Retrace asks the host anew what watches each connection.
func (c *Client) Retrace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.slots {
		if x != nil && x.engine != nil {
			x.engine.SetTrace(c.host.ClientTrace(x.Slot))
		}
	}
}

// Connections are those that have a key exchange behind them, in slot order, for show
// ssh.
func (c *Client) Connections() []*Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.slots), func(x *Connection) bool { return x == nil || x.engine == nil || x.engine.Info().In.Cipher == "" })
}

// Close drops all connections and refuses those that are asked for later. It does not
// wait: the caller of Dial closes its connection too.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.Drop()
}

// Drop ends the connections that there are.
func (c *Client) Drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.slots {
		if x != nil && x.conn != nil {
			x.conn.Close()
		}
	}
}

// claim takes the lowest free slot for a connection.
func (c *Client) claim(x *Connection) (*Settings, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ssh.ErrClosed
	}
	i := slices.Index(c.slots, nil)
	if i < 0 {
		i = len(c.slots)
	}
	if i == maxConnections {
		return nil, ErrTooMany
	}
	if i == len(c.slots) {
		c.slots = append(c.slots, nil)
	}
	x.Slot, c.slots[i] = i, x
	return c.settings, nil
}

func (c *Client) free(x *Connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slots[x.Slot] = nil
}

// Request asks for a connection.
type Request struct {
	User string
	// Name is the server as it was typed, To its address and port.
	Name string
	To   netip.AddrPort
	VRF  string
	// Ciphers and MACs, in wire names, replace those of the settings.
	Ciphers, MACs []string
	// Tries is how often each method of authentication asks.
	Tries int
	// Answer puts a question of the server, or the client's own for a password.
	// Before is the text above the question, "" for none. Both hold no control
	// characters, except for LF between lines of before. An error gives the connection up.
	Answer func(ctx context.Context, before string, p ssh.Prompt) (string, error)
	// Banner shows what the server has to say before the login; nil shows nothing.
	Banner func(text string)
}

// Dial connects and logs in. It blocks until both are done, ctx ends, or the time for
// the negotiation is over. The error is a *network.Verdict where the server was not reached, of
// package ssh where the server or the user gave up, and the cause of ctx.
func (c *Client) Dial(ctx context.Context, r Request) (*Connection, error) {
	x := &Connection{User: r.User, Name: r.Name, client: c}
	cfg, err := c.claim(x)
	if err != nil {
		return nil, err
	}
	if cfg.Negotiation > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, cfg.Negotiation, ssh.ErrLoginTimeout)
		defer cancel()
	}
	if err := x.open(ctx, cfg, &r); err != nil {
		c.free(x)
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return x, nil
}
