package device

import (
	"sync/atomic"
	"time"

	"vtylab/syslog"
)

// clock is what `clock set` made of the host's clock.
type clock struct {
	offset atomic.Int64 // nanoseconds
	set    atomic.Bool
}

// Now is the device's clock.
func (d *Device) Now() time.Time { return d.Steady().Add(time.Duration(d.clock.offset.Load())) }

// ClockMark says how far the clock can be trusted.
func (d *Device) ClockMark() syslog.Mark {
	if d.clock.set.Load() {
		return syslog.Synchronized
	}
	return syslog.NeverSet
}

// Local is a time in the zone of `clock timezone`.
func (d *Device) Local(t time.Time) time.Time { return t.In(d.Settings().Location) }

// Stamp writes a time out: 09:17:32 UTC Sun Sep 13 2026.
func (d *Device) Stamp(t time.Time) string { return d.Local(t).Format("15:04:05 MST Mon Jan 2 2006") }

// SetClock sets the clock. What is measured in spans, the
// uptime and the time until a reload, does not change.
func (d *Device) SetClock(to time.Time, by string) {
	d.mu.Lock()
	from := d.Now()
	delta := to.Sub(from)
	d.clock.offset.Add(int64(delta))
	d.booted = d.booted.Add(delta)
	if d.reboot != nil {
		d.reboot.At = d.reboot.At.Add(delta)
	}
	d.mu.Unlock()
	d.report(ClockSet{from, to, by}) // the message itself still has the star, as captured
	d.clock.set.Store(true)
}
