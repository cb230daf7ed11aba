package device

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/ifs"
	"vtylab/tty"
)

// boot applies a start-up configuration to a factory-new running configuration
// and starts the services. What the configuration got wrong is kept for the
// console, as a device prints it; where names its lines for the operator.
func (d *Device) boot(startup string, where func(line int) string) {
	d.hold(true)
	d.setBooting(true)
	d.System.Restart(startup != "", d.options.Hostname)
	x := d.unattended(d.ctx, Boot, io.Discard)
	x.Booting = true
	d.addPorts(x, startup == "")
	before := len(d.Keys.All())
	heard, refused, err := d.read(d.ctx, startup, x, nil)
	if err != nil {
		heard = append(heard, err.Error())
		d.errorf(err, "the start-up configuration")
	}
	if text := d.persistent.text(); text != "" {
		if _, _, err := d.read(d.ctx, text, x, nil); err != nil {
			d.errorf(err, "the private part of the start-up configuration")
		}
	}
	d.reportRefused(refused, where)
	d.setBooting(false)
	d.mu.Lock()
	d.booted, d.changed, d.dirty = d.Now(), Change{}, false
	d.boots++
	d.heard, d.refused = heard, len(refused)
	d.mu.Unlock()
	if len(d.Keys.All()) != before {
		if err := d.SaveKeys(); err != nil {
			d.errorf(err, "saving the keys of the start-up configuration")
		}
	}
	d.giveHostKey()
	d.hold(false)
	d.Apply()
}

// addPorts makes the interfaces of Options.Ports, which a new device has shut like the
// others. A name that is none is left out.
func (d *Device) addPorts(x *Shell, shut bool) {
	var text strings.Builder
	for _, name := range d.options.Ports {
		text.WriteString("interface " + name + "\n")
		if shut {
			text.WriteString(" shutdown\n")
		}
	}
	if text.Len() > 0 {
		_, _, _ = d.read(d.ctx, text.String(), x, nil)
	}
}

// giveHostKey takes the pair of Options.HostKey into use when the device has none. It is
// saved with a state directory; in memory the next boot asks again.
func (d *Device) giveHostKey() {
	if d.options.HostKey == nil || len(d.Keys.All()) > 0 {
		return
	}
	pair, err := d.options.HostKey(d.System.KeyLabel())
	if err == nil {
		d.Keys.Add(pair)
		if d.options.StateDir != "" {
			err = d.SaveKeys()
		}
	}
	if err != nil {
		d.errorf(err, "the host key")
	}
}

// read applies a configuration text to the running configuration, as one action.
// Its acting commands are actions of their own, between two changes; flush, when
// not nil, gets what there is to tell after each change, otherwise read returns it.
// Lines that were refused are returned as well. The error is that of a Gate, which
// has refused the whole text.
func (d *Device) read(ctx context.Context, text string, x *Shell, flush func([]string)) (heard []string, refused []config.Rejected, err error) {
	r := &textReader{device: d, shell: x, flush: flush}
	err = d.Dispatch(x, Action{Words: "configuration text", Level: config.Level, Mode: config.Global, Run: func() error {
		d.System.Read(ctx, text, d.rand, r)
		return nil
	}})
	return r.lines, r.refused, err
}

// textReader is who a configuration text is read for. It keeps what there is to
// tell while the configuration is locked.
type textReader struct {
	device  *Device
	shell   *Shell
	flush   func([]string)
	lines   []string
	notes   []config.Notice
	refused []config.Rejected
}

func (r *textReader) Say(line string)      { r.lines = append(r.lines, line) }
func (r *textReader) Note(n config.Notice) { r.notes = append(r.notes, n) }

func (r *textReader) Reject(x config.Rejected) {
	r.lines = append(r.lines, tty.Printable(r.device.System.Rejected(x)))
	r.refused = append(r.refused, x)
}

// Act runs an acting command of the text.
func (r *textReader) Act(x *config.Resolved) {
	if err := r.device.Dispatch(r.shell, r.device.System.Act(r.shell, x)); err != nil {
		var refusal config.Refusal
		if errors.As(err, &refusal) {
			r.Say(string(refusal))
		}
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
// configuration: the console prints it too, but only to who looks there. A line that was
// understood and refused comes with the device's reason.
func (d *Device) reportRefused(refused []config.Rejected, where func(line int) string) {
	for i, r := range refused {
		if i == maxReported {
			d.log.Warnf("startup-config: %d more lines refused", len(refused)-i)
			return
		}
		log := d.log
		var mistake *cli.Error
		if understood := !errors.As(r.Err, &mistake); understood {
			log = log.WithError(r.Masked().Err)
		}
		log.Warnf("%s refused: %q", where(r.Number), r.Masked().Line)
	}
}

// startupLine names a line of nvram:startup-config.
func startupLine(n int) string { return "startup-config line " + strconv.Itoa(n) }

// hold keeps services from following the configuration while it is being put
// together.
func (d *Device) hold(on bool) {
	d.apply.Lock()
	defer d.apply.Unlock()
	d.held = on
}

func (d *Device) setBooting(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.booting = on
}

// Booting reports whether the start-up configuration is being read.
func (d *Device) Booting() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.booting
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
	if len(d.heard) == 0 {
		return ""
	}
	return strings.Join(d.heard, "\n") + "\n"
}

// Refused is how many lines of its start-up configuration the last boot has refused.
func (d *Device) Refused() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refused
}

// unattended is a session without a user, which prints to w.
func (d *Device) unattended(ctx context.Context, via Via, w io.Writer) *Shell {
	x := d.open(ctx, tty.Detached(d, w), noInput{}, Origin{Via: via})
	x.Privilege = 15
	x.Length.Set(0)
	return x
}

// noInput is a terminal without input.
type noInput struct{}

func (noInput) Read([]byte) (int, error)    { return 0, io.EOF }
func (noInput) Write(p []byte) (int, error) { return len(p), nil }
func (noInput) Hangup()                     {}

// merge applies configuration text on top of the running configuration, as
// `copy … running-config` does, and reports where it came from. The error is that of
// a Gate.
func (d *Device) merge(x *Shell, text, source, by string, flush func([]string)) error {
	if _, _, err := d.read(x.Context(), text, x, flush); err != nil {
		return err
	}
	d.Touch(x.User)
	d.report(Configured{source, by})
	return nil
}

// mergeUnattended is what a write to system:running-config does where its user is
// not known.
func (d *Device) mergeUnattended(text string) error {
	return forbidden(d.merge(d.unattended(d.ctx, Text, io.Discard), text, "system:running-config", "console", func([]string) {}))
}

// forbidden is the refusal of a Gate as an error of the file system.
func forbidden(err error) error {
	if err == nil {
		return nil
	}
	return &ifs.Error{Reason: ifs.ErrPermission.Reason, Err: err}
}

// Reload boots the device anew from nvram:. All sessions but the console's end;
// that one is told to start over. State that cannot be read stops the reload: the
// device stays as it is.
func (d *Device) Reload(by, reason string) {
	d.power.Lock()
	defer d.power.Unlock()
	startup, err := d.loadState()
	if err != nil {
		d.errorf(err, "reload: the device stays as it is")
		return
	}
	d.report(Reloaded{by, reason})
	d.Debug.Clear()
	for _, v := range slices.Backward(d.services) {
		v.Restart()
	}
	d.mu.Lock()
	d.reason, d.saved = "reload", Change{}
	d.mu.Unlock()
	d.boot(startup, startupLine)
	if c := d.FindLine(tty.Console, 0); c != nil {
		c.Clear()
	}
}
