package aaa

import (
	"context"
	"strconv"
)

// local is the user database, whatever the case of the name.
var local = &Method{Name: "local", AsksUser: true, AsksPassword: true,
	Authenticate:  func(ctx context.Context, d *Dialogue) Verdict { return d.database(ctx, false) },
	AuthorizeExec: authorizeLocal, AuthorizeCommand: localCommand,
}

// localCase is the user database, to the letter.
var localCase = &Method{Name: "local-case", AsksUser: true, AsksPassword: true,
	Authenticate:  func(ctx context.Context, d *Dialogue) Verdict { return d.database(ctx, true) },
	AuthorizeExec: undecided(ReasonUnsupported),
}

// database compares with the user's own password and no other: whoever carries the
// refusal to the user hides how long that took. An unknown user is Error, and the
// list continues. One who is locked out cannot tell that from a wrong password.
func (d *Dialogue) database(ctx context.Context, exact bool) Verdict {
	typed, err := d.Password(ctx)
	if err != nil {
		return ended(err)
	}
	u, known := d.user(d.Request.User, exact)
	switch {
	case !known:
		return Verdict{Result: Error, Reason: ReasonUnknownUser}
	case !u.NoPassword && !d.verify(u.Secret, typed):
		if locks := d.Settings.Locks; locks != nil && !locks.Locked(&u) {
			locks.Failed(&u)
		}
		return Verdict{Result: Fail, Reason: ReasonWrongPassword, Account: &u}
	case d.locked(&u):
		return Verdict{Result: Fail, Reason: ReasonLocked, Account: &u}
	}
	if d.Settings.Locks != nil {
		d.Settings.Locks.Passed(&u)
	}
	return Verdict{Result: Pass, Account: &u}
}

// locked reports whether a user is locked out.
func (d *Dialogue) locked(u *User) bool { return d.Settings.Locks != nil && d.Settings.Locks.Locked(u) }

// localCommand lets a user of the database: the level of the session has let the command
// already.
func localCommand(_ context.Context, d *Dialogue) Verdict {
	if d.find(d.Request.User) == nil {
		return Verdict{Result: Error, Reason: ReasonUnknownUser}
	}
	return Verdict{Result: Pass}
}

// authorizeLocal takes level, autocommand and view from the entry that authentication has
// found, which may be gone by now; a level that was never set leaves the line's.
func authorizeLocal(_ context.Context, d *Dialogue) Verdict {
	u := d.Request.Account
	if u == nil {
		if u = d.find(d.Request.User); u == nil {
			return Verdict{Result: Error, Reason: ReasonUnknownUser}
		}
	}
	level := ""
	if u.Privilege != 1 {
		level = strconv.Itoa(u.Privilege)
	}
	v := Verdict{Result: Pass, Account: u, Attributes: execAttributes(level, u.AutoCommand)}
	if u.View != "" {
		v.Attributes = append(v.Attributes, Attribute{Name: CLIView, Value: u.View})
	}
	return v
}
