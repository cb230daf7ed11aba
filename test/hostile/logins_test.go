package hostile

import (
	"crypto/md5"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/ios/model"
	"vtylab/secret"
	"vtylab/ssh/ssh2"
)

// A limit of connections holds for users who come with a key, too, and a one-time user
// is taken away by the first of them: that is decided before the client hears of
// success.
func TestKeysAreLimited(t *testing.T) {
	keys, err := devicetest.ECKeys()
	if err != nil {
		t.Fatal(err)
	}
	key := keys[0].Signer()
	chain := "ip ssh pubkey-chain\n"
	for _, user := range []string{"once", "few"} {
		chain += fmt.Sprintf(" username %s\n  key-hash %s %X\n  exit\n", user, key.Algorithms()[0], md5.Sum(key.Blob()))
	}
	more := "username once one-time privilege 15 password 0 x\nusername few user-maxlinks 1 privilege 15 password 0 x\n" + chain
	devicetest.InBubble(t, "iosxe-17.15", more, func(t *testing.T, r *devicetest.Bubble) {
		with := func(user string) *ssh2.ClientConfig { return devicetest.ClientConfig(user, ssh2.PublicKeys(key)) }
		first := ssh2.NewClient(r.Dial(), with("few"))
		if err := first.Handshake(t.Context()); err != nil {
			t.Fatal(err)
		}
		if visit(t, r.Dial(), with("few"), visits[1].run) == nil {
			t.Error("few is in twice")
		}
		first.Close()
		synctest.Wait()
		if err := visit(t, r.Dial(), with("few"), visits[1].run); err != nil {
			t.Errorf("few after the first connection has ended: %v", err)
		}
		if err := visit(t, r.Dial(), with("once"), visits[1].run); err != nil {
			t.Errorf("once: %v", err)
		}
		if strings.Contains(r.Device.RunningConfig(false), "username once privilege") {
			t.Error("once is still there")
		}
	})
}

// Refusals leave at the same instant, whatever password a user has.
func TestRefusalsLeaveTogether(t *testing.T) {
	devicetest.InBubble(t, "iosxe-17.15", "", func(t *testing.T, r *devicetest.Bubble) {
		users := []string{"eve"}
		for _, kind := range []int{0, 5, 7, 8, 9} {
			s, err := secret.New(kind, "right", rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			users = append(users, fmt.Sprint("type", kind))
			r.Change(func(c *model.Config) {
				u := model.User{Name: users[len(users)-1], Privilege: 1, Password: s}
				c.Users.Put(u.Name, u)
			})
		}
		for _, user := range users {
			began := time.Now()
			if visit(t, r.Dial(), login(user, "wrong"), visits[1].run) == nil {
				t.Fatalf("%s is in", user)
			}
			if got := time.Since(began); got != 8*time.Second {
				t.Errorf("%s is refused four times within %v, want 8s", user, got)
			}
		}
	})
}

// An unknown user and a wrong password look alike, on the wire and in time; the
// last attempt ends the connection.
func TestRefusedLogins(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.InBubble(t, release, "login on-failure log\nip ssh authentication-retries 2\nusername strong secret letmein\n", func(t *testing.T, r *devicetest.Bubble) {
			for _, user := range []string{"cisco", "guest", "strong", "eve", "x\r\n%SYS-5-RELOAD: Reload requested"} {
				began := time.Now()
				err := visit(t, r.Dial(), login(user, "wrong"), visits[1].run)
				if err == nil {
					t.Fatalf("%q is in", user)
				}
				if got := time.Since(began); got != 6*time.Second {
					t.Errorf("%q is refused three times within %v, want 6s", user, got)
				}
				log := r.Logged()
				if n := len(log); n != 6 || !strings.HasSuffix(log[n-2], "Failed") || !strings.HasPrefix(log[n-2], "%SSH-5-SSH2_USERAUTH: User '' ") || !strings.Contains(log[n-1], "for user '' ") {
					t.Errorf("%q: the router logs\n%s", user, strings.Join(log, "\n"))
				}
				for _, line := range log[1 : len(log)-2] {
					if !strings.HasPrefix(line, "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: ") {
						t.Errorf("%q: the router logs %q", user, line)
					}
				}
				r.Quiet(user)
			}
		})
	})
}
