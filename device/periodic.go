package device

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// Periodic is a command that a device runs by itself, from a configuration
// (`time-period` of `archive`).
type Periodic struct {
	Every   time.Duration // 0 is never
	Command string
}

// periodicService runs it: for the first time when Every has passed since it was
// configured or the device has booted.
type periodicService struct {
	d *Device

	mu    sync.Mutex
	what  Periodic // guarded by mu
	times int      // how often it has changed; guarded by mu
}

func (*periodicService) Retrace() {}

// Restart forgets what was before a boot.
func (v *periodicService) Restart() { v.follow(Periodic{}) }

// Apply follows the configuration.
func (v *periodicService) Apply(s *Settings) error {
	v.follow(s.Periodic)
	return nil
}

func (v *periodicService) follow(what Periodic) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if what != v.what {
		v.what = what
		v.times++
		v.schedule()
	}
}

// schedule waits for the next run. It is called with mu held.
func (v *periodicService) schedule() {
	if v.what.Every == 0 {
		return
	}
	what, times := v.what, v.times
	v.d.after(what.Every, func() {
		v.mu.Lock()
		due := v.times == times
		if due {
			v.schedule()
		}
		v.mu.Unlock()
		if due {
			v.d.RunUnwatched(what.Command, what.Every)
		}
	})
}

// RunUnwatched is Run for a command whose output is not shown: the operator reads its
// complaint. It is given up after a limit, unless that is 0.
func (d *Device) RunUnwatched(command string, limit time.Duration) {
	ctx := d.ctx
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	printed, err := d.Run(ctx, command)
	for line := range strings.Lines(printed) {
		if err == nil && strings.HasPrefix(line, "%") {
			err = errors.New(strings.TrimSpace(line))
		}
	}
	if err != nil && d.ctx.Err() == nil {
		d.Problem(command, err)
	}
}
