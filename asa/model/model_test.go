package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/config"
)

var testRelease = Release{Version: "9.20(2)2", Interfaces: []string{"GigabitEthernet0/0", "GigabitEthernet0/1", "Management0/0"}}

// every is a configuration in which every row has something to print.
const every = `hostname fw1
enable password $sha512$5000$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg== pbkdf2
names

!
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.128
!
interface GigabitEthernet0/1
 management-only
 shutdown
 no nameif
 no security-level
 no ip address
!
interface Management0/0
 no management-only
 nameif management
 security-level 0
 no ip address
!
no pager
aaa authentication ssh console LOCAL
aaa authentication serial console LOCAL
aaa authentication enable console LOCAL
aaa authorization exec LOCAL auto-enable
no aaa authentication login-history
no ssh stack ciscossh
no ssh stricthostkeycheck
ssh timeout 60
ssh key-exchange group curve25519-sha256
ssh 10.0.0.0 255.255.255.128 inside
ssh 192.0.2.100 255.255.255.255 management
ssh 0.0.0.0 0.0.0.0 management
ssh 2001:db8::/64 management
console timeout 7
username bob password $sha512$5000$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg== pbkdf2
username ann nopassword privilege 15
username eve privilege 2
!
prompt hostname context
no call-home reporting anonymous
`

// What a configuration prints makes the same configuration when it is read again.
func TestRenderIsRead(t *testing.T) {
	l := NewLanguage(&testRelease, nil)
	c := l.Blank()
	s := l.Merge(c, "ASA Version 9.20(2)2\n!\n"+every+"Cryptochecksum:00\n: end\n")
	if len(s.Rejected) > 0 || len(s.Lines) > 0 {
		t.Fatalf("refused: %v, said: %q", s.Rejected, s.Lines)
	}
	if d := cmp.Diff("!\n"+every, l.Render(c, false)); d != "" {
		t.Errorf("rendered (-want +got):\n%s", d)
	}
}

// Each line of a configuration, and its no, leaves the configuration it began with
// as it was.
func TestCloneKeepsItsOriginal(t *testing.T) {
	l := NewLanguage(&testRelease, nil)
	c := l.Blank()
	l.Merge(c, every)
	before := l.Render(c, true)
	store := config.NewStore(c)
	mode := ""
	for line := range strings.Lines(every) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "interface "):
			mode = line + "\n"
		case !strings.HasPrefix(line, " "):
			mode = ""
		}
		opposite := "no " + strings.TrimSpace(line)
		if positive, ok := strings.CutPrefix(strings.TrimSpace(line), "no "); ok {
			opposite = positive
		}
		for _, text := range []string{mode + line, mode + opposite, mode + "nameif x", "username bob privilege 9"} {
			store.Update(func(c *Config) error { l.Merge(c, text); return nil })
			if got := l.Render(c, true); got != before {
				t.Fatalf("%q shows through in the original (-before +after):\n%s", text, cmp.Diff(before, got))
			}
		}
	}
	if d := cmp.Diff(before, l.Render(store.Load(), true)); d == "" {
		t.Error("nothing was changed")
	}
}

// Passwords are stars in what is shown, and only there.
func TestMasked(t *testing.T) {
	l := NewLanguage(&testRelease, nil)
	c := l.Blank()
	l.Merge(c, every)
	before := l.Render(c, false)
	shown := l.Render(c.Masked(), false)
	if strings.Contains(shown, "$sha512$") || strings.Count(shown, " password ***** pbkdf2") != 2 {
		t.Errorf("shown:\n%s", shown)
	}
	if l.Render(c, false) != before {
		t.Error("the configuration itself has lost its passwords")
	}
}

func TestMasks(t *testing.T) {
	for length := range 33 {
		if got, ok := maskLength(maskOf(length).String()); got != length || !ok {
			t.Errorf("/%d is %s, which is /%d, %v", length, maskOf(length), got, ok)
		}
	}
	for _, mask := range []string{"255.0.255.0", "0.255.255.255", "0.0.0.1", "x", "::", ""} {
		if n, ok := maskLength(mask); ok {
			t.Errorf("%s is /%d", mask, n)
		}
	}
}

func TestValidHostname(t *testing.T) {
	for name, want := range map[string]bool{"ciscoasa": true, "fw-1": true, "1fw": true, strings.Repeat("a", 63): true,
		"": false, "-fw": false, "fw-": false, "fw_1": false, "fw.1": false, strings.Repeat("a", 64): false} {
		if got := validHostname(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// Nothing that is typed or read panics, and what is accepted is read again.
func FuzzConfiguration(f *testing.F) {
	f.Add(every)
	for _, line := range []string{"interface m0/0\nnameif x\nssh 0 0 x\nno nameif", "ssh ::/0 x", "username \x00 password \xff", "no username", "enable password ***** pbkdf2", "ip address 1 2", ": x", "pager 99999999999"} {
		f.Add(line)
	}
	l := NewLanguage(&testRelease, nil)
	f.Fuzz(func(t *testing.T, text string) {
		c := l.Blank()
		l.Merge(c, text)
		shown := l.Render(c, false)
		again := l.Blank()
		if s := l.Merge(again, shown); len(s.Rejected) > 0 {
			t.Fatalf("%q makes what is refused: %v", text, s.Rejected)
		}
		if got := l.Render(again, false); got != shown {
			t.Errorf("%q: rendered\n%swhich is read as\n%s", text, shown, got)
		}
	})
}
