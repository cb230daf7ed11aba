package tty

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What the user of a connection types, what reaches the far end, and what is shown.
func TestConnection(t *testing.T) {
	for _, c := range []struct{ why, typed, sent, shown string }{
		{"keys go to the far end", "show ip ssh\r?", "show ip ssh\r?", ""},
		{"the escape sequence suspends", "a\x1exb", "a", "<tty: connection suspended>\r\nR1#b"},
		{"in capitals too", "\x1eX", "", "<tty: connection suspended>\r\nR1#"},
		{"twice the escape character is one for the far end", "\x1e\x1ex", "\x1ex", ""},
		{"a session behind a session", "\x1e\x1e\x1ex", "\x1e", "<tty: connection suspended>\r\nR1#"},
		{"a break", "a\x1ebc", "a<b>c", ""},
		{"another key is for the protocol", "a\x1eQb", "a<q>b", ""},
		{"help", "\x1e?", "", "\r\n^^B  sends BREAK\r\n^^X  suspends connection (return to system command processor)\r\n"},
		{"control keys belong to the far end", "\x03\x1a\x15", "\x03\x1a\x15", ""},
		{"suspended and resumed", "a\x1exresume\rb", "ab", "<tty: connection suspended>\r\nR1#resume\r\n"},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, p, end := begin(t, newBench())
				p.far = newFarEnd()
				k.typed("connect R2\r" + c.typed)
				synctest.Wait()
				if got := p.far.String(); got != c.sent {
					t.Errorf("the far end gets %q, want %q", got, c.sent)
				}
				if d := cmp.Diff("R1#connect R2\r\n"+c.shown, k.String()); d != "" {
					t.Errorf("(-want +shown)\n%s", d)
				}
				end()
			})
		})
	}
}

// The far end is shown as it comes; its end is the end of the connection, and what was
// shown while it was suspended is shown later.
func TestConnectionShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		p.far = newFarEnd()
		k.typed("connect R2\r")
		fmt.Fprint(p.far.show, "R2>")
		synctest.Wait()
		k.typed("\x1ex")
		fmt.Fprint(p.far.show, "%SYS-5-CONFIG_I\r\n")
		synctest.Wait()
		if c := p.Current(); c.Unread() != 17 || c.Number != 1 || len(p.Connections()) != 1 {
			t.Errorf("suspended: %d bytes unread of connection %d", c.Unread(), c.Number)
		}
		time.Sleep(3 * time.Minute)
		if idle := p.Current().Idle(); idle != 3*time.Minute {
			t.Errorf("idle for %v", idle)
		}
		k.typed("resume\r")
		synctest.Wait()
		p.far.show.Close()
		synctest.Wait()
		const want = "R1#connect R2\r\nR2><tty: connection suspended>\r\nR1#resume\r\n%SYS-5-CONFIG_I\r\n<EOF>\r\nR1#"
		if d := cmp.Diff(want, k.String()); d != "" {
			t.Errorf("(-want +shown)\n%s", d)
		}
		if p.Current() != nil || len(p.Connections()) != 0 {
			t.Error("the connection is still there")
		}
		end()
	})
}

// The escape character of the line, and of the session.
func TestEscapeCharacter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.settings.Escape = 3
		k, p, end := begin(t, b)
		p.far = newFarEnd()
		k.typed("connect R2\ra\x1exb\x03x")
		synctest.Wait()
		p.Escape.Set(NoEscape)
		k.typed("resume\rc\x03x")
		synctest.Wait()
		if got := p.far.String(); got != "a\x1exbc\x03x" {
			t.Errorf("the far end gets %q", got)
		}
		end()
	})
}

// A far end that takes nothing keeps nobody: what it shows is shown, and the escape
// sequence works.
func TestConnectionStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		p.far = newFarEnd()
		p.far.block = make(chan struct{})
		k.typed("connect R2\r" + strings.Repeat("x", 1000))
		fmt.Fprint(p.far.show, "still here")
		synctest.Wait()
		k.typed(strings.Repeat("x", maxUnread))
		synctest.Wait()
		k.typed("too late\x1e\x1e")
		synctest.Wait()
		k.typed("\x1e")
		synctest.Wait()
		k.typed("x")
		synctest.Wait()
		if got := k.String(); !strings.HasSuffix(got, "still here<tty: connection suspended>\r\nR1#") {
			t.Errorf("shown: %q", got)
		}
		close(p.far.block)
		end()
	})
}

// A far end that shows more than is looked at is held up, not kept in memory.
func TestConnectionUnreadIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		p.far = newFarEnd()
		k.typed("connect R2\r\x1ex")
		go func() {
			for {
				if _, err := p.far.show.Write(make([]byte, 4<<10)); err != nil {
					return
				}
			}
		}()
		synctest.Wait()
		if n := p.Current().Unread(); n < maxUnread || n > maxUnread+8<<10 {
			t.Errorf("%d bytes are kept, want %d or a little more", n, maxUnread)
		}
		end()
	})
}

