package device

import (
	"fmt"

	"vtylab/config"
	"vtylab/syslog"
)

// Log is a message of the device: %FACILITY-SEVERITY-MNEMONIC: text.
func (d *Device) Log(facility string, severity int, mnemonic, format string, args ...any) {
	d.Logs.Log(syslog.Message{Facility: facility, Severity: syslog.Severity(severity), Mnemonic: mnemonic, Text: fmt.Sprintf(format, args...)})
}

// moment is now, the way messages are dated. The clock of the device was never
// set, which the star in front of a date says.
func (d *Device) moment() syslog.Moment {
	now := d.Now()
	booted, _ := d.Booted()
	return syslog.Moment{Time: now, Uptime: now.Sub(booted), Mark: syslog.NeverSet}
}

// Moment is moment for commands that print the time.
func (d *Device) Moment() syslog.Moment { return d.moment() }

func (d *Device) toConsole(line string, _ syslog.Message) {
	if l := d.FindLine(config.Console, 0); l != nil {
		l.message(line)
	}
}

// toMonitors reaches the vtys that asked for it with `terminal monitor`.
func (d *Device) toMonitors(line string, _ syslog.Message) {
	for _, l := range d.Lines() {
		if l.Kind == config.VTY && l.Monitors() {
			l.message(line)
		}
	}
}

func (l *Line) message(line string) {
	l.mu.Lock()
	screen := l.screen
	if screen == nil && len(l.early) < maxEarly {
		l.early = append(l.early, line)
	}
	l.mu.Unlock()
	if screen != nil {
		screen.Message(line)
	}
}

// maxEarly bounds the messages of a boot that wait for somebody at the console.
const maxEarly = 100

// takeEarly returns the messages from before the line had a screen.
func (l *Line) takeEarly() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	early := l.early
	l.early = nil
	return early
}

// flush shows the messages that wait for the line's next prompt.
func (l *Line) flush() {
	l.mu.Lock()
	screen := l.screen
	l.mu.Unlock()
	if screen != nil {
		screen.flush()
	}
}

// logSettings are the logging commands of a configuration.
func (d *Device) logSettings(c *config.Config) syslog.Settings {
	s := syslog.DefaultSettings()
	s.Console, s.Monitor = destination(c.Logging.Console), destination(c.Logging.Monitor)
	s.Buffered, s.Trap = destination(c.Logging.Buffered), destination(c.Logging.Trap)
	s.BufferSize = c.Logging.BufferSize
	s.Log, s.Debug = stampOf(c.Service.StampLog), stampOf(c.Service.StampDebug)
	s.Sequence = c.Service.SequenceNumbers
	for _, address := range c.Logging.Hosts {
		s.Hosts = append(s.Hosts, syslog.Host{Address: address})
	}
	return s
}

func destination(level int) syslog.Destination {
	return syslog.Destination{On: level != config.Off, Level: syslog.Severity(max(level, 0))}
}

func stampOf(s config.Stamp) syslog.Stamp {
	out := syslog.Stamp{Msec: s.Msec, Local: s.LocalTime, Zone: s.Zone, Year: s.Year}
	switch {
	case s.Uptime:
		out.Kind = syslog.Uptime
	case s.Datetime:
		out.Kind = syslog.Datetime
	}
	return out
}
