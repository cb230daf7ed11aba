package release

import (
	"crypto/md5"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/config"
	"vtylab/device"
	"vtylab/ios/model"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// languages are the releases compiled, by name.
var languages = func() map[string]*config.Language[*model.Config] {
	m := map[string]*config.Language[*model.Config]{}
	for _, p := range All() {
		m[p.Name] = model.NewLanguage(&p.Config, nil)
	}
	return m
}()

// each runs a test for every release.
func each(t *testing.T, f func(t *testing.T, p Release, l *config.Language[*model.Config])) {
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) { f(t, p, languages[p.Name]) })
	}
}

func TestEveryWordHasHelp(t *testing.T) {
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		if err := l.Check(); err != nil {
			t.Error(err)
		}
	})
}

// parse fails the test for every line that is rejected.
func parse(t *testing.T, l *config.Language[*model.Config], what, text string) *model.Config {
	t.Helper()
	c, s := l.Parse(text)
	for _, r := range s.Rejected {
		t.Errorf("%s:%d: %q: %v", what, r.Number, r.Line, r.Err)
	}
	return c
}

// A new device's configuration is a golden file: compare it with a capture
// after -update. Two lines of iosxe-17.15.cfg are not in the captures, because
// the model prints them unasked: `no service password-encryption` and
// `ip ssh version 2`.
func TestFactory(t *testing.T) {
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		parse(t, l, "factory", p.Config.Factory)
		got := l.Render(l.Factory(), false)
		file := filepath.Join("testdata", p.Name+".cfg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", file, d)
		}
		if d := cmp.Diff(got, l.Render(parse(t, l, "rendered", got), false)); d != "" {
			t.Errorf("not stable (-first +again):\n%s", d)
		}
		all := l.Render(l.Factory(), true)
		if d := cmp.Diff(all, l.Render(parse(t, l, "all", all), true)); d != "" {
			t.Errorf("show running-config all is not stable (-first +again):\n%s", d)
		}
	})
}

// The configurations of the documents paste into every release.
func TestConfigurations(t *testing.T) {
	files, _ := filepath.Glob("../model/testdata/*.cfg")
	if len(files) == 0 {
		t.Fatal("no configurations")
	}
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first := l.Render(parse(t, l, file, string(text)), false)
			if d := cmp.Diff(first, l.Render(parse(t, l, file+" rendered", first), false)); d != "" {
				t.Errorf("%s: not stable (-first +again):\n%s", file, d)
			}
		}
	})
}

// The steps of the documents make SSH possible on a new device.
func TestFirstSteps(t *testing.T) {
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		c := l.Factory()
		s := l.Merge(c, "hostname R1\nip domain-name example.com\nusername admin privilege 15 secret cisco\nline vty 0 4\n login local\nend")
		if len(s.Rejected) > 0 {
			t.Fatal(s.Rejected)
		}
		vty, ok := c.Line(model.VTY, 0)
		if !ok || !vty.Allows("ssh") || vty.Login != model.LoginLocal || c.Domain.Name != "example.com" {
			t.Errorf("%+v, domain %q", vty, c.Domain.Name)
		}
		if c.SSH.Version == 1 || len(c.SSH.AuthMethods()) != 3 {
			t.Errorf("version %d, methods %v", c.SSH.Version, c.SSH.AuthMethods())
		}
	})
}

