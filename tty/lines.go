package tty

import (
	"cmp"
	"io"
	"slices"
	"sync"
)

// Line is a terminal line: con 0, vty 0…. It lives as long as the device; its
// settings are looked up when they matter.
type Line struct {
	Kind   Kind
	Number int
	TTY    int // absolute number

	host   Host
	lines  *Lines // nil for a line without a place
	screen *Screen

	mu       sync.Mutex
	reserved bool     // taken by a connection that has not logged in yet; guarded by mu
	session  *Session // guarded by mu
	peer     string   // guarded by mu
	uses     int      // guarded by mu
	cleared  bool     // by Clear; guarded by mu
	hangup   func()   // ends the connection on the line; guarded by mu
	broken   func()   // told of a break; guarded by mu
	early    []string // messages from before there was a screen; guarded by mu
}

// Detached is a line that belongs to no device's list, for a session without
// a user. What is printed there goes to w.
func Detached(h Host, w io.Writer) *Line { return (&Line{host: h}).Attach(w) }

// Settings are the line's part of the current configuration: a snapshot that must
// not be modified.
func (l *Line) Settings() *Settings { return l.host.LineSettings(l.Kind, l.Number) }

// Session is the one on the line, nil for none.
func (l *Line) Session() *Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// Busy reports whether the line is taken, by a session or by a connection that
// is still logging in.
func (l *Line) Busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reserved
}

// Peer is the address of the remote user, "" on the console.
func (l *Line) Peer() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peer
}

// Uses counts the connections the line has had.
func (l *Line) Uses() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.uses
}

// Clear ends what runs on the line.
func (l *Line) Clear() {
	l.mu.Lock()
	hangup := l.hangup
	l.cleared = true
	l.mu.Unlock()
	if hangup != nil {
		hangup()
	}
}

// Cleared reports whether the line was cleared since a terminal was attached.
func (l *Line) Cleared() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cleared
}

// OnClear says how to end what runs on the line.
func (l *Line) OnClear(hangup func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hangup = hangup
}

// OnBreak says what a break on the line is told: what is plugged in at its other end.
// Nil is nothing.
func (l *Line) OnBreak(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = f
}

// Break sends a break to what is plugged into the line.
func (l *Line) Break() {
	l.mu.Lock()
	broken := l.broken
	l.mu.Unlock()
	if broken != nil {
		broken()
	}
}

// Attach gives the line a screen on a terminal, where log messages go too.
func (l *Line) Attach(w io.Writer) *Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.screen, l.cleared = newScreen(w, l.host.Go), false
	return l
}

// Screen is the output of the line, nil while it has no terminal.
func (l *Line) Screen() *Screen {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.screen
}

// Seat makes a session the one on the line; nil makes the line empty.
func (l *Line) Seat(s *Session) {
	l.mu.Lock()
	l.session = s
	l.mu.Unlock()
	if l.lines != nil {
		l.lines.seated(l, s)
	}
}

// Take reserves the line for a connection from peer, if it is free.
func (l *Line) Take(peer string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reserved {
		return false
	}
	l.reserved, l.peer = true, peer
	l.uses++
	return true
}

// Release frees the line.
func (l *Line) Release() {
	l.Seat(nil)
	l.mu.Lock()
	l.reserved, l.peer, l.hangup, l.screen = false, "", nil, nil
	l.mu.Unlock()
	if l.lines != nil {
		l.lines.freed(l)
	}
}

// Message shows a log line on the line's screen. Without one it is kept, up to
// maxEarly, for TakeEarly.
func (l *Line) Message(text string) {
	l.mu.Lock()
	screen := l.screen
	if screen == nil && len(l.early) < maxEarly {
		l.early = append(l.early, text)
	}
	l.mu.Unlock()
	if screen != nil {
		screen.Message(text)
	}
}

// maxEarly bounds the messages of a boot that wait for a session on the console.
const maxEarly = 100

// TakeEarly returns the messages from before the line had a screen.
func (l *Line) TakeEarly() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	early := l.early
	l.early = nil
	return early
}

