package cli

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var words = Vocabulary{"secs": `<1-120>$secs "SSH time-out interval (secs)"`, "ciphers": `{aes128-ctr "c" | aes128-gcm@openssh.com "c" | 3des-cbc "c"}+$alg`}

func tree() *Tree[string] {
	return NewTree(words, []Row[string]{
		{Syntax: `enable "Turn on privileged commands" [<0-15>$level "Enable level"]`, Level: 0, Do: "enable"},
		{Syntax: `exit "Exit from the EXEC"`, Level: 0, Do: "exit"},
		{Syntax: `show "Show running system information" ip "IP information" ssh "Information on SSH"`, Level: 1, Do: "show ip ssh"},
		{Syntax: `show "Show running system information" ip "IP information" interface "IP interface status" brief "Brief"`, Level: 1, Do: "brief"},
		{Syntax: `show "Show" inventory "Show the physical inventory"`, Level: 1, Do: "inventory"},
		{Syntax: `show "Show" ssh "Status of SSH"`, Level: 15, Do: "ssh"},
		{Syntax: `clock "c" set "Set the time" hh:mm:ss "Current Time"`, Level: 15, Do: "clock"},
		{Syntax: `ip "Global" ssh "Configure ssh options" time-out "Specify SSH time-out interval" @secs`, Level: 15, Do: "timeout"},
		{Syntax: `ip "Global" ssh "Configure ssh options" ~timeout @secs`, Level: 15, Do: "timeout"},
		{Syntax: `ip "Global" ssh "Configure ssh options" bulk-mode "b" @bulk`, Level: 15, Do: "bulk"},
		{Syntax: `ip "Global" ssh "o" server "s" algorithm "a" encryption "e" @ciphers`, Level: 15, Do: "enc"},
		{Syntax: `hostname "Set system's network name" WORD$name "This system's network name"`, Level: 15, Do: "hostname"},
		{Syntax: `banner "b" LINE$text "c banner-text c"`, Level: 15, Do: "banner"},
		{Syntax: `crypto "c" key "k" generate "g" rsa "r" [general-keys "g" | label "l" WORD$label "L" | modulus "m" <360-4096>$bits "B"]*`, Level: 15, Do: "rsa"},
		{Syntax: `username "u" WORD$user "n" / [privilege "p" <0-15>$priv "P"]`, Level: 15, Do: "username"},
		{Syntax: `description "d" INTERFACE$if "i"`, Level: 15, Do: "if"},
		{Syntax: `map "m" to =LOCAL "The device itself"`, Level: 15, Do: "map"},
		{Syntax: `aaa "a" {local "l" | group "g" {radius "r" | WORD$group "w"}$m}++$m`, Level: 15, Do: "aaa"},
	})
}

func TestMatch(t *testing.T) {
	tests := []struct{ line, do, args string }{
		{"en", "enable", "enable"},
		{"  ena   7 ", "enable", "enable 7"},
		{"sh ip ssh", "show ip ssh", "show ip ssh"},
		{"SHO INV", "inventory", "show inventory"},
		{"ip ssh time 60", "timeout", "ip ssh time-out 60"},
		{"ip ssh timeout 60", "timeout", "ip ssh timeout 60"},
		{"hostname R1", "hostname", "hostname R1"},
		{"banner #  Hello there # x ", "banner", "banner #  Hello there # x "},
		{"crypto key gen rsa mod 2048 lab X gen", "rsa", "crypto key generate rsa modulus 2048 label X general-keys"},
		{"crypto key gen rsa", "rsa", "crypto key generate rsa"},
		{"ip ssh server alg enc 3des-cbc aes128-gcm", "enc", "ip ssh server algorithm encryption 3des-cbc aes128-gcm@openssh.com"},
		{"desc gi 0/1", "if", "description GigabitEthernet0/1"},
		{"desc Gi0/1", "if", "description GigabitEthernet0/1"},
		{"aaa group radius group TAC local", "aaa", "aaa group radius group TAC local"},
		{"map to loc", "map", "map to LOCAL"},
	}
	for _, tt := range tests {
		m, err := tree().Match(tt.line, 15)
		if err != nil {
			t.Errorf("%q: %v", tt.line, err)
		} else if m.Do != tt.do || m.Args.String() != tt.args {
			t.Errorf("%q: got %s %q, want %s %q", tt.line, m.Do, m.Args, tt.do, tt.args)
		}
	}
}

