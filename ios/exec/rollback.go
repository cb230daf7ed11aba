package exec

import (
	"sync"
	"time"

	"vtylab/cli"
)

// Rollbacks are changes that wait to be confirmed: one at a time.
type Rollbacks struct {
	mu      sync.Mutex
	pending *rollback // guarded by mu
}

// rollback is a change that is taken back unless `configure confirm` comes in time.
type rollback struct {
	text, file, user string // the configuration before, where a copy is, who changed it
	since            time.Time
	minutes          int
}

// take ends the wait for a change, and returns it; nil is for none, or when only is
// another one.
func (r *Rollbacks) take(only *rollback) *rollback {
	r.mu.Lock()
	defer r.mu.Unlock()
	if only != nil && r.pending != only {
		return nil
	}
	x := r.pending
	r.pending = nil
	return x
}

// Forget ends the wait for a change that a reload has made void.
func (r *Rollbacks) Forget() { r.take(nil) }

func (r *Rollbacks) get() *rollback {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pending
}

func (r *Rollbacks) set(x *rollback) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = x
}

const nothingPending = "%No Rollback Confirmed Change pending"

// backUp saves the running configuration before a change that has to be confirmed. The
// messages of the log but the first are from memory.
func (s *Session) backUp(minutes int) bool {
	if archivePath(s) == "" {
		s.Println("%Please turn config archive on")
		return false
	}
	file, ok := makeArchive(s)
	if !ok {
		return false
	}
	s.Println("Rollback Confirmed Change: Backing up current running config to " + masked(file))
	s.Device.Log("ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_BACKUP", "Backing up current running config to %s", masked(file))
	s.await(&rollback{text: s.Device.RunningConfig(false), file: masked(file), user: s.who()}, minutes)
	return true
}

// who is the user of a session in messages of the archive.
func (s *Session) who() string {
	if s.User == "" {
		return "console"
	}
	return s.User
}

// await starts the timer of a change.
func (s *Session) await(x *rollback, minutes int) {
	d := s.Device
	next := *x
	next.since, next.minutes = d.Now(), minutes
	s.Rollbacks().set(&next)
	d.Log("ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_START_ABSTIMER", "User: %s(Priv: %d, View: 0): Scheduled to rollback to config %s in %d minutes", next.user, s.Privilege, next.file, minutes)
	rollbacks := s.Rollbacks()
	d.After(time.Duration(minutes)*time.Minute, func() {
		if rollbacks.get() == &next {
			d.Log("ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_ROLLBACK_START", "Start rolling to: %s", next.file)
			d.RunUnwatched("configure revert now", 0)
		}
	})
}

// configureRevertible is `configure terminal revert timer`.
func configureRevertible(s *Session, a cli.Args) error {
	minutes, _ := a.Int("minutes")
	if s.Quiet || !s.backUp(minutes) {
		return nil
	}
	return configureTerminal(s, a)
}

func configureConfirm(s *Session, _ cli.Args) error {
	if s.Rollbacks().take(nil) == nil {
		s.Println(nothingPending)
		return nil
	}
	s.Device.Log("ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_CONFIRM", "User: %s: Confirmed the configuration change", s.who())
	return nil
}

func configureRevertNow(s *Session, _ cli.Args) error {
	x := s.Rollbacks().take(nil)
	if x == nil {
		s.Println(nothingPending)
		return nil
	}
	s.Println("Rollback Confirmed Change: Rolling to: " + x.file)
	err := s.replace(x.text, x.file, false, false)
	if err != nil && s.Rollbacks().get() == nil {
		s.Rollbacks().set(x) // it is still wanted
	}
	return err
}

func configureRevertTimer(s *Session, a cli.Args) error {
	x := s.Rollbacks().get()
	if x == nil {
		s.Println(nothingPending)
		return nil
	}
	minutes, _ := a.Int("minutes")
	s.await(x, minutes)
	return nil
}

func showRollbackTimer(s *Session, _ cli.Args) error {
	x := s.Rollbacks().get()
	if x == nil {
		s.Println(nothingPending)
		return nil
	}
	s.Printf("Time configured(or reconfigured): %s\nTimer type: absolute timer\nTimer value: %d min\nUser: %s\n",
		s.Device.Local(x.since).Format("15:04:05 MST Mon Jan 2 2006"), x.minutes, x.user)
	return nil
}
