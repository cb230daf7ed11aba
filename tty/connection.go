package tty

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

// Remote is the far end of a connection that a user has made with `ssh` or `telnet`.
type Remote interface {
	// Read blocks until the far end has something to show; io.EOF is its end.
	// Write may block as long as the far end takes nothing. Close ends both.
	io.ReadWriteCloser
	// Resize tells the size of the user's terminal.
	Resize(columns, rows int)
	// Break sends what the protocol has for a break, if anything.
	Break()
}

// Connection is a connection of a session's user to another host: in the foreground,
// or suspended behind the prompt.
type Connection struct {
	Number  int    // in show sessions, from 1
	Host    string // as typed
	Address string
	Name    string

	remote  Remote
	session *Session

	mu     sync.Mutex
	unread []byte        // shown when the connection is in the foreground; guarded by mu
	ended  error         // why there is no more to read; guarded by mu
	typed  []byte        // on its way to the far end; guarded by mu
	ready  chan struct{} // has room for one: something is unread, or it ended, or was written
	room   chan struct{} // has room for one: unread was taken
	keys   chan struct{} // has room for one: something was typed
	gone   chan struct{} // closed by end
	once   sync.Once
	used   time.Time // when the user typed last; of the session's goroutine
}

// maxUnread bounds what is kept of the far end while nobody looks, and what is kept for
// a far end that takes nothing.
const maxUnread = 64 << 10

// ErrSuspended says that the user left a connection with the escape sequence.
var ErrSuspended = errors.New("tty: connection suspended")

// maxConnections bounds the connections of one session.
const maxConnections = 16

// Connect makes a remote host a connection of the session, in the background. It takes
// remote over; false means that there are too many.
func (s *Session) Connect(host, address string, remote Remote) (*Connection, bool) {
	if len(s.outgoing) == maxConnections {
		remote.Close()
		return nil, false
	}
	c := &Connection{Number: s.freeNumber(), Host: host, Address: address, Name: host, remote: remote, session: s, used: s.Line.host.Steady(),
		ready: make(chan struct{}, 1), room: make(chan struct{}, 1), keys: make(chan struct{}, 1), gone: make(chan struct{})}
	read := s.Line.host.Go(c.receive)
	if wrote := s.Line.host.Go(c.send); !read || !wrote {
		c.end()
		return nil, false
	}
	s.outgoing = append(s.outgoing, c)
	slices.SortFunc(s.outgoing, func(a, b *Connection) int { return a.Number - b.Number })
	return c, true
}

func (s *Session) freeNumber() int {
	for n := 1; ; n++ {
		if s.Connection(n) == nil {
			return n
		}
	}
}

// Connections are those of the session, by number. Current is the one that RETURN
// resumes, nil for none.
func (s *Session) Connections() []*Connection { return slices.Clone(s.outgoing) }
func (s *Session) Current() *Connection       { return s.current }

// Elsewhere is the host that the user is on, "" at the session's own prompt. It may be
// called from anywhere.
func (s *Session) Elsewhere() string {
	if c := s.foreground.Load(); c != nil {
		return c.Host
	}
	return ""
}

// Connection is the one with a number, nil for none.
func (s *Session) Connection(n int) *Connection {
	for _, c := range s.outgoing {
		if c.Number == n {
			return c
		}
	}
	return nil
}

// Disconnect ends a connection.
func (s *Session) Disconnect(c *Connection) {
	c.end()
	s.outgoing = slices.DeleteFunc(s.outgoing, func(o *Connection) bool { return o == c })
	if s.current == c {
		s.current = nil
		if n := len(s.outgoing); n > 0 {
			s.current = s.outgoing[n-1]
		}
	}
}

// DisconnectAll is for the end of the session.
func (s *Session) DisconnectAll() {
	for _, c := range s.outgoing {
		c.end()
	}
	s.outgoing, s.current = nil, nil
}

// end closes the connection; its goroutines end soon.
func (c *Connection) end() {
	c.once.Do(func() {
		close(c.gone)
		c.remote.Close()
	})
}

// Unread is how many bytes of the far end wait for the user, Idle the time since the
// user typed last. Both are for the session's goroutine.
func (c *Connection) Unread() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.unread)
}

// Idle is the time since the user typed something for the far end.
func (c *Connection) Idle() time.Duration { return c.session.Line.host.Steady().Sub(c.used) }

// Ended reports whether the far end has closed the connection and all that it sent was
// shown.
func (c *Connection) Ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended != nil && len(c.unread) == 0
}

// receive keeps what the far end sends until it is shown.
func (c *Connection) receive() {
	buffer := make([]byte, 4<<10)
	for {
		n, err := c.remote.Read(buffer)
		c.mu.Lock()
		c.unread = append(c.unread, buffer[:n]...)
		c.ended = err
		full := len(c.unread) >= maxUnread
		c.mu.Unlock()
		signal(c.ready)
		if err != nil {
			return
		}
		if full && !c.await(c.room) {
			return
		}
	}
}

