package interop

import (
	"fmt"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// An autocommand, of a user or of a line, takes the place of a shell and of the
// command of an exec request; a line without EXEC runs neither.
func TestAutocommand(t *testing.T) {
	foreign.Need(t, "ssh")
	const bot = "username bot privilege 15 password 0 bot\n"
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			line, config, login string
			want, not           string
		}{
			{"of a user", bot + "username bot autocommand show privilege\n", "bot:bot", "Current privilege level is 15", "R1#"},
			{"of a line", bot + "line vty 0 15\n autocommand show privilege\n", "bot:bot", "Current privilege level is", "R1#"},
			{"the user's before the line's", bot + "username bot autocommand show privilege\nline vty 0 15\n autocommand show clock\n", "bot:bot", "Current privilege level is 15", "UTC"},
			{"of another user", bot + "username bot autocommand show clock\n", "cisco:cisco", "Current privilege level is 15", "UTC"},
			{"that is no command", bot + "username bot autocommand show nothing\n", "bot:bot", `Line has invalid autocommand "show nothing"`, "Current"},
			{"no exec", bot + "line vty 0 15\n no exec\n", "bot:bot", "", "Current"},
		} {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				r := devicetest.Start(t, release, c.config)
				shell := r.OpenSSH(c.login, "-tt").Typing("show privilege\rexit\r").Run().Ends(0)
				command := r.OpenSSH(c.login, "show privilege").Run().Ends(0)
				for how, shown := range map[string]string{"a shell": shell, "an exec request": command} {
					if !strings.Contains(shown, c.want) || c.login == "bot:bot" && strings.Contains(shown, c.not) {
						t.Errorf("%s shows %q, want %q and no %q", how, shown, c.want, c.not)
					}
				}
			})
		}
	})
}

// Of eight who come at once as a user who may log in once, one gets in, with the
// level that the user had; the user is gone then.
func TestOneTimeUser(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "username once privilege 7 one-time password 0 once\nline vty 0 15\n transport input ssh\n")
		var visitors []*foreign.Dialogue
		for range 8 {
			visitors = append(visitors, r.OpenSSH("once:once", "show privilege").Before("r1", "-o", "NumberOfPasswordPrompts=1").Open())
		}
		in := 0
		for _, v := range visitors {
			switch text, status := v.Bye(); {
			case status == 0 && strings.Contains(text, "Current privilege level is 7"):
				in++
			case status != 255:
				t.Errorf("exit status %d, shows %q", status, text)
			}
		}
		if in != 1 {
			t.Errorf("%d of 8 got in, want 1", in)
		}
		if strings.Contains(r.File("running-config"), "username once") {
			t.Error("the user is still there")
		}
	})
}

// The first prompt of a shell stands behind as many line ends as the release
// sends; an exec request has none of them.
func TestFirstPrompt(t *testing.T) {
	foreign.Need(t, "ssh")
	for release, lead := range map[string]int{"ios-15.5": 1, "iosxe-3se": 1, "iosxe-17.15": 3} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, release, "")
			o := r.OpenSSH("cisco:cisco", "-tt").Typing("exit\r").Run()
			o.Ends(0)
			if want := strings.Repeat("\r\n", lead) + "R1#exit\r\n"; !strings.HasPrefix(o.Out, want) {
				t.Errorf("a shell begins with %q, want %q", o.Out, want)
			}
			if got := r.OpenSSH("cisco:cisco", "show privilege").Run().Ends(0); got != "\nCurrent privilege level is 15\n" {
				t.Errorf("an exec request shows %q", got)
			}
		})
	}
}

// netmiko and scrapli wait for the echo of what they answer to [confirm].
func TestConfirmEcho(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		vty := devicetest.Start(t, release, "").Shell("cisco:cisco")
		for key, echo := range map[string]string{"y": "y", "n": "n", "\r": ""} {
			vty.Say("clear counters\r")
			vty.See("[confirm]")
			vty.Say(key)
			if got, want := vty.See("R1#"), fmt.Sprintf("%s\nR1#", echo); got != want {
				t.Errorf("%q is answered with %q, want %q", key, got, want)
			}
		}
	})
}
