package hostile

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
	"vtylab/network"
)

// client is a router whose console copies from a server that a test makes.
type client struct {
	*device.Device
	*devicetest.Terminal
	t *testing.T
}

// atServer boots a router in a bubble; whoever it connects to is served by serve, which
// has to end when the connection does.
func atServer(t *testing.T, serve func(conn net.Conn), f func(c *client)) {
	t.Helper()
	product := devicetest.Product(t, devicetest.Default())
	synctest.Test(t, func(t *testing.T) {
		dial := func(context.Context, string, string) (net.Conn, error) {
			a, b := devicetest.NewPair()
			go func() {
				defer b.Close()
				serve(b)
			}()
			return a, nil
		}
		host := network.NewHost(network.HostOptions{Dial: dial})
		d := devicetest.New(t, product, "hostname R1\nfile prompt quiet\nno logging console\nline con 0\n privilege level 15\n length 0\n",
			func(o *device.Options) { o.Network = host })
		term := devicetest.Attach(d)
		defer term.Close()
		term.Shown()
		f(&client{d, term, t})
		time.Sleep(time.Minute) // for servers to notice
	})
}

// files are what flash holds, with its free space.
func (c *client) files() string {
	fs := c.Files().Home().FS()
	entries, err := fs.ReadDir("")
	if err != nil {
		c.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, fmt.Sprintf("%s:%d", e.Name, e.Size))
	}
	slices.Sort(names)
	return fmt.Sprint(names, fs.Info().Free)
}

// enter types a command and returns what is shown until the prompt is back, after up to
// an hour.
func (c *client) enter(line string) string {
	c.t.Helper()
	c.Type(line + "\r")
	var out strings.Builder
	for range 3600 {
		rows, prompt := c.Shown()
		out.WriteString(strings.Join(append(rows, prompt), "\n"))
		if prompt == "R1#" {
			return out.String()
		}
		time.Sleep(time.Second)
	}
	c.t.Fatalf("%s: no prompt after an hour:\n%q", line, out.String())
	return ""
}

// clean checks that nothing that was shown could steer a terminal.
func (c *client) clean(shown string) {
	c.t.Helper()
	for _, r := range shown {
		if r < ' ' && r != '\n' && r != '\a' || r >= 0x7f && r <= 0x9f {
			c.t.Errorf("a control character is shown: %.500q", shown)
			return
		}
	}
}

// steering is what no server may send to a terminal.
const steering = "\x1b[2J\x1b]0;owned\x07\x9b31m\u009b31m\x7f\x00\b\b\b\r\v"

// welcome is a server that lets everybody in and leaves a command to run.
func welcome(t testing.TB, run func(command string, ch xssh.Channel)) func(net.Conn) {
	cfg := &xssh.ServerConfig{PasswordCallback: func(xssh.ConnMetadata, []byte) (*xssh.Permissions, error) { return nil, nil }}
	return serving(t, cfg, run)
}

func serving(t testing.TB, cfg *xssh.ServerConfig, run func(command string, ch xssh.Channel)) func(net.Conn) {
	t.Helper()
	cfg.AddHostKey(foreign.HostKey())
	cfg.KeyExchanges = []string{"diffie-hellman-group14-sha1"}
	cfg.MACs = []string{"hmac-sha1"}
	cfg.Ciphers = []string{"aes128-ctr"}
	return func(conn net.Conn) {
		s, channels, requests, err := xssh.NewServerConn(conn, cfg)
		if err != nil {
			return
		}
		defer s.Close()
		go xssh.DiscardRequests(requests)
		for n := range channels {
			ch, requests, err := n.Accept()
			if err != nil {
				return
			}
			for r := range requests {
				r.Reply(true, nil)
				if r.Type == "exec" {
					run(string(r.Payload[4:]), ch)
					ch.Close()
					break
				}
			}
			go xssh.DiscardRequests(requests)
		}
	}
}

// says sends bytes, whatever the client answers, and leaves it a second.
func says(text string) func(string, xssh.Channel) {
	return func(_ string, ch xssh.Channel) {
		go io.Copy(io.Discard, ch)
		io.WriteString(ch, text)
		time.Sleep(time.Second)
	}
}

