package aaa

import (
	"errors"
	"net/netip"
	"sync"
	"time"

	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
)

// TacacsCounters are what a device counts of a server of TACACS+ (`show tacacs`).
type TacacsCounters struct {
	Opens, Closes, Aborts, Errors, Timeouts, Failed int // of connections
	Sent, Received                                  int // packets
}

// tallies are the counters by server.
type tallies struct {
	mu sync.Mutex
	of map[netip.AddrPort]*TacacsCounters // guarded by mu, like since

	since time.Time
}

// count counts an event of the client.
func (t *tallies) count(e tacacs.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := func(o tacacs.Origin) *TacacsCounters {
		c := t.of[o.Server]
		if c == nil {
			c = &TacacsCounters{}
			if t.of == nil {
				t.of = map[netip.AddrPort]*TacacsCounters{}
			}
			t.of[o.Server] = c
		}
		return c
	}
	switch e := e.(type) {
	case tacacs.Connected:
		if e.Err != nil {
			at(e.Origin).Failed++
			return
		}
		at(e.Origin).Opens++
	case tacacs.Closed:
		c := at(e.Origin)
		c.Closes++
		if e.Err != nil && !errors.Is(e.Err, tacacs.ErrClosed) {
			c.Aborts++
		}
	case tacacs.Sent:
		at(e.Origin).Sent++
	case tacacs.Received:
		c := at(e.Origin)
		c.Received++
		if e.Err != nil {
			c.Errors++
		}
	case tacacs.TimedOut:
		at(e.Origin).Timeouts++
	}
}

// TacacsCounters are those of a server at an address.
func (s *Service) TacacsCounters(at netip.AddrPort) TacacsCounters {
	s.tallies.mu.Lock()
	defer s.tallies.mu.Unlock()
	if c := s.tallies.of[at]; c != nil {
		return *c
	}
	return TacacsCounters{}
}

// RadiusStats are the state and the counters of a server; ok is false while none was asked.
func (s *Service) RadiusStats(auth, acct netip.AddrPort) (stats radius.Stats, ok bool) {
	s.clients.mu.Lock()
	client := s.clients.radius
	s.clients.mu.Unlock()
	if client == nil {
		return radius.Stats{}, false
	}
	return client.Stats(&radius.Server{Addr: auth, Acct: acct}), true
}

// Counted is how long the counters count, since they were cleared or the service was made.
func (s *Service) Counted() time.Duration {
	s.tallies.mu.Lock()
	defer s.tallies.mu.Unlock()
	return time.Since(s.tallies.since)
}

// ClearCounters sets the counters of all servers to 0.
func (s *Service) ClearCounters() {
	s.tallies.mu.Lock()
	s.tallies.of, s.tallies.since = nil, time.Now()
	s.tallies.mu.Unlock()
	s.clients.mu.Lock()
	client := s.clients.radius
	s.clients.mu.Unlock()
	if client != nil {
		client.ClearCounters()
	}
}
