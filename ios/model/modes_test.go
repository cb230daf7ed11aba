package model

import (
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"vtylab/config"

	"github.com/google/go-cmp/cmp"
)

// Commands that a release takes in one state of AAA only.
func TestLineCommandsWithAAA(t *testing.T) {
	tests := []struct {
		line       string
		plain, aaa bool
	}{
		{"login", true, false},
		{"login local", true, false},
		{"login authentication L", false, true},
		{"authorization exec L", false, true},
		{"authorization commands 15 L", false, true},
		{"accounting exec L", false, true},
		{"transport input ssh none", false, false},
		{"transport input none ssh", false, false},
		{"transport input ssh telnet", true, true},
		{"timeout login response 30", true, true},
		{"timeout login response 301", false, false},
	}
	for _, tt := range tests {
		for text, want := range map[string]bool{"": tt.plain, "aaa new-model\n": tt.aaa} {
			s := parse(text + "line vty 0 4\n" + tt.line)
			if got := len(s.Rejected) == 0; got != want {
				t.Errorf("%q behind %q: accepted is %v, want %v", tt.line, text, got, want)
			}
		}
	}
}

// A command that is refused leaves nothing: no message in the log, and of a text
// that is pasted nothing of the line.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	r := testRelease()
	r.Traits.LogsUsers = true
	logs := NewLanguage(r, nil)
	const text = "username q password x\nusername q privilege 15 secret y"
	c, s := logs.Parse(text)
	q, known := c.Users.Find("q", true)
	if len(s.Rejected) != 1 || len(s.Notes) != 1 || !known || q.Privilege != 1 {
		t.Errorf("%s\nis rejected as %v, leaves %+v in the log and %+v", text, s.Rejected, s.Notes, q)
	}
	// The same at a terminal, where the change is dropped.
	m := config.NewMachine(logs, nil)
	m.Replace(c)
	resolved, err := m.Resolve(config.Top(), "username q secret y", config.Full)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Prepare(resolved, nil, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, told, err := m.Commit(p); err == nil || len(told.Notes) != 0 {
		t.Errorf("username q secret y: %v, leaves %+v in the log", err, told.Notes)
	}
	if q, _ := m.Load().Users.Find("q", true); q.Privilege != 1 || !q.Secret.IsZero() {
		t.Errorf("username q secret y: leaves %+v", q)
	}
}

func TestSaid(t *testing.T) {
	tests := []struct{ in, want string }{
		{"aaa new-model\nline vty 0 4\n login authentication NOPE", `AAA: Warning authentication list "NOPE" is not defined for LOGIN.`},
		{"aaa new-model\naaa authentication login L none\nline vty 0 4\n login authentication L\n login authentication default", ""},
		{"tacacs-server host 10.1.1.1 port 9000", "Warning: The cli will be deprecated soon\n 'tacacs-server host 10.1.1.1'\n Please move to 'tacacs server <name>' CLI"},
		{"radius-server host 10.1.1.1\nno radius-server host 10.1.1.1", "Warning: The cli will be deprecated soon\n 'radius-server host 10.1.1.1'\n Please move to 'radius server <name>' CLI"},
		{"banner motd #\nx\n#", ""},
		{"crypto pki certificate chain C\n certificate ca 01\n  AA\n quit\n no certificate ca 01", ""},
		{"crypto key pubkey-chain rsa\n named-key N\n  key-string\n   AA\n  quit", ""},
		{"default interface gi0/1", "Interface GigabitEthernet0/1 set to default configuration"},
	}
	for _, tt := range tests {
		if got := strings.Join(parse(tt.in).Lines, "\n"); got != tt.want {
			t.Errorf("%s\nsays\n%s\nwant\n%s", tt.in, got, tt.want)
		}
	}
}

// What a saved configuration holds in its modes comes back as it was.
func TestModes(t *testing.T) {
	text, err := os.ReadFile("testdata/modes.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		block = strings.TrimSuffix(block, "\n") + "\n"
		s := parse(block)
		for _, r := range s.Rejected {
			t.Errorf("%s%q: %v", block, r.Line, r.Err)
		}
		first := lang.Render(s.Config, false)
		if !strings.Contains(first, block) {
			t.Errorf("%s\nrenders to\n%s", block, first)
		}
		if d := cmp.Diff(first, lang.Render(parse(first).Config, false)); d != "" {
			t.Errorf("%s: not stable (-first +again):\n%s", block, d)
		}
		if d := cmp.Diff(first, lang.Render(parse(block+block).Config, false)); d != "" {
			t.Errorf("%s: typed twice (-once +twice):\n%s", block, d)
		}
	}
}

