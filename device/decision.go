package device

import (
	"cmp"
	"strconv"
	"sync"
	"time"
)

// Decision is why a login, a connection, a command or a copy was let in or
// refused, and which line of the configuration decided.
type Decision struct {
	At      time.Time
	Subject string // "login", "connection", "ping", "exec authorization", "copy"
	Who     string // user, "" where none is known: what was typed may be a password
	From    string // address of the peer, "" for the console
	To      string // where the device's own connection was to lead, "" for what came to it
	Refused bool
	Reason  string // "access-class 10", "wrong password"
	Line    string // the configuration line that decided, "" where there is none
}

// String is the decision as the operator reads it: refused 10.0.0.5: access-class
// 10, "access-list 10 deny any".
func (x Decision) String() string {
	verb := "let in"
	if x.Refused {
		verb = "refused"
	}
	peer := cmp.Or(x.From, "console")
	if x.To != "" {
		peer = x.Subject + " to " + x.To
	}
	text := verb + " " + peer + ": " + cmp.Or(x.Reason, x.Subject)
	if x.Who != "" {
		text += ", user " + x.Who
	}
	if x.Line != "" {
		text += ", " + strconv.Quote(x.Line)
	}
	return text
}

// maxDecisions bounds what a device remembers.
const maxDecisions = 64

// Decisions are the last ones of a device. It is safe for concurrent use.
type Decisions struct {
	mu   sync.Mutex
	ring []Decision // guarded by mu, like all below
	next int

	second  int64 // in which told counts
	told    int
	skipped int
}

// maxTold bounds what the operator is told of in one second: a connection that is
// refused costs a stranger nothing.
const maxTold = 20

// tell reports whether there is room for one more, and how many were skipped since
// there was none.
func (r *Decisions) tell(at time.Time) (skipped int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at.Unix() != r.second {
		r.second, r.told = at.Unix(), 0
	}
	if r.told == maxTold {
		r.skipped++
		return 0, false
	}
	r.told++
	skipped, r.skipped = r.skipped, 0
	return skipped, true
}

// All returns the decisions that are remembered, oldest first.
func (r *Decisions) All() []Decision {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]Decision(nil), r.ring[r.next:]...), r.ring[:r.next]...)
}

func (r *Decisions) add(x Decision) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ring) < maxDecisions {
		r.ring = append(r.ring, x)
		return
	}
	r.ring[r.next] = x
	r.next = (r.next + 1) % maxDecisions
}

// decide records a decision and shows the operator those that refuse.
func (d *Device) decide(x Decision) {
	x.At = d.Now()
	d.Decisions.add(x)
	if !x.Refused {
		d.log.Debug(x)
		return
	}
	skipped, ok := d.Decisions.tell(d.Steady())
	if skipped > 0 {
		d.log.Infof("refused %d times more", skipped)
	}
	if ok {
		d.log.Info(x)
	}
}
