package device_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/config"
	"vtylab/device"
	"vtylab/internal/devicetest"
)

// turnstile is a gate that writes down who passes, and refuses the commands that
// begin with some words. What a boot reads passes in any case, unless boot is set.
type turnstile struct {
	name   string
	refuse string
	boot   bool
	seen   *[]string
	mu     *sync.Mutex
}

func (g turnstile) note(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	*g.seen = append(*g.seen, g.name+" "+fmt.Sprintf(format, args...))
}

func (g turnstile) Before(x *device.Shell, a *device.Action) error {
	from := ""
	if p := x.Origin.Peer; p.IsValid() {
		from = " from " + p.Addr().String()
	}
	g.note("%v%s user=%s level=%d mode=%s: %s", x.Origin.Via, from, x.User, a.Level, a.Mode, a.Words)
	if g.refuse != "" && strings.HasPrefix(a.Words, g.refuse) && g.boot == (x.Origin.Via == device.Boot) {
		return config.Refusal("Command authorization failed.\n")
	}
	return nil
}

func (g turnstile) After(_ *device.Shell, a *device.Action, err error) {
	g.note("after %s: %v", a.Words, err)
}

// gates are two turnstiles, outer and inner, that write into one list. The inner one
// refuses, at boot or else.
func gates(refuse string, boot bool) (option func(*device.Options), take func() []string) {
	var seen []string
	var mu sync.Mutex
	option = func(o *device.Options) {
		o.Gates = []device.Gate{turnstile{"outer", "", boot, &seen, &mu}, turnstile{"inner", refuse, boot, &seen, &mu}}
	}
	take = func() []string {
		mu.Lock()
		defer mu.Unlock()
		all := seen
		seen = nil
		return all
	}
	return option, take
}

// passed is what two gates write down of a command that both let through.
func passed(how, words string) []string {
	return []string{"outer " + how + ": " + words, "inner " + how + ": " + words, "inner after " + words + ": <nil>", "outer after " + words + ": <nil>"}
}

// Whatever way a command comes, it passes all gates in their order, with where it
// comes from.
func TestDoor(t *testing.T) {
	option, take := gates("", false)
	devicetest.InBubble(t, "iosxe-17.15", "crypto key generate ec keysize 256\n", func(t *testing.T, r *devicetest.Bubble) {
		boot := []string{"outer boot user= level=15 mode=config: configuration text", "inner boot user= level=15 mode=config: configuration text"}
		boot = append(boot, passed("boot user= level=15 mode=config", "crypto key generate ec keysize 256")...)
		boot = append(boot, "inner after configuration text: <nil>", "outer after configuration text: <nil>")
		want := func(what string, lines ...[]string) {
			t.Helper()
			if d := cmp.Diff(slices.Concat(lines...), take()); d != "" {
				t.Errorf("%s (-want +passed):\n%s", what, d)
			}
		}
		want("boot", boot)

		term := devicetest.Attach(r.Device)
		term.Shown()
		term.Type("sh priv\r! a comment\r\rconf t\rhost R1\rline con 0\rno exec-t\rexi\rdo sh priv\rend\rdisa\rexit\r")
		term.Shown()
		term.Close()
		want("typed at the console", passed("typed user= level=1 mode=", "show privilege"),
			passed("typed user= level=15 mode=", "configure terminal"),
			passed("typed user= level=15 mode=config", "hostname R1"), passed("typed user= level=15 mode=config", "line console 0"),
			passed("typed user= level=15 mode=line-aaa", "no exec-timeout"), passed("typed user= level=1 mode=line-aaa", "exit"),
			passed("typed user= level=1 mode=", "show privilege"),
			passed("typed user= level=1 mode=config", "end"), passed("typed user= level=0 mode=", "disable"),
			[]string{"outer typed user= level=0 mode=: exit", "inner typed user= level=0 mode=: exit", "inner after exit: tty: hangup", "outer after exit: tty: hangup"})

		if _, err := r.Visit("cisco:cisco", "", "show users | include vty\rexit\r"); err != nil {
			t.Fatal(err)
		}
		got := take()
		if first := "outer typed from 10.0.0.9 user=cisco level=1 mode=: show users"; len(got) != 8 || got[0] != first {
			t.Errorf("typed over SSH: passed\n%s", strings.Join(got, "\n"))
		}

		if _, err := r.Visit("cisco:cisco", "sh priv", ""); err != nil {
			t.Fatal(err)
		}
		want("an exec request", passed("request from 10.0.0.9 user=cisco level=1 mode=", "show privilege"))

		text := "hostname R1\ncrypto key generate ec keysize 256 label A\nend\n"
		put := fmt.Sprintf("C0644 %d x\n%s\x00", len(text), text)
		if sent, err := r.Visit("cisco:cisco", "scp -t running-config", put); err != nil || strings.Trim(sent, "\x00") != "" {
			t.Fatalf("scp: %q, %v", sent, err)
		}
		whole := func(how, act string) []string {
			all := []string{"outer " + how + ": configuration text", "inner " + how + ": configuration text"}
			all = append(all, passed(how, act)...)
			return append(all, "inner after configuration text: <nil>", "outer after configuration text: <nil>")
		}
		want("a text by scp", whole("text from 10.0.0.9 user=cisco level=15 mode=config", "crypto key generate ec keysize 256 label A"))

		r.Put("flash:t.cfg", strings.Replace(text, "label A", "label B", 1))
		printed, err := r.Device.Run(t.Context(), "copy /noconfirm flash:t.cfg running-config")
		if err != nil {
			t.Fatalf("%s%v", printed, err)
		}
		copying := passed("program user= level=15 mode=", "copy /noconfirm flash:t.cfg running-config")
		want("a text that is copied by the program", copying[:2], whole("text user= level=15 mode=config", "crypto key generate ec keysize 256 label B"), copying[2:])
	}, option)
}

