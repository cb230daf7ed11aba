package aaa

import (
	"sync"

	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
)

// clients are the clients of a service, made when the first server is asked.
type clients struct {
	mu     sync.Mutex
	tacacs *tacacs.Client
	radius *radius.Client
	wire   *radiusWire // of radius
	known  string      // Settings.Servers when tacacs was made, or later
	closed bool
}

func (c *clients) close() {
	c.mu.Lock()
	tacacs, radius := c.tacacs, c.radius
	c.closed = true
	c.mu.Unlock()
	if tacacs != nil {
		tacacs.Close()
	}
	if radius != nil {
		radius.Close()
	}
}

// follow forgets the connections that servers share, once the servers are others.
func (c *clients) follow(to *Settings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tacacs == nil || to.Servers == nil {
		return
	}
	if now := to.Servers(); now != c.known {
		c.known = now
		c.tacacs.Retain()
	}
}

// tacacs is the client of TACACS+, nil once the service is closed.
func (s *Service) tacacs() *tacacs.Client {
	c := &s.clients
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tacacs == nil && !c.closed {
		c.tacacs = tacacs.NewClient(s.outside.Random, func(e tacacs.Event) {
			s.tallies.count(e)
			s.trace(Tacacs{e})
		})
		if set := s.settings.Load(); set.Servers != nil {
			c.known = set.Servers()
		}
	}
	return c.tacacs
}

// radius is the client of RADIUS, nil once the service is closed.
func (s *Service) radius() *radius.Client {
	c := &s.clients
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.radius == nil && !c.closed {
		c.wire = &radiusWire{service: s}
		c.radius = radius.NewClient(s.outside.Random, c.wire, func(e radius.Event) { s.trace(Radius{e}) })
	}
	return c.radius
}
