package tacacs

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Server is a server and how to reach it. It is not changed while a Client uses it.
type Server struct {
	Addr netip.AddrPort
	// Key is shared with the server; "" sends everything in clear.
	Key string
	// Timeout is how long a connection and each reply may take; 0 is 5 s.
	Timeout time.Duration
	// Single offers to carry many sessions over one connection.
	Single bool
	// Scope tells apart servers of one address that are not the same: those of two
	// routing tables. It takes no part on the wire.
	Scope string
	// Dial opens a connection; nil is that of package net. It has to end with ctx.
	Dial func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}

const defaultTimeout = 5 * time.Second

func (s *Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

// identity is what makes two Servers the same, for the connections that are kept.
type identity struct {
	addr       netip.AddrPort
	key, scope string
}

func (s *Server) identity() identity { return identity{s.Addr, s.Key, s.Scope} }

// Client asks servers. It keeps the connections that servers agree to share
// (Server.Single) until Close, Retain or the server ends them. Its methods may be called
// from any goroutine.
type Client struct {
	trace func(Event)

	mu     sync.Mutex
	random io.Reader          // of session identifiers
	links  map[*link]struct{} // all that are open
	kept   map[identity]*link // those that further sessions may use
	closed bool

	ended  context.Context // ends with Close
	end    context.CancelFunc
	reader sync.WaitGroup // one for each link
}

// NewClient makes a client. Session identifiers come from random. Events go to trace,
// from the goroutines of callers and of connections: it must neither block nor call the
// client. A nil trace costs nothing.
func NewClient(random io.Reader, trace func(Event)) *Client {
	c := &Client{trace: trace, random: random, links: map[*link]struct{}{}, kept: map[identity]*link{}}
	c.ended, c.end = context.WithCancel(context.Background())
	return c
}

// Close ends all connections, with them every exchange (ErrClosed), and waits for the
// goroutines that read them.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	open := c.open()
	c.mu.Unlock()
	c.end()
	for _, l := range open {
		l.close(nil)
	}
	c.reader.Wait()
}

func (c *Client) open() (all []*link) {
	for l := range c.links {
		all = append(all, l)
	}
	return all
}

// Retain forgets the shared connections to servers that are not among these. Each ends
// with its last session, at once if it has none.
func (c *Client) Retain(servers ...*Server) {
	c.mu.Lock()
	var idle []*link
	for id, l := range c.kept {
		if !slices.ContainsFunc(servers, func(s *Server) bool { return s.Single && s.identity() == id }) {
			delete(c.kept, id)
			if len(l.sessions) == 0 {
				idle = append(idle, l)
			}
		}
	}
	c.mu.Unlock()
	for _, l := range idle {
		l.close(nil)
	}
}

// Session is an authentication in which the server has asked something. One goroutine
// uses it at a time; whoever holds it ends it, with Continue until the status no longer
// Asks, or with Abort.
type Session struct{ x *exchange }

// Login begins an authentication in which the server asks for what it needs, and returns
// the server's first reply. It blocks until that is there, at most the timeout of the
// server twice: for the connection and for the reply. The session is over when the
// status does not Ask.
//
// The error is a *ConnectError, ErrTimeout, ErrKey, ErrClosed, a *ProtocolError or the
// cause of ctx; wrapped, all but the last mean that the next server can be asked.
func (c *Client) Login(ctx context.Context, s *Server, action Action, id Identity) (*Session, Reply, error) {
	return c.Authenticate(ctx, s, Start{Action: action, Identity: id})
}

// Authenticate is Login with all fields of the START, for PAP: a password in Data.
func (c *Client) Authenticate(ctx context.Context, s *Server, start Start) (*Session, Reply, error) {
	version := byte(minorDefault)
	switch start.Type {
	case TypePAP, TypeCHAP, TypeMSCHAP, TypeMSCHAPv2:
		version = minorOne
	}
	x, err := c.begin(ctx, s, Header{Version: version, Kind: Authentication}, start.Tag)
	if err != nil {
		return nil, Reply{}, err
	}
	session := &Session{x}
	r, err := session.ask(ctx, start)
	if err != nil {
		return nil, Reply{}, err
	}
	return session, r, nil
}

// Continue sends the user's answer, at most 65535 bytes, and returns the server's next
// reply. It blocks until that is there, at most the timeout of the server. Errors are
// those of Login without *ConnectError, and end the session.
func (s *Session) Continue(ctx context.Context, answer string) (Reply, error) {
	return s.ask(ctx, Continue{Message: Secret(answer)})
}

func (s *Session) ask(ctx context.Context, b Body) (Reply, error) {
	r, err := ask(ctx, s.x, b, parseReply)
	if err == nil && !r.Status.Asks() {
		s.x.finish(true)
	}
	return r, err
}

// Abort ends a session that is not over, for a reason of at most 255 bytes. The server
// sends no answer. It does nothing to a session that is over.
func (s *Session) Abort(reason string) {
	if s.x.over {
		return
	}
	_ = s.x.send(Continue{Abort: true, Data: reason[:min(len(reason), 255)]}, 0) // the session ends in any case
	s.x.finish(true)
}

// Authorize asks what a user may do. It blocks as Login does, and its errors are those.
func (c *Client) Authorize(ctx context.Context, s *Server, id Identity, args []string) (Response, error) {
	return once(ctx, c, s, Authorization, id.Tag, AuthorRequest{id, args}, parseResponse)
}

// Account sends a record. It blocks as Login does, and its errors are those.
func (c *Client) Account(ctx context.Context, s *Server, id Identity, flags Flags, args []string) (AcctReply, error) {
	return once(ctx, c, s, Accounting, id.Tag, AcctRequest{flags, id, args}, parseAcctReply)
}

