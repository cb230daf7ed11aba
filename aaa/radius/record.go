package radius

import "time"

// Criteria say when a server is dead: so many tries in a row without an answer, and so
// much time since the first of them ended (aaa-snmp B3). 0 is 10 of them, and 10 s.
//
// Cisco's documents count the time from the last answer; what was measured, logins of
// 6.4, 3.3 and 0.3 s with 5 s and one try, needs the time to begin with the first
// timeout.
type Criteria struct {
	Time  time.Duration
	Tries int
}

// Defaults of Criteria, as `show aaa dead-criteria` shows them (aaa-snmp B3).
const (
	defaultDetect = 10 * time.Second
	defaultTries  = 10
)

// Counters are those of `show aaa servers` for one use of a server.
type Counters struct {
	Requests          int // sent, each try
	Timeouts          int // tries without an answer
	Retransmissions   int
	Failovers         int // requests that went on to the next server
	Successes         int // requests with an answer, whatever it says
	Failures          int // requests without
	Accepts           int
	Rejects           int
	Challenges        int
	Starts            int // records by their Acct-Status-Type, and their answers
	Interims          int
	Stops             int
	StartReplies      int
	InterimReplies    int
	StopReplies       int
	Unexpected        int
	Malformed         int
	BadAuthenticators int
	Outstanding       int           // requests that wait for this server now
	Time              time.Duration // from a try to its answer, on average
}

// Stats are the state and counters of a server.
type Stats struct {
	Server Endpoint
	Dead   bool
	// Since is how long the state lasts, Previous how long the one before did, 0 without
	// one.
	Since, Previous time.Duration
	// DeadTime is how long the server was dead in all, DeadCount how often it became so.
	DeadTime  time.Duration
	DeadCount int

	Authen, Author, Account Counters
}

// Use is what a request is for: it chooses the counters.
type Use int

// The uses. An Accounting-Request is always for Account.
const (
	Authen Use = iota
	Author
	Account
)

// record is what a client knows of a server. Client.mu guards it.
type record struct {
	server Endpoint
	uses   [3]tally

	missed int       // tries in a row without an answer
	first  time.Time // when the first of them ended

	dead      bool
	until     time.Time // when a dead one is asked again
	changed   time.Time // when the state began
	previous  time.Duration
	deadTime  time.Duration
	deadCount int
	wake      *time.Timer // revives a dead one
}

// tally is Counters with what its averages are made of.
type tally struct {
	Counters
	answered time.Duration
	answers  int
}

// miss counts a try without an answer, and reports whether that makes the server dead.
func (r *record) miss(c Criteria, now time.Time) bool {
	if r.missed++; r.missed == 1 {
		r.first = now
	}
	detect, tries := c.Time, c.Tries
	if detect == 0 {
		detect = defaultDetect
	}
	if tries == 0 {
		tries = defaultTries
	}
	return !r.dead && r.missed >= tries && now.Sub(r.first) >= detect
}

// die makes the server dead for a time.
func (r *record) die(now time.Time, deadtime time.Duration) {
	r.turn(true, now)
	r.deadCount++
	r.until = now.Add(deadtime)
}

// revive makes a dead server alive, at its time if that has passed.
func (r *record) revive(now time.Time) {
	r.turn(false, now)
	r.missed = 0
}

func (r *record) turn(dead bool, now time.Time) {
	r.previous = now.Sub(r.changed)
	if r.dead {
		r.deadTime += r.previous
	}
	r.dead, r.changed = dead, now
}

// stats is what is known at a time.
func (r *record) stats(now time.Time) Stats {
	s := Stats{Server: r.server, Dead: r.dead, Since: now.Sub(r.changed), Previous: r.previous, DeadTime: r.deadTime, DeadCount: r.deadCount,
		Authen: r.uses[Authen].counters(), Author: r.uses[Author].counters(), Account: r.uses[Account].counters()}
	if r.dead {
		s.DeadTime += s.Since
	}
	return s
}

func (t *tally) counters() Counters {
	c := t.Counters
	if t.answers > 0 {
		c.Time = t.answered / time.Duration(t.answers)
	}
	return c
}

// answer counts the reply to a request.
func (t *tally) answer(q *pending, code Code, took time.Duration) {
	t.Successes++
	t.answers++
	t.answered += took
	switch code {
	case AccessAccept:
		t.Accepts++
	case AccessReject:
		t.Rejects++
	case AccessChallenge:
		t.Challenges++
	case AccountingResponse:
		count(q.request, &t.StartReplies, &t.InterimReplies, &t.StopReplies)
	}
}

// count adds one to the counter of a record's kind.
func count(q *Request, starts, interims, stops *int) {
	switch kind, _ := q.Attributes.Number(AcctStatusType); kind {
	case AcctStart:
		*starts++
	case AcctInterim:
		*interims++
	case AcctStop:
		*stops++
	}
}
