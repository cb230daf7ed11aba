package device_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/config"
	"vtylab/device"
	"vtylab/internal/devicetest"
)

// shown is what a terminal shows until the device waits, rows joined.
func shown(t *devicetest.Terminal) string {
	rows, prompt := t.Shown()
	return strings.Join(append(rows, prompt), "\n")
}

// A console from its boot to its end: what is shown, keys by keys.
func TestConsole(t *testing.T) {
	type step struct{ keys, want string }
	for _, c := range []struct {
		line, startup string
		steps         []step
	}{
		{"RETURN begins, bye ends, and again", "", []step{{"", "booted, press RETURN"}, {"x\r", "\nlog in\nwelcome\nToy-"}, {"who\r", "who\nconsole, level 15\nToy-"},
			{"bye\r", "bye\npress RETURN"}, {"\r", "\nlog in\nwelcome\nToy-"}}},
		{"what the boot refused is shown first", "name T\nnonsense\n", []step{{"", "2: what is \"nonsense\"?\nbooted, press RETURN"}}},
		{"a password", "password p\n", []step{{"", "booted, press RETURN"}, {"\r", "\nlog in\nPassword: "}, {"q\r", "\nwrong, last: false\nPassword: "}, {"p\r", "\nwelcome\nToy-"}}},
		{"wrong as often as may be", "password p\n", []step{{"\r", "booted, press RETURN\nlog in\nPassword: "}, {"a\rb\r", "\nwrong, last: false\nPassword: \nwrong, last: true\npress RETURN"}}},
		{"Ctrl-C at the password", "password p\n", []step{{"\r", "booted, press RETURN\nlog in\nPassword: "}, {"\x03", "\npress RETURN"}}},
		{"nobody gets an EXEC", "closed\n", []step{{"\r", "booted, press RETURN\nlog in\nclosed\npress RETURN"}}},
		{"what was typed ahead is for the next login", "password p\n", []step{{"\rp\rbye\r\rp\rwho\r",
			"booted, press RETURN\nlog in\nPassword: \nwelcome\nToy-bye\npress RETURN\nlog in\nPassword: \nwelcome\nToy-who\nconsole, level 15\nToy-"}}},
		{"a reload begins with another boot", "", []step{{"\r", "booted, press RETURN\nlog in\nwelcome\nToy-"}, {"reboot\r", "reboot\n*Jan  1 00:00:00.000: %TOY-5-EVENT: device.Reloaded{console toy}\nbooted, press RETURN"}}},
	} {
		t.Run(c.line, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, _ := newToyDevice(t, c.startup)
				term := devicetest.AttachTo(d, device.ConsoleOptions{})
				for _, s := range c.steps {
					term.Type(s.keys)
					if got := shown(term); got != s.want {
						t.Errorf("%q shows %q, want %q", s.keys, got, s.want)
					}
				}
				if err := term.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A question of a login waits for 30 seconds.
func TestLoginTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newToyDevice(t, "password p\n")
		term := devicetest.AttachTo(d, device.ConsoleOptions{})
		defer term.Close()
		term.Type("\r")
		term.Shown()
		time.Sleep(30*time.Second - time.Nanosecond)
		if got := shown(term); got != "" {
			t.Errorf("after less than 30 seconds: %q", got)
		}
		time.Sleep(time.Nanosecond)
		if got := shown(term); got != "\ntoo late for Password: \npress RETURN" {
			t.Errorf("after 30 seconds: %q", got)
		}
	})
}

// The program is told what is refused, with the line of the input.
func TestConsoleTellsRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newToyDevice(t, "password p\n")
		var told []string
		term := devicetest.AttachTo(d, device.ConsoleOptions{Scripted: true, Refused: func(r config.Rejected) {
			told = append(told, fmt.Sprintf("%d %s: %v", r.Number, r.Line, r.Err))
		}})
		term.Type("p\nwho\nfoo\nrefuse\r\nenter\nname\n\nbar\nname x\nleave\nbye\n\np\nbaz\n")
		term.Shown()
		term.Close()
		want := "3 foo: cli: invalid input at 0\n4 refuse: toys refuse\n6 name: cli: incomplete command\n8 bar: cli: invalid input at 1\n14 baz: cli: invalid input at 1"
		if got := strings.Join(told, "\n"); got != want {
			t.Errorf("told\n%s\nwant\n%s", got, want)
		}
	})
}

// A command of EXEC works in a configuration mode where the product has no `do`,
// and the change is reported once, when the mode ends.
func TestShellWithoutDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := newToyDevice(t, "")
		logged(d)
		term := devicetest.Attach(d)
		defer term.Close()
		term.Shown()
		for _, c := range []struct{ keys, want string }{
			{"enter\r", "enter\nToy="}, {"name T\r", "name T\nT="}, {"who\r", "who\nconsole, level 15\nT="}, {"do\r", "do\nwhat is \"do\"?\nT="},
			{"# a comment\r", "# a comment\nT="}, {"lines 3\r", "lines 3\nT="}, {"ring\r", "ring\nT="}, {"name mute\rring\r", "name mute\nmute=ring\nmute toys do not ring\nmute="},
			{"\x1a", "^Z\nmute-\n*Jan  1 00:00:00.000: %TOY-5-EVENT: device.Configured{console console}\n"},
		} {
			term.Type(c.keys)
			if got := shown(term); got != c.want {
				t.Errorf("%q shows %q, want %q", c.keys, got, c.want)
			}
		}
		if got := logged(d); len(got) != 1 {
			t.Errorf("logged %q, want one event", got)
		}
		if n := len(d.Lines()); n != 1+3 {
			t.Errorf("there are %d lines: the change did not reach them", n)
		}
		if got := strings.Join(s.rings, " "); got != "T mute" {
			t.Errorf("rang as %s", got)
		}
		if !d.Unsaved() || d.LastChange().At.IsZero() {
			t.Error("the change is not noted")
		}
	})
}
