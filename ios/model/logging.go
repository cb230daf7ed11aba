package model

import (
	"slices"

	"vtylab/cli"
	"vtylab/config"
)

// Logging is the `logging` configuration. Levels are syslog severities, Off
// where a destination gets nothing.
type Logging struct {
	On                               bool // off leaves the console alone
	Console, Monitor, Buffered, Trap int
	BufferSize                       int // bytes
	Hosts                            []string
}

// Off is a severity below all others.
const Off = -1

// NewLogging returns the defaults of IOS 15.
func NewLogging() Logging {
	return Logging{On: true, Console: 7, Monitor: 7, Buffered: 7, Trap: 6, BufferSize: 4096}
}

// Levels names the severities, 0 first.
var Levels = []string{"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"}

const levelWords = `<0-7>$n "Logging severity level" | alerts "Immediate action needed" | critical "Critical conditions"
	| debugging "Debugging messages" | emergencies "System is unusable" | errors "Error conditions"
	| informational "Informational messages" | notifications "Normal but significant conditions" | warnings "Warning conditions"`

var loggingRows = []row[Config]{
	{`logging on "Enable logging to all enabled destinations"`, config.Flag(func(c *Config) *bool { return &c.Logging.On })},
	{`logging "Modify message logging facilities" buffered "Set buffered logging parameters"
	  [<4096-2147483647>$size "Logging buffer size"] [` + levelWords + `]$level`, config.Setting[Config]{
		Set: func(c *config.Call, t, fresh *Config) error {
			t.Logging.Buffered = levelOf(c.Args, 7)
			if n, ok := c.Args.Int("size"); ok {
				t.Logging.BufferSize = n
			} else if len(c.Args) == 2 { // a level leaves the size alone
				t.Logging.BufferSize = fresh.Logging.BufferSize
			}
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { t.Logging.Buffered = Off; return nil },
		Reset: func(_ *config.Call, t, fresh *Config) error {
			t.Logging.BufferSize, t.Logging.Buffered = fresh.Logging.BufferSize, fresh.Logging.Buffered
			return nil
		},
		Show: func(v *config.View, t, fresh *Config) {
			l, f := t.Logging, fresh.Logging
			switch {
			case l.Buffered == Off && f.Buffered != Off:
				v.Line("no logging buffered")
			case l.Buffered == Off || (!v.All && l.BufferSize == f.BufferSize && l.Buffered == f.Buffered):
			case l.Buffered == 7:
				v.Line("logging buffered %d", l.BufferSize)
			default:
				v.Line("logging buffered %d %s", l.BufferSize, Levels[l.Buffered])
			}
		},
	}},
	{`logging console "Set console logging parameters" [` + levelWords + `]$level`,
		logLevel(func(l *Logging) *int { return &l.Console }, 7)},
	{`logging monitor "Set terminal line (monitor) logging parameters" [` + levelWords + `]$level`,
		logLevel(func(l *Logging) *int { return &l.Monitor }, 7)},
}

var loggingTrapRows = []row[Config]{
	{`logging trap "Set syslog server logging level" [` + levelWords + `]$level`,
		logLevel(func(l *Logging) *int { return &l.Trap }, 6)},
}

var loggingHostRows = []row[Config]{
	{`logging host "Set syslog server IP address and parameters" A.B.C.D$host "IP address of the syslog server"`, logHost("logging host")},
	{`logging A.B.C.D$host "IP address of the logging host"`, config.Alternate(logHost(""))},
}

func levelOf(a cli.Args, absent int) int {
	if n, ok := a.Int("n"); ok {
		return n
	}
	if i := slices.Index(Levels, a.Get("level")); i >= 0 {
		return i
	}
	return absent
}

func logLevel(field func(*Logging) *int, absent int) config.Setting[Config] {
	return config.Setting[Config]{
		Set:   func(c *config.Call, t, _ *Config) error { *field(&t.Logging) = levelOf(c.Args, absent); return nil },
		No:    func(_ *config.Call, t, _ *Config) error { *field(&t.Logging) = Off; return nil },
		Reset: func(_ *config.Call, t, fresh *Config) error { *field(&t.Logging) = *field(&fresh.Logging); return nil },
		Show: func(v *config.View, t, fresh *Config) {
			switch n := *field(&t.Logging); {
			case n == Off:
				v.Line("no %s", v.Words)
			case v.All || n != *field(&fresh.Logging):
				v.Line("%s %s", v.Words, Levels[n])
			}
		},
	}
}

func logHost(words string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			if host := c.Args.Get("host"); !slices.Contains(t.Logging.Hosts, host) {
				t.Logging.Hosts = append(slices.Clip(t.Logging.Hosts), host)
			}
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			t.Logging.Hosts = slices.DeleteFunc(slices.Clone(t.Logging.Hosts), func(h string) bool { return h == c.Args.Get("host") })
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for _, h := range t.Logging.Hosts {
				v.Line("%s %s", words, h)
			}
		},
	}
}
