package device

import (
	"iter"
	"sync"
	"time"
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

// LinkUp reports whether the line protocol of an interface is up: it is not shut. An
// interface without one at the other end is up too.
func (d *Device) LinkUp(name string) bool { return linkUp(d.Settings(), name) }

// linkUp is the one place that decides what is up under a configuration.
func linkUp(s *Settings, name string) bool {
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
	was, is := linkUp(old, name), linkUp(now, name)
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
	v.d.after(protocolDelay, func() {
		if v.due(e) {
			v.d.report(*e)
		}
	})
}

// due takes a change off the list, and reports whether it was still there.
func (v *portService) due(e *LineProtocolChanged) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.waiting[e.Name] != e {
		return false
	}
	delete(v.waiting, e.Name)
	return true
}
