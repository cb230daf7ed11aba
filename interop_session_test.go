package vtylab_test

import (
	"cmp"
	"net"
	"strings"
	"testing"

	"github.com/creack/pty"

	"vtylab/config"
)

// shell opens a session with OpenSSH and waits for its prompt.
func (r *router) shell(login string) *dialogue {
	r.t.Helper()
	d := r.openSSH(login, "-tt").open()
	if strings.HasPrefix(login, "cisco") {
		d.see("R1#")
	} else {
		d.see("R1>")
	}
	return d
}

// A session of OpenSSH and what the device's console does with it.
func TestSessions(t *testing.T) {
	client(t, "ssh")
	eachPlatform(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			line   string
			config string
			run    func(t *testing.T, r *router)
		}{
			{"long output stops at --More--; Enter shows a line, space a page, q ends it", "", func(t *testing.T, r *router) {
				vty := r.shell("cisco:cisco")
				vty.enter("terminal length 10")
				vty.say("show running-config\r")
				page := vty.see(" --More-- ")
				if n := strings.Count(page, "\n"); n != 10 {
					t.Errorf("%d lines before --More--:\n%s", n, page) // the echoed command, and nine
				}
				vty.say("\r")
				if line := vty.see(" --More-- "); strings.Count(line, "\n") != 1 {
					t.Errorf("Enter shows %q", line)
				}
				vty.say(" ")
				if page := vty.see(" --More-- "); strings.Count(page, "\n") != 9 {
					t.Errorf("space shows %q", page)
				}
				vty.say("q")
				if rest := vty.see("R1#"); strings.Contains(rest, "\nend\n") {
					t.Errorf("q shows %q", rest)
				}
			}},
			{"terminal length 0 shows all at once", "", func(t *testing.T, r *router) {
				vty := r.shell("cisco:cisco")
				vty.enter("terminal length 0")
				if text := vty.enter("show running-config"); strings.Contains(text, "More") || !strings.Contains(text, "\nend\n") {
					t.Errorf("shows %s", text)
				}
			}},
			{"show users and show ssh tell who is there", "", func(t *testing.T, r *router) {
				vty := r.shell("cisco:cisco")
				wantLines(t, vty.enter("show users"), "*", "vty 0", "cisco", "127.0.0.1")
				wantLines(t, vty.enter("show ssh"), "IN", "Session started", "cisco", "OUT", "Session started", "cisco")
			}},
			{"a change on one line shows on another, down to the prompt", "", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				vty.say("configure terminal\r")
				vty.see("R1(config)#")
				vty.say("hostname R9\r")
				vty.see("R9(config)#")
				con.say("\r")
				con.see("R9#")
			}},
			{"Ctrl-Z leaves configuration mode, Ctrl-A and Ctrl-K edit, ? helps without Enter", "", func(t *testing.T, r *router) {
				vty := r.shell("cisco:cisco")
				vty.say("configure terminal\r")
				vty.see("R1(config)#")
				vty.say("\x1a")
				vty.see("R1#")
				vty.say("nonsense\x01\x0bshow privilege\r")
				vty.see("Current privilege level is 15")
				vty.see("R1#")
				vty.say("show priv?")
				vty.see("privilege")
				vty.see("R1#show priv")
				vty.say("\t")
				vty.see("privilege")
				vty.say("\r")
				vty.see("level is 15")
			}},
			{"terminal monitor shows messages on the session that asked", "logging monitor debugging\n", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				vty.enter("terminal monitor")
				con.enter("configure terminal\rend")
				vty.see("%SYS-5-CONFIG_I: Configured from console by console")
			}},
			{"clear line ends the session on it", "", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				con.say("clear line vty 0\r")
				con.see("[confirm]")
				con.say("\r")
				con.see("[OK]")
				if _, status := vty.bye(); status == 0 {
					t.Error("the client takes that for a good end")
				}
				eventually(t, "vty 0 is free", func() bool { return !r.FindLine(config.VTY, 0).Busy() })
			}},
			{"disconnect ssh ends the connection", "", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				con.enter("disconnect ssh 0")
				vty.bye()
				eventually(t, "show ssh is empty", func() bool { return len(r.SSH.Connections()) == 0 })
			}},
			{"exec-timeout ends an idle session and says so", "line vty 0 15\n exec-timeout 0 1\n", func(t *testing.T, r *router) {
				r.shell("cisco:cisco").bye()
				eventually(t, "the line is free", func() bool { return !r.FindLine(config.VTY, 0).Busy() })
				wantLines(t, r.console().enter("show logging"), "%SYS-6-TTY_EXPIRE_TIMER: (exec timer expired, tty ", "(127.0.0.1)), user cisco")
			}},
			{"more sessions than vtys are refused, until one ends", "", func(t *testing.T, r *router) {
				n := 0
				for _, l := range r.Lines() {
					if l.Kind == config.VTY {
						n++
					}
				}
				var vtys []*dialogue
				for range n {
					vtys = append(vtys, r.shell("cisco:cisco"))
				}
				r.openSSH("cisco:cisco", "show privilege").run().refused("refused|reset|closed")
				vtys[1].say("exit\r")
				vtys[1].bye()
				eventually(t, "vty 1 is free", func() bool { return !r.FindLine(config.VTY, 1).Busy() })
				wantLines(t, r.openSSH("cisco:cisco", "show users | include vty 1").run().ends(0), "vty 1", "cisco")
			}},
			{"transport input telnet on all vtys closes the port, but no session", "", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				con.say("configure terminal\rline vty 0 15\rtransport input telnet\rend\r")
				con.see("#end")
				eventually(t, "the port is closed", func() bool { return r.SSH.Addr(22) == nil })
				r.openSSH("cisco:cisco", "show privilege").run().refused("Connection refused")
				wantLines(t, vty.enter("show privilege"), "level is 15")
			}},
			{"keys that are zeroized close the port, but no session", "", func(t *testing.T, r *router) {
				vty, con := r.shell("cisco:cisco"), r.console()
				con.say("configure terminal\rcrypto key zeroize rsa\r")
				con.see("[yes/no]: ")
				con.say("yes\r")
				con.see("R1(config)#")
				eventually(t, "the port is closed", func() bool { return r.SSH.Addr(22) == nil })
				r.openSSH("cisco:cisco", "show privilege").run().refused("Connection refused")
				wantLines(t, vty.enter("show ip ssh"), cmp.Or(r.Show.SSHOff, "SSH Disabled"))
			}},
			{"ip ssh time-out drops who does not log in", "ip ssh time-out 1\n", func(t *testing.T, r *router) {
				c, err := net.Dial("tcp", "127.0.0.1:"+r.port)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				eventually(t, "the connection is dropped", func() bool { return len(r.SSH.Connections()) == 0 })
			}},
		} {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				c.run(t, start(t, release, c.config))
			})
		}
	})
}

