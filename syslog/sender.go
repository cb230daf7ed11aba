package syslog

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"
)

// Bounds of what goes to hosts.
const (
	MaxHosts    = 16
	maxQueue    = 256
	dialTimeout = 5 * time.Second
)

// Host is one `logging host`. What Dial needs to know of the way there is in it.
type Host struct {
	Address string
	VRF     string
	Port    int  // 0 is 514
	TCP     bool // instead of UDP; a line feed ends each message
}

// PortOr514 is the port to send to.
func (h Host) PortOr514() int {
	if h.Port == 0 {
		return 514
	}
	return h.Port
}

type dialFunc func(ctx context.Context, h Host) (io.WriteCloser, error)

// sender sends datagrams to hosts from one goroutine, which runs from the first host on until close.
type sender struct {
	dial dialFunc

	// Made when the goroutine begins.
	ctx    context.Context // ends when close stops waiting
	cancel context.CancelFunc
	wake   chan struct{} // hosts changed
	done   chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex  // guards the rest
	queue   chan string // nil until the goroutine runs
	hosts   []Host
	dropped int
	closed  bool
}

func newSender(dial dialFunc) *sender { return &sender{dial: dial} }

func (s *sender) apply(hosts []Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || slices.Equal(s.hosts, hosts) {
		return
	}
	s.hosts = hosts
	if s.queue == nil {
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.wake, s.done, s.queue = make(chan struct{}, 1), make(chan struct{}), make(chan string, maxQueue)
		go s.run(s.queue)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// send queues a datagram, or drops it when the queue is full.
func (s *sender) send(datagram string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.queue == nil {
		return
	}
	select {
	case s.queue <- datagram:
	default:
		s.dropped++
	}
}

func (s *sender) lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

func (s *sender) close(ctx context.Context) error {
	s.mu.Lock()
	running := s.queue != nil
	if running && !s.closed {
		close(s.queue)
	}
	s.closed = true
	s.mu.Unlock()
	if !running {
		return nil
	}
	defer s.cancel()
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		s.cancel()
		<-s.done
		return ctx.Err()
	}
}

// connections are the open ones. Only the goroutine of run uses them.
type connections map[Host]connection

type connection struct {
	io.WriteCloser
	forget func() bool
}

func (c connections) drop(h Host) {
	c[h].forget()
	c[h].Close()
	delete(c, h)
}

func (s *sender) run(queue <-chan string) {
	defer close(s.done)
	open := connections{}
	defer func() {
		for h := range open {
			open.drop(h)
		}
	}()
	for {
		select {
		case datagram, ok := <-queue:
			if !ok {
				return
			}
			for _, h := range s.targets(open) {
				s.deliver(open, h, datagram)
			}
		case <-s.wake:
			s.targets(open)
		}
	}
}

// targets are the hosts of the moment; connections to others are closed.
func (s *sender) targets(open connections) []Host {
	s.mu.Lock()
	hosts := s.hosts
	s.mu.Unlock()
	for h := range open {
		if !slices.Contains(hosts, h) {
			open.drop(h)
		}
	}
	return hosts
}

func (s *sender) deliver(open connections, h Host, datagram string) {
	conn, ok := open[h]
	if !ok {
		var err error
		if conn, err = s.connect(h); err != nil {
			s.drop()
			return
		}
		open[h] = conn
	}
	if h.TCP {
		datagram += "\n"
	}
	if _, err := io.WriteString(conn, datagram); err != nil {
		s.drop()
		open.drop(h)
	}
}

func (s *sender) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped++
}

// connect dials a host. The connection closes when close stops waiting, so that no write can hold it up.
func (s *sender) connect(h Host) (connection, error) {
	ctx, cancel := context.WithTimeout(s.ctx, dialTimeout)
	defer cancel()
	conn, err := s.dial(ctx, h)
	if err != nil {
		return connection{}, err
	}
	return connection{conn, context.AfterFunc(s.ctx, func() { conn.Close() })}, nil
}
