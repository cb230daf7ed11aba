package ios

import (
	"vtylab/aaa"
	"vtylab/ios/model"
)

// locks is `aaa local authentication attempts max-fail` under a configuration.
type locks struct {
	*System
	c *model.Config
}

// exempt is a user who is never locked out: one of level 15 (ios-cli C4).
func (l locks) exempt(u *aaa.User) bool { return l.c.AAA.MaxFail == 0 || u.Privilege == 15 }

// Locked reports whether a user is locked out.
func (l locks) Locked(u *aaa.User) bool { return !l.exempt(u) && l.lockouts.Locked(u.Name) }

// Passed forgets the failures of a user (from memory).
func (l locks) Passed(u *aaa.User) { l.lockouts.Forget(u.Name) }

// Failed counts a failure.
func (l locks) Failed(u *aaa.User) {
	known := func(name string) bool { return l.Load().Users.Has(name) }
	if !l.exempt(u) && l.lockouts.Fail(u.Name, l.c.AAA.MaxFail, l.device.Now(), known) {
		l.device.Log("AAA", 5, "USER_LOCKED", "User %s locked out on authentication failure", u.Name)
	}
}
