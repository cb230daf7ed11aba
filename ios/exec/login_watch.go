package exec

import (
	"slices"
	"sync"
	"time"

	"vtylab/ios/model"
)

// maxLoginFailures is how many rows `show login failures` has (ios-cli C4).
const maxLoginFailures = 50

// LoginFailure are the refused logins of one user, from one address to one port.
type LoginFailure struct {
	User, Source string
	Port         int // of the device: 22, 23
	Count        int
	Last         time.Time
}

// LoginWatch counts refused logins over the network, and knows when the device is in the
// quiet mode of `login block-for`. Times are spans since boot, so that `clock set` moves
// nothing. The zero value has counted nothing. It may be used from any goroutine.
type LoginWatch struct {
	mu       sync.Mutex
	failures []LoginFailure // at most maxLoginFailures, oldest first; guarded by mu, like all below
	total    int
	watch    failureWindow // of `login block-for`
	rate     failureWindow // of `security authentication failure rate`
	quiet    time.Duration // end of quiet mode, 0 outside it
	slow     time.Duration // until then refusals take longer
	logged   struct{ success, failure int }
}

// failureWindow counts failures in windows of fixed length that begin at boot.
type failureWindow struct {
	length time.Duration
	number int64
	count  int
}

// add counts a failure and returns how many the window has.
func (w *failureWindow) add(at, length time.Duration) int {
	w.count = w.in(at, length) + 1
	w.length, w.number = length, int64(at/length)
	return w.count
}

// in is how many failures the window has that `at` falls into.
func (w *failureWindow) in(at, length time.Duration) int {
	if w.length != length || w.number != int64(at/length) {
		return 0
	}
	return w.count
}

// QuietMode is the start of quiet mode: Left of the watch window, and when it Ends.
type QuietMode struct{ Left, Ends time.Duration }

// Refused counts a refused login at a time since boot. It returns quiet mode when the
// failure is the one that starts it, else nil.
func (w *LoginWatch) Refused(f LoginFailure, rule model.LoginProtection, at time.Duration) *QuietMode {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.total++
	w.remember(f)
	if rule.BlockFor == 0 || w.left(rule, at) > 0 {
		return nil
	}
	length := ofSeconds(rule.Within)
	if w.watch.add(at, length) < rule.Attempts {
		return nil
	}
	w.watch = failureWindow{}
	w.quiet = at + ofSeconds(rule.BlockFor)
	return &QuietMode{length - at%length, w.quiet}
}

// remember adds a failure to the row it belongs to, or drops the oldest row for it.
func (w *LoginWatch) remember(f LoginFailure) {
	i := slices.IndexFunc(w.failures, func(o LoginFailure) bool {
		return o.User == f.User && o.Source == f.Source && o.Port == f.Port
	})
	if i >= 0 {
		f.Count = w.failures[i].Count
		w.failures = slices.Delete(w.failures, i, i+1)
	} else if len(w.failures) == maxLoginFailures {
		w.failures = slices.Delete(w.failures, 0, 1)
	}
	f.Count++
	w.failures = append(w.failures, f)
}

// Quiet is how long quiet mode still lasts, 0 outside it.
func (w *LoginWatch) Quiet(rule model.LoginProtection, at time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left(rule, at)
}

// left is Quiet with mu held. `no login block-for` ends quiet mode.
func (w *LoginWatch) left(rule model.LoginProtection, at time.Duration) time.Duration {
	if rule.BlockFor == 0 {
		w.quiet = 0
	}
	return max(0, w.quiet-at)
}

// Over ends the quiet mode that was to end then. It reports false for one that has ended
// before.
func (w *LoginWatch) Over(ends time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quiet != ends {
		return false
	}
	w.quiet = 0
	return true
}

// rateWindow is what a failure rate counts in (message TOOMANY_AUTHFAILS: "in the last one
// minute").
const rateWindow = time.Minute

// rateDelay is how long refusals wait once the rate is reached (Cisco IOS Security Command
// Reference).
const rateDelay = 15 * time.Second

// Exceeds counts a failure against `security authentication failure rate`, in a minute. It
// reports the one that reaches it; counting begins anew then.
func (w *LoginWatch) Exceeds(rate int, at time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if rate == 0 || w.rate.add(at, rateWindow) < rate {
		return false
	}
	w.rate = failureWindow{}
	w.slow = at + rateDelay
	return true
}

// Pause is how long a refusal at this time takes.
func (w *LoginWatch) Pause(rule model.LoginProtection, at time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(ofSeconds(rule.Pause()), w.slow-at)
}

// LogsSuccess and LogsFailure report whether a login is logged: each one, or one of every
// so many. Every 0: none.
func (w *LoginWatch) LogsSuccess(every int) bool { return w.nth(&w.logged.success, every) }

// LogsFailure is LogsSuccess for refused logins.
func (w *LoginWatch) LogsFailure(every int) bool { return w.nth(&w.logged.failure, every) }

func (w *LoginWatch) nth(n *int, every int) bool {
	if every == 0 {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	*n++
	if *n < every {
		return false
	}
	*n = 0
	return true
}

// Failures are the last refused logins, oldest first, and how many there were.
func (w *LoginWatch) Failures() (last []LoginFailure, total int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.failures), w.total
}

// InWindow is how many logins were refused in the watch window, and how much is left of it.
func (w *LoginWatch) InWindow(rule model.LoginProtection, at time.Duration) (count int, left time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	length := ofSeconds(rule.Within)
	return w.watch.in(at, length), length - at%length
}

// Restart forgets everything, as a boot does.
func (w *LoginWatch) Restart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures, w.total, w.watch, w.rate, w.quiet, w.slow = nil, 0, failureWindow{}, failureWindow{}, 0, 0
	w.logged.success, w.logged.failure = 0, 0
}

// ofSeconds is so many seconds.
func ofSeconds(n int) time.Duration { return time.Duration(n) * time.Second }
