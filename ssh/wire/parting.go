package wire

import (
	"net"
	"sync"
	"time"
)

// Parting is how a server leaves a connection on which everything has been said. Our
// half is closed behind what was sent, so that no reset overtakes it; the peer has
// LingerTime to close its own, which whoever reads the connection will see.
type Parting struct {
	conn    net.Conn
	group   *Group
	drained func() error // waits until all that is queued has been sent
	closed  func()       // refuses whatever is queued afterwards

	once  sync.Once
	mu    sync.Mutex
	stops []func() // of timers; guarded by mu
}

// Init sets a Parting up, with what it has to know of the queue: how to wait until it
// is empty, and how to close it.
func (p *Parting) Init(conn net.Conn, group *Group, drained func() error, closed func()) {
	p.conn, p.group, p.drained, p.closed = conn, group, drained, closed
}

// Leave closes our half, the first time it is called. A connection that cannot be
// closed by halves is closed. It waits for the queue.
func (p *Parting) Leave() {
	p.once.Do(func() {
		if p.drained() != nil || !HalfClose(p.conn) {
			p.conn.Close()
			return
		}
		p.closed()
		p.after(LingerTime, func() { p.conn.Close() })
	})
}

// LeaveAfter is Leave, later.
func (p *Parting) LeaveAfter(d time.Duration) { p.after(d, p.Leave) }

func (p *Parting) after(d time.Duration, f func()) {
	stop := p.group.After(d, f)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stops = append(p.stops, stop)
}

// Stop stops the timers. Nothing may be left to call Leave.
func (p *Parting) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, stop := range p.stops {
		stop()
	}
}