// send carries what was typed to the far end. An error shows where it is read.
func (c *Connection) send() {
	for c.await(c.keys) {
		c.mu.Lock()
		data := c.typed
		c.typed = nil
		c.mu.Unlock()
		if _, err := c.remote.Write(data); err != nil {
			return
		}
		signal(c.ready)
	}
}

// await waits for a signal; false is the end of the connection.
func (c *Connection) await(s <-chan struct{}) bool {
	select {
	case <-s:
		return true
	case <-c.gone:
		return false
	}
}

func signal(s chan<- struct{}) {
	select {
	case s <- struct{}{}:
	default:
	}
}

// take is what the far end has sent, and its end.
func (c *Connection) take() (data []byte, ended error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, c.unread = c.unread, nil
	signal(c.room)
	return data, c.ended
}

// pass gives the far end what was typed. False means that it takes nothing and enough
// waits for it.
func (c *Connection) pass(data []byte) bool {
	c.mu.Lock()
	c.typed = append(c.typed, data...)
	enough := len(c.typed) >= maxUnread
	c.mu.Unlock()
	signal(c.keys)
	return !enough
}

func (c *Connection) congested() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.typed) >= maxUnread
}

// Foreground puts a connection in the foreground: keys go to the far end, and what it sends
// is shown, until the user types the escape sequence (ErrSuspended), the far end closes
// (io.EOF, or why the connection broke), or the session's terminal ends. The idle timer
// of the session stands still meanwhile. Ctrl-^ before x suspends, before B sends a
// break, before ? lists these, and before itself is sent once, so that a session behind
// a session can be suspended.
func (s *Session) Foreground(c *Connection) error {
	s.current = c
	s.pager.Flush()
	s.stopIdle()
	defer s.startIdle()
	s.screen.Ready()
	s.screen.settle()
	defer s.screen.Begin()
	s.foreground.Store(c)
	defer s.foreground.Store(nil)
	escaped := false
	var columns, rows int
	for {
		if w, l := s.Width.Get(), s.Length.Get(); w != columns || l != rows {
			columns, rows = w, l
			c.remote.Resize(w, l)
		}
		if len(s.input) > 0 && !c.congested() {
			if s.forward(c, &escaped) {
				return ErrSuspended
			}
		}
		data, ended := c.take()
		if len(data) > 0 {
			if _, err := s.screen.Write(data); err != nil {
				return s.hungUp(err)
			}
		}
		if ended != nil {
			s.Disconnect(c)
			return ended
		}
		if err := s.awaitEither(c); err != nil {
			return err
		}
	}
}

// awaitEither waits for the far end or the keyboard.
func (s *Session) awaitEither(c *Connection) error {
	var keyboard <-chan arrival
	if len(s.input) == 0 && !s.ended {
		keyboard = s.reading()
	}
	select {
	case <-c.ready:
	case <-s.ctx.Done():
		return s.hungUp(context.Cause(s.ctx))
	case a := <-keyboard:
		s.arrived(a)
		if len(a.data) == 0 && a.err != nil {
			if s.Quiet && !s.HungUp(a.err) {
				s.ended = true // the far end may still have something to show
				return nil
			}
			return s.hungUp(a.err)
		}
		s.input = a.data
		s.touch()
		c.used = s.Line.host.Steady()
	}
	return nil
}

// hungUp notes that the terminal of the session is gone.
func (s *Session) hungUp(err error) error {
	s.lost = err
	return err
}

// forward sends what was typed to the far end, up to the escape sequence that suspends
// the connection.
func (s *Session) forward(c *Connection, escaped *bool) (suspend bool) {
	var out []byte
	for len(s.input) > 0 {
		b := s.input[0]
		s.input = s.input[1:]
		switch {
		case !*escaped && b == escape:
			*escaped = true
			continue
		case !*escaped, b == escape:
			out = append(out, b)
		case b|0x20 == 'x':
			c.pass(out)
			return true
		case b|0x20 == 'b':
			c.remote.Break()
		case b == '?':
			io.WriteString(s.screen, escapeHelp)
		}
		*escaped = false
	}
	c.pass(out)
	return false
}

// escapeHelp is the answer to Ctrl-^ ? (from memory; those that have no meaning outside
// Telnet are left out).
const escapeHelp = "\r\n[Special escape help]\r\n^^B  sends BREAK\r\n^^X  suspends connection (return to system command processor)\r\n"

// stopIdle and startIdle hold `exec-timeout`, which counts at the prompt only.
func (s *Session) stopIdle() {
	if s.idle != nil {
		s.idle.Stop()
	}
}

func (s *Session) startIdle() {
	if s.idle != nil {
		s.idle.Reset(s.execTimeout())
	}
}
