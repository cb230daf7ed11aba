package wire

import (
	"net"
	"sync"
	"time"
)

// LingerTime is how long an end that has closed its half of a connection waits for
// the other, so that no reset overtakes the last data.
const LingerTime = 2 * time.Second

// HalfClose sends a FIN behind what was written and reports whether the connection
// can do that.
func HalfClose(c net.Conn) bool {
	h, ok := c.(interface{ CloseWrite() error })
	return ok && h.CloseWrite() == nil
}

// Linger waits, behind our FIN, until the peer closes its half, at most LingerTime:
// then it closes the connection. What the peer still sends is dropped.
func Linger(c net.Conn) {
	timer := time.AfterFunc(LingerTime, func() { c.Close() })
	defer timer.Stop()
	Drain(c)
}

// Drain reads until the peer closes its half, or somebody the connection.
func Drain(c net.Conn) {
	b := GetBuffer(quietRead)
	defer b.Release()
	for {
		if _, err := c.Read(b.B); err != nil {
			return
		}
	}
}

// Group is the goroutines and timers of a connection; Wait returns when they have
// ended.
type Group struct{ sync.WaitGroup }

// After runs f later, in a goroutine of the group, unless it is stopped.
func (g *Group) After(d time.Duration, f func()) (stop func()) {
	g.Add(1)
	timer := time.AfterFunc(d, func() {
		defer g.Done()
		f()
	})
	return func() {
		if timer.Stop() {
			g.Done()
		}
	}
}
