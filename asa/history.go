package asa

import (
	"fmt"
	"sync"
	"time"
)

// historyDays is how far login history looks back.
const historyDays = 90

// history is who has logged in, for the lines that follow a login. It is safe for
// concurrent use.
type history struct {
	mu    sync.Mutex
	began time.Time          // of the first event; guarded by mu
	users map[string]*visits // guarded by mu
}

// visits are those of one user.
type visits struct {
	perDay           map[int]int // logins, by days since history began
	last, lastFailed visit
	failed           int // since the last login
}

// visit is one login, or try.
type visit struct {
	at   time.Time
	from string
}

// String is how a login is told of: 23:41:56 UTC Jun 10 2022 from 10.0.0.28.
func (v visit) String() string { return v.at.Format("15:04:05 MST Jan 2 2006") + " from " + v.from }

func (h *history) of(user string, now time.Time) *visits {
	if h.users == nil {
		h.began, h.users = now, map[string]*visits{}
	}
	if h.users[user] == nil {
		h.users[user] = &visits{perDay: map[int]int{}}
	}
	return h.users[user]
}

// refused notes a wrong password.
func (h *history) refused(user string, v visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.of(user, v.at)
	u.failed++
	u.lastFailed = v
}

// admitted notes a login, and tells of those before (asa-ssh-scp 2).
func (h *history) admitted(user string, v visit) (logins, failures string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.of(user, v.at)
	day := int(v.at.Sub(h.began) / (24 * time.Hour))
	u.perDay[day]++
	total := 0
	for d, n := range u.perDay {
		if d <= day-historyDays {
			delete(u.perDay, d)
			continue
		}
		total += n
	}
	logins = fmt.Sprintf("Logins over the last %d days: %d.  ", min(day+1, historyDays), total)
	if u.last.from != "" {
		logins += "Last login: " + u.last.String()
	}
	failures = fmt.Sprintf("Failed logins since the last login: %d.  ", u.failed)
	if u.lastFailed.from != "" {
		failures += "Last failed login: " + u.lastFailed.String()
	}
	u.last, u.failed = v, 0
	return logins, failures
}
