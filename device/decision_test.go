package device_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

// operator is a log whose lines have no date.
func operator(to io.Writer, level logrus.Level) func(*device.Options) {
	return func(o *device.Options) {
		log := logrus.New()
		log.SetOutput(to)
		log.SetLevel(level)
		log.SetFormatter(bare{})
		o.Log = log
	}
}

// bare formats a message as its level and its text.
type bare struct{}

func (bare) Format(e *logrus.Entry) ([]byte, error) {
	return fmt.Appendf(nil, "%s %s\n", e.Level, e.Message), nil
}

// The operator reads why somebody was refused, and which line of the configuration
// decided; a name that the device does not know may be a password, and is not told.
func TestRefusalsAreTold(t *testing.T) {
	connect := func(from string) func(*testing.T, *devicetest.Bubble) {
		return func(t *testing.T, r *devicetest.Bubble) {
			c, err := r.Connect(from)
			if verdict := (*network.Verdict)(nil); !errors.As(err, &verdict) || verdict.Outcome != network.Refused {
				t.Errorf("the connection is %v, %v", c, err)
			}
		}
	}
	visit := func(login, command, input string) func(*testing.T, *devicetest.Bubble) {
		return func(_ *testing.T, r *devicetest.Bubble) { r.Visit(login, command, input) }
	}
	enter := func(lines ...string) func(*testing.T, *devicetest.Bubble) {
		return func(t *testing.T, r *devicetest.Bubble) {
			for _, line := range lines {
				r.Device.Run(t.Context(), line)
			}
		}
	}
	onLines := func(list string) string {
		return "line vty 0 15\n access-class " + list + " in\n transport input ssh\n"
	}
	for _, c := range []struct {
		line, config string
		do           func(*testing.T, *devicetest.Bubble)
		want         string
	}{
		{"a standard list", "access-list 10 permit 10.0.0.9\naccess-list 10 deny any\n" + onLines("10"), connect("10.0.0.5"),
			`refused 10.0.0.5: access-class 10, "access-list 10 deny any"`},
		{"a named standard list", "ip access-list standard MGMT\n deny 10.0.0.5\n permit any\n" + onLines("MGMT"), connect("10.0.0.5"),
			`refused 10.0.0.5: access-class MGMT, "ip access-list standard MGMT deny 10.0.0.5"`},
		{"what a list does not name", "access-list 10 permit 10.0.0.9\n" + onLines("10"), connect("10.0.0.5"),
			`refused 10.0.0.5: access-class 10, "access-list 10 (implicit deny)"`},
		{"an extended list", "access-list 110 deny tcp host 10.0.0.5 any eq 22\naccess-list 110 permit ip any any\n" + onLines("110"), connect("10.0.0.5"),
			`refused 10.0.0.5: access-class 110, "access-list 110 deny tcp host 10.0.0.5 any eq 22"`},
		{"a named extended list", "ip access-list extended SSH\n permit tcp 10.0.0.8 0.0.0.1 any eq 22\n deny ip any any log\n" + onLines("SSH"), connect("10.0.0.5"),
			`refused 10.0.0.5: access-class SSH, "ip access-list extended SSH deny ip any any log"`},
		{"no free line", "", func(t *testing.T, r *devicetest.Bubble) {
			for range r.VTYs() {
				c, err := r.Connect("10.0.0.6")
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
			}
			connect("10.0.0.5")(t, r)
		}, `refused 10.0.0.5: no free line`},
		{"a wrong password", "ip ssh authentication-retries 0\n", visit("cisco:hush", "show clock", ""), `refused 10.0.0.9: wrong password, user cisco, "aaa authentication login default"`},
		{"an unknown user", "ip ssh authentication-retries 0\n", visit("hush:hush", "show clock", ""), `refused 10.0.0.9: unknown user, "aaa authentication login default"`},
		{"a user's access class", "access-list 12 permit 10.0.0.5\nusername cisco access-class 12\nip ssh authentication-retries 0\n", visit("cisco:cisco", "show clock", ""),
			`refused 10.0.0.9: access-class 12 of the user, user cisco, "access-list 12 (implicit deny)"`},
		{"a user who may not have an EXEC", "aaa authorization exec default group tacacs+\n", visit("cisco:cisco", "show clock", ""),
			`refused 10.0.0.9: no server has answered, user cisco, "aaa authorization exec default"`},
		{"scp that is off", "no ip scp server enable\n", visit("cisco:cisco", "scp -t flash:x", ""), `refused 10.0.0.9: SCP server off, user cisco, "no ip scp server enable"`},
		{"scp of a user of level 1", "", visit("guest:guest", "scp -f flash:x", "\x00"), `refused 10.0.0.9: privilege level below 15, user guest`},
		{"ssh beyond the device", "", enter("ssh -l x 10.9.9.9"), `refused connection to 10.9.9.9:22: uplink none: 10.9.9.9 is beyond the device`},
		{"telnet beyond the device", "", enter("telnet 10.9.9.9 99"), `refused connection to 10.9.9.9:99: uplink none: 10.9.9.9 is beyond the device`},
		{"copy beyond the device", "", enter("more scp://a:b@10.9.9.9/x"), `refused connection to 10.9.9.9:22: uplink none: 10.9.9.9 is beyond the device`},
		{"datagrams beyond the device, once", "", enter("more tftp://10.9.9.9/x", "more tftp://10.9.9.9/x"), `refused connection to 10.9.9.9:69: uplink none: 10.9.9.9 is beyond the device`},
		{"a name server beyond the device", "ip name-server 10.9.9.9\n", enter("ping router"), `refused connection to 10.9.9.9:53: uplink none: 10.9.9.9 is beyond the device`},
		{"ping beyond the device", "", enter("ping 10.9.9.9"), `refused ping to 10.9.9.9: uplink none: 10.9.9.9 is beyond the device`},
	} {
		t.Run(c.line, func(t *testing.T) {
			var log bytes.Buffer
			devicetest.InBubble(t, "ios-15.5", c.config, func(t *testing.T, r *devicetest.Bubble) {
				if log.Len() > 0 {
					t.Fatalf("the boot says\n%s", log.String())
				}
				c.do(t, r)
				r.Logged() // waits
				lines := strings.Split(strings.TrimSpace(log.String()), "\n")
				if len(lines) != 1 || lines[0] != "info "+c.want {
					t.Errorf("the operator reads %q, want %q", lines, c.want)
				}
				if strings.Contains(log.String(), "hush") {
					t.Error("what was typed is told")
				}
			}, operator(&log, logrus.InfoLevel))
		})
	}
}

