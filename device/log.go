package device

import (
	"fmt"
	"slices"
	"time"

	"vtylab/config"
	"vtylab/ios/model"
	"vtylab/syslog"
)

// Log is a message of the device: %FACILITY-SEVERITY-MNEMONIC: text.
func (d *Device) Log(facility string, severity int, mnemonic, format string, args ...any) {
	d.Logs.Log(syslog.Message{Facility: facility, Severity: syslog.Severity(severity), Mnemonic: mnemonic, Text: fmt.Sprintf(format, args...)})
}

// note logs what configuration commands have left for the log.
func (d *Device) note(notes []config.Notice) {
	for _, n := range notes {
		d.Log(n.Facility, n.Severity, n.Mnemonic, "%s", n.Text)
	}
}

// moment is now, the way messages are dated.
func (d *Device) moment() syslog.Moment {
	now := d.Local(d.Now())
	booted, _ := d.Booted()
	return syslog.Moment{Time: now, Uptime: now.Sub(booted), Mark: d.ClockMark()}
}

// Moment is moment for commands that print the time.
func (d *Device) Moment() syslog.Moment { return d.moment() }

func (d *Device) toConsole(line string, _ syslog.Message) {
	if l := d.FindLine(model.Console, 0); l != nil {
		l.message(line)
	}
}

// toMonitors reaches the vtys that asked for it with `terminal monitor`, and
// tells whether there is one.
func (d *Device) toMonitors(line string, _ syslog.Message) bool {
	reached := false
	for _, l := range d.Lines() {
		if s := l.Session(); l.Kind == model.VTY && s != nil && s.monitor.Load() {
			l.message(line)
			s.monitored.Add(1)
			reached = true
		}
	}
	return reached
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

// followLogging makes the logging match a configuration and logs what changed:
// LOG_CONFIG_CHANGE and LOGGINGHOST_STARTSTOP are captured from 15.x and XE.
func (d *Device) followLogging(c *model.Config) {
	old := d.Logs.Settings()
	d.Logs.Apply(d.logSettings(c))
	now := d.Logs.Settings()
	before := destinations(old)
	for i, state := range destinations(now) {
		if state != before[i] {
			d.Log("SYS", 5, "LOG_CONFIG_CHANGE", "%s", state)
		}
	}
	for _, h := range old.Hosts {
		if !slices.Contains(now.Hosts, h) {
			d.Log("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port %d stopped - CLI initiated", h.Address, h.PortOr514())
		}
	}
	for _, h := range now.Hosts {
		if !slices.Contains(old.Hosts, h) {
			d.startLogging(h)
		}
	}
}

// destinations describes where messages go on the device itself, the way
// LOG_CONFIG_CHANGE does.
func destinations(s syslog.Settings) [3]string {
	describe := func(name string, d syslog.Destination, size string) string {
		if !d.On {
			return name + " logging disabled"
		}
		return fmt.Sprintf("%s logging: level %s, xml disabled, filtering disabled%s", name, d.Level, size)
	}
	return [3]string{
		describe("Console", s.Console, ""),
		describe("Monitor", s.Monitor, ""),
		describe("Buffer", s.Buffered, fmt.Sprintf(", size (%d)", s.BufferSize)),
	}
}

// startLogging says that messages go to a host from now on, as a device does
// after a second.
func (d *Device) startLogging(h syslog.Host) {
	if d.Model.Logs.HostRequest {
		d.Log("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port 0 CLI Request Triggered", h.Address)
	}
	d.after(time.Second, func() {
		if slices.Contains(d.Logs.Settings().Hosts, h) {
			d.Log("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port %d started - CLI initiated", h.Address, h.PortOr514())
		}
	})
}

// logSettings are the logging commands of a configuration.
func (d *Device) logSettings(c *model.Config) syslog.Settings {
	s := syslog.DefaultSettings()
	s.Console, s.Monitor = destination(c.Logging.Console), destination(c.Logging.Monitor)
	s.Buffered, s.Trap = destination(c.Logging.Buffered), destination(c.Logging.Trap)
	s.On = c.Logging.On
	s.BufferSize = c.Logging.BufferSize
	s.Log, s.Debug = stampOf(c.Service.StampLog), stampOf(c.Service.StampDebug)
	s.Sequence = c.Service.SequenceNumbers
	for _, address := range c.Logging.Hosts {
		s.Hosts = append(s.Hosts, syslog.Host{Address: address})
	}
	return s
}

func destination(level int) syslog.Destination {
	return syslog.Destination{On: level != model.Off, Level: syslog.Severity(max(level, 0))}
}

func stampOf(s model.Stamp) syslog.Stamp {
	out := syslog.Stamp{Msec: s.Msec, Local: s.LocalTime, Zone: s.Zone, Year: s.Year}
	switch {
	case s.Uptime:
		out.Kind = syslog.Uptime
	case s.Datetime:
		out.Kind = syslog.Datetime
	}
	return out
}