// What goes over the wire is what such devices were seen to send (ssh-wire 4.1).
func TestKexInit(t *testing.T) {
	tests := map[string]struct {
		hostKeys       string // with an RSA key only
		hassh          string // hasshServer: MD5 of "kex;ciphers;MACs;compression"
		total, padding int    // of the KEXINIT packet
	}{
		"ios-15.5":    {"ssh-rsa", "d73cf5f865c49d7bbcc1a7971f2495b9", 368, 5},
		"iosxe-3se":   {"ssh-rsa", "ed6566982dbfebce951bf0e41231ce80", 416, 11},
		"iosxe-17.15": {"rsa-sha2-512,rsa-sha2-256", "daca144891fb493e07ca1e1e81626f7c", 648, 7},
	}
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		want, ok := tests[p.Name]
		if !ok {
			t.Fatal("no profile")
		}
		a := l.Factory().SSH.Server
		join := func(names []string) string { return strings.Join(names, ",") }
		sum := md5.Sum([]byte(strings.Join([]string{join(a.Kex), join(a.Encryption), join(a.MAC), "none"}, ";")))
		if got := hex.EncodeToString(sum[:]); got != want.hassh {
			t.Errorf("hasshServer of %s; %s; %s is %s, want %s", join(a.Kex), join(a.Encryption), join(a.MAC), got, want.hassh)
		}
		var keys []string
		for _, name := range p.SSH.WireHostKeys {
			if strings.Contains(name, "x509") || !slices.Contains(a.HostKey, name) {
				t.Errorf("%s on the wire; the release has %v", name, a.HostKey)
			}
			if strings.Contains(name, "rsa") {
				keys = append(keys, name)
			}
		}
		if join(keys) != want.hostKeys {
			t.Errorf("host keys %v, want %s", keys, want.hostKeys)
		}
		// RFC 4253 section 7.1: type, cookie, ten lists, follows, reserved.
		payload := 1 + 16 + 1 + 4
		for _, list := range []string{join(a.Kex), join(keys), join(a.Encryption), join(a.Encryption), join(a.MAC), join(a.MAC), "none", "none", "", ""} {
			payload += 4 + len(list)
		}
		padding := 8 - (4+1+payload)%8
		if padding < 4 {
			padding += 8
		}
		if total := 4 + 1 + payload + padding; total != want.total || padding != want.padding {
			t.Errorf("KEXINIT %d/%d, want %d/%d", total, padding, want.total, want.padding)
		}
		if len(p.Config.Words["ssh-macs"]) > 0 != p.Show.Algorithms {
			t.Error("algorithms can be configured but are not shown, or the other way round")
		}
	})
}

// A list of algorithms in its default order is the default, and everything the
// vocabulary lists can be configured.
func TestAlgorithms(t *testing.T) {
	for _, name := range []string{"ios-15.5", "iosxe-17.15"} {
		l := languages[name]
		base := l.Render(l.Factory(), false)
		s := l.Factory().SSH.Server
		for class, list := range map[string][]string{"mac": s.MAC, "encryption": s.Encryption, "kex": s.Kex,
			"hostkey": s.HostKey, "authentication": s.Authentication, "publickey": s.PublicKey} {
			got := l.Render(parse(t, l, name, "ip ssh server algorithm "+class+" "+strings.Join(list, " ")), false)
			if d := cmp.Diff(base, got); d != "" {
				t.Errorf("%s %s: %s", name, class, d)
			}
		}
	}
	l := languages["iosxe-17.15"]
	for _, line := range []string{"ip ssh server algorithm encryption aes256-cbc 3des-cbc", "ip ssh server algorithm kex diffie-hellman-group14-sha1",
		"ip ssh server algorithm mac hmac-sha2-256 hmac-sha1", "ip ssh server algorithm hostkey ssh-rsa", "ip ssh client algorithm kex ecdh-sha2-nistp256"} {
		if got := l.Render(parse(t, l, line, line), false); !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("%s is lost", line)
		}
	}
}

// Commands that a release does not have, and those that it has.
func TestWords(t *testing.T) {
	tests := []struct{ line, releases string }{
		{"ip ssh version 1", "ios-15.5 iosxe-3se"},
		{"ip ssh version 2", "ios-15.5 iosxe-3se iosxe-17.15"},
		{"ip ssh dh min size 1024", "ios-15.5 iosxe-3se"},
		{"ip ssh dh min size 4096", "ios-15.5 iosxe-3se iosxe-17.15"},
		{"ip ssh window-size 65536", "iosxe-17.15"},
		{"ip ssh bulk-mode 131072", "iosxe-17.15"},
		{"ip ssh bulk-mode 131071", ""},
		{"ip ssh ec keypair-name k", "iosxe-17.15"},
		{"ip ssh rsa keypair-name k", "ios-15.5 iosxe-3se iosxe-17.15"},
		{"ip ssh server algorithm mac hmac-sha1", "ios-15.5 iosxe-17.15"},
		{"ip ssh server algorithm mac hmac-sha2-256", "iosxe-17.15"},
		{"ip ssh server algorithm encryption 3des-cbc", "ios-15.5 iosxe-17.15"},
		{"ip ssh client algorithm encryption aes128-ctr", "ios-15.5 iosxe-17.15"},
		{"ip ssh client algorithm kex diffie-hellman-group14-sha1", "iosxe-17.15"},
		{"ip ssh server certificate profile", "ios-15.5 iosxe-17.15"},
		{"ip ssh pubkey-chain\nusername u\nkey-hash ssh-rsa 3DDF6DD82060F31277A6004B176786D4", "ios-15.5 iosxe-3se iosxe-17.15"},
		{"ip ssh pubkey-chain\nusername u\nkey-hash ssh-ed25519 3DDF6DD82060F31277A6004B176786D4", "iosxe-17.15"},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range All() {
			if _, s := languages[p.Name].Parse(tt.line); len(s.Rejected) == 0 {
				got = append(got, p.Name)
			}
		}
		if strings.Join(got, " ") != tt.releases {
			t.Errorf("%q is taken by %v, want %s", tt.line, got, tt.releases)
		}
	}
}

