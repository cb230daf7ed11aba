package syslog

import (
	"fmt"
	"time"
)

// StampKind is the first choice of `service timestamps`.
type StampKind int

// The kinds of stamp.
const (
	NoStamp StampKind = iota
	Uptime
	Datetime
)

// Stamp is what `service timestamps log` or `debug` asks for. All but Kind only matter to Datetime.
type Stamp struct {
	Kind  StampKind
	Msec  bool // milliseconds
	Local bool // localtime: the device's zone instead of UTC
	Zone  bool // show-timezone
	Year  bool
}

// Mark says how far the clock can be trusted.
type Mark int

// The marks, and the character each puts in front of the date.
const (
	NeverSet     Mark = iota // *
	Synchronized             // nothing
	LostSync                 // .
)

func (m Mark) String() string { return [...]string{"*", "", "."}[m] }

// Moment is when a message happened, as the device tells it.
type Moment struct {
	Time   time.Time // in the device's zone, whose abbreviation show-timezone prints
	Uptime time.Duration
	Mark   Mark
}

// Format is the stamp with what separates it from the message: "*Mar  1 00:02:11.003: ",
// "00:02:11: ", or nothing.
func (s Stamp) Format(m Moment) string {
	switch s.Kind {
	case Uptime:
		return FormatUptime(m.Uptime) + ": "
	case Datetime:
		return m.Mark.String() + s.datetime(m.Time) + ": "
	}
	return ""
}

func (s Stamp) datetime(t time.Time) string {
	if !s.Local {
		t = t.UTC()
	}
	layout := "Jan _2 "
	if s.Year {
		layout += "2006 "
	}
	layout += "15:04:05"
	if s.Msec {
		layout += ".000"
	}
	if s.Zone {
		layout += " MST"
	}
	return t.Format(layout)
}

// FormatUptime is a span the way stamps and idle times print it: 00:02:11, 2d03h, 3w2d, 1y12w.
func FormatUptime(d time.Duration) string {
	const day, week, year = 24 * time.Hour, 7 * 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d < day:
		return fmt.Sprintf("%02d:%02d:%02d", d/time.Hour, d/time.Minute%60, d/time.Second%60)
	case d < week:
		return fmt.Sprintf("%dd%02dh", d/day, d%day/time.Hour)
	case d < year:
		return fmt.Sprintf("%dw%dd", d/week, d%week/day)
	}
	return fmt.Sprintf("%dy%02dw", d/year, d%year/week)
}
