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
func (d *Device) Now() time.Time { return d.steady().Add(time.Duration(d.clock.offset.Load())) }

// steady is a clock that nobody sets, to measure spans with.
func (d *Device) steady() time.Time { return d.options.Now() }

// ClockMark says how far the clock can be trusted.
func (d *Device) ClockMark() syslog.Mark {
	if d.clock.set.Load() {
		return syslog.Synchronized
	}
	return syslog.NeverSet
}

// Local is a time in the zone of `clock timezone`.
func (d *Device) Local(t time.Time) time.Time { return t.In(d.Config().Clock.Location()) }

// Stamp writes a time out: 09:17:32 UTC Sun Sep 13 2026.
func (d *Device) Stamp(t time.Time) string { return d.Local(t).Format("15:04:05 MST Mon Jan 2 2006") }

// TimeSource says where the time comes from; that a clock set by hand is told
// this way is from memory.
func TimeSource(m syslog.Moment) string {
	if m.Mark == syslog.NeverSet {
		return "No time source"
	}
	return "Time source is user configuration"
}

// SetClock sets the clock on behalf of somebody. What is measured in spans, the
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
	// The message itself still has the star, as captured.
	d.Log("SYS", 6, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from %s.", d.Stamp(from), d.Stamp(to), by)
	d.clock.set.Store(true)
}
