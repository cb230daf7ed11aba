package device

import (
	"iter"
	"sync"
	"time"

	"vtylab/network"
)

// Ports are the interfaces of a configuration, as far as the log tells of them.
type Ports interface {
	// Written yields the names of interfaces that were changed, made or removed since
	// an earlier configuration.
	Written(since Ports) iter.Seq[string]
	// Up reports whether an interface is not shut; ok whether there is one.
	Up(name string) (up, ok bool)
}

// LinkState is the state of an interface below its line protocol.
type LinkState int

// The states of a link; LinkShut is `shutdown`.
const (
	LinkDown LinkState = iota
	LinkUp
	LinkShut
)

// LinkUp reports whether the line protocol of an interface is up: it is not shut, and it
// is plugged in if it has to be.
func (d *Device) LinkUp(name string) bool { return d.linkUp(d.Settings(), name) }

// linkUp is the one place that decides what is up under a configuration.
func (d *Device) linkUp(s *Settings, name string) bool {
	return s.open(name) && d.Net.Link(name).Cable
}

// open reports whether an interface is there and not shut.
func (s *Settings) open(name string) bool {
	if s.Ports == nil {
		return false
	}
	up, _ := s.Ports.Up(name)
	return up
}

// protocolDelay is how long the line protocol follows its link (captures of 15.x).
const protocolDelay = time.Second

// portService reports what becomes of interfaces. What a boot brings up is not
// reported.
type portService struct {
	d *Device

	mu      sync.Mutex
	last    *Settings                       // what was applied last since the boot; guarded by mu, like waiting
	waiting map[string]*LineProtocolChanged // changes that are not reported yet
	queue   []*LineProtocolChanged          // those, and some that were taken back, in order; guarded by mu

	reporting sync.Mutex // one change at a time; taken before mu
}

func (*portService) Retrace() {}

// Restart forgets what was before a boot.
func (v *portService) Restart() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last, v.waiting = nil, nil
}

// Apply reports what is different from the settings before.
func (v *portService) Apply(s *Settings) error {
	if s.Ports == nil {
		return nil
	}
	v.mu.Lock()
	old := v.last
	v.last = s
	v.mu.Unlock()
	if old == nil {
		return nil
	}
	for name := range s.Ports.Written(old.Ports) {
		v.compare(name, old, s)
	}
	return nil
}

// compare reports one interface.
func (v *portService) compare(name string, old, now *Settings) {
	_, before := old.Ports.Up(name)
	_, after := now.Ports.Up(name)
	was, is := v.d.linkUp(old, name), v.d.linkUp(now, name)
	switch {
	case !before && is:
		v.d.report(LineProtocolChanged{Name: name, Up: true, Made: true})
	case before && was != is:
		state := LinkShut
		if is {
			state = LinkUp
		}
		v.d.report(LinkChanged{Name: name, State: state, Removed: !after})
		v.follow(&LineProtocolChanged{Name: name, Up: is, Removed: !after})
	}
}

// cabled reports what became of an interface because of its cable. Where the
// configuration has changed it, Apply reports.
func (v *portService) cabled(c network.LinkChange) {
	v.mu.Lock()
	s := v.last
	v.mu.Unlock()
	if s == nil || !s.open(c.Interface) || !v.d.Settings().open(c.Interface) {
		return
	}
	state := LinkDown
	if c.Up {
		state = LinkUp
	}
	v.d.report(LinkChanged{Name: c.Interface, State: state})
	v.follow(&LineProtocolChanged{Name: c.Interface, Up: c.Up})
}

// follow reports a change of the line protocol after its time, unless the link goes
// back before.
func (v *portService) follow(e *LineProtocolChanged) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.waiting[e.Name] != nil {
		delete(v.waiting, e.Name)
		return
	}
	if v.waiting == nil {
		v.waiting = map[string]*LineProtocolChanged{}
	}
	v.waiting[e.Name] = e
	v.queue = append(v.queue, e)
	v.d.after(protocolDelay, v.next)
}

// next reports the first change in the queue: there is one call for each, and calls of
// the same moment come in any order.
func (v *portService) next() {
	v.reporting.Lock()
	defer v.reporting.Unlock()
	if e := v.due(); e != nil {
		v.d.report(*e)
	}
}

// due takes the first change off the queue; nil is one that was taken back.
func (v *portService) due() *LineProtocolChanged {
	v.mu.Lock()
	defer v.mu.Unlock()
	e := v.queue[0]
	v.queue = v.queue[1:]
	if v.waiting[e.Name] != e {
		return nil
	}
	delete(v.waiting, e.Name)
	return e
}
