package tacacs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Handler is what a server answers. Its methods are called from a goroutine for each
// session. Their ctx ends with the session: the client has aborted it or is gone, or
// the server stops; what they return then is not sent.
type Handler interface {
	// Authenticate decides on a login. ask sends a reply whose status Asks and waits for
	// the answer, at most five minutes; its error ends the session.
	Authenticate(ctx context.Context, start Start, ask func(context.Context, Reply) (Continue, error)) Reply
	Authorize(ctx context.Context, request AuthorRequest) Response
	Account(ctx context.Context, request AcctRequest) AcctReply
}

// Bounds of a server.
const (
	serverIdle  = 5 * time.Minute  // how long a client may send nothing, and a user take to answer
	serverWrite = 10 * time.Second // how long a client may take to read a packet
	maxServed   = 2 * maxSessions  // a session counts until its reply is written, and a client may be faster
)

// errAborted is what ask returns once the client has aborted the session.
var errAborted = errors.New("tacacs: the client has aborted the session")

// Serve is the server of one connection, which it closes. It carries one session, or many
// at a time for a client that offers it (RFC 8907 section 4.3). It blocks
// until the client or ctx ends it and all calls of the handler have returned.
//
// It returns nil after a regular end, ErrKey for a client with another key, which gets
// an ERROR first, a *ProtocolError, the error of the connection, or the cause of ctx.
func Serve(ctx context.Context, conn net.Conn, key string, h Handler) error {
	inner, cancel := context.WithCancel(ctx)
	s := &server{conn: conn, key: key, handler: h, sessions: map[uint32]*served{}}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err := s.run(inner)
	cancel()
	conn.Close() // before the handlers, which may be writing
	s.handlers.Wait()
	stop()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// server is one connection of a server.
type server struct {
	conn    net.Conn
	key     string
	handler Handler
	single  bool // of the reader, until there are handlers

	handlers sync.WaitGroup
	writing  sync.Mutex
	flags    HeaderFlags // of the next packet; guarded by writing

	mu       sync.Mutex
	sessions map[uint32]*served // guarded by mu
	done     bool               // the only session has ended; guarded by mu
}

// served is a session of a server.
type served struct {
	server *server
	header Header // of the packet that was received or sent last; the reader's before there is a handler, then the handler's
	kind   Kind
	expect byte // the number of the next packet, 0 for none; guarded by server.mu
	inbox  chan Continue
	cancel context.CancelCauseFunc
}

// run reads the connection.
func (s *server) run(ctx context.Context) error {
	for first := true; ; first = false {
		_ = s.conn.SetReadDeadline(time.Now().Add(serverIdle)) // the read tells
		p, err := readPacket(s.conn)
		if err != nil {
			return s.regular(err)
		}
		if first && p.Flags&SingleConnect != 0 {
			s.single, s.flags = true, SingleConnect
		}
		if err := s.take(ctx, p, first); err != nil {
			return err
		}
	}
}

// regular is nil for the end of a connection that is one: the client's, between packets,
// and the server's own after the only session.
func (s *server) regular(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == io.EOF || s.done {
		return nil
	}
	return err
}

// take takes a packet. An error ends the connection.
func (s *server) take(ctx context.Context, p packet, first bool) error {
	s.mu.Lock()
	x, open := s.sessions[p.Session], len(s.sessions)
	s.mu.Unlock()
	switch {
	case x != nil:
		return x.goOn(p)
	case p.Seq != 1:
		return violation("sequence number %d in a new session, want 1", p.Seq)
	case !first && !s.single:
		return violation("a second session on a connection for one")
	case open >= maxServed:
		return violation("more than %d sessions at a time", maxServed)
	}
	return s.start(ctx, p)
}

// start begins the session of a first packet.
func (s *server) start(ctx context.Context, p packet) error {
	x := &served{server: s, header: p.Header, kind: p.Kind, inbox: make(chan Continue, 1)}
	answer, err := x.handle(&p)
	if err != nil {
		_ = x.send(refusal(p.Kind, "bad packet, check keys")) // the client may not even understand that
		return err
	}
	inner, cancel := context.WithCancelCause(ctx)
	x.cancel = cancel
	s.mu.Lock()
	s.sessions[p.Session] = x
	s.mu.Unlock()
	s.handlers.Go(func() {
		x.end(inner, answer(inner))
		cancel(nil)
	})
	return nil
}

// end sends the last reply, unless the session has ended before, and ends a connection
// for one session.
func (x *served) end(ctx context.Context, b Body) {
	s := x.server
	s.mu.Lock()
	s.done = !s.single
	s.mu.Unlock()
	if ctx.Err() == nil {
		var wrong *ProtocolError
		if errors.As(x.send(b), &wrong) { // the handler's reply fits no packet
			_ = x.send(refusal(x.kind, "bad answer"))
		}
	}
	s.mu.Lock()
	delete(s.sessions, x.header.Session)
	s.mu.Unlock()
	if !s.single {
		s.conn.Close()
	}
}

// handle is the handler's call for a first packet.
func (x *served) handle(p *packet) (func(context.Context) Body, error) {
	h := x.server.handler
	clear, err := p.open(x.server.key)
	if err != nil {
		return nil, err
	}
	switch p.Kind {
	case Authorization:
		r, err := parseAuthorRequest(clear)
		return func(ctx context.Context) Body { return h.Authorize(ctx, r) }, err
	case Accounting:
		r, err := parseAcctRequest(clear)
		return func(ctx context.Context) Body { return h.Account(ctx, r) }, err
	}
	start, err := parseStart(clear)
	return func(ctx context.Context) Body { return last(h.Authenticate(ctx, start, x.ask)) }, err
}

// last is a reply that ends a session.
func last(r Reply) Reply {
	if r.Status.Asks() || !r.Status.known() {
		return Reply{Status: Error}
	}
	return r
}

// refusal is the reply to a packet that cannot be understood (RFC 8907 section 4.5), or
// not be answered.
func refusal(k Kind, why string) Body {
	switch k {
	case Authorization:
		return Response{Status: AuthorError, Message: why}
	case Accounting:
		return AcctReply{Status: AcctError, Message: why}
	}
	return Reply{Status: Error, Message: why}
}

// goOn takes a further packet of a session: a CONTINUE that was asked for, or an ABORT.
func (x *served) goOn(p packet) error {
	s := x.server
	s.mu.Lock()
	expect := x.expect
	x.expect = 0
	s.mu.Unlock()
	switch {
	case p.Kind != x.kind:
		return violation("a packet of type %d in a session of type %d", p.Kind, x.kind)
	case expect == 0:
		return violation("a packet that was not asked for")
	case p.Seq != expect:
		return violation("sequence number %d, want %d", p.Seq, expect)
	}
	clear, err := p.open(s.key)
	if err != nil {
		return err
	}
	c, err := parseContinue(clear)
	if err != nil {
		return err
	}
	if c.Abort {
		x.cancel(errAborted)
		return nil
	}
	x.inbox <- c // there is room: it was asked for
	return nil
}

// ask sends a question and waits for the answer, for the handler.
func (x *served) ask(ctx context.Context, r Reply) (Continue, error) {
	if !r.Status.Asks() {
		return Continue{}, violation("status %s asks nothing", r.Status)
	}
	if x.header.Seq > maxSeq-4 { // the question, its answer and the last reply need numbers
		return Continue{}, violation("the session has used up its sequence numbers")
	}
	x.server.mu.Lock()
	x.expect = x.header.Seq + 2
	x.server.mu.Unlock()
	if err := x.send(r); err != nil {
		return Continue{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, serverIdle, ErrTimeout)
	defer cancel()
	select {
	case c := <-x.inbox:
		x.header.Seq++
		return c, nil
	case <-ctx.Done():
		x.cancel(context.Cause(ctx)) // nothing can be sent before the answer
		return Continue{}, context.Cause(ctx)
	}
}

// send sends the next packet of a session.
func (x *served) send(b Body) error {
	clear, err := b.append(nil)
	if err != nil {
		return fmt.Errorf("answering: %w", err)
	}
	s := x.server
	s.writing.Lock()
	defer s.writing.Unlock()
	x.header.Seq++
	h := x.header
	h.Flags = s.flags
	s.flags = 0
	wire, err := seal(h, s.key, clear)
	if err != nil {
		return err
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(serverWrite)) // the write tells
	_, err = s.conn.Write(wire)
	return err
}
