package device

import (
	"time"

	"vtylab/network"
	"vtylab/tty"
)

// Lines returns the lines of the device in the order of their absolute numbers.
// The list must not be modified.
func (d *Device) Lines() []*tty.Line { return d.lines.All() }

// FindLine returns a line, nil when there is none.
func (d *Device) FindLine(k tty.Kind, number int) *tty.Line { return d.lines.Find(k, number) }

// Sessions returns who is on a line, in the order of the lines.
func (d *Device) Sessions() []*tty.Session { return d.lines.Sessions() }

// LineSettings, Steady, Go and Problem make the Device the tty.Host of its lines.
func (d *Device) LineSettings(k tty.Kind, number int) *tty.Settings {
	return d.Settings().Line(k, number)
}

// Steady is a clock that `clock set` does not move, to measure spans with.
func (d *Device) Steady() time.Time { return d.options.Now() }

// Go runs f in a goroutine that Close waits for.
func (d *Device) Go(f func()) bool { return d.spawn(f) }

// reserve takes a line for a connection: one that the product lets it have. Boot is the
// boot that it belongs to.
func (d *Device) reserve(t Transport, f network.Flow) (l *tty.Line, boot int, refused *network.Verdict) {
	if !d.power.TryRLock() {
		return nil, 0, &network.Verdict{Outcome: network.Refused, Reason: "the device boots"}
	}
	defer d.power.RUnlock()
	peer := f.Remote.Addr().String()
	admits, refused := d.System.Admits(t, f)
	if refused == nil {
		refused = &network.Verdict{Outcome: network.Refused, Reason: "no free line"}
		if l := d.lines.Reserve(peer, func(l *tty.Line) bool {
			no := admits(l)
			if no != nil && no.Reason != "" {
				refused = no
			}
			return no == nil
		}); l != nil {
			return l, d.bootCount(), nil
		}
	}
	d.decide(Decision{Subject: "connection", From: peer, Refused: true, Reason: refused.Reason, Line: refused.Line})
	return nil, 0, refused
}

// connected gives a line a way to drop its connection, for clear line. One that came
// just before the device booted anew goes at once.
func (d *Device) connected(f network.Flow, s seat, drop func()) {
	d.power.RLock()
	defer d.power.RUnlock()
	if s.boot != d.bootCount() {
		drop()
	}
	d.tcp.seated(f, s)
	s.line.OnClear(drop)
}

// ended reports how a session went, unless the device has booted anew since it
// began. While the device boots, it waits.
func (d *Device) ended(x *Shell) {
	d.power.RLock()
	defer d.power.RUnlock()
	if x.boot != d.bootCount() {
		return
	}
	if x.Expired() {
		d.report(Expired{x.User, x.Line})
	}
	if x.Line.Kind == tty.VTY {
		d.report(LoggedOut{x.User, x.Line})
	}
}