func TestMatchNo(t *testing.T) {
	for line, want := range map[string]string{
		"ip ssh time-out":    "ip ssh time-out",
		"ip ssh time-out 60": "ip ssh time-out 60",
		"username bob":       "username bob",
		"username bob priv":  "username bob privilege",
		"hostname":           "hostname",
	} {
		if m, err := tree().MatchNo(line, 15); err != nil || m.Args.String() != want {
			t.Errorf("no %s: got %q %v, want %q", line, m.Args, err, want)
		}
	}
	if _, err := tree().MatchNo("ip ssh", 15); err == nil {
		t.Error("no ip ssh: matched")
	}
}

// The caret stands under the first character that no keyword can match.
func TestComplaints(t *testing.T) {
	tests := []struct {
		line  string
		level int
		kind  Complaint
		pos   int
		text  string
	}{
		{"show i", 15, Ambiguous, 5, "show i"},
		{"show i brief", 15, Ambiguous, 5, "show i"},
		{"show ip", 15, Incomplete, 7, ""},
		{"show ip nat", 15, Invalid, 8, ""},
		{"show inx", 15, Invalid, 7, ""},
		{"show ssh", 1, Invalid, 6, ""}, // "s" still fits nothing at level 1
		{"clock 128000", 15, Invalid, 6, ""},
		{"  clock sex 1", 15, Invalid, 10, ""},
		{"exit now", 15, Invalid, 5, ""},
		{"ip ssh time-out 999", 15, Invalid, 16, ""},
		{"ip ssh bulk-mode 5", 15, Invalid, 7, ""},
		{"xyz", 15, Invalid, 0, ""},
		{"map to lox", 15, Invalid, 9, ""},
		{"ip ssh server algorithm encryption 3des-cbc 3des-cbc", 15, Invalid, 44, ""},
	}
	for _, tt := range tests {
		_, err := tree().Match(tt.line, tt.level)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: no error", tt.line)
			continue
		}
		if tt.line == "show ssh" {
			tt.pos = 5
		}
		if e.Kind != tt.kind || e.Pos != tt.pos || e.Text != tt.text {
			t.Errorf("%q: got %v at %d %q, want %v at %d %q", tt.line, e.Kind, e.Pos, e.Text, tt.kind, tt.pos, tt.text)
		}
	}
}

func TestHelp(t *testing.T) {
	tests := []struct{ line, want string }{
		{"e", "enable  exit\n"},
		{"show ", "  inventory  Show the physical inventory\n  ip         IP information\n  ssh        Status of SSH\n"},
		{"ip ssh t", "time-out\n"},
		{"ip ssh time-out ", "  <1-120>  SSH time-out interval (secs)\n"},
		{"ip ssh time-out 5 ", "  <cr>\n"},
		{"enable ", "  <0-15>  Enable level\n  <cr>\n"},
		{"hostname R", "WORD\n"},
		{"map to ", "  LOCAL  The device itself\n"},
		{"crypto key gen rsa mod 512 ", "  general-keys  g\n  label         l\n  <cr>\n"},
	}
	for _, tt := range tests {
		h, err := tree().Help(tt.line, 15)
		if got := h.Print(80, "<cr>"); err != nil || got != tt.want {
			t.Errorf("%q?: got %v\n%swant\n%s", tt.line, err, got, tt.want)
		}
	}
	if _, err := tree().Help("show zz", 15); err == nil {
		t.Error("show zz?: no error")
	}
}

func TestHelpWraps(t *testing.T) {
	h := Help{Items: []Item{{"time-period", strings.Repeat("word ", 20) + "end"}}}
	for _, line := range strings.Split(h.Print(80, ""), "\n") {
		if len(line) >= 80 {
			t.Errorf("line of %d: %q", len(line), line)
		}
	}
}