// What servers send in place of a file: nothing but the named file is ever written, and
// only when it has come whole.
func TestHostileFiles(t *testing.T) {
	for _, tt := range []struct{ name, send, file string }{
		{"a file of another name", "C0644 4 other\nevil\x00", "evil"},
		{"a path upwards", "C0644 4 ../../evil\nevil\x00", ""},
		{"two dots", "C0644 4 ..\nevil\x00", ""},
		{"an absolute path", "C0644 4 /startup-config\nevil\x00", ""},
		{"another file system", "C0644 4 nvram:startup-config\nevil\x00", "evil"},
		{"a name with control bytes", "C0644 4 e" + steering + "\nevil\x00", ""},
		{"a second file", "C0644 4 x\nevil\x00C0644 4 startup-config\nevil\x00", ""},
		{"a directory", "D0755 0 dir\nC0644 4 x\nevil\x00E\n", ""},
		{"times alone", "T1 0 1 0\n", ""},
		{"times, then a file", "T1 0 1 0\nC0644 4 x\nevil\x00", "evil"},
		{"a negative size", "C0644 -4 x\nevil\x00", ""},
		{"a huge size", "C0644 9223372036854775806 x\nevil\x00", ""},
		{"a size of more than 64 bits", "C0644 99999999999999999999999 x\nevil\x00", ""},
		{"a size that is no number", "C0644 0x4 x\nevil\x00", ""},
		{"less than was announced", "C0644 40 x\nevil", ""},
		{"more than was announced", "C0644 4 x\nevil and more", ""},
		{"no end byte", "C0644 4 x\nevil", ""},
		{"a complaint with control bytes", "\x01scp: " + steering + "no\n", ""},
		{"a fatal one", "\x02" + steering + "\n", ""},
		{"complaints for ever", strings.Repeat("\x01scp: no\n", 100_000), ""},
		{"a line for ever", strings.Repeat("C", 1<<20), ""},
		{"zeros for ever", strings.Repeat("\x00", 1<<20), ""},
		{"E alone", "E\n", ""},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atServer(t, welcome(t, says(tt.send)), func(c *client) {
				before := c.files()
				out := c.enter("copy scp://u:p@10.0.0.9/x flash:named")
				c.clean(out)
				got := ""
				fs := c.Files().Home().FS()
				if f, err := fs.Open("named"); err == nil {
					text, _ := io.ReadAll(f)
					got = string(text)
					f.Close()
					fs.Remove("named")
				}
				if got != tt.file || (tt.file == "") != strings.Contains(out, "%Error ") {
					t.Errorf("the file is %q, want %q:\n%s", got, tt.file, out)
				}
				if after := c.files(); after != before {
					t.Errorf("flash was %s, is %s", before, after)
				}
				if _, saved := c.StartupConfig(); saved {
					t.Error("there is a start-up configuration")
				}
			})
		})
	}
}

// A file goes only to the server that takes it.
func TestHostileTakers(t *testing.T) {
	for name, answer := range map[string]string{
		"a complaint with control bytes": "\x01scp: " + steering + "no\n",
		"a fatal one":                    "\x02" + steering + "\n",
		"no answer but its end":          "",
		"an answer that is none":         "\x07" + steering,
		"complaints for ever":            "\x00" + strings.Repeat("\x01scp: no\n", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			atServer(t, welcome(t, says(answer)), func(c *client) {
				out := c.enter("copy system:running-config scp://u:p@10.0.0.9/x")
				c.clean(out)
				if !strings.Contains(out, "%Error ") {
					t.Errorf("no error:\n%s", out)
				}
			})
		})
	}
}

// What servers say beside the dialogue.
func TestHostileTalk(t *testing.T) {
	talk := func(text string, times int) func(net.Conn) {
		return welcome(t, func(_ string, ch xssh.Channel) {
			go io.Copy(io.Discard, ch)
			for range times {
				if _, err := io.WriteString(ch.Stderr(), text); err != nil {
					return
				}
			}
		})
	}
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
	}{
		{"Sink lines with control bytes", talk("Sink: "+steering+"\n", 10)},
		{"Sink lines for ever", talk("Sink: C0644 4 x\n", 20_000)},
		{"a Sink line for ever", talk("Sink: "+strings.Repeat("x", 1<<16), 500)},
		{"words for ever", talk(strings.Repeat("Debug: nothing "+steering, 1000)+"\n", 500)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atServer(t, tt.serve, func(c *client) {
				before := c.files()
				for _, line := range []string{"copy scp://u:p@10.0.0.9/x flash:named", "copy system:running-config scp://u:p@10.0.0.9/x"} {
					out := c.enter(line)
					c.clean(out)
					if !strings.Contains(out, "%Error ") || len(out) > 100_000 {
						t.Errorf("%d bytes are shown: %.500s", len(out), out)
					}
				}
				if after := c.files(); after != before {
					t.Errorf("flash was %s, is %s", before, after)
				}
			})
		})
	}
}

