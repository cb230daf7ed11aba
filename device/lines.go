package device

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"vtylab/ios/model"
)

// Line is a terminal line: con 0, vty 0…. It lives as long as the device; its
// configuration is looked up when it matters.
type Line struct {
	Kind   model.LineKind
	Number int

	device *Device
	screen *Screen

	mu       sync.Mutex
	reserved bool     // taken by a connection that has not logged in yet; guarded by mu
	session  *Session // guarded by mu
	peer     string   // guarded by mu
	uses     int      // guarded by mu
	hangup   func()   // ends the connection on the line; guarded by mu
	early    []string // messages from before there was a screen; guarded by mu
}

// TTY is the absolute number of the line.
func (l *Line) TTY() int { return model.TTY(l.Kind, l.Number) }

// Config is the line's part of the current configuration: a snapshot that must
// not be modified.
func (l *Line) Config() *model.Line {
	if c, ok := l.device.Config().Lines.Get(model.LineID{Kind: l.Kind, Number: l.Number}); ok {
		return c
	}
	fresh := model.NewLine(l.Kind, l.Number)
	return &fresh
}

// Session is who is on the line, nil for nobody.
func (l *Line) Session() *Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// Busy reports whether the line is taken, by a session or by a connection that
// is still logging in.
func (l *Line) Busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reserved
}

// Peer is the address of the remote user, "" on the console.
func (l *Line) Peer() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peer
}

// Uses counts the connections the line has had.
func (l *Line) Uses() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.uses
}

// Clear ends what runs on the line.
func (l *Line) Clear() {
	l.mu.Lock()
	hangup := l.hangup
	l.mu.Unlock()
	if hangup != nil {
		hangup()
	}
}

// screenOf gives the line a screen on a terminal, where log messages go too.
func (l *Line) screenOf(w io.Writer) *Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.screen = newScreen(w, l.device.spawn)
	return l
}

// seat makes a session the one on the line; nil makes the line empty.
func (l *Line) seat(s *Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.session = s
}

// errLogin says that nobody could log in.
var errLogin = errors.New("device: login failed")

// ended logs how a session went.
func (d *Device) ended(s *Session) {
	l := s.Line
	if s.forgotten.Load() {
		return
	}
	if s.expired.Load() {
		d.Log("SYS", 6, "TTY_EXPIRE_TIMER", "(exec timer expired, tty %d (%s)), user %s", l.TTY(), orDefault(l.Peer(), "0.0.0.0"), s.User)
	}
	if l.Kind == model.VTY {
		d.Log("SYS", 6, "LOGOUT", "User %s has exited tty session %d(%s)", s.User, l.TTY(), l.Peer())
	}
}

// ErrNoLine says that no line is free.
var ErrNoLine = errors.New("device: no free vty")

// lines is the set of lines of a device.
type lines struct {
	mu  sync.Mutex
	all []*Line // in tty order; guarded by mu
}

// sync makes the lines match a configuration: new vtys appear, removed ones go
// once they are free.
func (ls *lines) sync(d *Device, c *model.Config) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	for want := range c.Lines.All() {
		if !slices.ContainsFunc(ls.all, func(l *Line) bool { return l.Kind == want.Kind && l.Number == want.Number }) {
			ls.all = append(ls.all, &Line{Kind: want.Kind, Number: want.Number, device: d})
		}
	}
	ls.all = slices.DeleteFunc(ls.all, func(l *Line) bool {
		_, wanted := c.Line(l.Kind, l.Number)
		return !wanted && !l.Busy()
	})
	slices.SortFunc(ls.all, func(a, b *Line) int { return a.TTY() - b.TTY() })
}

// Monitors reports whether the line's session wants log messages, and how many
// it was shown.
func (l *Line) Monitors() (shown int, on bool) {
	s := l.Session()
	if s == nil {
		return 0, false
	}
	return int(s.monitored.Load()), s.monitor.Load()
}

// list returns the lines in tty order.
func (ls *lines) list() []*Line {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return slices.Clone(ls.all)
}

// Lines returns the lines of the device in tty order.
func (d *Device) Lines() []*Line { return d.lines.list() }

// FindLine returns a line, nil when there is none.
func (d *Device) FindLine(kind model.LineKind, number int) *Line {
	for _, l := range d.lines.list() {
		if l.Kind == kind && l.Number == number {
			return l
		}
	}
	return nil
}

// reserve takes the first free vty that fits for a connection from peer.
func (d *Device) reserve(peer string, fits func(model.Line) bool) (*Line, error) {
	for _, l := range d.lines.list() {
		if l.Kind != model.VTY || !fits(*l.Config()) {
			continue
		}
		if l.take(peer) {
			return l, nil
		}
	}
	return nil, fmt.Errorf("%w for %s", ErrNoLine, peer)
}

func (l *Line) take(peer string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reserved {
		return false
	}
	l.reserved, l.peer = true, peer
	l.uses++
	return true
}

// release frees a line.
func (l *Line) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved, l.session, l.peer, l.hangup = false, nil, "", nil
	l.screen = nil
}
