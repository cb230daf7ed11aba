package ios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/ssh/ssh2"
)

// show is what a command prints, at level 15.
func show(t *testing.T, r *devicetest.Bubble, line string) string {
	t.Helper()
	text, err := r.Device.Run(t.Context(), line)
	if err != nil {
		t.Errorf("%s: %v", line, err)
	}
	return text
}

// said are the messages of a facility that were logged since the last call.
func said(r *devicetest.Bubble, facility string) []string {
	return slices.DeleteFunc(r.Logged(), func(l string) bool { return !strings.HasPrefix(l, "%"+facility+"-") })
}

// TestQuietMode lets three logins fail, which refuses all who come over the network but
// those that the access list names, until the time is over (ios-cli C4).
func TestQuietMode(t *testing.T) {
	const more = "login block-for 120 attempts 3 within 60\nlogin quiet-mode access-class 10\nlogin on-failure log\nlogin on-success log every 2\naccess-list 10 permit 10.0.0.77\nip ssh authentication-retries 3\n"
	devicetest.InBubble(t, "ios-15.5", more, func(t *testing.T, r *devicetest.Bubble) {
		if _, err := r.Visit("admin:wrong", "show clock", ""); err == nil {
			t.Error("a wrong password lets in")
		}
		failed := "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: admin] [Source: 10.0.0.9] [localport: 22] [Reason: Login Authentication Failed] at "
		got := said(r, "SEC_LOGIN")
		if len(got) != 5 || !strings.HasPrefix(got[0], failed) ||
			!strings.HasPrefix(got[3], "%SEC_LOGIN-1-QUIET_MODE_ON: Still timeleft for watching failures is 5") ||
			!strings.Contains(got[3], " secs, [user: admin] [Source: 10.0.0.9] [localport: 22] [Reason: Login Authentication Failed] [ACL: 10] at ") {
			t.Errorf("logs\n%s", strings.Join(got, "\n"))
		}
		if c, err := r.Connect("10.0.0.8"); err == nil {
			c.Close()
			t.Error("quiet mode takes a connection")
		} else if all := r.Device.Decisions.All(); all[len(all)-1].Reason != "quiet mode" {
			t.Errorf("refuses because of %+v", all)
		}
		c, err := r.Connect("10.0.0.77")
		if err != nil {
			t.Fatalf("the access list does not let in: %v", err)
		}
		c.Close()
		if got := show(t, r, "show login"); !strings.Contains(got, "     Router presently in Quiet-Mode.\n     Will remain in Quiet-Mode for ") {
			t.Errorf("show login:\n%s", got)
		}
		time.Sleep(2 * time.Minute)
		if got := said(r, "SEC_LOGIN"); len(got) != 1 || !strings.HasPrefix(got[0], "%SEC_LOGIN-5-QUIET_MODE_OFF: ") {
			t.Errorf("in the end it logs %q", got)
		}
		for range 2 {
			if _, err := r.Visit("cisco:cisco", "show clock", ""); err != nil {
				t.Errorf("after quiet mode: %v", err)
			}
		}
		if got := said(r, "SEC_LOGIN"); len(got) != 1 || !strings.Contains(got[0], "LOGIN_SUCCESS: Login Success [user: cisco] [Source: 10.0.0.9] [localport: 22]") {
			t.Errorf("of two logins it logs %q", got)
		}
		if got := show(t, r, "show login failures"); !strings.Contains(got, "Total failed logins: 4\nDetailed information about last 50 failures\n\n"+
			"Username        SourceIPAddr    lPort Count TimeStamp\nadmin           10.0.0.9        22    4     ") {
			t.Errorf("show login failures:\n%s", got)
		}
	})
}

// TestQuietModeInside holds a connection from before quiet mode: a right password does not
// get in over it.
func TestQuietModeInside(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", "login block-for 120 attempts 1 within 60\n", func(t *testing.T, r *devicetest.Bubble) {
		early := r.Dial()
		defer early.Close()
		r.Visit("admin:wrong", "show clock", "")
		c := ssh2.NewClient(early, devicetest.ClientConfig("cisco", devicetest.Password("cisco")))
		defer c.Close()
		if err := c.Handshake(t.Context()); err == nil {
			t.Error("it gets in")
		}
	})
}

// TestLoginDelay measures how long a refusal takes.
func TestLoginDelay(t *testing.T) {
	for _, tt := range []struct {
		more string
		want time.Duration // of four refusals over SSH, which has 2 s of its own each
	}{
		{"", 8 * time.Second},
		{"login delay 10\n", 40 * time.Second},
		{"login block-for 1 attempts 100 within 60\n", 8 * time.Second},
		{"security authentication failure rate 4 log\n", 6*time.Second + 15*time.Second},
	} {
		devicetest.InBubble(t, "ios-15.5", "ip ssh authentication-retries 3\n"+tt.more, func(t *testing.T, r *devicetest.Bubble) {
			at := time.Now()
			r.Visit("admin:wrong", "show clock", "")
			if got := time.Since(at).Round(time.Second); got != tt.want {
				t.Errorf("%q: four refusals take %v, want %v", tt.more, got, tt.want)
			}
			if got := said(r, "LOGIN"); (len(got) == 1) != strings.HasPrefix(tt.more, "security") {
				t.Errorf("%q: logs %q", tt.more, got)
			}
		})
	}
}

// TestLoginFailuresAreBounded fills the table of failures.
func TestLoginFailuresAreBounded(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", "", func(t *testing.T, r *devicetest.Bubble) {
		line := r.Device.Lines()[2]
		for i := range 60 {
			r.Device.System.On(device.LoginRefused{User: fmt.Sprint("user", i), Line: line, Port: 22})
		}
		got := show(t, r, "show login failures")
		if strings.Count(got, "\nuser") != 50 || strings.Contains(got, "user9 ") || !strings.Contains(got, "user10 ") || !strings.Contains(got, "failed logins: 60\n") {
			t.Errorf("shows\n%s", got)
		}
	})
}
