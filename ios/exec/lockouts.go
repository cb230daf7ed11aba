package exec

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"vtylab/cli"
)

// Lockouts are the failed logins of local users, and who is locked out for them: `aaa local
// authentication attempts max-fail`. It holds users of the database only. It may be used
// from any goroutine.
type Lockouts struct {
	mu    sync.Mutex
	users map[string]Lockout // by name; guarded by mu
}

// Lockout is what is held against one user.
type Lockout struct {
	Name   string
	Failed int
	Locked bool
	At     time.Time // when the user was locked out
}

// Fail counts a failure of a user, of whom so many lock out, and reports the one that does.
// Users that are not known any more are forgotten.
func (l *Lockouts) Fail(name string, most int, now time.Time, known func(name string) bool) (locked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for other := range l.users {
		if !known(other) {
			delete(l.users, other)
		}
	}
	u := l.users[name]
	u.Name = name
	u.Failed++
	if locked = !u.Locked && u.Failed >= most; locked {
		u.Locked, u.At = true, now
	}
	if l.users == nil {
		l.users = map[string]Lockout{}
	}
	l.users[name] = u
	return locked
}

// Forget forgets the failures of a user who has logged in, unless the user is locked out.
func (l *Lockouts) Forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.users[name].Locked {
		delete(l.users, name)
	}
}

// Locked reports whether a user is locked out.
func (l *Lockouts) Locked(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.users[name].Locked
}

// Unlock forgets all that is held against a user; it reports whether the user was locked
// out.
func (l *Lockouts) Unlock(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	locked := l.users[name].Locked
	delete(l.users, name)
	return locked
}

// All are those whom something is held against, by name.
func (l *Lockouts) All() []Lockout {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Lockout
	for _, u := range l.users {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b Lockout) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Restart forgets everything, as a boot does.
func (l *Lockouts) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users = nil
}

// The help of these is from memory.
var lockoutCommands = []Command{
	{Syntax: `show "Show running system information" aaa "Show AAA values" local "Show AAA local method options" user "Show AAA local user options" lockout "Show locked out users"`,
		Level: 15, Filter: true, Run: showLockouts},
	{Syntax: `clear "Reset functions" aaa "Clear AAA values" local "Clear AAA local method options" user "Clear AAA local user options" lockout "Clear the lockout"
		{username "Clear that of one user" WORD$user "User name" | all "Clear that of all users"}`, Level: 15, Run: clearLockouts},
	{Syntax: `clear aaa local user fail-attempts "Clear the failed attempts" {username "Clear those of one user" WORD$user "User name" | all "Clear those of all users"}`,
		Level: 15, Run: clearFailures},
}

// showLockouts prints the locked users (ios-cli C4).
func showLockouts(s *Session, _ cli.Args) error {
	s.Println("        Local-user          Lock time")
	for _, u := range s.Lockouts().All() {
		if u.Locked {
			s.Printf("        %-19s %s\n", u.Name, s.Device.Stamp(u.At))
		}
	}
	return nil
}

// clearLockouts unlocks users; the text of the message is from memory.
func clearLockouts(s *Session, a cli.Args) error {
	for _, u := range s.meant(a) {
		if u.Locked && s.Lockouts().Unlock(u.Name) {
			s.Device.Log("AAA", 5, "USER_UNLOCKED", "User %s unlocked by %s", u.Name, s.Name())
		}
	}
	return nil
}

func clearFailures(s *Session, a cli.Args) error {
	for _, u := range s.meant(a) {
		s.Lockouts().Forget(u.Name)
	}
	return nil
}

// meant are the users that a command names.
func (s *Session) meant(a cli.Args) []Lockout {
	all := s.Lockouts().All()
	if name := a.Get("user"); name != "" {
		all = slices.DeleteFunc(all, func(u Lockout) bool { return u.Name != name })
	}
	return all
}
