package radius

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Server is a server and how long to wait for it. It is not changed while a Client uses
// it.
type Server struct {
	Addr netip.AddrPort // of authentication
	Acct netip.AddrPort // of accounting
	Key  string
	// Timeout is how long each try may take; 0 is 5 s. Retransmit is how often a request
	// is sent again before it goes to the next server.
	Timeout    time.Duration
	Retransmit int
	// RequireMessageAuthenticator refuses replies to an Access-Request without one
	// (CVE-2024-3596). One that is there is verified always.
	RequireMessageAuthenticator bool
	// Dead says when the server counts as dead, Deadtime how long it is then passed over.
	Dead     Criteria
	Deadtime time.Duration
	// Via is for the Transport, which knows by it how the server is reached.
	Via any
}

const defaultTimeout = 5 * time.Second

func (s *Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

func (s *Server) endpoint() Endpoint { return Endpoint{s.Addr, s.Acct} }

// Request is what a server is asked.
type Request struct {
	Code Code // AccessRequest or AccountingRequest
	// Attributes are sent in this order. A User-Password stands here in clear: it is
	// hidden for each server.
	Attributes Attributes
	// MessageAuthenticator adds one before the attributes of an Access-Request (RFC 2869
	// section 5.14).
	MessageAuthenticator bool
	// Use chooses the counters of an Access-Request: Authen or Author.
	Use Use
	// Tag is not sent: Events carry it, so that who traces knows whose they are.
	Tag uint32
}

func (q *Request) use() Use {
	if q.Code == AccountingRequest {
		return Account
	}
	return q.Use
}

// expects reports whether a code answers the request.
func (q *Request) expects(c Code) bool {
	if q.Code == AccountingRequest {
		return c == AccountingResponse
	}
	return c == AccessAccept || c == AccessReject || c == AccessChallenge
}

// Errors of Exchange.
var (
	// ErrNoServer: there is none to ask.
	ErrNoServer = errors.New("radius: no server")
	// ErrNoReply: none has given an answer that can be verified.
	ErrNoReply = errors.New("radius: no reply")
	// ErrClosed: the client was closed.
	ErrClosed = errors.New("radius: the client is closed")
)

// Transport sends datagrams, all from one port: to the one port or the other of a server.
// It must not block.
type Transport interface {
	Send(s *Server, to netip.AddrPort, datagram []byte) error
}

// Client asks servers of one network: a routing table has a client of its own. A server
// is known by its addresses; of each the client knows whether it is dead, and counts. Its
// methods may be called from any goroutine.
type Client struct {
	transport Transport
	trace     func(Event)
	ids       chan struct{} // one for each identifier in use
	ended     chan struct{} // closed by Close

	mu      sync.Mutex
	random  io.Reader // of authenticators
	next    byte      // the identifier after the last one
	waiting [256]*pending
	records map[Endpoint]*record
	closed  bool
}

// NewClient makes a client. Authenticators come from random, which has to be
// unpredictable where attackers are. Events go to trace, from the goroutines of callers
// and of timers: it must neither block nor call the client. A nil trace costs nothing.
func NewClient(random io.Reader, t Transport, trace func(Event)) *Client {
	return &Client{transport: t, trace: trace, random: random, ids: make(chan struct{}, 256), ended: make(chan struct{}), records: map[Endpoint]*record{}}
}

// Close ends every exchange (ErrClosed), and the timers of dead servers.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	close(c.ended)
	for _, r := range c.records {
		r.stop()
	}
}

func (r *record) stop() {
	if r.wake != nil {
		r.wake.Stop()
	}
}

// Retain forgets what is known of servers that are not among these.
func (c *Client) Retain(servers ...*Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e, r := range c.records {
		if !slices.ContainsFunc(servers, func(s *Server) bool { return s.endpoint() == e }) {
			r.stop()
			delete(c.records, e)
		}
	}
}

// Stats are the state and counters of a server. One that was never asked is alive since
// now.
func (c *Client) Stats(s *Server) Stats {
	c.mu.Lock()
	r := c.record(s)
	c.mu.Unlock()
	c.revive(r) // its timer may be about to
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.stats(time.Now())
}

// ClearCounters sets the counters of all servers to 0. Their state stays (aaa-snmp B3).
func (c *Client) ClearCounters() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.records {
		for i := range r.uses {
			r.uses[i] = tally{Counters: Counters{Outstanding: r.uses[i].Outstanding}}
		}
	}
}

// record is what is known of a server. The caller holds mu.
func (c *Client) record(s *Server) *record {
	r := c.records[s.endpoint()]
	if r == nil {
		r = &record{server: s.endpoint(), changed: time.Now()}
		c.records[s.endpoint()] = r
	}
	return r
}

// pending is a request on its way.
type pending struct {
	request       *Request
	id            byte
	authenticator [16]byte      // of an Access-Request
	inbox         chan received // one; filled by Receive

	// Guarded by Client.mu: where the request is now.
	server *Server
	record *record
	to     netip.AddrPort
	sent   [16]byte // the authenticator on the wire
	begun  time.Time
	dead   bool // the server was dead when the request came to it
}

