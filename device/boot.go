package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/ios/model"
)

// boot applies a start-up configuration to a factory-new running configuration
// and starts the services. What the configuration got wrong is kept for the
// console, as a device prints it.
func (d *Device) boot(startup string) {
	d.hold(true)
	if startup == "" {
		d.running.Replace(d.named(d.Language.Factory()))
	} else {
		d.running.Replace(d.named(d.Language.Blank()))
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
	r := &textReader{device: d, session: s, flush: flush}
	d.running.Read(ctx, text, d.rand, r)
	return r.lines, r.refused
}

// textReader is who a configuration text is read for. It keeps what there is to
// tell while the configuration is locked.
type textReader struct {
	device  *Device
	session *Session
	flush   func([]string)
	lines   []string
	notes   []config.Notice
	refused []config.Rejected
}

func (r *textReader) Say(line string)      { r.lines = append(r.lines, line) }
func (r *textReader) Note(n config.Notice) { r.notes = append(r.notes, n) }

func (r *textReader) Reject(x config.Rejected) {
	r.lines = append(r.lines, explain(x))
	r.refused = append(r.refused, x)
}

// Act runs an acting command of the text.
func (r *textReader) Act(x *config.Resolved) {
	if command, ok := x.Act.(*Command); ok {
		command.Run(r.session, x.Args)
	}
}

// Flush logs and prints what was kept.
func (r *textReader) Flush() {
	r.device.note(r.notes)
	r.notes = nil
	if r.flush != nil {
		r.flush(r.lines)
		r.lines = nil
	}
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
		d.log.WithError(r.Err).Warnf("startup-config line %d refused: %q", r.Number, withoutSecrets(r.Line))
	}
}

// withoutSecrets cuts a line at the first word that a secret may follow.
func withoutSecrets(line string) string {
	if at := secretWord.FindStringIndex(line); at != nil {
		return line[:at[1]] + " ..."
	}
	return line
}

var secretWord = regexp.MustCompile(`(?i)\b(passw[a-z-]*|secret|key(-string)?|community|passphrase|md5|auth|priv)\b`)

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
	l := &Line{Kind: model.Console, device: d, screen: newScreen(io.Discard, d.spawn)}
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
		if l.Kind == model.VTY {
			l.Clear()
		}
	}
	if c := d.FindLine(model.Console, 0); c != nil {
		c.flush()
	}
	d.Debug.Clear()
	d.Logs.Restart(d.logSettings(d.Language.Factory()))
	d.mu.Lock()
	d.reason, d.saved = "reload", Change{}
	d.mu.Unlock()
	d.boot(startup)
	if c := d.FindLine(model.Console, 0); c != nil {
		c.Clear()
	}
}
