package telnet

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"sync"

	"vtylab/network"
)

// Client makes the Telnet connections of one device. Its methods may be called from any
// goroutine.
type Client struct {
	stack network.Stack

	mu       sync.Mutex
	settings *ClientSettings    // guarded by mu, like all below
	open     map[*Terminal]bool // nil until the first
	closed   bool
}

// NewClient makes a client on a network.
func NewClient(stack network.Stack) *Client {
	return &Client{stack: stack, settings: &ClientSettings{}}
}

// Apply takes the settings for the connections that follow; those that exist stay.
func (c *Client) Apply(x *ClientSettings) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings = x
	return nil
}

// Request asks for a connection.
type Request struct {
	To  netip.AddrPort
	VRF string
	// Source is the interface that the connection comes from, "" for that of the
	// settings.
	Source string
	// Type is what a server is told of the terminal.
	Type string
	// Stream takes all as data, without Telnet.
	Stream bool
	// NoEcho keeps what is typed from being shown where the server does not.
	NoEcho bool
}

// errClosed is a device that is going down.
var errClosed = errors.New("telnet: the client is closed")

// Dial connects. It blocks until the server answers, the dial times out, or ctx ends. The
// error is a *network.Verdict where the server was not reached.
func (c *Client) Dial(ctx context.Context, r Request) (*Terminal, error) {
	c.mu.Lock()
	source := c.settings.Source
	c.mu.Unlock()
	if r.Source != "" {
		source = r.Source
	}
	conn, err := c.stack.Dial(ctx, network.Path{Proto: network.TCP, VRF: r.VRF, Source: source, To: r.To})
	if err != nil {
		return nil, err
	}
	t := newTerminal(c, conn, r)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		conn.Close()
		return nil, errClosed
	}
	if c.open == nil {
		c.open = map[*Terminal]bool{}
	}
	c.open[t] = true
	return t, nil
}

// Drop ends the connections that there are.
func (c *Client) Drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.open {
		t.conn.Close()
	}
}

// Close drops all connections and refuses those that are asked for later. It does not
// wait: the caller of Dial closes the connection too.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.Drop()
}

// Terminal is a connection to a server, from the side of who sits at the terminal.
type Terminal struct {
	stream
	client  *Client
	request Request

	size          sync.Mutex
	columns, rows int // guarded by size
}

func newTerminal(c *Client, conn network.Conn, r Request) *Terminal {
	t := &Terminal{client: c, request: r}
	t.conn, t.in.sink = conn, &t.stream
	t.in.raw, t.encoder.raw = r.Stream, r.Stream
	t.in.shown, t.encoder.typed = true, true
	t.own.allowed, t.peer.allowed = set(optTTYPE, optNAWS, optSGA), set(optEcho, optSGA)
	t.turned, t.sub = t.agreed, t.asked
	return t
}

// agreed tells the size of the window once the server wants to know it.
func (t *Terminal) agreed(own bool, option byte) {
	if own && option == optNAWS {
		t.tellSize()
	}
}

// asked answers what a server asks in a subnegotiation: for the type of the terminal
// (SEND is 1).
func (t *Terminal) asked(data []byte) {
	if len(data) == 2 && data[0] == optTTYPE && data[1] == 1 && t.does(optTTYPE) {
		t.control(terminalType(t.request.Type)...)
	}
}

// Resize takes the size of the user's terminal, in columns and rows.
func (t *Terminal) Resize(columns, rows int) {
	t.size.Lock()
	t.columns, t.rows = columns, rows
	t.size.Unlock()
	t.tellSize()
}

func (t *Terminal) tellSize() {
	t.size.Lock()
	columns, rows := t.columns, t.rows
	t.size.Unlock()
	if t.does(optNAWS) {
		t.control(windowSize(columns, rows)...)
	}
}

// Read reads what the server shows. It ends with io.EOF, however the connection ended.
func (t *Terminal) Read(p []byte) (int, error) {
	n, err := t.stream.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// LocalEcho reports whether what is typed has to be shown at this end.
func (t *Terminal) LocalEcho() bool { return !t.request.NoEcho && !t.peerDoes(optEcho) }

// special are the commands behind Ctrl-^ and a letter.
var special = map[byte]byte{'b': cmdBRK, 'c': cmdIP, 'h': cmdEC, 'o': cmdAO, 't': cmdAYT, 'u': cmdEL}

// Special sends the command of Ctrl-^ and a letter, in lower case, if there is one.
func (t *Terminal) Special(key byte) {
	if c, ok := special[key]; ok && !t.request.Stream {
		t.control(iac, c)
	}
}

// SpecialHelp lists what Special takes (Cisco IOS Configuration Fundamentals, special
// Telnet sequences; the layout is from memory).
func (t *Terminal) SpecialHelp() string {
	return "[Special telnet escape help]\n^^B  sends telnet BREAK\n^^C  sends telnet IP\n^^H  sends telnet EC\n^^O  sends telnet AO\n^^T  sends telnet AYT\n^^U  sends telnet EL\n"
}

// Close ends the connection.
func (t *Terminal) Close() error {
	t.client.mu.Lock()
	delete(t.client.open, t)
	t.client.mu.Unlock()
	return t.conn.Close()
}
