package tty

import "time"

// Kind is a class of terminal lines.
type Kind int

// The lines of a router, in the order of their absolute numbers.
const (
	Console Kind = iota
	Auxiliary
	VTY
)

func (k Kind) String() string { return [...]string{"con", "aux", "vty"}[k] }

// Settings are what a configuration says of the terminal of a line.
type Settings struct {
	ExecTimeout            Timeout // a session that is idle for so long ends
	AbsoluteTimeout        int     // minutes after which a session ends, 0: never
	Length, Width, History int     // lines, columns, lines
	Escape                 int     // the key before those that leave a connection (`escape-character`), or NoEscape
	NoHistory              bool
	Synchronous            bool // prompt and line are shown again behind a message
}

// DefaultEscape is Ctrl-^, which Ctrl-Shift-6 types; NoEscape is that there is no such
// key.
const (
	DefaultEscape = 0x1e
	NoEscape      = -1
)

// HistorySize is how many lines a session on the line remembers at first.
func (s *Settings) HistorySize() int {
	if s.NoHistory {
		return 0
	}
	return s.History
}

// Timeout is minutes and seconds, as `exec-timeout` takes them.
type Timeout struct{ Minutes, Seconds int }

// Duration is the time it stands for; 0 is for ever.
func (t Timeout) Duration() time.Duration {
	return time.Duration(t.Minutes)*time.Minute + time.Duration(t.Seconds)*time.Second
}

// Range is a run of lines in the order of their absolute numbers.
type Range struct {
	Kind        Kind
	First, Last int // numbers within the kind
	TTY         int // absolute number of the first
}

// Host is what lines need of the device that they belong to. Its methods may be
// called from any goroutine.
type Host interface {
	// LineSettings are the settings of a line: part of a snapshot, not to be
	// modified. A line that is not configured any more has its defaults.
	LineSettings(k Kind, number int) *Settings
	// Steady is a clock that is never set, to measure spans with.
	Steady() time.Time
	// Go runs f in a goroutine that the device waits for, and reports whether it did: a
	// device that is closed runs nothing.
	Go(f func()) bool
	// Problem is for the operator.
	Problem(doing string, err error)
}