// A gate that refuses stops the command; its text reaches who gave it, and the
// gates behind it are not asked.
func TestRefusedCommands(t *testing.T) {
	for _, c := range []struct {
		line, refuse string
		give         func(t *testing.T, r *devicetest.Bubble) string
		want         string // in what is printed
	}{
		{"typed in EXEC", "show users", func(_ *testing.T, r *devicetest.Bubble) string { return typed(r, "show users\r") }, "R1#show users\nCommand authorization failed.\n\nR1#"},
		{"typed in a configuration mode", "hostname", func(_ *testing.T, r *devicetest.Bubble) string { return typed(r, "configure terminal\rhostname R2\r") },
			"R1(config)#hostname R2\nCommand authorization failed.\n\nR1(config)#"},
		{"the way out of a configuration mode", "exit", func(_ *testing.T, r *devicetest.Bubble) string {
			return typed(r, "configure terminal\rline con 0\rexit\r")
		},
			"R1(config-line)#exit\nCommand authorization failed.\n\nR1(config-line)#"},
		{"an acting command in a sub-mode", "crypto key", func(_ *testing.T, r *devicetest.Bubble) string {
			return typed(r, "configure terminal\rline con 0\rcrypto key generate rsa modulus 1024\r")
		}, "modulus 1024\nCommand authorization failed.\n\nR1(config-line)#"},
		{"an exec request", "show users", func(t *testing.T, r *devicetest.Bubble) string {
			sent, err := r.Visit("cisco:cisco", "show users", "")
			if err != nil {
				t.Error(err)
			}
			return sent
		}, "\r\nCommand authorization failed.\r\n"},
		{"a text that is copied", "configuration text", func(_ *testing.T, r *devicetest.Bubble) string {
			r.Put("flash:t.cfg", "hostname R2\n")
			return typed(r, "copy /noconfirm flash:t.cfg running-config\r")
		}, "running-config\nCommand authorization failed.\n\nR1#"},
		{"an acting command of a text", "crypto key", func(_ *testing.T, r *devicetest.Bubble) string {
			r.Put("flash:t.cfg", "crypto key generate ec keysize 256 label X\n")
			return typed(r, "copy /noconfirm flash:t.cfg running-config\r")
		}, "Command authorization failed.\n"},
		{"a text by scp", "configuration text", func(t *testing.T, r *devicetest.Bubble) string {
			sent, err := r.Visit("cisco:cisco", "scp -t running-config", "C0644 12 x\nhostname R2\n\x00")
			if err != nil {
				t.Error(err)
			}
			return sent
		}, "\x01scp: running-config: Permission denied\n"},
		{"what the program gives", "show users", func(t *testing.T, r *devicetest.Bubble) string {
			text, err := r.Device.Run(t.Context(), "show users")
			if refusal := config.Refusal(""); !errors.As(err, &refusal) {
				t.Errorf("the program gets %v", err)
			}
			return text
		}, "Command authorization failed.\n"},
	} {
		t.Run(c.line, func(t *testing.T) {
			option, take := gates(c.refuse, false)
			devicetest.InBubble(t, "ios-15.5", "", func(t *testing.T, r *devicetest.Bubble) {
				take()
				if got := c.give(t, r); !strings.Contains(got, c.want) {
					t.Errorf("prints %q, want %q", got, c.want)
				}
				refused := 0
				for _, line := range take() {
					if strings.Contains(line, "after "+c.refuse) {
						refused++
						if !strings.HasSuffix(line, ": Command authorization failed.\n") {
							t.Errorf("a gate learns %q", line)
						}
					}
				}
				if refused != 2 {
					t.Errorf("%d gates learn of the refusal, want 2", refused)
				}
				if host, keys := r.Device.Settings().Hostname, len(r.Device.Keys.All()); host != "R1" || keys != 1 {
					t.Errorf("the host name is %s, with %d key pairs: the command ran", host, keys)
				}
				if all := r.Device.Decisions.All(); len(all) == 0 || !slices.ContainsFunc(all, func(x device.Decision) bool {
					return x.Refused && x.Subject == "command" && strings.HasPrefix(x.Reason, `command "`+c.refuse)
				}) {
					t.Errorf("the decisions are %v", all)
				}
			}, option)
		})
	}
}