// show running-config all | include ip ssh of 17.15 (ios-ssh-scp 0.1), with the
// lists of section 2.3 in place of its dots.
func TestAllDefaults(t *testing.T) {
	const (
		macs    = "hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com"
		ciphers = "chacha20-poly1305@openssh.com aes128-gcm@openssh.com aes256-gcm@openssh.com aes128-gcm aes256-gcm aes128-ctr aes192-ctr aes256-ctr"
		kexes   = "curve25519-sha256 curve25519-sha256@libssh.org ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512"
		nist    = "ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521"
		want    = `ip ssh bulk-mode 131072
ip ssh time-out 120
ip ssh authentication-retries 3
ip ssh window-size 8192
ip ssh break-string ~break
ip ssh logging events
ip ssh version 2
ip ssh dh min size 2048
no ip ssh rekey time
no ip ssh rekey volume
ip ssh server authenticate user publickey
ip ssh server authenticate user keyboard
ip ssh server authenticate user password
no ip ssh server peruser session limit
ip ssh server certificate profile
ip ssh server algorithm mac ` + macs + `
ip ssh server algorithm encryption ` + ciphers + `
ip ssh server algorithm kex ` + kexes + `
ip ssh server algorithm hostkey ` + nist + ` rsa-sha2-512 rsa-sha2-256 ssh-rsa
ip ssh server algorithm authentication publickey keyboard password
ip ssh server algorithm publickey ssh-rsa ` + nist + ` ssh-ed25519 x509v3-ecdsa-sha2-nistp256 x509v3-ecdsa-sha2-nistp384 x509v3-ecdsa-sha2-nistp521 rsa-sha2-256 rsa-sha2-512 x509v3-rsa2048-sha256
ip ssh client algorithm mac ` + macs + `
ip ssh client algorithm encryption ` + ciphers + `
ip ssh client algorithm kex ` + kexes + `
`
	)
	l := languages["iosxe-17.15"]
	var got strings.Builder
	for line := range strings.Lines(l.Render(l.Factory(), true)) {
		if strings.Contains(line, "ip ssh") && !slices.Contains(uncaptured, strings.TrimSpace(line)) {
			got.WriteString(line)
		}
	}
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// uncaptured are defaults that the model prints and the captures lack.
var uncaptured = []string{"ip ssh maxstartups 128", "no ip ssh stricthostkeycheck"}

// show version holds what the tools look for (ios-cli F and G).
func TestVersion(t *testing.T) {
	patterns := []string{
		`^Cisco IOS (XE )?Software`, // netmiko autodetect
		`(?m)^.*Software.*\(\S+\), Version .+ RELEASE.*\(\S+\)$`,
		`(?m)^ROM: \S+`,
		`(?m)^\{hostname\} uptime is \{uptime\}$`,
		`(?m)^System returned to ROM by \{reason\}$`,
		`(?m)^System image file is "[^"]+:[^"]+"$`,
		`(?m)^Last reload reason: \S.*$`,
		`(?m) with +\d+K.* bytes of (physical )?memory\.$`,
		`(?m)^Processor board ID \w+$`,
		`(?m)^Configuration register is 0x[0-9a-f]+$`,
	}
	filled := strings.NewReplacer("{hostname}", "", "{uptime}", "", "{reason}", "", "{restarted}", "")
	each(t, func(t *testing.T, p Release, l *config.Language[*model.Config]) {
		if left := filled.Replace(p.Show.Version); strings.ContainsAny(left, "{}") {
			t.Error("show version has a placeholder that nobody fills in")
		}
		for _, pattern := range patterns {
			if !regexp.MustCompile(pattern).MatchString(p.Show.Version) {
				t.Errorf("show version lacks %s", pattern)
			}
		}
		if !strings.Contains(p.Show.Version, p.Files.ImageName+`"`) {
			t.Errorf("show version does not name %s", p.Files.ImageName)
		}
		if !slices.ContainsFunc(p.Files.FlashFiles, func(f device.FlashFile) bool { return f.Name == p.Files.ImageName && f.Size > 0 }) {
			t.Errorf("%s is not in flash", p.Files.ImageName)
		}
		k := p.Keys
		if k.MinRSA > k.DefaultRSA || k.DefaultRSA > k.MaxRSA || k.MinSSH > k.MaxRSA || k.ServerKey == 0 {
			t.Errorf("keys: %+v", k)
		}
	})
}
