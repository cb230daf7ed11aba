package aaa

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What is accounted, as `aaa accounting` names it.
const (
	AccountExec       = "exec"
	AccountCommands   = "commands"
	AccountConnection = "connection"
	AccountSystem     = "system"
)

// Accounting is one list of `aaa accounting`. The zero value records nothing.
type Accounting struct {
	Of, Name  string
	Start     bool // a record at the beginning too
	Wait      bool // who begins waits until a server has that
	Broadcast bool // to a server of each group, not of the first that answers
	Groups    []string
}

// Stage is when in an activity a record is made.
type Stage int

// The stages.
const (
	Begun Stage = iota
	Ended
	Going
)

func (s Stage) String() string { return [...]string{"START", "STOP", "WATCHDOG"}[s] }

// Cause is why a session has ended, in the numbers of RADIUS (RFC 2866 section 5.10).
type Cause int

// The causes.
const (
	UserRequest    Cause = 1
	LostCarrier    Cause = 2
	IdleTimeout    Cause = 4
	SessionTimeout Cause = 5
	AdminReset     Cause = 6
)

// Record is one record.
type Record struct {
	List    Accounting
	Stage   Stage
	Request *Request
	Task    uint32
	Begun   time.Time
	Elapsed time.Duration // of Ended and Going
	Cause   Cause         // of Ended, 0 where there is none
	// Details are what the kind of activity has besides: name=value.
	Details []string
}

// recordBacklog is how many records wait to be sent; more are lost.
const recordBacklog = 256

// recorder sends records in the order in which they were made.
type recorder struct {
	tasks   atomic.Uint32
	mu      sync.Mutex
	queue   []Record // guarded by mu, like sending
	sending bool
}

// Activity is what lasts, and is recorded at its beginning and its end.
type Activity struct {
	service *Service
	record  Record
	began   time.Time // by the clock that nobody sets

	mu    sync.Mutex
	over  bool        // guarded by mu, like timer
	timer *time.Timer // of the records in between
}

// Begin records that something begins, and returns what records its end; nil where the
// list records nothing. It blocks only where the list waits: until a server has the
// record or none answers, or ctx ends.
func (s *Service) Begin(ctx context.Context, list Accounting, r *Request, details ...string) *Activity {
	if len(list.Groups) == 0 {
		return nil
	}
	a := &Activity{service: s, began: time.Now(),
		record: Record{List: list, Request: r, Task: s.records.tasks.Add(1), Begun: s.outside.now(), Details: details}}
	switch {
	case list.Wait:
		s.trace(Recorded{Record: &a.record})
		s.send(ctx, a.record)
	case list.Start:
		s.queue(a.record)
	}
	if every := s.settings.Load().Update; every > 0 && list.Start {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.timer = time.AfterFunc(every, func() { a.going(every) })
	}
	return a
}

// going records that it is not over yet, and will again.
func (a *Activity) going(every time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return
	}
	a.service.queue(a.at(Going, 0, nil))
	a.timer.Reset(every)
}

func (a *Activity) at(stage Stage, why Cause, details []string) Record {
	r := a.record
	r.Stage, r.Cause, r.Elapsed = stage, why, time.Since(a.began)
	r.Details = append(r.Details[:len(r.Details):len(r.Details)], details...)
	return r
}

// End records the end, for a cause, with details of it. A nil Activity, and one that has
// ended, record nothing.
func (a *Activity) End(why Cause, details ...string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return
	}
	a.over = true
	if a.timer != nil {
		a.timer.Stop()
	}
	a.service.queue(a.at(Ended, why, details))
}

// AccountFailure records a login that has failed, by its end alone.
func (s *Service) AccountFailure(list Accounting, r *Request) {
	if len(list.Groups) == 0 {
		return
	}
	s.queue(Record{List: list, Stage: Ended, Request: r, Task: s.records.tasks.Add(1), Begun: s.outside.now()})
}

// AccountCommand records a command that was given: there is one record, at its end.
func (s *Service) AccountCommand(list Accounting, r *Request) {
	if len(list.Groups) == 0 {
		return
	}
	s.queue(Record{List: list, Stage: Ended, Request: r, Task: s.records.tasks.Add(1), Begun: s.outside.now(),
		Details: []string{"priv-lvl=" + strconv.Itoa(r.Command.Level), "cmd=" + strings.Join(append(r.Command.Words[:len(r.Command.Words):len(r.Command.Words)], "<cr>"), " ")}})
}

// AccountSystem records what happens to the device itself: nobody's, and from nowhere.
func (s *Service) AccountSystem(list Accounting, stage Stage, reason string) {
	if len(list.Groups) == 0 {
		return
	}
	s.queue(Record{List: list, Stage: stage, Request: &Request{}, Task: s.records.tasks.Add(1), Begun: s.outside.now(),
		Details: []string{"event=sys_acct", "reason=" + reason}})
}

func (o *Outside) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

// queue has a record sent, by one goroutine of the device while there are any.
func (s *Service) queue(r Record) {
	s.trace(Recorded{Record: &r})
	q := &s.records
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) >= recordBacklog || s.outside.Go == nil {
		return
	}
	q.queue = append(q.queue, r)
	if !q.sending {
		q.sending = s.outside.Go(s.sendAll)
	}
}

func (s *Service) sendAll() {
	q := &s.records
	for {
		q.mu.Lock()
		if len(q.queue) == 0 {
			q.queue, q.sending = nil, false
			q.mu.Unlock()
			return
		}
		r := q.queue[0]
		q.queue = q.queue[1:]
		q.mu.Unlock()
		s.send(context.Background(), r) // Close of the service ends it
	}
}

// send sends a record to the first group of which a server takes it, or to all of them.
func (s *Service) send(ctx context.Context, r Record) {
	result := Error
	for _, name := range r.List.Groups {
		if s.sendTo(ctx, name, &r) == Pass {
			result = Pass
			if !r.List.Broadcast {
				break
			}
		}
	}
	s.trace(Recorded{Record: &r, Done: true, Result: result})
}

func (s *Service) sendTo(ctx context.Context, name string, r *Record) Result {
	d := s.dialogue(r.Request, nil)
	d.Ref = MethodRef{Name: group.Name, Group: name}
	p, g := d.group()
	if p == nil || p.account == nil {
		return Error
	}
	return p.account(ctx, d, g, r).Result
}
