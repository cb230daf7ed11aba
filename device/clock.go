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

// SetClock sets the clock on behalf of somebody. What is measured in spans, the
// uptime and the time until a reload, does not change.
func (d *Device) SetClock(to time.Time, by string) {
	from := d.Now()
	delta := to.Sub(from)
	d.mu.Lock()
	d.clock.offset.Add(int64(delta))
	d.booted = d.booted.Add(delta)
	if d.reboot != nil {
		d.reboot.At = d.reboot.At.Add(delta)
	}
	d.mu.Unlock()
	// The message itself still has the star, as captured.
	d.Log("SYS", 6, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from %s.", clockText(from), clockText(to), by)
	d.clock.set.Store(true)
}
