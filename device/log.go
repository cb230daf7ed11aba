package device

import (
	"context"
	"fmt"
	"io"
	"net/netip"

	"vtylab/config"
	"vtylab/network"
	"vtylab/syslog"
	"vtylab/tty"
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

// Moment is now, the way messages are dated.
func (d *Device) Moment() syslog.Moment {
	now := d.Local(d.Now())
	booted, _ := d.Booted()
	return syslog.Moment{Time: now, Uptime: now.Sub(booted), Mark: d.ClockMark()}
}

// dialLog is the way to a `logging host`.
func (d *Device) dialLog(ctx context.Context, h syslog.Host) (io.WriteCloser, error) {
	a, err := netip.ParseAddr(h.Address)
	if err != nil {
		return nil, fmt.Errorf("device: logging host: %w", err)
	}
	p := network.Path{Proto: network.UDP, VRF: h.VRF, To: netip.AddrPortFrom(a, uint16(h.PortOr514()))}
	if h.TCP {
		p.Proto = network.TCP
	}
	return d.Net.Dial(ctx, p)
}

func (d *Device) toConsole(line string, _ syslog.Message) {
	if l := d.FindLine(tty.Console, 0); l != nil {
		l.Message(line)
	}
}

// toMonitors reaches the vtys that asked for it with `terminal monitor`, and
// reports whether there is one.
func (d *Device) toMonitors(line string, _ syslog.Message) bool {
	reached := false
	for _, s := range d.lines.Sessions() {
		if s.Line.Kind == tty.VTY && s.Monitored(line) {
			reached = true
		}
	}
	return reached
}
