package device_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"

	"vtylab/device"
	"vtylab/internal/devicetest"
)

// A boot applies the start-up configuration around its acting commands, and keeps what
// was refused for the console and the operator.
func TestBoot(t *testing.T) {
	for _, c := range []struct {
		line, startup, hostname string
		name                    string
		vtys                    int
		rings, report, told     string
	}{
		{line: "no configuration", name: "Toy", vtys: 2},
		{line: "a name of its own", hostname: "Mine", name: "Mine", vtys: 2},
		{line: "which the configuration replaces", hostname: "Mine", startup: "lines 5\nname T\n", name: "T", vtys: 5},
		{line: "acting commands", startup: "name A\nring\nname B\nring\nname C", name: "C", vtys: 2, rings: "A B"},
		{line: "one that is refused", startup: "name mute\nring\nlines 4", name: "mute", vtys: 4, rings: "mute", report: "mute toys do not ring\n"},
		{line: "lines that are refused", startup: "nam\npassword hush hush\nname T", name: "T", vtys: 2,
			report: "1: what is \"nam\"?\n2: what is \"password hush hush\"?\n",
			told:   "warning startup-config line 1 refused: \"nam\"\nwarning startup-config line 2 refused: \"password *\"\n"},
		{line: "end of the text", startup: "name T\nleave\nlines 5", name: "T", vtys: 2},
	} {
		t.Run(c.line, func(t *testing.T) {
			var log bytes.Buffer
			d, s := newToyDevice(t, c.startup, operator(&log, logrus.InfoLevel), func(o *device.Options) { o.Hostname = c.hostname })
			if got := d.Settings(); got.Hostname != c.name || len(d.Lines()) != 1+c.vtys {
				t.Errorf("the device is %s with %d lines, want %s with %d", got.Hostname, len(d.Lines()), c.name, 1+c.vtys)
			}
			if got := strings.Join(s.rings, " "); got != c.rings {
				t.Errorf("rang as %q, want %q", got, c.rings)
			}
			if d.BootReport() != c.report || log.String() != c.told {
				t.Errorf("reports %q, tells %q; want %q, %q", d.BootReport(), log.String(), c.report, c.told)
			}
			if n := strings.Count(c.told, "\n"); d.Refused() != n {
				t.Errorf("%d lines were refused, want %d", d.Refused(), n)
			}
			if at, why := d.Booted(); at.IsZero() || why != "power-on" || d.Unsaved() || !d.LastChange().At.IsZero() {
				t.Errorf("booted at %v by %s, unsaved %v", at, why, d.Unsaved())
			}
			if got := fmt.Sprint(names(d.Files().Home().FS())); got != "[image]" {
				t.Errorf("flash holds %s", got)
			}
		})
	}
}

// A reload boots what was saved: the rest of the configuration, the log and the
// sessions are gone, and it is said why.
func TestReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newToyDevice(t, "name T\nlines 4\n")
		run := func(line string) {
			t.Helper()
			if text, err := d.Run(t.Context(), line); err != nil {
				t.Fatalf("%s: %s%v", line, text, err)
			}
		}
		run("merge name U")
		run("save")
		run("merge name V;lines 7")
		if saved, ok := d.StartupConfig(); !ok || saved != "name U\nlines 4\nend\n" || !d.Unsaved() {
			t.Errorf("saved %q, unsaved %v", saved, d.Unsaved())
		}
		term := devicetest.AttachTo(d, device.ConsoleOptions{})
		defer term.Close()
		term.Type("\renter\r")
		term.Shown()
		time.Sleep(time.Minute)
		run("reboot")
		if got := shown(term); !strings.HasSuffix(got, "booted, press RETURN") {
			t.Errorf("the console shows %q", got)
		}
		if got := d.Settings().Hostname; got != "U" || len(d.Lines()) != 1+4 || d.Unsaved() {
			t.Errorf("the device is %s with %d lines, unsaved %v", got, len(d.Lines()), d.Unsaved())
		}
		if at, why := d.Booted(); !at.Equal(time.Now()) || why != "reload" {
			t.Errorf("booted at %v by %s", at, why)
		}
		if got := logged(d); len(got) != 0 {
			t.Errorf("the log has %q", got)
		}
		if err := d.EraseStartup(); err != nil {
			t.Fatal(err)
		}
		d.Reload("test", "test")
		if got := d.Settings().Hostname; got != "Toy" {
			t.Errorf("without a start-up configuration the device is %s", got)
		}
	})
}

// A text is merged on top of what is there, and told where it comes from; what was
// refused is printed to who merges.
func TestMerge(t *testing.T) {
	d, s := newToyDevice(t, "name T\n")
	logged(d)
	text, err := d.Run(t.Context(), "merge lines 3;nonsense;name U;ring;name mute;ring;password p")
	if want := "2: what is \"nonsense\"?\nmute toys do not ring\n"; text != want || err != nil {
		t.Errorf("prints %q, %v; want %q", text, err, want)
	}
	if got := d.RunningConfig(false); got != "name mute\npassword p\nlines 3\nend\n" {
		t.Errorf("the configuration is %q", got)
	}
	if got := strings.Join(s.rings, " "); got != "U mute" {
		t.Errorf("rang as %s", got)
	}
	if got := fmt.Sprint(logged(d)); got != "[Configured{toybox console}]" {
		t.Errorf("logged %s", got)
	}
}

// A reload that was asked for in advance warns, and comes unless it is called off.
func TestScheduledReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newToyDevice(t, "name T\n")
		term := devicetest.Attach(d)
		defer term.Close()
		term.Shown()
		began := time.Now()
		schedule := func() { d.Schedule(device.Reboot{At: d.Now().Add(6 * time.Minute), By: "me", Reason: "test"}) }
		schedule()
		if r, ok := d.Scheduled(); !ok || r.By != "me" {
			t.Errorf("scheduled %+v, %v", r, ok)
		}
		time.Sleep(2 * time.Minute)
		if got := shown(term); !strings.HasSuffix(got, "ends in 5m0s\n") {
			t.Errorf("five minutes before it shows %q", got)
		}
		if !d.Unschedule() || d.Unschedule() {
			t.Error("it was not scheduled, or twice")
		}
		time.Sleep(time.Hour)
		if got := shown(term); got != "" {
			t.Errorf("what was called off shows %q", got)
		}
		schedule()
		time.Sleep(6 * time.Minute)
		devicetest.WantLines(t, shown(term), "ends in 5m0s", "ends in 1m0s", "ends in 0s")
		if at, why := d.Booted(); at.Sub(began) != time.Hour+8*time.Minute || why != "reload" {
			t.Errorf("booted after %v by %s", at.Sub(began), why)
		}
		if _, ok := d.Scheduled(); ok {
			t.Error("it is still scheduled")
		}
	})
}

// Setting the clock moves the dates and no span.
func TestSetClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newToyDevice(t, "")
		d.Schedule(device.Reboot{At: d.Now().Add(time.Hour), By: "me"})
		to := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
		d.SetClock(to, "me")
		time.Sleep(30 * time.Minute)
		booted, _ := d.Booted()
		r, _ := d.Scheduled()
		if !d.Now().Equal(to.Add(30*time.Minute)) || d.Now().Sub(booted) != 30*time.Minute || r.At.Sub(d.Now()) != 30*time.Minute {
			t.Errorf("it is %v, up for %v, %v until the reload", d.Now(), d.Now().Sub(booted), r.At.Sub(d.Now()))
		}
		d.Unschedule()
	})
}