// What is let in is told to who debugs, and remembered like what is refused.
func TestDecisionsAreRemembered(t *testing.T) {
	var log bytes.Buffer
	devicetest.InBubble(t, "iosxe-17.15", "", func(t *testing.T, r *devicetest.Bubble) {
		if _, err := r.Visit("cisco:cisco", "scp -f running-config", "\x00\x00\x00"); err != nil {
			t.Fatal(err)
		}
		all := r.Device.Decisions.All()
		if len(all) != 2 || all[0].Subject != "login" || all[1].Subject != "copy" || all[1].Refused || all[1].Who != "cisco" || all[1].From != "10.0.0.9" || !all[1].At.Equal(r.Device.Now()) {
			t.Errorf("the decisions are %+v", all)
		}
		if want := "debug let in 10.0.0.9: login, user cisco, \"aaa authentication login default\"\ndebug let in 10.0.0.9: copy, user cisco\n"; log.String() != want {
			t.Errorf("who debugs reads %q, want %q", log.String(), want)
		}
		synctest.Wait() // the line of the visit is free
		for range 100 {
			if c, err := r.Connect("10.0.0.6"); err == nil {
				defer c.Close()
			}
		}
		if all := r.Device.Decisions.All(); len(all) != 64 || regexp.MustCompile("copy|login").MatchString(all[0].String()) {
			t.Errorf("%d are remembered, the oldest %v; want the last 64", len(all), all[0])
		}
		time.Sleep(time.Second)
		if _, err := r.Connect("10.0.0.6"); err == nil {
			t.Error("there is a free line")
		}
		if n := strings.Count(log.String(), "refused 10.0.0.6"); n != 21 || !strings.Contains(log.String(), "info refused 75 times more\n") {
			t.Errorf("the operator is told %d times, want 20 in the first second and one in the next:\n%s", n, log.String())
		}
	}, operator(&log, logrus.DebugLevel))
}
