package model

import (
	"strings"
	"testing"
)

// Passwords among the parameters of commands without behaviour are hidden by `service
// password-encryption`, except that of IKE, which has an encryption of its own.
func TestPasswordsOfPassiveLines(t *testing.T) {
	const text = `crypto isakmp key hush1 address 0.0.0.0
crypto isakmp key 6 abc address 10.0.0.1
interface Dialer1
 ppp chap password 0 hush2
 ppp pap sent-username u password hush3
 standby 1 authentication md5 key-string hush4 timeout 30
 standby 1 name password
router bgp 1
 neighbor 10.0.0.1 remote-as 1
 neighbor 10.0.0.1 password hush5
 neighbor 10.0.0.1 description the password is in the safe
`
	hidden := parse("service password-encryption\n" + text)
	got := lang.Render(hidden.Config, false)
	for _, word := range []string{"hush2", "hush3", "hush4", "hush5"} {
		if strings.Contains(got, word) {
			t.Errorf("%s is shown", word)
		}
	}
	for _, line := range []string{"crypto isakmp key hush1 address 0.0.0.0\n", "crypto isakmp key 6 abc address 10.0.0.1\n", " ppp chap password 7 ", " ppp pap sent-username u password 7 ",
		" timeout 30\n", " standby 1 name password\n", " neighbor 10.0.0.1 password 7 ", " neighbor 10.0.0.1 description the password is in the safe\n"} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
	if again := lang.Render(parse(got).Config, false); again != got {
		t.Errorf("comes back as\n%s", again)
	}
	plain := lang.Render(parse(text).Config, false)
	for line := range strings.Lines(strings.Replace(text, "password 0 ", "password ", 1)) {
		if !strings.Contains(plain, line) {
			t.Errorf("in the clear: no %q in\n%s", line, plain)
		}
	}
}
