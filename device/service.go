package device

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vtylab/aaa"
	"vtylab/syslog"
	"vtylab/tty"
)

// Service is a part of the device that follows the configuration. Apply is shown
// the settings after each change and makes the world match; it does nothing when
// nothing differs. Retrace follows the switches of `debug`, Restart drops what
// belongs to the boot before.
type Service interface {
	Apply(s *Settings) error
	Retrace()
	Restart()
}

// pointer is the settings that were applied last.
type pointer struct{ atomic.Pointer[Settings] }

// Settings are what services were shown last. They must not be modified.
func (d *Device) Settings() *Settings { return d.settings.Load() }

// Apply makes the world match the configuration. It does nothing when nothing
// differs.
func (d *Device) Apply() {
	d.apply.Lock()
	defer d.apply.Unlock()
	if d.held {
		return
	}
	s := d.System.Settings()
	d.settings.Store(s)
	var errs []error
	for _, v := range d.services {
		errs = append(errs, v.Apply(s))
	}
	if err := errors.Join(errs...); err != nil {
		d.Problem("following the configuration", err)
	}
}

// retrace lets the services follow the switches of `debug`.
func (d *Device) retrace() {
	for _, v := range d.services {
		v.Retrace()
	}
}

// netService is the network.
type netService struct {
	d *Device

	mu   sync.Mutex
	stop func() // what watches echo requests; nil while nobody does; guarded by mu
}

func (v *netService) Apply(s *Settings) error { return v.d.Net.Apply(&s.Network) }

// Restart forgets what was logged of packets.
func (v *netService) Restart() {
	v.d.filtered.restart()
	v.d.contested.restart()
}

// Retrace follows `debug ip icmp`.
func (v *netService) Retrace() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stop != nil {
		v.stop()
		v.stop = nil
	}
	if f := v.d.System.EchoTrace(); f != nil {
		v.stop = v.d.Net.WatchEchoes(f)
	}
}

// lineService is the lines.
type lineService struct{ d *Device }

func (v lineService) Apply(s *Settings) error { v.d.lines.Apply(s.Lines); return nil }
func (lineService) Retrace()                  {}

// Restart ends all sessions but the console's.
func (v lineService) Restart() {
	for _, l := range v.d.Lines() {
		if l.Kind != tty.Console {
			l.Clear()
		}
	}
	if c := v.d.FindLine(tty.Console, 0); c != nil {
		c.Flush()
	}
}

// aaaService is who may log in.
type aaaService struct {
	d *Device

	mu     sync.Mutex
	system aaa.Accounting // that records are made of now; guarded by mu, like booted
	booted bool           // the configuration of the boot was applied
}

func (*aaaService) Retrace() {}

// Apply records that the device is recorded from now on, or no longer: the first time since
// the boot it is for that.
func (v *aaaService) Apply(s *Settings) error {
	err := v.d.AAA.Apply(&s.AAA)
	v.mu.Lock()
	defer v.mu.Unlock()
	list := v.d.System.Accounting(nil, aaa.AccountSystem, 0)
	was, is := len(v.system.Groups) > 0, len(list.Groups) > 0
	reason := "reconfigure"
	if !v.booted {
		reason = "reload"
	}
	switch {
	case is && !was:
		v.d.AAA.AccountSystem(list, aaa.Begun, reason)
	case was && !is:
		v.d.AAA.AccountSystem(v.system, aaa.Ended, reason)
	}
	v.system, v.booted = list, true
	return err
}

// Restart records that the device is reloaded.
func (v *aaaService) Restart() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.d.AAA.AccountSystem(v.system, aaa.Ended, "reload")
	v.system, v.booted = aaa.Accounting{}, false
}

// loginService is the servers that people log in through. They may hand a port to one
// another, so that those which Telnet leaves are closed first.
type loginService struct{ d *Device }

func (v loginService) Apply(s *Settings) error {
	v.d.Telnet.Retire(&s.Telnet)
	return errors.Join(v.d.SSH.Apply(&s.SSH), v.d.Telnet.Apply(&s.Telnet))
}
func (v loginService) Retrace() { v.d.SSH.Retrace() }

// Restart forgets what was announced. Connections end with their lines.
func (v loginService) Restart() { v.d.SSH.Forget() }

// telnetClientService is `telnet` of the device's users.
type telnetClientService struct{ d *Device }

func (v telnetClientService) Apply(s *Settings) error { return v.d.TelnetClient.Apply(&s.TelnetClient) }
func (telnetClientService) Retrace()                  {}

// Restart drops the connections of those who stay: the console's.
func (v telnetClientService) Restart() { v.d.TelnetClient.Drop() }

// clientService is the SSH client.
type clientService struct{ d *Device }

func (v clientService) Apply(s *Settings) error { return v.d.Client.Apply(&s.SSHClient) }
func (v clientService) Retrace()                { v.d.Client.Retrace() }

// Restart drops the connections of those who stay: the console's.
func (v clientService) Restart() { v.d.Client.Drop() }

// nameService is the resolver of host names.
type nameService struct{ d *Device }

func (v nameService) Apply(s *Settings) error { return v.d.Names.Apply(&s.Names) }
func (nameService) Retrace()                  {}
func (nameService) Restart()                  {}

// logService is the log of the device.
type logService struct{ d *Device }

func (logService) Retrace() {}

// Restart empties the log, as a boot does.
func (v logService) Restart() { v.d.Logs.Restart(v.d.born) }

// Apply makes the logging match and reports what changed.
func (v logService) Apply(s *Settings) error {
	d := v.d
	old := d.Logs.Settings()
	d.Logs.Apply(s.Logging)
	now := d.Logs.Settings()
	d.report(LoggingChanged{old, now})
	for _, h := range now.Hosts {
		if !slices.Contains(old.Hosts, h) {
			d.startLogging(h)
		}
	}
	return nil
}

// startLogging reports that messages go to a host from now on, as a device does
// after a second.
func (d *Device) startLogging(h syslog.Host) {
	d.report(LoggingHost{Host: h})
	d.after(time.Second, func() {
		if slices.Contains(d.Logs.Settings().Hosts, h) {
			d.report(LoggingHost{Host: h, Started: true})
		}
	})
}