func TestComplete(t *testing.T) {
	for line, want := range map[string]string{"conf": "conf", "sho": "show ", "show inv": "show inventory ", "show i": "show i", "ip ssh ti": "ip ssh time-out ", "map to l": "map to LOCAL "} {
		if got, _ := tree().Complete(line, 15); got != want {
			t.Errorf("%q TAB: got %q, want %q", line, got, want)
		}
	}
}

func TestInterfaceName(t *testing.T) {
	for in, want := range map[string]string{"gi 0/1": "GigabitEthernet0/1", "fa0/0.10": "FastEthernet0/0.10", "e1/0": "Ethernet1/0", "vlan1": "Vlan1", "lo0": "Loopback0", "te1/1/1": "TenGigabitEthernet1/1/1", "tw1/0/1": "TwentyFiveGigE1/0/1"} {
		if got := Vocabulary(nil).InterfaceName(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for syntax, want := range map[string]string{
		`ip "I" route "R" LINE "L"`:                   "ip route/2",
		`ip "I" pim "P" {a "A" | b "B" <1-5> "N"}+`:   "ip pim a,ip pim b/3",
		`{a "A" | ~b} LINE "L"`:                       "a,b/1",
		`cef "C" [distributed "D"]`:                   "cef/1",
		`acl "A" {<1-9> "N" | WORD "W"} / {in | out}`: "acl/1",
		`acl "A" {in "I" | WORD "W"}`:                 "acl/1",
		`shutdown "S"`:                                "shutdown/1",
		``:                                            "/0",
	} {
		names, words := Names(syntax)
		if got := fmt.Sprintf("%s/%d", strings.Join(names, ","), words); got != want {
			t.Errorf("%s: %s, want %s", syntax, got, want)
		}
	}
}

// A vocabulary has interface types of its own: no others exist, and `?` lists them.
func TestInterfaceTypes(t *testing.T) {
	tree := NewTree(Vocabulary{"INTERFACE": "GigabitEthernet Management"}, []Row[string]{{Syntax: `interface "i" INTERFACE$if "{} interface"`}})
	if m, err := tree.Match("int m 0/0", 15); err != nil || m.Args.Get("if") != "Management0/0" {
		t.Errorf("got %v, %v", m.Args, err)
	}
	if m, err := tree.Match("int Vlan1", 15); err == nil {
		t.Errorf("Vlan1 is %v", m.Args)
	}
	h, err := tree.Help("interface ", 15)
	if got, want := h.Print(80, "<cr>"), "  GigabitEthernet  GigabitEthernet interface\n  Management       Management interface\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if got, _ := tree.Complete("interface g", 15); got != "interface GigabitEthernet" {
		t.Errorf("TAB makes %q", got)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("show ip ssh")
	f.Add(" crypto key generate rsa modulus 512 label é")
	for _, line := range []string{"", " ", "sh ip ssh", "sh ip int br", "e", "ip ssh time-out 0", "ip ssh time-out 99999999999999999999", "ip ssh time-out -1",
		"clock set 25:61:61", "ip ssh server algorithm encryption aes128-ctr aes128-ctr 3des-cbc", "no ip ssh timeout", "show\tip", "\x00\x1a\x7f\xff",
		"show ip ssh ?", "!show", "d A :0", strings.Repeat("show ", 200), strings.Repeat("a", 300)} {
		f.Add(line)
	}
	tr := tree()
	f.Fuzz(func(t *testing.T, line string) {
		m, err := tr.Match(line, 15)
		if err == nil {
			if again, err := tr.Match(m.Args.String(), 15); err != nil || again.Args.String() != m.Args.String() {
				t.Errorf("%q: %q does not match itself: %v", line, m.Args, err)
			}
		}
		tr.MatchNo(line, 15)
		tr.Help(line, 15)
		tr.Complete(line, 1)
	})
}

func BenchmarkMatch(b *testing.B) {
	tr := tree()
	b.ReportAllocs()
	for b.Loop() {
		tr.Match("ip ssh time-out 60", 15)
	}
}

// Arguments that begin with the name of a file system, or of several.
func TestPrefix(t *testing.T) {
	tree := NewTree(nil, []Row[string]{
		{Syntax: `copy "c" {running-config "Running" | URL "Copy from {} file system"}$from PATH$to "To"`},
	})
	tree.Prefix("URL", "flash:", "flash0:", "ftp:", "nvram:")
	tree.Prefix("PATH", "nvram:")
	for _, tt := range []struct{ line, help, tab string }{
		{"copy ", "  flash0:         Copy from flash0: file system\n  flash:          Copy from flash: file system\n" +
			"  ftp:            Copy from ftp: file system\n  nvram:          Copy from nvram: file system\n  running-config  Running\n", "copy "},
		{"copy f", "flash0:  flash:   ftp:\n", "copy f"},
		{"copy FT", "ftp:\n", "copy ftp:"}, // no space: a name follows
		{"copy r", "running-config\n", "copy running-config "},
		{"copy flash:", "flash:\n", "copy flash:"},
		{"copy x ", "  nvram:  To\n", "copy x "},
		{"copy flash:x n", "nvram:\n", "copy flash:x nvram:"},
		{"copy flash:x", "", "copy flash:x"},
	} {
		h, err := tree.Help(tt.line, 15)
		if got := h.Print(80, "<cr>"); got != tt.help || (err != nil) != (tt.help == "") {
			t.Errorf("%q?: got %q, %v, want %q", tt.line, got, err, tt.help)
		}
		if got, _ := tree.Complete(tt.line, 15); got != tt.tab {
			t.Errorf("%q TAB: got %q, want %q", tt.line, got, tt.tab)
		}
	}
	if m, err := tree.Match("copy x y", 15); err != nil || m.Args.Get("from") != "x" || m.Args.Get("to") != "y" {
		t.Errorf("got %v, %v", m.Args, err)
	}
}

// Secrets are what the grammar marks, and passwords in URLs.
func TestMasked(t *testing.T) {
	rows := []Row[int]{
		{Syntax: `password "p" {7 "h" LINE!$text "t" | LINE!$text "t"}`},
		{Syntax: `server "s" WORD "w" [key! "k" | port "p"] [LINE "l"]`},
		{Syntax: `copy "c" URL$from "u" URL$to "u"`},
		{Syntax: `alias "a" WORD "n" LINE "l"`},
	}
	tree := NewTree(nil, rows)
	for _, c := range []struct{ line, want string }{
		{"pass 7 08 22", "password 7 *"},
		{"password one two", "password *"},
		{"server A key 0 x y", "server A key *"},
		{"server A key", "server A key"},
		{"server A port 22 x", "server A port 22 x"},
		{"copy scp://u:p@h/x flash:x", "copy scp://*****:*****@h/x flash:x"},
		{"copy scp://u:p@ss@h/x ftp://h/x", "copy scp://*****:*****@h/x ftp://h/x"},
		{"copy scp://u@h/x http://h:80/x", "copy scp://u@h/x http://h:80/x"},
		{"alias up copy scp://u:p@h/x ftp://v:q@h/x", "alias up copy scp://*****:*****@h/x"},
		{"alias up dir ftp:/u:a b@h/x", "alias up dir ftp:/*****:*****@h/x"},
		{"copy SCP:u:p@h/x rcp:h/x@y", "copy SCP:*****:*****@h/x rcp:h/x@y"},
		{"alias mail u:p@h", "alias mail u:p@h"},
	} {
		m, err := tree.Match(c.line, 15)
		if err != nil {
			t.Fatalf("%s: %v", c.line, err)
		}
		if got := m.Args.Masked().String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
	if !HasSecret(rows[0].Syntax) || !HasSecret(rows[1].Syntax) || HasSecret(rows[2].Syntax) {
		t.Error("HasSecret")
	}
}