// The size of OpenSSH's terminal is the session's, when it begins and when it
// changes, and decides where --More-- comes.
func TestWindow(t *testing.T) {
	client(t, "ssh")
	eachPlatform(t, func(t *testing.T, release string) {
		r := start(t, release, "")
		p := r.openSSH("cisco:cisco")
		cmd := p.command(t.Context())
		terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 100})
		if err != nil {
			t.Skipf("no terminals here: %v", err)
		}
		vty := newDialogue(t, p.String(), terminal)
		copied := make(chan struct{})
		go func() {
			defer close(copied)
			buf := make([]byte, 4096)
			for {
				n, err := terminal.Read(buf)
				vty.Write(buf[:n])
				if err != nil {
					return
				}
			}
		}()
		defer func() { cmd.Process.Kill(); cmd.Wait(); terminal.Close(); <-copied }()
		vty.see("R1#")
		wantLines(t, vty.enter("show terminal | include Length"), "Length: 30 lines, Width: 100 columns")
		if err := pty.Setsize(terminal, &pty.Winsize{Rows: 12, Cols: 90}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the new size", func() bool {
			return strings.Contains(vty.enter("show terminal | include Length"), "Length: 12 lines, Width: 90 columns")
		})
		vty.say("show running-config\r")
		if page := vty.see(" --More-- "); strings.Count(page, "\n") != 12 {
			t.Errorf("a page is\n%s", page)
		}
		vty.say("q")
		vty.see("R1#")
		vty.say("exit\r")
	})
}