// once is a session of one request and its reply.
func once[R Body](ctx context.Context, c *Client, s *Server, k Kind, tag uint32, request Body, parse func([]byte) (R, error)) (R, error) {
	var none R
	x, err := c.begin(ctx, s, Header{Version: minorDefault, Kind: k}, tag)
	if err != nil {
		return none, err
	}
	defer x.finish(true)
	return ask(ctx, x, request, parse)
}

// exchange is one session of whatever kind, as its caller sees it.
type exchange struct {
	Origin
	link  *link
	next  Header      // of the packet to send; Seq is the one that was sent last
	inbox chan packet // one packet; the reader of the link fills it
	over  bool        // of the caller's goroutine
}

// begin opens a session, over a connection that is kept if there is one.
func (c *Client) begin(ctx context.Context, s *Server, h Header, tag uint32) (*exchange, error) {
	id, err := c.draw()
	if err != nil {
		return nil, err
	}
	h.Session = id
	x := &exchange{Origin: Origin{s.Addr, id, tag}, next: h, inbox: make(chan packet, 1)}
	if s.Single && c.join(s, x) {
		c.tell(func() Event { return Reused{x.Origin} })
		return x, nil
	}
	c.tell(func() Event { return Connecting{x.Origin, s.timeout()} })
	conn, err := c.dial(ctx, s)
	c.tell(func() Event { return Connected{x.Origin, err} })
	if err != nil {
		return nil, err
	}
	return x, c.attach(s, conn, x)
}

// draw makes a session identifier.
func (c *Client) draw() (uint32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b [4]byte
	if _, err := io.ReadFull(c.random, b[:]); err != nil {
		return 0, fmt.Errorf("tacacs: drawing a session identifier: %w", err)
	}
	return binary.BigEndian.Uint32(b[:]), nil
}

// dial opens a connection within the server's timeout.
func (c *Client) dial(ctx context.Context, s *Server) (net.Conn, error) {
	within, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	defer context.AfterFunc(c.ended, cancel)()
	dial := s.Dial
	if dial == nil {
		dial = dialTCP
	}
	conn, err := dial(within, s.Addr)
	switch {
	case err == nil:
		return conn, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case c.ended.Err() != nil:
		return nil, ErrClosed
	case within.Err() != nil:
		err = ErrTimeout
	}
	return nil, &ConnectError{s.Addr, err}
}

func dialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", to.String())
}

func (c *Client) tell(e func() Event) {
	if c.trace != nil {
		c.trace(e())
	}
}

// ask sends a body and returns the reply to it. With an error the session is over.
func ask[R Body](ctx context.Context, x *exchange, b Body, parse func([]byte) (R, error)) (R, error) {
	r, err := converse(ctx, x, b, parse)
	if err != nil {
		x.finish(ctx.Err() != nil) // that the caller gave up says nothing of the connection
	}
	return r, err
}

func converse[R Body](ctx context.Context, x *exchange, b Body, parse func([]byte) (R, error)) (R, error) {
	var none, r R
	if x.over {
		return none, violation("the session is over")
	}
	timeout := x.link.server.timeout()
	if err := x.send(b, timeout); err != nil {
		return none, err
	}
	p, err := x.receive(ctx, timeout)
	if err != nil {
		return none, err
	}
	body, err := x.open(p)
	if err == nil {
		r, err = parse(body)
	}
	if err != nil {
		x.link.client.tell(func() Event { return Received{x.Origin, p.Header, nil, err} })
		return none, err
	}
	x.link.client.tell(func() Event { return Received{x.Origin, p.Header, r, nil} })
	return r, nil
}

// send sends a body as the next packet of the session.
func (x *exchange) send(b Body, timeout time.Duration) error {
	h := x.next
	if h.Seq == 0 {
		h.Seq = 1
	} else {
		h.Seq += 2
	}
	if h.Seq == maxSeq { // its reply would have no number (RFC 8907 section 4.1)
		return violation("the session has used up its sequence numbers")
	}
	clear, err := b.append(nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsendable, err)
	}
	h.Length = uint32(len(clear))
	sent, err := x.link.write(h, clear)
	if err != nil {
		return err
	}
	x.next.Seq = h.Seq
	x.link.client.tell(func() Event { return Sent{x.Origin, sent, b, timeout} })
	return nil
}

// receive waits for the reply to the packet that was sent last.
func (x *exchange) receive(ctx context.Context, timeout time.Duration) (packet, error) {
	late := time.NewTimer(timeout)
	defer late.Stop()
	select {
	case p := <-x.inbox:
		return p, nil
	case <-x.link.done:
		select {
		case p := <-x.inbox: // it came before the end
			return p, nil
		default:
			return packet{}, x.link.cause()
		}
	case <-ctx.Done():
		return packet{}, context.Cause(ctx)
	case <-late.C:
		x.link.client.tell(func() Event { return TimedOut{x.Origin} })
		return packet{}, ErrTimeout
	}
}

// open checks that a packet is the reply to the last one, and gives its body in clear.
func (x *exchange) open(p packet) ([]byte, error) {
	switch {
	case p.Session != x.Session:
		return nil, violation("a reply of session 0x%08x, want 0x%08x", p.Session, x.Session)
	case p.Kind != x.next.Kind:
		return nil, violation("a reply of type %d in a session of type %d", p.Kind, x.next.Kind)
	case p.Seq != x.next.Seq+1:
		return nil, violation("a reply with sequence number %d, want %d", p.Seq, x.next.Seq+1)
	}
	return p.open(x.link.server.Key)
}

// finish ends the session, and its connection unless that is kept. A connection that is
// not good serves no further sessions.
func (x *exchange) finish(good bool) {
	if !x.over {
		x.over = true
		x.link.leave(x, good)
	}
}
