package tty

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// begin runs a session of a parrot in the bubble of a test. End returns the error
// that the session ended with.
func begin(t *testing.T, b *bench) (k *keyboard, p *parrot, end func() error) {
	t.Helper()
	k = newKeyboard()
	l := &Line{Kind: VTY, host: b}
	p = &parrot{Session: NewSession(t.Context(), l.Attach(k), k)}
	p.SetShell(p)
	done := make(chan error, 1)
	go func() { done <- p.Session.Run() }()
	return k, p, func() error {
		k.feed.Close()
		err := <-done
		b.work.Wait()
		return err
	}
}

// What a session shows, byte for byte, of what is typed.
func TestSession(t *testing.T) {
	for _, c := range []struct{ line, typed, want string }{
		{"a prompt, an echo, the next prompt", "show\r", "R1#show\r\nR1#"},
		{"help keeps the line", "sho?w\r", "R1#sho?\r\nhelp of sho\r\nR1#show\r\nR1#"},
		{"TAB completes", "con\t\r", "R1#con\r\nR1#config\r\nR1(config)#"},
		{"Ctrl-Z runs the line and leaves the mode", "config\rx\x1a", "R1#config\r\nR1(config)#x^Z\r\nR1#"},
		{"Ctrl-C leaves the mode and the line", "config\rx\x03", "R1#config\r\nR1(config)#x\r\nR1#"},
		{"each mode has a history of its own", "a\rconfig\rb\r\x10\x10\r", "R1#a\r\nR1#config\r\nR1(config)#b\r\nR1(config)#b\a\r\nR1(config)#"},
		{"a question", "ask\rBob\r", "R1#ask\r\nName? Bob\r\n\"Bob\" <nil>\r\nR1#"},
		{"a question with a default", "default\r\rdefault\ry\r", "R1#default\r\nFile [x.cfg]? \r\n\"x.cfg\" <nil>\r\nR1#default\r\nFile [x.cfg]? y\r\n\"y\" <nil>\r\nR1#"},
		{"Ctrl-C at a question", "ask\r\x03show\r", "R1#ask\r\nName? \r\n\"\" tty: interrupted\r\nR1#show\r\nR1#"},
		{"a secret is not echoed", "secret\rhush\r", "R1#secret\r\nPassword: \r\n\"hush\" <nil>\r\nR1#"},
		{"y is echoed at [confirm]", "confirm\ry", "R1#confirm\r\nSure? [confirm]y\r\ntrue <nil>\r\nR1#"},
		{"RETURN is yes", "confirm\r\r", "R1#confirm\r\nSure? [confirm]\r\ntrue <nil>\r\nR1#"},
		{"another key is no", "confirm\rq", "R1#confirm\r\nSure? [confirm]q\r\nfalse <nil>\r\nR1#"},
		{"a control character is no, and not echoed", "confirm\r\x07", "R1#confirm\r\nSure? [confirm]\r\nfalse <nil>\r\nR1#"},
		{"output goes elsewhere for a while", "through hi\r", "R1#through hi\r\n<hi\r\n>\r\nR1#"},
		{"a command that fails does not end the session", "fail\rx\r", "R1#fail\r\nR1#x\r\nR1#"},
	} {
		t.Run(c.line, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, _, end := begin(t, newBench())
				k.typed(c.typed)
				synctest.Wait()
				if d := cmp.Diff(c.want, k.String()); d != "" {
					t.Errorf("(-want +shown)\n%s", d)
				}
				end()
			})
		})
	}
}

// A page is a row less than the screen; space, RETURN and q go on, or not.
func TestPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.settings.Length = 11
		k, p, end := begin(t, b)
		k.typed("lines\r")
		synctest.Wait()
		rows := func(keys string) (n int, more bool) {
			from := len(k.String())
			k.typed(keys)
			synctest.Wait()
			shown := k.String()[from:]
			return strings.Count(shown, "line "), strings.HasSuffix(shown, "--More--")
		}
		for _, c := range []struct {
			keys string
			rows int
			more bool
		}{{"\r", 1, true}, {" ", 10, true}, {"q", 0, false}} {
			if n, more := rows(c.keys); n != c.rows || more != c.more {
				t.Errorf("%q shows %d rows, more: %v; want %d, %v", c.keys, n, more, c.rows, c.more)
			}
		}
		p.Fit(0, 40)
		if n, more := rows("lines\r"); n != 30 || more {
			t.Errorf("a taller terminal shows %d rows, more: %v", n, more)
		}
		if err := end(); err == nil {
			t.Error("the end of the terminal is no error")
		}
	})
}