// A line of a block is never a command of the mode before it, and a command of
// that mode leaves the block.
func TestBlocksKeepTheirLines(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a word that abbreviates a global one", "object-group network G\nhost 10.1.1.1\n host 10.1.1.2", "object-group network G\n host 10.1.1.1\n host 10.1.1.2\n!\n"},
		{"a word nobody knows", "dial-peer voice 1 pots\nfoo bar\n hostn x", "dial-peer voice 1 pots\n foo bar\n hostn x\n!\n"},
		{"no", "gatekeeper\n no shutdown\nno zone x\nzone x\nno shut", "gatekeeper\n no shutdown\n zone x\n!\n"},
		{"a global command", "gatekeeper\n shutdown\nhostname R7", "hostname R7\n"},
		{"an abbreviated global command", "gatekeeper\nhostn R7", "hostname R7\n"},
		{"an indented global command", "gatekeeper\n  hostname R7", "hostname R7\n"},
		{"global words behind an interface", "interface gi0/0\nip pim rp-address 10.1.1.1\ninterface gi0/0\nipv6 unicast-routing\ninterface gi0/0\ncrypto map M local-address lo0", "interface GigabitEthernet0/0\n!\n"},
		{"unknown lines of a chain come before its keys", "key chain K\n0\nkey 1\nkey-string x", "key chain K\n 0\n key 1\n  key-string x\n!\n"},
		{"a nested block", "policy-map P\nclass A\nbandwidth 100\nclass B\nfair-queue\nip ssh time-out 9", "policy-map P\n class A\n  bandwidth 100\n class B\n  fair-queue\n!\n"},
		{"a global word that abbreviates one of the block", "key chain K\n key 1\n  key-string x\ncrypto pki trustpoint T", "key chain K\n key 1\n  key-string x\n!\n"},
		{"a certificate replaced", "crypto pki certificate chain C\n certificate ca 01\n  AA\n  BB\n quit\n certificate ca 01\n  CC\n quit", "crypto pki certificate chain C\n certificate ca 01\n  CC\n  \tquit\n!\n"},
		{"a certificate removed", "crypto pki certificate chain C\n certificate ca 01\n  AA\n quit\n no certificate ca 01\n", "crypto pki certificate chain C\n!\n"},
		{"a certificate without an end", "crypto pki certificate chain C\n certificate ca 01\n  AA\nip ssh time-out 9", "ip ssh time-out 9\n"},
	}
	for _, tt := range tests {
		s := parse(tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q rejected: %v", tt.name, r.Line, r.Err)
		}
		if got := lang.Render(s.Config, false); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nrenders to\n%s\nwhich lacks\n%s", tt.name, tt.in, got, tt.want)
		}
	}
}

// A mode that keeps what it does not know does so for whom its commands are for,
// and leads nobody past the rights of a mode above.
func TestLevels(t *testing.T) {
	for _, in := range []string{"gatekeeper", "crypto pki certificate chain C\ncertificate ca 01", "ip ssh pubkey-chain\nusername u\nkey-string", "interface gi0/0", ""} {
		at := parse(in).At
		for _, line := range []string{"hostname EVIL", "AABB", "no shutdown", "zone x", "key-hash ssh-rsa 3DDF6DD82060F31277A6004B176786D4"} {
			if r, err := lang.Resolve(at, line, config.Access{Level: 1}); err == nil {
				t.Errorf("%q: %q is understood at level 1: %+v", in, line, r.Args)
			}
		}
		if _, err := lang.Resolve(at, "exit", config.Access{Level: 1}); err != nil {
			t.Errorf("%q: exit: %v", in, err)
		}
	}
}

func TestPrompts(t *testing.T) {
	tests := []struct{ in, suffix string }{
		{"interface gi0/0", "config-if"},
		{"interface gi0/0.10", "config-subif"},
		{"interface gi0/0.10\nip address 10.0.0.1 255.0.0.0", "config-subif"},
		{"policy-map P", "config-pmap"},
		{"policy-map P\nclass C", "config-pmap-c"},
		{"event manager applet A", "config-applet"},
		{"event manager applet A\nevent none", "config-applet"},
		{"crypto pki certificate chain C", "config-cert-chain"},
		{"crypto pki certificate chain C\ncertificate ca 01", "config-pubkey"},
		{"crypto pki certificate chain C\ncertificate ca 01\nAA\nquit", "config-cert-chain"},
		{"crypto pki certificate map M 10", "ca-certificate-map"},
		{"crypto pki profile enrollment P", "ca-profile-enroll"},
		{"crypto pki server S", "cs-server"},
		{"crypto pki trustpool policy", "ca-trustpool"},
		{"crypto key pubkey-chain rsa", "config-pubkey-chain"},
		{"crypto key pubkey-chain rsa\nnamed-key N", "config-pubkey-key"},
		{"crypto key pubkey-chain rsa\nnamed-key N\nkey-string", "config-pubkey"},
		{"parser view V", "config-view"},
		{"kron policy-list K", "config-kron-policy"},
		{"kron occurrence K in 7:0 recurring", "config-kron-occurrence"},
		{"key chain K", "config-keychain"},
		{"key chain K\nkey 1", "config-keychain-key"},
		{"aaa common-criteria policy P", "config-cc-policy"},
		{"aaa accounting exec default", "cfg-acct-mlist"},
	}
	for _, tt := range tests {
		if got := lang.Suffix(parse(tt.in).At); got != tt.suffix {
			t.Errorf("%q: (%s), want (%s)", tt.in, got, tt.suffix)
		}
	}
}

// The blocks of the examples come back as they are written there.
func TestSeedsComeBack(t *testing.T) {
	for _, name := range []string{"7200", "7500", "12000"} {
		text, err := os.ReadFile("testdata/seed_" + name + ".cfg")
		if err != nil {
			t.Fatal(err)
		}
		rendered := lang.Render(parse(string(text)).Config, false)
		for _, want := range blocksOf(string(text)) {
			if !strings.Contains(rendered, want) {
				t.Errorf("%s: the block\n%sis not in\n%s", name, want, rendered)
			}
		}
	}
}

// blocksOf are the interfaces, controllers and lines of a text that has lost its
// indentation: a block ends with the next one or a global command.
func blocksOf(text string) []string {
	global := []string{"router", "tacacs-server", "logging", "end", "ip classless", "ip route ", "no ip classless", "no scheduler", "map-list"}
	var blocks []string
	in := false
	for line := range strings.Lines(text) {
		word, _, _ := strings.Cut(line, " ")
		switch {
		case strings.TrimSpace(line) == "":
		case word == "interface" || word == "controller" || word == "line":
			blocks, in = append(blocks, line), true
		case slices.ContainsFunc(global, func(g string) bool { return strings.HasPrefix(line, g) }):
			in = false
		case in:
			blocks[len(blocks)-1] += " " + line
		}
	}
	return blocks
}
