package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// listener is an open TCP port of the device.
type listener struct {
	door
	host    *Host
	opened  uint64         // its place among all that were opened; guarded by the host's mu
	sockets []net.Listener // of the carriers, often none
	stop    chan struct{}  // closed with them; nil without
}

// open listens at the carriers of the port: at all of them, or at none.
func (l *listener) open(carriers Carriers) error {
	for _, c := range carriers {
		s, err := l.host.o.Listen(context.Background(), "tcp", c.Address)
		if err != nil {
			l.closeSockets()
			return err
		}
		l.sockets = append(l.sockets, s)
	}
	if len(l.sockets) > 0 {
		l.stop = make(chan struct{})
	}
	for n, s := range l.sockets {
		l.busy.Go(func() { l.serve(s, carriers[n].Interface) })
	}
	return nil
}

func (l *listener) closeSockets() {
	for _, s := range l.sockets {
		s.Close()
	}
}

// Close closes the port. It waits for an Accept that is running.
func (l *listener) Close() error {
	if l.shut() {
		if l.stop != nil {
			close(l.stop)
		}
		l.closeSockets()
		l.host.mu.Lock()
		delete(l.host.listeners, l.port.Number)
		l.host.mu.Unlock()
	}
	l.busy.Wait()
	return nil
}

// The pause after an Accept of the host that failed, say for want of descriptors,
// doubles from the first to the last.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// serve brings in what comes to an address of the host, until that is closed.
func (l *listener) serve(s net.Listener, iface string) {
	pause := firstPause
	for {
		conn, err := s.Accept()
		switch {
		case err == nil:
			pause = firstPause
			l.admit(l.host.arriving(iface, l.port.Number, conn))
		case errors.Is(err, net.ErrClosed):
			return
		default:
			l.host.o.Problem(fmt.Errorf("network: port %d: accepting: %w", l.port.Number, err))
			select {
			case <-l.stop:
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, lastPause)
		}
	}
}

// admit asks whether a connection may come in, and starts its handler.
func (l *listener) admit(c *hostConn) *Verdict {
	handler, v := l.ask(c.flow)
	if v != nil {
		c.turnAway(v)
		return v
	}
	l.host.live(c)
	go serve(c, handler)
	return nil
}