// Flush shows the messages that wait for the line's next prompt.
func (l *Line) Flush() {
	if screen := l.Screen(); screen != nil {
		screen.flush()
	}
}

// Monitors reports whether the line's session wants log messages, and how many
// it was shown.
func (l *Line) Monitors() (shown int, on bool) {
	s := l.Session()
	if s == nil {
		return 0, false
	}
	return int(s.monitored.Load()), s.monitor.Load()
}

// Lines is the set of lines of a device. What is done for every login or message
// does not depend on how many lines there are.
type Lines struct {
	host Host

	mu     sync.Mutex
	ranges []Range
	all    []*Line    // by kind and number; replaced, never edited in place; guarded by mu
	seats  []*Session // in no order; guarded by mu
}

// NewLines returns a set without lines.
func NewLines(h Host) *Lines { return &Lines{host: h} }

// compare is the order of lines.
func compare(l *Line, id lineID) int {
	return cmp.Or(int(l.Kind-id.kind), l.Number-id.number)
}

type lineID struct {
	kind   Kind
	number int
}

// Apply makes the lines match a configuration: new ones appear, removed ones go
// once they are free. Ranges are in the order of the kinds.
func (ls *Lines) Apply(ranges []Range) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if slices.Equal(ranges, ls.ranges) {
		return
	}
	ls.ranges = slices.Clone(ranges)
	var all []*Line
	for _, r := range ranges {
		for n := r.First; n <= r.Last; n++ {
			l := ls.find(lineID{r.Kind, n})
			if l == nil {
				l = &Line{Kind: r.Kind, Number: n, TTY: r.TTY + n - r.First, host: ls.host, lines: ls}
			}
			all = append(all, l)
		}
	}
	for _, l := range ls.all {
		if !ls.wanted(l) && l.Busy() {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b *Line) int { return compare(a, lineID{b.Kind, b.Number}) })
	ls.all = all
}

// wanted reports whether a line is configured. The lock is held.
func (ls *Lines) wanted(l *Line) bool {
	return slices.ContainsFunc(ls.ranges, func(r Range) bool { return r.Kind == l.Kind && r.First <= l.Number && l.Number <= r.Last })
}

func (ls *Lines) find(id lineID) *Line {
	i, ok := slices.BinarySearchFunc(ls.all, id, compare)
	if !ok {
		return nil
	}
	return ls.all[i]
}

// freed forgets a line that was removed while it was busy.
func (ls *Lines) freed(l *Line) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if !ls.wanted(l) {
		ls.all = slices.DeleteFunc(slices.Clone(ls.all), func(o *Line) bool { return o == l })
	}
}

// seated notes that a session came to a line, nil that it left.
func (ls *Lines) seated(l *Line, s *Session) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.seats = slices.DeleteFunc(ls.seats, func(o *Session) bool { return o.Line == l })
	if s != nil {
		ls.seats = append(ls.seats, s)
	}
}

// All returns the lines in the order of their absolute numbers. The list must not
// be modified.
func (ls *Lines) All() []*Line {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.all
}

// Sessions returns who is on a line, in the order of the lines.
func (ls *Lines) Sessions() []*Session {
	ls.mu.Lock()
	all := slices.Clone(ls.seats)
	ls.mu.Unlock()
	slices.SortFunc(all, func(a, b *Session) int { return a.Line.TTY - b.Line.TTY })
	return all
}

// Find returns a line, nil when there is none.
func (ls *Lines) Find(k Kind, number int) *Line {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.find(lineID{k, number})
}

// First is the first free line that fits, nil when there is none.
func (ls *Lines) First(fits func(*Line) bool) *Line {
	for _, l := range ls.All() {
		if l.Kind != Console && !l.Busy() && fits(l) {
			return l
		}
	}
	return nil
}

// Reserve takes the first free line that fits for a connection from peer; nil means
// that there is none. Nobody comes to the console that way.
func (ls *Lines) Reserve(peer string, fits func(*Line) bool) *Line {
	for _, l := range ls.All() {
		if l.Kind != Console && !l.Busy() && fits(l) && l.Take(peer) {
			return l
		}
	}
	return nil
}