// Where the far end does not echo, what is typed is shown at this end.
func TestConnectionEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		p.far = newFarEnd()
		p.far.silent = true
		k.typed("connect R2\rHELQ\x7fO a\r")
		synctest.Wait()
		if got := p.far.String(); got != "HELQ\x7fO a\r" {
			t.Errorf("the far end gets %q", got)
		}
		if got := k.String(); got != "R1#connect R2\r\nHELQ\b \bO a\r\n" {
			t.Errorf("shown is %q", got)
		}
		end()
	})
}

// A far end that takes nothing keeps nobody from leaving it.
func TestConnectionBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, p, end := begin(t, newBench())
		p.far = newFarEnd()
		p.far.block = make(chan struct{})
		k.typed("connect R2\ra\x1eb\x1ebb\x1ex")
		synctest.Wait()
		if got := k.String(); got != "R1#connect R2\r\n<tty: connection suspended>\r\nR1#" {
			t.Errorf("shown is %q", got)
		}
		close(p.far.block)
		end()
	})
}

// The size of the terminal follows the window; exec-timeout stands still.
func TestConnectionWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.settings.ExecTimeout = Timeout{Minutes: 1}
		k, p, end := begin(t, b)
		p.far = newFarEnd()
		k.typed("connect R2\r")
		synctest.Wait()
		p.Fit(132, 43)
		synctest.Wait()
		if got := fmt.Sprint(p.far.sizes); got != "[80x24 132x43]" {
			t.Errorf("sizes: %s", got)
		}
		time.Sleep(time.Hour)
		if p.Expired() {
			t.Error("the session has expired while its user was elsewhere")
		}
		k.typed("\x1ex")
		synctest.Wait()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if !p.Expired() {
			t.Error("the session did not expire at its prompt")
		}
		end()
	})
}

// Ctrl-C and Ctrl-Shift-6 break a command off; what else is typed is for later.
func TestBreakable(t *testing.T) {
	for _, c := range []struct{ why, typed, want string }{
		{"Ctrl-C", "wait\r\x03", "R1#wait\r\nwaiting\r\ntty: interrupted\r\nR1#"},
		{"the escape character", "wait\r\x1e", "R1#wait\r\nwaiting\r\ntty: interrupted\r\nR1#"},
		{"the whole sequence", "wait\r\x1exshow\r", "R1#wait\r\nwaiting\r\ntty: interrupted\r\nR1#show\r\nR1#"},
		{"what was typed before is dropped", "wait\rshow\r\x1e", "R1#wait\r\nwaiting\r\ntty: interrupted\r\nR1#"},
		{"a question in the middle", "wait Name\r|Bob\r\x03x", "R1#wait Name\r\nwaiting\r\nName? Bob\r\n\"Bob\" <nil>\r\ntty: interrupted\r\nR1#x"},
		{"broken off before the question", "wait Name\r\x03", "R1#wait Name\r\nwaiting\r\n\"\" tty: interrupted\r\ntty: interrupted\r\nR1#"},
		{"a question broken off", "wait Name\r|\x1e|\x1e", "R1#wait Name\r\nwaiting\r\nName? \r\n\"\" tty: interrupted\r\ntty: interrupted\r\nR1#"},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, _, end := begin(t, newBench())
				for keys := range strings.SplitSeq(c.typed, "|") {
					k.typed(keys)
					synctest.Wait()
				}
				if d := cmp.Diff(c.want, k.String()); d != "" {
					t.Errorf("(-want +shown)\n%s", d)
				}
				end()
			})
		})
	}
	t.Run("to the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			k, _, end := begin(t, newBench())
			k.typed("wait\rshow\rab")
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			const want = "R1#wait\r\nwaiting\r\n<nil>\r\nR1#show\r\nR1#ab"
			if d := cmp.Diff(want, k.String()); d != "" {
				t.Errorf("(-want +shown)\n%s", d)
			}
			end()
		})
	})
	t.Run("a script ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			k, _, end := begin(t, newBench())
			k.typed("wait\r")
			synctest.Wait()
			k.feed.Close()
			end()
			const want = "R1#wait\r\nwaiting\r\n<nil>\r\nR1#"
			if d := cmp.Diff(want, k.String()); d != "" {
				t.Errorf("(-want +shown)\n%s", d)
			}
		})
	})
	t.Run("the terminal goes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			k, _, end := begin(t, newBench())
			k.typed("wait\r")
			synctest.Wait()
			k.Hangup()
			began := time.Now()
			if err := end(); err == nil || time.Since(began) != 0 {
				t.Errorf("the session ends with %v after %v", err, time.Since(began))
			}
		})
	})
}
