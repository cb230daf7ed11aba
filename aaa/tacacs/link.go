package tacacs

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// maxSessions bounds the sessions that share a connection.
const maxSessions = 64

// link is one connection of a Client. A goroutine reads it until it ends and gives each
// session its packets. It ends with its last session, unless it is among Client.kept.
type link struct {
	client *Client
	server *Server
	origin Origin // of the exchange that opened it
	conn   net.Conn

	writing sync.Mutex  // held for one packet
	flags   HeaderFlags // of the next packet; guarded by writing

	// Guarded by Client.mu.
	sessions map[uint32]*exchange
	shared   bool  // the server has agreed
	err      error // what sessions see of its end
	reason   error // why it ended, for the event

	once, told sync.Once     // of close, and of its event
	done       chan struct{} // closed once err is set
}

// attach makes a link of a connection, with its first session.
func (c *Client) attach(s *Server, conn net.Conn, x *exchange) error {
	l := &link{client: c, server: s, origin: x.Origin, conn: conn, sessions: map[uint32]*exchange{x.Session: x}, done: make(chan struct{})}
	if s.Single {
		l.flags = SingleConnect
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		conn.Close()
		return ErrClosed
	}
	x.link = l
	c.links[l] = struct{}{}
	c.reader.Go(l.read)
	return nil
}

// join gives a session the connection that is kept for the server, and reports whether
// there is one with room.
func (c *Client) join(s *Server, x *exchange) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.kept[s.identity()]
	if l == nil || len(l.sessions) >= maxSessions || l.sessions[x.Session] != nil {
		return false
	}
	x.link, l.sessions[x.Session] = l, x
	return true
}

// leave takes a session off its link. A link that is not good is no longer kept.
func (l *link) leave(x *exchange, good bool) {
	c := l.client
	c.mu.Lock()
	delete(l.sessions, x.Session)
	id := l.server.identity()
	if !good && c.kept[id] == l {
		delete(c.kept, id)
	}
	last := len(l.sessions) == 0 && c.kept[id] != l
	c.mu.Unlock()
	if last {
		l.close(nil)
		l.tell()
	}
}

// write sends a packet, within the server's timeout, and returns its header as it was
// sent. An error ends the link: the packet may be there in part.
func (l *link) write(h Header, body []byte) (Header, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	h.Flags |= l.flags
	wire, err := seal(h, l.server.Key, body)
	if err != nil {
		return h, err
	}
	h.Flags = HeaderFlags(wire[3])
	l.flags = 0
	_ = l.conn.SetWriteDeadline(time.Now().Add(l.server.timeout())) // the write tells
	if _, err := l.conn.Write(wire); err != nil {
		l.close(fmt.Errorf("tacacs: sending: %w", err))
		return h, l.cause()
	}
	return h, nil
}

// read is the goroutine of the link.
func (l *link) read() {
	for first := true; ; first = false {
		p, err := readPacket(l.conn)
		if err == nil {
			err = l.deliver(p, first)
		}
		if err != nil {
			l.close(err)
			return
		}
	}
}

// deliver gives a packet to its session. A shared link passes over packets of sessions
// that are over; otherwise the only session gets it, to find out what is wrong.
func (l *link) deliver(p packet, first bool) error {
	c := l.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if first && l.server.Single && p.Flags&SingleConnect != 0 && !c.closed {
		l.shared = true
		if id := l.server.identity(); c.kept[id] == nil {
			c.kept[id] = l
		}
	}
	x := l.sessions[p.Session]
	if x == nil && !l.shared {
		for _, x = range l.sessions {
		}
	}
	if x == nil {
		return nil
	}
	select {
	case x.inbox <- p:
		return nil
	default:
		return violation("a packet of session 0x%08x that nothing was sent for", p.Session)
	}
}

// close ends the link for a reason, nil where the client is done with it. Its sessions
// see ErrClosed, or the reason. Only the first call counts.
func (l *link) close(reason error) {
	l.once.Do(func() {
		c := l.client
		c.mu.Lock()
		l.err = ended(reason)
		if reason != io.EOF {
			l.reason = reason
		}
		delete(c.links, l)
		if id := l.server.identity(); c.kept[id] == l {
			delete(c.kept, id)
		}
		idle := len(l.sessions) == 0
		c.mu.Unlock()
		close(l.done)
		l.conn.Close()
		if idle {
			l.tell()
		}
	})
}

// tell makes the event of the end, once. The last session does it where there is one, so
// that the event comes behind that session's own, whoever ends the connection first.
func (l *link) tell() {
	l.told.Do(func() { l.client.tell(func() Event { return Closed{l.origin, l.reason} }) })
}

// ended is what sessions see of the end of their link.
func ended(reason error) error {
	var broken *ProtocolError
	switch {
	case reason == nil || reason == io.EOF:
		return ErrClosed
	case errors.As(reason, &broken):
		return reason
	case errors.Is(reason, os.ErrDeadlineExceeded): // of a write; reads have none
		return ErrTimeout
	}
	return fmt.Errorf("%w: %w", ErrClosed, reason)
}

// cause is why the link has ended.
func (l *link) cause() error {
	<-l.done
	l.client.mu.Lock()
	defer l.client.mu.Unlock()
	return l.err
}
