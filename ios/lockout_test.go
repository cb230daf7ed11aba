package ios_test

import (
	"slices"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
)

// TestLockout lets a user of level 1 fail three times: then the right password is refused
// too, for a shell, a command and a copy, until somebody unlocks the user. One of level 15 is
// never locked out (ios-cli C4).
func TestLockout(t *testing.T) {
	for _, method := range []string{"aaa authentication login default local", "aaa authentication login default local-case"} {
		devicetest.InBubble(t, "ios-15.5", "ip ssh authentication-retries 2\naaa new-model\n"+method+"\naaa authorization exec default local\naaa local authentication attempts max-fail 3\n", func(t *testing.T, r *devicetest.Bubble) {
			r.Visit("guest:wrong", "show clock", "")
			r.Visit("cisco:wrong", "show clock", "")
			r.Visit("nobody:wrong", "show clock", "")
			if got, want := said(r, "AAA"), []string{"%AAA-5-USER_LOCKED: User guest locked out on authentication failure"}; !slices.Equal(got, want) {
				t.Errorf("%s: logs %q, want %q", method, got, want)
			}
			for _, command := range []string{"", "show clock", "scp -f flash:x"} {
				if out, err := r.Visit("guest:guest", command, "exit\r"); err == nil {
					t.Errorf("%s: guest gets in for %q: %q", method, command, out)
				}
			}
			if _, err := r.Visit("cisco:cisco", "show clock", ""); err != nil {
				t.Errorf("%s: cisco: %v", method, err)
			}
			got := show(t, r, "show aaa local user lockout")
			if !strings.HasPrefix(got, "        Local-user          Lock time\n        guest               00:00:") {
				t.Errorf("%s: shows\n%s", method, got)
			}
			show(t, r, "clear aaa local user fail-attempts all")
			show(t, r, "clear aaa local user lockout username nobody")
			if _, err := r.Visit("guest:guest", "show clock", ""); err == nil {
				t.Errorf("%s: guest is unlocked by what is not for that", method)
			}
			show(t, r, "clear aaa local user lockout username guest")
			if _, err := r.Visit("guest:guest", "show clock", ""); err != nil {
				t.Errorf("%s: guest, unlocked: %v", method, err)
			}
			if got := said(r, "AAA"); len(got) != 1 || !strings.HasPrefix(got[0], "%AAA-5-USER_UNLOCKED: User guest unlocked by ") {
				t.Errorf("%s: logs %q", method, got)
			}
		})
	}
}

// TestFailuresAreForgotten takes two failures back: by a login, by a command, and by the end
// of the limit.
func TestFailuresAreForgotten(t *testing.T) {
	for _, forget := range []string{"login", "clear aaa local user fail-attempts all", "clear aaa local user fail-attempts username guest"} {
		devicetest.InBubble(t, "ios-15.5", "ip ssh authentication-retries 1\nline vty 0 4\n login local\naaa local authentication attempts max-fail 3\n", func(t *testing.T, r *devicetest.Bubble) {
			r.Visit("guest:wrong", "show clock", "")
			if forget == "login" {
				r.Visit("guest:guest", "show clock", "")
			} else {
				show(t, r, forget)
			}
			r.Visit("guest:wrong", "show clock", "")
			if got := said(r, "AAA"); len(got) != 0 {
				t.Errorf("after %s: logs %q", forget, got)
			}
		})
	}
}
