package ios

import (
	"fmt"
	"slices"
	"time"

	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/syslog"
	"vtylab/tty"
)

// quietList is the access list of quiet mode where none is configured; it denies everybody
// (ios-cli C4).
const quietList = "sl_def_acl"

// quiet refuses a connection in quiet mode, nil outside it and for who its access list
// lets in.
func (s *System) quiet(c *model.Config, f network.Flow) *network.Verdict {
	l := c.Login
	if s.logins.Quiet(l, s.device.Moment().Uptime) == 0 {
		return nil
	}
	line := fmt.Sprintf("login block-for %d attempts %d within %d", l.BlockFor, l.Attempts, l.Within)
	if l.QuietList != "" {
		permit, entry := c.Permits(l.QuietList, f)
		if permit {
			return nil
		}
		line = entry
	}
	return refusal("quiet mode", line)
}

// loggedIn words a login for `login on-success log`.
func (s *System) loggedIn(e device.LoggedIn) []syslog.Message {
	d := s.device
	if !s.logins.LogsSuccess(s.Load().Login.LogSuccess) {
		return nil
	}
	return message("SEC_LOGIN", 5, "LOGIN_SUCCESS", "Login Success [user: %s] [Source: %s] [localport: %d] at %s", e.User, e.Line.Peer(), e.Port, d.Stamp(d.Now()))
}

// loginRefused counts a refused login and words what follows from it.
func (s *System) loginRefused(e device.LoginRefused) []syslog.Message {
	c, d := s.Load(), s.device
	at := d.Moment().Uptime
	slowed := s.rateReached(c, e, at)
	if e.Line.Kind == tty.Console {
		return slowed
	}
	where := fmt.Sprintf("[user: %s] [Source: %s] [localport: %d] [Reason: Login Authentication Failed]", e.User, e.Line.Peer(), e.Port)
	var all []syslog.Message
	if s.logins.LogsFailure(c.Login.LogFailure) {
		all = message("SEC_LOGIN", 4, "LOGIN_FAILED", "Login failed %s at %s", where, d.Stamp(d.Now()))
	}
	f := exec.LoginFailure{User: e.User, Source: e.Line.Peer(), Port: e.Port, Last: d.Now()}
	if q := s.logins.Refused(f, c.Login, at); q != nil {
		d.After(q.Ends-at, func() { s.quietOver(q.Ends) })
		list := c.Login.QuietList
		if list == "" {
			list = quietList
		}
		all = slices.Concat(all, message("SEC_LOGIN", 1, "QUIET_MODE_ON", "Still timeleft for watching failures is %d secs, %s [ACL: %s] at %s",
			int(q.Left.Seconds()), where, list, d.Stamp(d.Now())))
	}
	return slices.Concat(all, slowed)
}

// rateReached counts a refused login for `security authentication failure rate`; the text
// of its message is from memory.
func (s *System) rateReached(c *model.Config, e device.LoginRefused, at time.Duration) []syslog.Message {
	if !s.logins.Exceeds(c.Security.FailureRate, at) || !c.Security.FailureLog {
		return nil
	}
	return message("LOGIN", 3, "TOOMANY_AUTHFAILS", "Too many Login Authentication failures have occurred in the last one minute on the line %d.", e.Line.TTY)
}

// quietOver ends a quiet mode; the text of its message is from memory.
func (s *System) quietOver(ends time.Duration) {
	if d := s.device; s.logins.Over(ends) {
		d.Log("SEC_LOGIN", 5, "QUIET_MODE_OFF", "Quiet Mode is OFF, because block period timed out at %s", d.Stamp(d.Now()))
	}
}

// LoginPause is `login delay`, and what `security authentication failure rate` adds.
func (s *System) LoginPause() time.Duration {
	return s.logins.Pause(s.Load().Login, s.device.Moment().Uptime)
}