// How a session ends, and what it says of that.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		line     string
		settings func(*Settings)
		do       func(k *keyboard, p *parrot)
		after    time.Duration
		lost     bool
		expired  bool
		shows    string // last
	}{
		{"exit", nil, func(k *keyboard, _ *parrot) { k.typed("exit\r") }, 0, false, false, "exit\r\n"},
		{"the end of the terminal", nil, func(k *keyboard, _ *parrot) { k.Hangup() }, 0, true, false, "R1#"},
		{"the end of the terminal at a question", nil, func(k *keyboard, _ *parrot) { k.typed("ask\r"); k.Hangup() }, 0, true, false, "\"\" EOF\r\n"},
		{"exec-timeout", func(s *Settings) { s.ExecTimeout = Timeout{1, 30} }, func(*keyboard, *parrot) {}, 90 * time.Second, true, true, "R1#"},
		{"exec-timeout, from the last key", func(s *Settings) { s.ExecTimeout = Timeout{1, 0} }, func(k *keyboard, _ *parrot) {
			time.Sleep(50 * time.Second)
			k.typed("x")
		}, 110 * time.Second, true, true, "R1#x"},
		{"absolute-timeout, with a warning", func(s *Settings) { s.AbsoluteTimeout = 2 }, func(*keyboard, *parrot) {}, 2 * time.Minute, true, false, "R1#\r\nexpires\r\n"},
	} {
		t.Run(c.line, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench()
				if c.settings != nil {
					c.settings(&b.settings)
				}
				k := newKeyboard()
				l := &Line{Kind: VTY, host: b}
				p := &parrot{Session: NewSession(t.Context(), l.Attach(k), k)}
				p.SetShell(p)
				began := time.Now()
				done := make(chan error, 1)
				go func() { done <- p.Session.Run() }()
				c.do(k, p)
				if err := <-done; err == nil || (p.Lost() != nil) != c.lost || p.Expired() != c.expired {
					t.Errorf("ends with %v, lost %v, expired %v", err, p.Lost(), p.Expired())
				}
				if got := time.Since(began); got != c.after {
					t.Errorf("ends after %v, want %v", got, c.after)
				}
				b.work.Wait()
				if !strings.HasSuffix(k.String(), c.shows) {
					t.Errorf("shows %q, want %q last", k.String(), c.shows)
				}
			})
		})
	}
}

// Idle is from the last key, Age from the login.
func TestIdleAndAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		time.Sleep(time.Minute)
		k.typed("x")
		synctest.Wait()
		time.Sleep(10 * time.Second)
		if p.Idle() != 10*time.Second || p.Age() != 70*time.Second {
			t.Errorf("idle %v, age %v", p.Idle(), p.Age())
		}
		end()
	})
}

// Only who asked is shown log messages, and they are counted.
func TestMonitored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		k, p, end := begin(t, b)
		p.Line.Seat(p.Session)
		if p.Monitored("no") {
			t.Error("shown to who did not ask")
		}
		synctest.Wait()
		p.SetMonitor(true)
		if !p.Monitored("yes") {
			t.Error("not shown")
		}
		synctest.Wait()
		if n, on := p.Line.Monitors(); n != 1 || !on || k.String() != "R1#\r\nyes\r\n" {
			t.Errorf("%d shown, on %v: %q", n, on, k.String())
		}
		end()
	})
}

// A failed command is the operator's, without its words.
func TestProblems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		k, _, end := begin(t, b)
		k.typed("fail a disk\r")
		end()
		if want := []string{"running a command: a disk"}; !cmp.Equal(want, b.problems) {
			t.Errorf("the operator reads %q", b.problems)
		}
	})
}

// Messages come while somebody types, with the line shown again behind each: nothing
// that was typed is lost. The race detector looks at the editor here.
func TestMessagesWhileTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.settings.Synchronous = true
		k, p, end := begin(t, b)
		synctest.Wait()
		var logging sync.WaitGroup
		logging.Go(func() {
			for i := range 200 {
				p.Line.Message(fmt.Sprintf("message %d", i))
			}
		})
		text := strings.Repeat("typed ", 10)
		for _, key := range text {
			k.typed(string(key))
		}
		logging.Wait()
		k.typed("\r")
		synctest.Wait()
		end()
		if len(p.said) == 0 || p.said[0] != text {
			t.Errorf("runs %q, want %q", p.said, text)
		}
		if n := strings.Count(k.String(), "message "); n != 200 {
			t.Errorf("shows %d messages, want 200", n)
		}
	})
}
