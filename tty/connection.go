package tty

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Remote is the far end of a connection that a user has made with `ssh` or `telnet`.
type Remote interface {
	// Read blocks until the far end has something to show; io.EOF is its end.
	// Write may block as long as the far end takes nothing. Close ends both.
	io.ReadWriteCloser
	// Resize tells the size of the user's terminal. Special sends what the protocol has
	// for Ctrl-^ and a letter, in lower case: b is a break; one that means nothing does
	// nothing. Both may block as Write does.
	Resize(columns, rows int)
	Special(key byte)
	// SpecialHelp lists the letters that Special takes; its lines end in LF.
	SpecialHelp() string
	// LocalEcho reports whether what is typed has to be shown at this end. It does not
	// block.
	LocalEcho() bool
}

// Connection is a connection of a session's user to another host: in the foreground,
// or suspended behind the prompt.
type Connection struct {
	Number  int    // in show sessions, from 1
	Host    string // as typed
	Address string
	Name    string
	// Quiet connections end without a word (`telnet /quiet`).
	Quiet bool

	remote  Remote
	session *Session

	mu     sync.Mutex
	unread []byte        // shown when the connection is in the foreground; guarded by mu
	ended  error         // why there is no more to read; guarded by mu
	orders []order       // on their way to the far end; guarded by mu
	typed  int           // bytes of them; guarded by mu
	ready  chan struct{} // has room for one: something is unread, or it ended, or was written
	room   chan struct{} // has room for one: unread was taken
	keys   chan struct{} // has room for one: there are orders
	gone   chan struct{} // closed by end
	once   sync.Once
	used   time.Time // when the user typed last; of the session's goroutine
}

// order is what the far end is to be sent: what was typed, or something that the
// protocol has a message for. All goes through one goroutine, so that the session does not
// wait for a far end that takes nothing.
type order struct {
	data []byte
	do   func()
}

// maxOrders bounds those that wait; more are dropped.
const maxOrders = 1000

// maxUnread bounds what is kept of the far end while it is in the background, what is kept
// for a far end that takes nothing, and what may be typed beyond that before the keyboard
// is not read any more.
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
	all := append(s.outgoing, c)
	slices.SortFunc(all, func(a, b *Connection) int { return a.Number - b.Number })
	s.connections(all)
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

// Hosts are the far ends of the session's connections, by number. It may be called from
// anywhere.
func (s *Session) Hosts() []string {
	if hosts := s.hosts.Load(); hosts != nil {
		return *hosts
	}
	return nil
}

// connections replaces those of the session.
func (s *Session) connections(all []*Connection) {
	hosts := make([]string, 0, len(all))
	for _, c := range all {
		hosts = append(hosts, c.Host)
	}
	s.outgoing = all
	s.hosts.Store(&hosts)
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
	s.connections(slices.DeleteFunc(s.outgoing, func(o *Connection) bool { return o == c }))
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
	s.connections(nil)
	s.current = nil
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

// send carries orders to the far end. An error shows where it is read.
func (c *Connection) send() {
	for c.await(c.keys) {
		c.mu.Lock()
		orders := c.orders
		c.orders, c.typed = nil, 0
		c.mu.Unlock()
		for _, o := range orders {
			if o.do != nil {
				o.do()
			} else if _, err := c.remote.Write(o.data); err != nil {
				return
			}
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

// pass gives the far end what was typed.
func (c *Connection) pass(data []byte) {
	if len(data) > 0 {
		c.order(order{data: data})
	}
}

func (c *Connection) order(o order) {
	c.mu.Lock()
	if len(c.orders) < maxOrders {
		c.orders = append(c.orders, o)
		c.typed += len(o.data)
	}
	c.mu.Unlock()
	signal(c.keys)
}

// congested reports whether enough waits for a far end that takes nothing.
func (c *Connection) congested() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.typed >= maxUnread || len(c.orders) == maxOrders
}

// Foreground puts a connection in the foreground: keys go to the far end, and what it sends
// is shown, until the user types the escape sequence (ErrSuspended), the far end closes
// (io.EOF, or why the connection broke), or the session's terminal ends. The idle timer
// of the session stands still meanwhile. Ctrl-^ before x suspends, before another letter
// is the protocol's, as b for a break, before ? lists these, and before itself is sent
// once, so that a session behind a session can be suspended.
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
			c.order(order{do: func() { c.remote.Resize(w, l) }})
		}
		if c.congested() {
			if s.leaves(escaped) {
				return ErrSuspended
			}
		} else if s.forward(c, &escaped) {
			return ErrSuspended
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
	if len(s.input) < maxUnread && !s.ended {
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
		s.input = append(s.input, a.data...)
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
	echo := c.remote.LocalEcho()
	for len(s.input) > 0 {
		b := s.input[0]
		s.input = s.input[1:]
		switch {
		case !*escaped && s.escapes(b):
			*escaped = true
			continue
		case !*escaped, s.escapes(b):
			out = append(out, b)
			if echo {
				s.echo(b)
			}
		case b|0x20 == 'x':
			c.pass(out)
			return true
		case b == '?':
			io.WriteString(s.screen, "\r\n"+strings.ReplaceAll(c.remote.SpecialHelp()+escapeHelp, "\n", "\r\n"))
		default:
			c.pass(out)
			out = nil
			c.order(order{do: func() { c.remote.Special(b | 0x20) }})
		}
		*escaped = false
	}
	c.pass(out)
	return false
}

// leaves looks for the escape sequence that suspends in what waits for a far end that
// takes nothing; what was typed before it is dropped.
func (s *Session) leaves(escaped bool) bool {
	for i, b := range s.input {
		if escaped && b|0x20 == 'x' {
			s.input = s.input[i+1:]
			return true
		}
		escaped = !escaped && s.escapes(b)
	}
	return false
}

// echo shows a key that the far end does not.
func (s *Session) echo(key byte) {
	switch {
	case key == '\r':
		io.WriteString(s.screen, "\r\n")
	case key == 0x08 || key == 0x7f:
		io.WriteString(s.screen, "\b \b")
	case key >= ' ':
		s.screen.Write([]byte{key})
	}
}

// escapeHelp is the end of the answer to Ctrl-^ ? (from memory).
const escapeHelp = "^^X  suspends connection (return to system command processor)\n"

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