// A start-up configuration that a gate refuses leaves a device without one, and the
// boot says so.
func TestRefusedBoot(t *testing.T) {
	option, _ := gates("configuration text", true)
	d := devicetest.New(t, devicetest.Product(t, "ios-15.5"), "hostname R1\n", option)
	if got := d.BootReport(); got != "Command authorization failed.\n\n" {
		t.Errorf("the boot reports %q", got)
	}
	if host := d.Settings().Hostname; host != "Router" {
		t.Errorf("the host name is %s", host)
	}
}

// typed is what the console shows of keys, rows joined.
func typed(r *devicetest.Bubble, keys string) string {
	term := devicetest.Attach(r.Device)
	defer term.Close()
	term.Type(keys)
	rows, prompt := term.Shown()
	return strings.Join(append(rows, prompt), "\n")
}

// A program gets what a command prints, and why it did not run.
func TestRun(t *testing.T) {
	d := devicetest.New(t, devicetest.Product(t, "ios-15.5"), devicetest.Usual)
	var mistake *device.Mistake
	for _, c := range []struct {
		line, printed string // the beginning
		wrong         func(error) bool
	}{
		{"show privilege", "Current privilege level is 15\n", func(err error) bool { return err == nil }},
		{"show running-config", "Building configuration...\n", func(err error) bool { return err == nil }},
		{"exit", "", func(err error) bool { return err == nil }},
		{"! nothing", "", func(err error) bool { return err == nil }},
		{"show nothing", "     ^\n% Invalid input detected at '^' marker.\n\n", func(err error) bool { return errors.As(err, &mistake) }},
		{"delete flash:x", "Delete filename [x]? ", func(err error) bool { return errors.Is(err, io.EOF) }},
	} {
		got, err := d.Run(t.Context(), c.line)
		if !strings.HasPrefix(got, c.printed) || strings.Contains(got, "\r") || !c.wrong(err) {
			t.Errorf("%s: prints %q, %v; want %q", c.line, got, err, c.printed)
		}
	}
	if text, _ := d.Run(t.Context(), "show running-config"); !strings.HasSuffix(text, "\nend\n\n") {
		t.Errorf("the configuration ends in %q", text[max(0, len(text)-40):])
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Run(ctx, "show privilege"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

// A connection of a command that is given up ends with it.
func TestRunEndsConnections(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	over := make(chan error, 1)
	connected := make(chan struct{})
	go func() {
		c, err := l.Accept()
		if err != nil {
			over <- err
			return
		}
		close(connected)
		_, err = io.Copy(io.Discard, c)
		over <- err
	}()
	r := devicetest.Start(t, "ios-15.5", "")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-connected; cancel() }()
	if out, err := r.Device.Run(ctx, fmt.Sprintf("telnet 127.0.0.1 %d", l.Addr().(*net.TCPAddr).Port)); err != context.Canceled {
		t.Errorf("%q, %v", out, err)
	}
	if err := <-over; err != nil {
		t.Errorf("the server reads %v", err)
	}
	r.Device.Close()
}