type received struct {
	packet Packet
	length int
	server *Server
	origin Origin
}

func (q *pending) origin() Origin {
	return Origin{q.server.endpoint(), q.to, q.id, q.request.Tag}
}

// Exchange sends a request to servers, one after the other, until one answers: each once
// and Retransmit times more, for its Timeout each. Dead servers are passed over unless
// all are. It returns the reply, which is verified, and who has sent it. It blocks until
// then, at most the sum of those times; longer only while 256 requests are on their way.
//
// The error is ErrNoServer, ErrNoReply, ErrClosed, ErrMalformed for what fits no packet,
// or the cause of ctx.
func (c *Client) Exchange(ctx context.Context, servers []*Server, request Request) (Packet, *Server, error) {
	if len(servers) == 0 {
		return Packet{}, nil, ErrNoServer
	}
	q, err := c.begin(ctx, &request)
	if err != nil {
		return Packet{}, nil, err
	}
	defer c.finish(q)
	for i, s := range c.usable(servers) {
		r, err := c.at(ctx, q, s, i == 0)
		if err != ErrNoReply {
			return r.packet, r.server, err
		}
	}
	c.tell(func() Event { return GaveUp{q.origin()} })
	return Packet{}, nil, ErrNoReply
}

// begin gives a request an identifier and an authenticator.
func (c *Client) begin(ctx context.Context, request *Request) (*pending, error) {
	select {
	case c.ids <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-c.ended:
		return nil, ErrClosed
	}
	q := &pending{request: request, inbox: make(chan received, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := io.ReadFull(c.random, q.authenticator[:]); err != nil {
		<-c.ids
		return nil, fmt.Errorf("radius: drawing an authenticator: %w", err)
	}
	for c.waiting[c.next] != nil { // one is free
		c.next++
	}
	q.id = c.next
	c.waiting[q.id] = q
	c.next++
	return q, nil
}

// finish gives the identifier back.
func (c *Client) finish(q *pending) {
	c.mu.Lock()
	c.waiting[q.id] = nil
	if q.record != nil {
		q.record.uses[q.request.use()].Outstanding--
	}
	c.mu.Unlock()
	<-c.ids
}

// usable are the servers that are not dead; all, if all are (from memory: Cisco's
// radius-server deadtime).
func (c *Client) usable(servers []*Server) (alive []*Server) {
	for _, s := range servers {
		if !c.Stats(s).Dead {
			alive = append(alive, s)
		}
	}
	if len(alive) == 0 {
		return servers
	}
	return alive
}

// at asks one server. ErrNoReply means that the next one can be asked.
func (c *Client) at(ctx context.Context, q *pending, s *Server, first bool) (received, error) {
	wire, err := c.move(q, s)
	if err != nil {
		return received{}, err
	}
	c.tell(func() Event {
		if !first {
			return FailedOver{q.origin()}
		}
		p, _ := Parse(wire)
		return Sent{q.origin(), p, len(wire)}
	})
	for try := 0; ; try++ {
		c.send(q, wire, try)
		r, err := c.wait(ctx, q)
		if err != ErrNoReply {
			return r, err
		}
		if dead := c.missed(q); dead || try >= s.Retransmit {
			c.failed(q)
			return received{}, ErrNoReply
		}
		c.tell(func() Event { return Retransmitted{q.origin()} })
	}
}

// move makes a server the one that the request is at, and returns the request for it.
func (c *Client) move(q *pending, s *Server) ([]byte, error) {
	wire, err := q.encode(s.Key)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	use := q.request.use()
	if q.record != nil {
		q.record.uses[use].Failovers++
		q.record.uses[use].Outstanding--
	}
	q.server, q.record, q.to = s, c.record(s), s.Addr
	q.dead = q.record.dead
	if use == Account {
		q.to = s.Acct
	}
	q.record.uses[use].Outstanding++
	q.sent = [16]byte(wire[4:headerLen])
	return wire, nil
}

// encode is the request for the server of a key.
func (q *pending) encode(key string) ([]byte, error) {
	p := Packet{Code: q.request.Code, ID: q.id, Authenticator: q.authenticator}
	message := q.request.MessageAuthenticator && p.Code == AccessRequest
	if p.Code == AccountingRequest {
		p.Authenticator = zero
	}
	if message {
		p.Attributes = append(p.Attributes, unsigned())
	}
	for _, a := range q.request.Attributes {
		if a.Type == UserPassword {
			hidden, err := HidePassword(string(a.Value), key, p.Authenticator)
			if err != nil {
				return nil, err
			}
			a.Value = hidden
		}
		p.Attributes = append(p.Attributes, a)
	}
	wire, err := p.Encode()
	if err != nil {
		return nil, err
	}
	if message {
		sign(wire, p.Authenticator, key)
	}
	if p.Code == AccountingRequest {
		sum := digest(wire, zero, key)
		copy(wire[4:], sum[:])
	}
	return wire, nil
}

// send is one try.
func (c *Client) send(q *pending, wire []byte, try int) {
	c.mu.Lock()
	t := &q.record.uses[q.request.use()]
	t.Requests++
	if try > 0 {
		t.Retransmissions++
	} else if q.request.use() == Account {
		count(q.request, &t.Starts, &t.Interims, &t.Stops)
	}
	q.begun = time.Now()
	c.mu.Unlock()
	if err := c.transport.Send(q.server, q.to, wire); err != nil {
		c.tell(func() Event { return SendError{q.origin(), err} })
	}
	c.tell(func() Event { return Waiting{q.origin(), q.server.timeout()} })
}

// wait waits for the reply to a try. It may be one of the server before, which came
// when the request was about to leave it.
func (c *Client) wait(ctx context.Context, q *pending) (received, error) {
	late := time.NewTimer(q.server.timeout())
	defer late.Stop()
	select {
	case r := <-q.inbox:
		c.tell(func() Event { return Received{r.origin, r.packet, r.length} })
		return r, nil
	case <-late.C:
		c.tell(func() Event { return TimedOut{q.origin()} })
		return received{}, ErrNoReply
	case <-ctx.Done():
		return received{}, context.Cause(ctx)
	case <-c.ended:
		return received{}, ErrClosed
	}
}

// missed counts a try without an answer, and reports whether the server has become dead
// since the request came to it: then it is not sent there again.
func (c *Client) missed(q *pending) bool {
	c.mu.Lock()
	now, r, deadtime := time.Now(), q.record, q.server.Deadtime
	r.uses[q.request.use()].Timeouts++
	died := r.miss(q.server.Dead, now)
	if died {
		r.die(now, deadtime)
	}
	if died && deadtime > 0 && !c.closed {
		r.wake = time.AfterFunc(deadtime, func() { c.revive(r) })
	}
	leave := r.dead && !q.dead && deadtime > 0
	c.mu.Unlock()
	if died {
		c.tell(func() Event { return Dead{r.server} })
		c.revive(r) // at once, without a dead time
	}
	return leave
}

// revive ends the dead time of a server, if it is over.
func (c *Client) revive(r *record) {
	c.mu.Lock()
	over := r.dead && !time.Now().Before(r.until)
	if over {
		r.revive(r.until)
	}
	c.mu.Unlock()
	if over {
		c.tell(func() Event { return Alive{Server: r.server} })
	}
}

// failed counts a request that a server has not answered.
func (c *Client) failed(q *pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q.record.uses[q.request.use()].Failures++
}

// Receive takes a datagram that came to the client's port. It does not keep the slice.
func (c *Client) Receive(from netip.AddrPort, datagram []byte) {
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	for _, e := range c.receive(from, datagram) {
		c.tell(func() Event { return e })
	}
}

// receive gives a reply to its request, and returns what happened.
func (c *Client) receive(from netip.AddrPort, datagram []byte) []Event {
	p, err := Parse(datagram)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if t := c.countersOf(from); t != nil {
			t.Malformed++
		}
		return []Event{Malformed{from, err}}
	}
	q := c.waiting[p.ID]
	if q == nil || q.server == nil || q.to != from || !q.request.expects(p.Code) {
		if t := c.countersOf(from); t != nil {
			t.Unexpected++
		}
		return []Event{Unexpected{from, p.Code, p.ID}}
	}
	wire, _ := trim(datagram) // Parse has done so
	t := &q.record.uses[q.request.use()]
	if e := (Forged{q.origin(), p, rightAuthenticator(wire, q.sent, q.server.Key), q.rightMessage(wire)}); !e.Authenticator || !e.Message {
		t.BadAuthenticators++
		return []Event{e}
	}
	select {
	case q.inbox <- received{p, len(wire), q.server, q.origin()}:
	default: // a second reply, before the first was taken
		t.Unexpected++
		return []Event{Unexpected{from, p.Code, p.ID}}
	}
	t.answer(q, p.Code, time.Since(q.begun))
	return c.answered(q.record)
}

// rightMessage reports whether the Message-Authenticator of a reply is right, or is
// missing where it may be. The caller holds Client.mu.
func (q *pending) rightMessage(wire []byte) bool {
	present, right := signed(wire, q.sent, q.server.Key)
	return right && (present || !q.server.RequireMessageAuthenticator || q.request.Code == AccountingRequest)
}

// answered notes that a server lives. The caller holds mu.
func (c *Client) answered(r *record) []Event {
	r.missed = 0
	if !r.dead {
		return nil
	}
	r.stop()
	r.revive(time.Now())
	return []Event{Alive{r.server, true}}
}

// countersOf are the counters that a datagram from an address belongs to, nil for none.
// The caller holds mu.
func (c *Client) countersOf(from netip.AddrPort) *Counters {
	for _, r := range c.records {
		switch from {
		case r.server.Addr:
			return &r.uses[Authen].Counters
		case r.server.Acct:
			return &r.uses[Account].Counters
		}
	}
	return nil
}

func (c *Client) tell(e func() Event) {
	if c.trace != nil {
		c.trace(e())
	}
}
