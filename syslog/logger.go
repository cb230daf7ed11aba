package syslog

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Destination is one place messages go to, and what it lets in.
type Destination struct {
	On    bool
	Level Severity // messages of this severity and worse
}

func (d Destination) admits(s Severity) bool { return d.On && s <= d.Level }

// Settings are the logging commands of a configuration.
type Settings struct {
	On       bool // `logging on`; off leaves the console alone
	Console  Destination
	Monitor  Destination
	Buffered Destination
	Trap     Destination // the hosts

	BufferSize int
	Log, Debug Stamp // `service timestamps log` and `debug`
	Sequence   bool  // `service sequence-numbers`
	Facility   Facility
	OriginID   string // `logging origin-id`, as it is to be printed
	NoCounter  bool   // leaves the message counter out of datagrams
	Hosts      []Host // at most MaxHosts are served
}

// DefaultSettings are those of a device without logging commands; releases differ in the stamps and in
// the buffer.
func DefaultSettings() Settings {
	stamp := Stamp{Kind: Datetime, Msec: true}
	return Settings{
		On:         true,
		Console:    Destination{true, Debugging},
		Monitor:    Destination{true, Debugging},
		Buffered:   Destination{true, Debugging},
		Trap:       Destination{true, Informational},
		BufferSize: DefaultBufferSize,
		Log:        stamp,
		Debug:      stamp,
		Facility:   Local7,
	}
}

// Options bring a Logger its surroundings.
type Options struct {
	// Now is the device's clock.
	Now func() Moment
	// Console and Monitor print a line on the console and on the lines that asked with `terminal
	// monitor`; Monitor tells whether there is one. They are called one at a time and in order, and must
	// neither block nor use the Logger.
	Console func(line string, m Message)
	Monitor func(line string, m Message) bool
	// Dial connects to a host; each Write is one message. It must heed ctx. Without it nothing is sent.
	Dial func(ctx context.Context, h Host) (io.WriteCloser, error)
}

// Count is what one destination of `show logging` has seen.
type Count struct{ Logged int }

// Stats are the counters of `show logging`.
type Stats struct {
	Console, Monitor, Buffered, Trap Count
	Hosts                            []HostCount
	Dropped                          int // datagrams that could not be sent
}

// HostCount is a host and what was logged to it since it became one.
type HostCount struct {
	Host
	Count
}

// Logger is the logging process of one device.
type Logger struct {
	opts   Options
	buffer *Buffer
	hosts  *sender // nil without Dial

	mu       sync.Mutex // guards the rest, and keeps the order of lines
	settings Settings
	sequence int
	stats    Stats
}

// New starts the logging of a device. Close ends it.
func New(opts Options, s Settings) *Logger {
	l := &Logger{opts: opts, buffer: NewBuffer(s.BufferSize)}
	if opts.Now == nil {
		start := time.Now()
		l.opts.Now = func() Moment { return Moment{Time: time.Now(), Uptime: time.Since(start)} }
	}
	if opts.Dial != nil {
		l.hosts = newSender(opts.Dial)
	}
	l.Apply(s)
	return l
}

// Apply makes the logger match a configuration. Applying the same again does nothing.
func (l *Logger) Apply(s Settings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Hosts = slices.Clone(s.Hosts[:min(len(s.Hosts), MaxHosts)])
	counts := make([]HostCount, len(s.Hosts))
	for i, h := range s.Hosts {
		counts[i].Host = h
		if was := slices.Index(l.settings.Hosts, h); was >= 0 {
			counts[i] = l.stats.Hosts[was]
		}
	}
	if s.Buffered != l.settings.Buffered || s.BufferSize != l.settings.BufferSize {
		// Captured on 17.15: the buffer begins anew, and so does its count.
		l.buffer.Resize(s.BufferSize)
		l.stats.Buffered = Count{}
	}
	l.settings, l.stats.Hosts = s, counts
	if l.hosts != nil {
		l.hosts.apply(s.Hosts)
	}
}

// Restart is Apply for a device that boots: what was logged and counted is gone.
func (l *Logger) Restart(s Settings) {
	l.mu.Lock()
	l.settings.Hosts, l.stats, l.sequence = nil, Stats{}, 0
	l.mu.Unlock()
	l.buffer.Clear()
	l.Apply(s)
}

// Buffer is the logging buffer, for `show logging` and `clear logging`.
func (l *Logger) Buffer() *Buffer { return l.buffer }

// Stats are the counters so far.
func (l *Logger) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.stats
	s.Hosts = slices.Clone(s.Hosts)
	if l.hosts != nil {
		s.Dropped = l.hosts.lost()
	}
	return s
}

// Settings are what was last applied.
func (l *Logger) Settings() Settings {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.settings
}

// Log gives a message to every destination that admits it. It does not wait for any host. The text
// may come from a stranger: what is not printable ASCII becomes a dot, and MaxText bounds it.
func (l *Logger) Log(m Message) {
	m = m.clean()
	now := l.opts.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Time.IsZero() {
		m.Time = now.Time
	}
	now.Time = m.Time
	l.sequence++
	line := l.line(m, now)
	s := &l.settings
	if s.Console.admits(m.Severity) {
		l.stats.Console.Logged++
		if l.opts.Console != nil {
			l.opts.Console(line, m)
		}
	}
	if !s.On {
		return
	}
	if s.Monitor.admits(m.Severity) && l.opts.Monitor != nil && l.opts.Monitor(line, m) {
		l.stats.Monitor.Logged++
	}
	if s.Buffered.admits(m.Severity) {
		l.stats.Buffered.Logged++
		l.buffer.Add(line)
	}
	if s.Trap.admits(m.Severity) {
		l.trap(line, m)
	}
}

// Debugf logs a line of debug output.
func (l *Logger) Debugf(format string, args ...any) { l.Log(Debugf(format, args...)) }

// line is the message as console, monitor and buffer print it.
func (l *Logger) line(m Message, at Moment) string {
	stamp := l.settings.Log
	if m.Debug {
		stamp = l.settings.Debug
	}
	sequence := ""
	if l.settings.Sequence {
		sequence = fmt.Sprintf("%06d: ", l.sequence)
	}
	return sequence + stamp.Format(at) + m.String()
}

// trap queues a datagram for the hosts. The counter in it counts what was sent to hosts.
func (l *Logger) trap(line string, m Message) {
	l.stats.Trap.Logged++
	for i := range l.stats.Hosts {
		l.stats.Hosts[i].Logged++
	}
	if l.hosts == nil || len(l.settings.Hosts) == 0 {
		return
	}
	s := &l.settings
	var b strings.Builder
	fmt.Fprintf(&b, "<%d>", int(s.Facility)<<3|int(m.Severity))
	if !s.NoCounter {
		fmt.Fprintf(&b, "%d: ", l.stats.Trap.Logged)
	}
	if s.OriginID != "" {
		b.WriteString(s.OriginID + ": ")
	}
	b.WriteString(line)
	l.hosts.send(b.String())
}

// Close sends what is queued for the hosts and ends, at the latest when ctx is done. Afterwards Log
// reaches no host any more.
func (l *Logger) Close(ctx context.Context) error {
	if l.hosts == nil {
		return nil
	}
	return l.hosts.close(ctx)
}
