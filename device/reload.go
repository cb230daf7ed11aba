package device

import (
	"time"
)

// Reboot is a scheduled reload.
type Reboot struct {
	At         time.Time
	By, Reason string
}

// reboot is one that waits for its time.
type reboot struct {
	Reboot
	cancel chan struct{}
}

// confirmTime is what typing and confirming `reload in` may take of the delay.
const confirmTime = 10 * time.Second

// warnings are how long before a reload the device warns of it (captured).
var warnings = []time.Duration{5 * time.Minute, time.Minute}

// Schedule makes the device reload later, instead of what was scheduled before.
func (d *Device) Schedule(r Reboot) {
	next := &reboot{r, make(chan struct{})}
	now := d.Now()
	d.reschedule(next)
	d.report(ReloadScheduled{r, now})
	d.spawn(func() { d.await(next, r.At.Sub(now)) })
}

// Unschedule forgets a scheduled reload; false says that there was none.
func (d *Device) Unschedule() bool { return d.reschedule(nil) }

// reschedule puts a reload in the place of another, and tells whether there was
// one.
func (d *Device) reschedule(next *reboot) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	old := d.reboot
	if old != nil {
		close(old.cancel)
	}
	d.reboot = next
	return old != nil
}

// Scheduled is the reload that is to come.
func (d *Device) Scheduled() (r Reboot, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reboot == nil {
		return Reboot{}, false
	}
	return d.reboot.Reboot, true
}

// await warns, and reloads when it is time. A reload in a minute is asked for
// and confirmed a little less than a minute before.
func (d *Device) await(r *reboot, left time.Duration) {
	for _, w := range warnings {
		if w > left+confirmTime {
			continue
		}
		if !d.pause(r, left-w) {
			return
		}
		left = min(left, w)
		d.Announce(d.System.ShutdownNotice(w))
	}
	if !d.pause(r, left) || !d.due(r) {
		return
	}
	d.Announce(d.System.ShutdownNotice(0))
	d.Reload(r.By, r.Reason)
}

// due takes a reload off the schedule unless that has changed meanwhile.
func (d *Device) due(r *reboot) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reboot != r {
		return false
	}
	d.reboot = nil
	return true
}

// pause waits; false says that the reload is off.
func (d *Device) pause(r *reboot, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.reboot == r
	case <-r.cancel:
	case <-d.ctx.Done():
	}
	return false
}

// Announce shows a text to everybody who is logged in.
func (d *Device) Announce(text string) {
	for _, s := range d.lines.Sessions() {
		s.Line.Message(text)
	}
}