// What a server says and asks before the login.
func TestHostileLogins(t *testing.T) {
	question := func(name, instruction, prompt string, rounds int) *xssh.ServerConfig {
		return &xssh.ServerConfig{MaxAuthTries: -1, KeyboardInteractiveCallback: func(_ xssh.ConnMetadata, ask xssh.KeyboardInteractiveChallenge) (*xssh.Permissions, error) {
			for range rounds {
				if _, err := ask(name, instruction, []string{prompt}, []bool{true}); err != nil {
					return nil, err
				}
			}
			return nil, fmt.Errorf("no")
		}}
	}
	banner := func(text string) *xssh.ServerConfig {
		return &xssh.ServerConfig{BannerCallback: func(xssh.ConnMetadata) string { return text },
			PasswordCallback: func(xssh.ConnMetadata, []byte) (*xssh.Permissions, error) { return nil, fmt.Errorf("no") }}
	}
	for _, tt := range []struct {
		name string
		cfg  *xssh.ServerConfig
	}{
		{"a banner with control bytes", banner("hello" + steering + "\n")},
		{"a banner of a megabyte", banner(strings.Repeat("hello "+steering, 200))},
		{"a question with control bytes", question(steering, steering, "Pass"+steering+"word: ", 1)},
		{"questions for ever", question("", "", "again: ", 100_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, line := range []string{"copy scp://u@10.0.0.9/x flash:named", "copy scp://u:p@10.0.0.9/x flash:named", "ssh -l u 10.0.0.9"} {
				atServer(t, serving(t, tt.cfg, says("")), func(c *client) {
					before := c.files()
					c.Type(line + "\r")
					var out strings.Builder
					for range 1000 {
						rows, prompt := c.Shown()
						out.WriteString(strings.Join(append(rows, prompt), "\n"))
						if prompt == "R1#" {
							break
						}
						if strings.HasSuffix(prompt, ": ") {
							c.Type("x\r")
						}
						time.Sleep(time.Second)
					}
					if !strings.HasSuffix(out.String(), "R1#") {
						t.Errorf("no prompt: %.500s", out.String())
					}
					c.clean(out.String())
					if after := c.files(); after != before {
						t.Errorf("flash was %s, is %s", before, after)
					}
				})
			}
		})
	}
}

// A server that stops at any point is given up: when the user says so, or by itself
// before there is a login.
func TestSilentServers(t *testing.T) {
	silent := func(conn net.Conn) { io.Copy(io.Discard, conn) }
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
		waits bool // for ever, unless the user gives up
	}{
		{"no identification", silent, false},
		{"no key exchange", func(conn net.Conn) { io.WriteString(conn, "SSH-2.0-silent\r\n"); silent(conn) }, false},
		{"an identification that drips", func(conn net.Conn) {
			for {
				if _, err := io.WriteString(conn, "x"); err != nil {
					return
				}
				time.Sleep(10 * time.Second)
			}
		}, false},
		{"no answer to the command", welcome(t, func(_ string, ch xssh.Channel) { io.Copy(io.Discard, ch) }), true},
		{"half a file", welcome(t, func(_ string, ch xssh.Channel) {
			io.WriteString(ch, "C0644 1000 x\nhalf of it")
			io.Copy(io.Discard, ch)
		}), true},
		{"empty messages", welcome(t, func(_ string, ch xssh.Channel) {
			for {
				if _, err := ch.SendRequest("nothing@example.com", false, nil); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, give := range []string{"\x03", "\x1e"} { // Ctrl-C, Ctrl-Shift-6
				atServer(t, tt.serve, func(c *client) {
					before := c.files()
					c.Type("copy scp://u:p@10.0.0.9/x flash:named\r")
					time.Sleep(3 * time.Second)
					c.Type(give)
					time.Sleep(time.Second)
					_, prompt := c.Shown()
					if !strings.HasSuffix(prompt, "Abort Copy? [confirm]") {
						t.Fatalf("shown: %q", prompt)
					}
					c.Type("\r")
					time.Sleep(time.Second)
					rows, prompt := c.Shown()
					if prompt != "R1#" || !strings.Contains(strings.Join(rows, "\n"), "(Aborted)") {
						t.Errorf("shown: %q, %q", rows, prompt)
					}
					if after := c.files(); after != before {
						t.Errorf("flash was %s, is %s", before, after)
					}
					if !tt.waits {
						if out := c.enter("copy scp://u:p@10.0.0.9/x flash:named"); !strings.Contains(out, "(Timed out)") {
							t.Errorf("shown: %s", out)
						}
					}
				})
			}
		})
	}
}

// What a client keeps of a file for a text, or of what a server says, is bounded.
func TestHostileAmounts(t *testing.T) {
	const much = 64 << 20
	for _, tt := range []struct {
		name, line string
		serve      func(net.Conn)
	}{
		{"a configuration that does not end", "copy scp://u:p@10.0.0.9/x running-config", welcome(t, func(_ string, ch xssh.Channel) {
			go io.Copy(io.Discard, ch)
			fmt.Fprintf(ch, "C0644 %d x\n", much)
			line := []byte(strings.Repeat("! nothing\n", 3000))
			for n := 0; n < much; n += len(line) {
				if _, err := ch.Write(line); err != nil {
					return
				}
			}
		})},
		{"words beside the dialogue", "copy scp://u:p@10.0.0.9/x flash:named", welcome(t, func(_ string, ch xssh.Channel) {
			go io.Copy(io.Discard, ch)
			line := []byte(strings.Repeat("x", 30_000))
			for n := 0; n < much; n += len(line) {
				if _, err := ch.Stderr().Write(line); err != nil {
					return
				}
			}
		})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atServer(t, tt.serve, func(c *client) {
				runtime.GC()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				out := c.enter(tt.line)
				runtime.GC()
				runtime.ReadMemStats(&after)
				if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
					t.Errorf("%d bytes are kept", grown)
				}
				if !strings.Contains(out, "%Error ") {
					t.Errorf("no error:\n%s", out)
				}
			})
		})
	}
}
