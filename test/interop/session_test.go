package interop

import (
	"cmp"
	"strings"
	"testing"

	"github.com/creack/pty"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// A session of OpenSSH and what the device's console does with it.
func TestSessions(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			line   string
			config string
			run    func(t *testing.T, r *devicetest.Router)
		}{
			{"long output stops at --More--; Enter shows a line, space a page, q ends it", "", func(t *testing.T, r *devicetest.Router) {
				vty := r.Shell("cisco:cisco")
				vty.Enter("terminal length 10")
				vty.Say("show running-config\r")
				page := vty.See(" --More-- ")
				if n := strings.Count(page, "\n"); n != 10 {
					t.Errorf("%d lines before --More--:\n%s", n, page) // the echoed command, and nine
				}
				vty.Say("\r")
				if line := vty.See(" --More-- "); strings.Count(line, "\n") != 1 {
					t.Errorf("Enter shows %q", line)
				}
				vty.Say(" ")
				if page := vty.See(" --More-- "); strings.Count(page, "\n") != 9 {
					t.Errorf("space shows %q", page)
				}
				vty.Say("q")
				if rest := vty.See("R1#"); strings.Contains(rest, "\nend\n") {
					t.Errorf("q shows %q", rest)
				}
			}},
			{"terminal length 0 shows all at once", "", func(t *testing.T, r *devicetest.Router) {
				vty := r.Shell("cisco:cisco")
				vty.Enter("terminal length 0")
				if text := vty.Enter("show running-config"); strings.Contains(text, "More") || !strings.Contains(text, "\nend\n") {
					t.Errorf("shows %s", text)
				}
			}},
			{"show users and show ssh tell who is there", "", func(t *testing.T, r *devicetest.Router) {
				vty := r.Shell("cisco:cisco")
				devicetest.WantLines(t, vty.Enter("show users"), "*", "vty 0", "cisco", "127.0.0.1")
				devicetest.WantLines(t, vty.Enter("show ssh"), "IN", "Session started", "cisco", "OUT", "Session started", "cisco")
			}},
			{"a change on one line shows on another, down to the prompt", "", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				vty.Say("configure terminal\r")
				vty.See("R1(config)#")
				vty.Say("hostname R9\r")
				vty.See("R9(config)#")
				con.Say("\r")
				con.See("R9#")
			}},
			{"Ctrl-Z leaves configuration mode, Ctrl-A and Ctrl-K edit, ? helps without Enter", "", func(t *testing.T, r *devicetest.Router) {
				vty := r.Shell("cisco:cisco")
				vty.Say("configure terminal\r")
				vty.See("R1(config)#")
				vty.Say("\x1a")
				vty.See("R1#")
				vty.Say("nonsense\x01\x0bshow privilege\r")
				vty.See("Current privilege level is 15")
				vty.See("R1#")
				vty.Say("show priv?")
				vty.See("privilege")
				vty.See("R1#show priv")
				vty.Say("\t")
				vty.See("privilege")
				vty.Say("\r")
				vty.See("level is 15")
			}},
			{"terminal monitor shows messages on the session that asked", "logging monitor debugging\n", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				vty.Enter("terminal monitor")
				con.Enter("configure terminal\rend")
				vty.See("%SYS-5-CONFIG_I: Configured from console by console")
			}},
			{"clear line ends the session on it", "", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				con.Say("clear line vty 0\r")
				con.See("[confirm]")
				con.Say("\r")
				con.See("[OK]")
				if _, status := vty.Bye(); status == 0 {
					t.Error("the client takes that for a good end")
				}
				r.Free(0)
			}},
			{"disconnect ssh ends the connection", "", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				con.Enter("disconnect ssh 0")
				vty.Bye()
				r.Alone()
			}},
			{"exec-timeout ends an idle session and says so", "line vty 0 15\n exec-timeout 0 1\n", func(t *testing.T, r *devicetest.Router) {
				r.Shell("cisco:cisco").Bye()
				r.Free(0)
				devicetest.WantLines(t, r.Console().Enter("show logging"), "%SYS-6-TTY_EXPIRE_TIMER: (exec timer expired, tty ", "(127.0.0.1)), user cisco")
			}},
			{"more sessions than vtys are refused, until one ends", "", func(t *testing.T, r *devicetest.Router) {
				var vtys []*foreign.Dialogue
				for range r.VTYs() {
					vtys = append(vtys, r.Shell("cisco:cisco"))
				}
				r.OpenSSH("cisco:cisco", "show privilege").Run().Refused("refused|reset|closed")
				vtys[1].Say("exit\r")
				vtys[1].Bye()
				r.Free(1)
				devicetest.WantLines(t, r.OpenSSH("cisco:cisco", "show users | include vty 1").Run().Ends(0), "vty 1", "cisco")
			}},
			{"transport input telnet on all vtys closes the port, but no session", "", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				con.Say("configure terminal\rline vty 0 15\rtransport input telnet\rend\r")
				con.See("#end")
				devicetest.Eventually(t, "the port is closed", func() bool { return !r.Listens(22) })
				r.OpenSSH("cisco:cisco", "show privilege").Run().Refused("Connection refused")
				devicetest.WantLines(t, vty.Enter("show privilege"), "level is 15")
			}},
			{"keys that are zeroized close the port, but no session", "", func(t *testing.T, r *devicetest.Router) {
				vty, con := r.Shell("cisco:cisco"), r.Console()
				con.Say("configure terminal\rcrypto key zeroize rsa\r")
				con.See("[yes/no]: ")
				con.Say("yes\r")
				con.See("R1(config)#")
				devicetest.Eventually(t, "the port is closed", func() bool { return !r.Listens(22) })
				r.OpenSSH("cisco:cisco", "show privilege").Run().Refused("Connection refused")
				devicetest.WantLines(t, vty.Enter("show ip ssh"), cmp.Or(devicetest.Release(t, r.Device.Product.Name()).Show.SSHOff, "SSH Disabled"))
			}},
			{"ip ssh time-out drops who does not log in", "ip ssh time-out 1\n", func(t *testing.T, r *devicetest.Router) {
				c := r.Dial()
				defer c.Close()
				r.Alone()
			}},
		} {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				c.run(t, devicetest.Start(t, release, c.config))
			})
		}
	})
}

// The size of OpenSSH's terminal is the session's, when it begins and when it
// changes, and decides where --More-- comes.
func TestWindow(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "")
		vty, terminal := r.In(t).OpenSSH("cisco:cisco").OnTerminal(30, 100)
		vty.See("R1#")
		devicetest.WantLines(t, vty.Enter("show terminal | include Length"), "Length: 30 lines, Width: 100 columns")
		if err := pty.Setsize(terminal, &pty.Winsize{Rows: 12, Cols: 90}); err != nil {
			t.Fatal(err)
		}
		devicetest.Eventually(t, "the new size", func() bool {
			return strings.Contains(vty.Enter("show terminal | include Length"), "Length: 12 lines, Width: 90 columns")
		})
		vty.Say("show running-config\r")
		if page := vty.See(" --More-- "); strings.Count(page, "\n") != 12 {
			t.Errorf("a page is\n%s", page)
		}
		vty.Say("q")
		vty.See("R1#")
		vty.Say("exit\r")
	})
}
