package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// boot applies a start-up configuration to a factory-new running configuration
// and starts the services. What the configuration got wrong is kept for the
// console, as a device prints it.
func (d *Device) boot(startup string) {
	d.hold(true)
	if startup == "" {
		d.store.Replace(d.named(d.Language.Factory()))
	} else {
		d.store.Replace(d.named(d.Language.Blank()))
	}
	s := d.unattended()
	s.Booting = true
	before := len(d.Keys.All())
	heard, refused := d.read(d.ctx, startup, s, nil)
	d.reportRefused(refused)
	d.mu.Lock()
	d.booted, d.changed, d.dirty = d.Now(), Change{}, false
	d.boots++
	d.report = heard
	d.mu.Unlock()
	if len(d.Keys.All()) != before {
		if err := d.SaveKeys(); err != nil {
			d.errorf(err, "saving the keys of the start-up configuration")
		}
	}
	d.hold(false)
	d.Apply()
}

// read applies a configuration text to the running configuration. Its acting
// commands are done by s, between two changes; flush, when not nil, gets what
// there is to tell after each change, otherwise read returns it. Lines that were
// refused are returned as well.
func (d *Device) read(ctx context.Context, text string, s *Session, flush func([]string)) (heard []string, refused []config.Rejected) {
	ear := &listener{device: d}
	t := d.Language.Paste(text, ear)
	for {
		var act *config.Resolved
		d.store.Update(func(c *config.Config) error {
			act = t.Run(ctx, c)
			return nil
		})
		d.note(ear.notes)
		ear.notes = nil
		if flush != nil {
			flush(ear.lines)
			ear.lines = nil
		}
		if act == nil {
			return ear.lines, ear.refused
		}
		if command, ok := act.Act.(*Command); ok {
			command.Run(s, act.Args)
		}
	}
}

// listener keeps what there is to tell of a configuration text while the
// configuration is locked.
type listener struct {
	device  *Device
	lines   []string
	notes   []config.Notice
	refused []config.Rejected
}

func (l *listener) Say(line string)                 { l.lines = append(l.lines, line) }
func (l *listener) Note(n config.Notice)            { l.notes = append(l.notes, n) }
func (l *listener) HasSSHKey(c *config.Config) bool { return l.device.HasSSHKey(c) }

func (l *listener) Reject(r config.Rejected) {
	l.lines = append(l.lines, explain(r))
	l.refused = append(l.refused, r)
}

// maxReported bounds how many refused lines of one text the operator is shown.
const maxReported = 20

// reportRefused shows the operator what the device refused of its start-up
// configuration: the console prints it too, but only to who looks there.
func (d *Device) reportRefused(refused []config.Rejected) {
	for i, r := range refused {
		if i == maxReported {
			d.log.Warnf("startup-config: %d more lines refused", len(refused)-i)
			return
		}
		d.log.WithError(r.Err).Warnf("startup-config line %d refused: %q", r.Number, r.Line)
	}
}

// hold keeps services from following the configuration while it is being put
// together.
func (d *Device) hold(on bool) {
	d.apply.Lock()
	defer d.apply.Unlock()
	d.held = on
}

// bootCount tells one boot from another.
func (d *Device) bootCount() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.boots
}

// BootReport is what the last boot printed, a line each with its line end.
func (d *Device) BootReport() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.report) == 0 {
		return ""
	}
	return strings.Join(d.report, "\n") + "\n"
}

// explain is a rejected line the way a device shows it: the line, then the
// complaint.
func explain(r config.Rejected) string {
	var e *cli.Error
	if !errors.As(r.Err, &e) {
		return r.Line + "\n" + r.Err.Error()
	}
	switch e.Kind {
	case cli.Ambiguous:
		return fmt.Sprintf("%s\n%% Ambiguous command:  \"%s\"", r.Line, e.Text)
	case cli.Incomplete:
		return r.Line + "\n% Incomplete command.\n"
	}
	return fmt.Sprintf("%s\n%s^\n%% Invalid input detected at '^' marker.\n", r.Line, strings.Repeat(" ", e.Pos))
}

// unattended is a session without anybody behind it.
func (d *Device) unattended() *Session {
	l := &Line{Kind: config.Console, device: d, screen: newScreen(io.Discard, d.spawn)}
	s := newSession(context.Background(), l, nobody{})
	s.Privilege = 15
	s.Length.Set(0)
	return s
}

// nobody is a terminal that nobody sits at.
type nobody struct{}

func (nobody) Read([]byte) (int, error)    { return 0, io.EOF }
func (nobody) Write(p []byte) (int, error) { return len(p), nil }
func (nobody) Hangup()                     {}

// merge applies configuration text on top of the running configuration, as
// `copy … running-config` does, and logs where it came from.
func (d *Device) merge(s *Session, text, source, by string, flush func([]string)) {
	d.read(s.ctx, text, s, flush)
	d.touched(s.User)
	d.Apply()
	d.Log("SYS", 5, "CONFIG_I", "Configured from %s by %s", source, by)
}

// MergeFrom merges text on behalf of a session; what is wrong with it is printed.
func (s *Session) MergeFrom(text, source string) error {
	s.Device.merge(s, text, source, strings.TrimPrefix(s.Origin(), "console by "), func(lines []string) { s.Println(lines...) })
	return nil
}

// mergeUnattended is what a write to system:running-config does when nobody is
// known to be behind it.
func (d *Device) mergeUnattended(text string) error {
	d.merge(d.unattended(), text, "system:running-config", "console", func([]string) {})
	return nil
}

// Reload boots the device anew from nvram:. All sessions but the console's end;
// that one is told to start over. When nvram: cannot be read the operator is told
// and the device stays as it is.
func (d *Device) Reload(by, reason string) {
	d.power.Lock()
	defer d.power.Unlock()
	startup, err := d.loadState()
	if err != nil {
		d.errorf(err, "reload")
		return
	}
	d.Log("SYS", 5, "RELOAD", "Reload requested by %s. Reload Reason: %s.", by, reason)
	d.SSH.Forget()
	for _, l := range d.Lines() {
		if s := l.Session(); s != nil {
			s.forgotten.Store(true)
		}
		if l.Kind == config.VTY {
			l.Clear()
		}
	}
	if c := d.FindLine(config.Console, 0); c != nil {
		c.flush()
	}
	d.Debug.Clear()
	d.Logs.Restart(d.logSettings(d.Language.Factory()))
	d.mu.Lock()
	d.reason, d.saved = "reload", Change{}
	d.mu.Unlock()
	d.boot(startup)
	if c := d.FindLine(config.Console, 0); c != nil {
		c.Clear()
	}
}
