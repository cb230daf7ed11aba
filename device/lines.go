package device

import (
	"time"

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

// Steady is a clock that nobody sets, to measure spans with.
func (d *Device) Steady() time.Time { return d.options.Now() }

// Go runs f in a goroutine that Close waits for.
func (d *Device) Go(f func()) bool { return d.spawn(f) }

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
