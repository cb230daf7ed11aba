package model

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/secret"
)

func testRelease() *Release {
	list := func(names string) string {
		var alternatives []string
		for _, n := range strings.Fields(names) {
			alternatives = append(alternatives, n+` "`+n+`"`)
		}
		return "{" + strings.Join(alternatives, " | ") + "}+$alg"
	}
	return &Release{
		Version: "15.5", Layout: Classic,
		Traits: Traits{SecretType: 5, FactoryHostname: "Router", KeyAdvice: "Please create RSA keys"},
		Words: cli.Vocabulary{
			"ssh-version": `<1-2>$version "Protocol version"`, "ssh-dh-sizes": `{1024 "b" | 2048 "b" | 4096 "b"}$bits`,
			"ssh-window": `<8192-131072>$n "w"`, "ssh-macs": list("hmac-sha1 hmac-sha1-96"), "ssh-ciphers": list("aes128-ctr 3des-cbc"),
			"ssh-kexes": list("diffie-hellman-group14-sha1 ecdh-sha2-nistp256"), "ssh-hostkeys": list("ssh-rsa rsa-sha2-256"), "ssh-methods": list("publickey keyboard password"),
			"ssh-publickeys": list("ssh-rsa ssh-ed25519"), "ssh-certificate": "", "ssh-keytypes": `ssh-rsa$type "k"`,
			"snmp-alone": "", "ssh-rekey": `rekey "r"`, "ssh-peruser": `peruser "p"`,
		},
		Preset: func(c *Config) {
			c.SSH.Server = Algorithms{MAC: []string{"hmac-sha1", "hmac-sha1-96"}, Encryption: []string{"aes128-ctr", "3des-cbc"},
				Kex: []string{"diffie-hellman-group14-sha1"}, HostKey: []string{"ssh-rsa"}, PublicKey: []string{"ssh-rsa"},
				Authentication: []string{"publickey", "keyboard", "password"}}
			c.SSH.Client = Algorithms{MAC: c.SSH.Server.MAC, Encryption: c.SSH.Server.Encryption}
		},
	}
}

var lang = NewLanguage(testRelease(), nil)

func TestEveryWordHasHelp(t *testing.T) {
	if err := lang.Check(); err != nil {
		t.Error(err)
	}
}

// Every configuration in testdata, from documents and captures, pastes without
// an error, and what it renders to renders to itself.
func TestConfigurations(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.cfg")
	if len(files) == 0 {
		t.Fatal("no configurations")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := parse(string(text))
		for _, r := range s.Rejected {
			t.Errorf("%s:%d: %q: %v", name, r.Number, r.Line, r.Err)
		}
		first := lang.Render(s.Config, false)
		again := parse(first)
		for _, r := range again.Rejected {
			t.Errorf("%s rendered: line %d: %q: %v", name, r.Number, r.Line, r.Err)
		}
		if d := cmp.Diff(first, lang.Render(again.Config, false)); d != "" {
			t.Errorf("%s: not stable (-first +again):\n%s", name, d)
		}
		for line := range strings.Lines(string(text)) {
			if want := strings.TrimSpace(line); strings.HasPrefix(want, "no ") && !strings.Contains(first, want+"\n") && !strings.Contains(want, "domain-lookup") {
				t.Errorf("%s: %q is lost", name, want)
			}
		}
	}
}

func TestRender(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"defaults are silent", "ip ssh time-out 120\nip ssh authentication-retries 3\nline con 0\n exec-timeout 10 0", ""},
		{"hidden spelling", "ip ssh timeout 60", "ip ssh time-out 60\n"},
		{"abbreviated", "ip ssh ver 2\nip ssh auth 2", "ip ssh authentication-retries 2\nip ssh version 2\n"},
		{"no", "ip ssh version 2\nip ssh time-out 9\nno ip ssh version\nno ip ssh time-out", ""},
		{"default", "ip ssh server algorithm mac hmac-sha1-96\ndefault ip ssh server algorithm mac", ""},
		{"algorithm order", "ip ssh server algorithm mac hmac-sha1-96 hmac-sha1", "ip ssh server algorithm mac hmac-sha1-96 hmac-sha1\n"},
		{"algorithm drop", "no ip ssh server algorithm encryption aes128-ctr", "ip ssh server algorithm encryption 3des-cbc\n"},
		{"a secret of the withdrawn type", "username a secret 4 2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI", "username a secret 4 2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI\n"},
		{"username merges", "username a privilege 15\nusername a password 0 lab", "username a privilege 15 password 0 lab\n"},
		{"lines split", "line vty 0 15\n login local\nline vty 3\n transport input ssh", "line vty 0 2\n login local\nline vty 3\n login local\n transport input ssh\nline vty 4\n login local\nline vty 5 15\n login local\n"},
		{"transport order", "line vty 0 4\n transport input ssh telnet", "line vty 0 4\n login\n transport input telnet ssh\n"},
		{"global command from a sub-mode", "line con 0\nip ssh time-out 60\nline vty 0 4\n login local", "line con 0\nline aux 0\nline vty 0 4\n login local\n"},
		{"passive replaced", "ip cef\nno ip cef", "no ip cef\n"},
		{"address", "interface gi0/0\n no ip address\n ip address 10.0.0.2 255.0.0.0 secondary\n ip address 10.0.0.1 255.0.0.0", "interface GigabitEthernet0/0\n ip address 10.0.0.2 255.0.0.0 secondary\n ip address 10.0.0.1 255.0.0.0\n!\n"},
		{"address by dhcp", "interface gi0/0\n ip address 10.0.0.1 255.0.0.0\n ip address dhcp", "interface GigabitEthernet0/0\n ip address dhcp\n"},
		{"old tacacs+", "aaa new-model\naaa authentication login default tacacs+ local", "aaa new-model\n!\n!\naaa authentication login default group tacacs+ local\naaa session-id common\n"},
		{"authorization ends in a space", "aaa authorization exec default local if-authenticated", "aaa authorization exec default local if-authenticated \n"},
		{"banner", "banner motd #\nHello\n#", "banner motd ^C\nHello\n^C\n"},
		{"banner that holds what delimits others", "banner login #a ^C b#", "banner login #a ^C b#\n"},
		{"banner that holds other delimiters too", "banner login @a ^C # % b@", "banner login @a ^C # % b@\n"},
		{"banner on one line", "banner login ^CHello^C", "banner login ^CHello^C\n"},
		{"pubkey", "ip ssh pubkey-chain\n username thomas\n  key-hash ssh-rsa 3ddf6DD82060F31277A6004B176786D4 thomas@host", "ip ssh pubkey-chain\n  username thomas\n   key-hash ssh-rsa 3DDF6DD82060F31277A6004B176786D4 thomas@host\n!\n"},
		{"encryption of what is there", "username a password 0 x\nservice password-encryption", "username a password 7 "},
		{"nested blocks", "archive\n path flash:x\n log config\n  logging enable\n  hidekeys\n maximum 5\nvrf definition A\n address-family ipv4\n exit-address-family\n address-family ipv6\n exit-address-family\n rd 1:1",
			"vrf definition A\n rd 1:1\n address-family ipv4\n exit-address-family\n address-family ipv6\n exit-address-family\n!\n"},
		{"nested block with lines", "archive\n path flash:x\n log config\n  logging enable\n maximum 5", "archive\n log config\n  logging enable\n path flash:x\n maximum 5\n!\n"},
		{"block dropped from a block", "archive\n log config\n  logging enable\n exit\n no log config\n maximum 5", "archive\n maximum 5\n!\n"},
		{"lines stay together when encrypted", "line vty 0 4\n password lab\n login\nservice password-encryption\nline vty 0 4\n exec-timeout 9 0", "line vty 0 4\n exec-timeout 9 0\n password 7 "},
		{"lines stay together when encryption is on", "service password-encryption\nline vty 0 15\n password lab", "line vty 5 15\n password 7 "},
		{"authorization of commands ends in a space", "aaa authorization commands 15 default group tacacs+ local", "aaa authorization commands 15 default group tacacs+ local \n"},
		{"order of aaa", "aaa new-model\naaa authorization commands 15 default local\naaa authorization exec default local\naaa local authentication attempts max-fail 3\naaa authorization config-commands\naaa authorization console\naaa authentication dot1x default group radius\naaa authentication login default local",
			"aaa new-model\naaa local authentication attempts max-fail 3\n!\n!\naaa authentication login default local\naaa authentication dot1x default group radius\naaa authorization console\naaa authorization config-commands\naaa authorization exec default local \naaa authorization commands 15 default local \naaa session-id common\n"},
		{"accounting", "aaa accounting exec default\n action-type start-stop\n broadcast\n group tacacs+\n group radius", "aaa accounting exec default start-stop broadcast group tacacs+ group radius\n"},
		{"accounting replaced", "aaa accounting commands 15 default start-stop group a\naaa accounting commands 15 default stop-only group tacacs+\naaa accounting exec L none", "aaa accounting commands 15 default stop-only group tacacs+\naaa accounting exec L none\n"},
		{"accounting that is not complete", "aaa accounting exec default\n action-type none\n group x\naaa accounting exec L\n action-type start-stop", "aaa accounting exec default none\naaa accounting exec L\n"},
		{"keys of servers", "tacacs-server key 0 x\nradius-server host 10.1.1.1 auth-port 1812 acct-port 1813 key y\ntacacs server S\n key 7 02050D480809", "tacacs-server key x\ntacacs server S\n key 7 02050D480809\n!\nradius-server host 10.1.1.1 auth-port 1812 acct-port 1813 key y\n"},
		{"keys of servers encrypted", "tacacs-server key 0 x\nservice password-encryption", "tacacs-server key 7 "},
		{"keys of servers when encryption is on", "service password-encryption\nradius server R\n key x", "radius server R\n key 7 "},
		{"a server replaced", "tacacs-server host 10.1.1.1 key a\ntacacs-server host 10.1.1.2\ntacacs-server host 10.1.1.1", "tacacs-server host 10.1.1.2\ntacacs-server host 10.1.1.1\n"},
		{"order of a line block", "line con 0\n stopbits 1\n logging synchronous\n exec prompt timestamp\n no exec\n logout-warning 30\n password x\n ipv6 access-class A in\n access-class 10 in\n login",
			"line con 0\n access-class 10 in\n ipv6 access-class A in\n password x\n logout-warning 30\n logging synchronous\n login\n no exec\n exec prompt timestamp\n stopbits 1\nline aux 0\n"},
		{"order of a line block with aaa", "aaa new-model\naaa authentication login L none\nline con 0\n login authentication L\n logging synchronous\n accounting exec A\n authorization commands 15 B\n authorization exec C",
			"line con 0\n authorization exec C\n authorization commands 15 B\n accounting exec A\n logging synchronous\n login authentication L\n"},
		{"no history", "line con 0\n no history\nline aux 0\n no history\n history", "line con 0\n no history\nline aux 0\n"},
		{"aux", "line aux 0\n transport input all", "line aux 0\n transport input all\n"},
		{"aux by default", "line aux 0\n transport input all\n default transport input", ""},
		{"order of logging", "logging host 10.1.1.1\nlogging source-interface lo0\nlogging facility local5", "logging source-interface Loopback0\nlogging facility local5\nlogging host 10.1.1.1\n"},
		{"a level leaves the size of the buffer", "logging buffered 8192\nlogging buffered informational", "logging buffered 8192 informational\n"},
		{"the buffer as it was", "logging buffered 8192\nlogging buffered", ""},
		{"host name of digits", "hostname 3560CX", "hostname 3560CX\n"},
		{"user's view and policy", "username a common-criteria-policy P\nusername a privilege 15 view V password 0 x", "username a privilege 15 view V common-criteria-policy P password 0 x\n"},
		{"virtual interfaces go", "interface lo0\ninterface gi0/0.10\nno interface lo0\nno interface gi0/0.10", ""},
		{"an interface by default", "interface gi0/0\n shutdown\n description x\ndefault interface gi0/0", "interface GigabitEthernet0/0\n!\n"},
		{"sub-interface", "interface gi0/0.10\n ip address 10.0.0.1 255.0.0.0\n encapsulation dot1q 10", "interface GigabitEthernet0/0.10\n encapsulation dot1Q 10\n ip address 10.0.0.1 255.0.0.0\n!\n"},
		{"names by routing table", "ip host vrf RED a 10.0.0.1\nip host a 10.0.0.2 2001:DB8::2\nip name-server vrf RED 10.0.0.53\nip name-server 10.0.0.54 2001:DB8::53\nip domain name vrf RED red.example\nip domain name example\nip domain lookup vrf RED source-interface lo7\nip domain timeout 5\nip domain retry 0",
			"ip name-server 10.0.0.54\nip name-server 2001:DB8::53\nip name-server vrf RED 10.0.0.53\nip domain retry 0\nip domain timeout 5\nip domain name example\nip domain name vrf RED red.example\nip domain lookup vrf RED source-interface Loopback7\nip host a 10.0.0.2 2001:DB8::2\nip host vrf RED a 10.0.0.1\n"},
		{"and none", "ip host vrf RED a 10.0.0.1\nip name-server vrf RED 10.0.0.53\nip domain name vrf RED red.example\nip domain timeout 5\nip domain retry 0\nno ip domain timeout\nno ip domain retry\nno ip domain name vrf RED red.example\nno ip name-server vrf RED\nno ip host vrf RED a", ""},
		{"ip routing as typed", "ip source-route\nno ip source-route\nip dhcp excluded-address 10.0.0.1\nip routing", "no ip source-route\nip routing\nip dhcp excluded-address 10.0.0.1\n"},
		{"no ip routing", "no ip routing", "\nno ip routing\n"},
		{"ip routing by default", "no ip routing\ndefault ip routing", ""},
		{"one tag", "interface gi0/0.10\n encapsulation isl 10\n encapsulation dot1q 11 second-dot1q any", "interface GigabitEthernet0/0.10\n encapsulation dot1Q 11 second-dot1q any\n"},
		{"no tag", "interface gi0/0.10\n encapsulation dot1q 10 native\n no encapsulation dot1q", "interface GigabitEthernet0/0.10\n!\n"},
		{"what an interface does of its own accord", "interface gi0/0\n no ip proxy-arp\n ipv6 traffic-filter B out\n ip mtu 1400\n no ip redirects\n ipv6 traffic-filter A in\n no ip unreachables\n ip access-group 1 in",
			"interface GigabitEthernet0/0\n ip access-group 1 in\n no ip redirects\n no ip unreachables\n no ip proxy-arp\n ip mtu 1400\n ipv6 traffic-filter A in\n ipv6 traffic-filter B out\n"},
		{"and by default", "interface gi0/0\n no ip proxy-arp\n no ip redirects\n no ip unreachables\n ip mtu 1400\n ip proxy-arp\n default ip redirects\n ip unreachables\n no ip mtu", "interface GigabitEthernet0/0\n!\n"},
		{"filters of one name", "interface gi0/0\n ipv6 traffic-filter A in\n ipv6 traffic-filter A out\n no ipv6 traffic-filter A out", "interface GigabitEthernet0/0\n ipv6 traffic-filter A in\n"},
		{"encapsulation is one", "interface Serial0\n encapsulation hdlc\n encapsulation ppp", "interface Serial0\n encapsulation ppp\n!\n"},
		{"acl", "access-list 10 permit 10.0.0.5 0.0.0.255\naccess-list 10 deny any log", "access-list 10 permit 10.0.0.0 0.0.0.255\naccess-list 10 deny any log\n"},
	}
	for _, tt := range tests {
		s := parse(tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q rejected: %v", tt.name, r.Line, r.Err)
		}
		got := lang.Render(s.Config, false)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nrenders to\n%s\nwhich lacks\n%s", tt.name, tt.in, got, tt.want)
		}
		if base := lang.Render(lang.Factory(), false); tt.want == "" && got != base {
			t.Errorf("%s: %s", tt.name, cmp.Diff(base, got))
		}
	}
}

// A key is hidden whole, whatever words it has, when the encryption is on and when
// it is turned on; it is what was typed.
func TestKeysAreHidden(t *testing.T) {
	for _, tt := range []struct{ in, lead, key string }{
		{"tacacs-server key a key b", "tacacs-server key 7 ", "a key b"},
		{"tacacs-s k 0 a key b", "tacacs-server key 7 ", "a key b"},
		{"tacacs-server host 10.1.1.1 port 49 key a key b", "tacacs-server host 10.1.1.1 port 49 key 7 ", "a key b"},
		{"tacacs-server host key key a", "tacacs-server host key key 7 ", "a"},
		{"radius server R\n key a key b", " key 7 ", "a key b"},
		{"key chain K\n key 1\n  key-string a key b", "  key-string 7 ", "a key b"},
		{"key chain K\n key 1\n  key-string a key-string b", "  key-string 7 ", "a key-string b"},
		{"aaa group server radius G\n server-private 10.1.1.1 key a key b", " server-private 10.1.1.1 key 7 ", "a key b"},
	} {
		for _, text := range []string{tt.in + "\nservice password-encryption", "service password-encryption\n" + tt.in} {
			got := lang.Render(parse(text).Config, false)
			_, hidden, ok := strings.Cut(got, "\n"+tt.lead)
			hidden, _, _ = strings.Cut(hidden, "\n")
			s, err := secret.Parse(7, hidden)
			plain, _ := s.Reveal()
			if !ok || err != nil || plain != tt.key {
				t.Errorf("%s: lacks %s and the key %q, has %q in\n%s", text, tt.lead, tt.key, plain, got)
			}
			if again := lang.Render(parse(got).Config, false); again != got {
				t.Errorf("%s: %s", text, cmp.Diff(got, again))
			}
		}
		clear := lang.Render(parse(tt.in).Config, false)
		if want := strings.TrimSuffix(tt.lead, "7 ") + tt.key + "\n"; !strings.Contains(clear, want) {
			t.Errorf("%s: lacks %s in\n%s", tt.in, want, clear)
		}
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct{ in, want string }{
		{"hostname -abc", "% Hostname contains one or more illegal characters."},
		{"ip ssh server algorithm mac hmac-sha1\nno ip ssh server algorithm mac hmac-sha1", "% SSH command rejected: All MAC algorithms cannot be disabled"},
		{"interface gi0/0\nno interface gi0/0", "% Removal of physical interfaces is not permitted"},
		{"username a password x\nusername a secret y", "ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other."},
		{"enable secret 5 garbage", "ERROR: The secret you entered is not a valid encrypted secret.\nTo enter an UNENCRYPTED secret, do not specify type 5 encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted."},
		{"interface Loopback0\n ip address 10.0.0.0 255.255.255.0", "Bad mask /24 for address 10.0.0.0"},
		{"interface Loopback0\n ip address 10.0.0.255 255.255.255.0", "Bad mask /24 for address 10.0.0.255"},
		{"interface Loopback0\n ip address 10.0.0.1 255.0.255.0", "Bad mask 0xFF00FF00 for address 10.0.0.1"},
		{"enable secret 4 garbage", "ERROR: The secret you entered is not a valid encrypted secret.\nTo enter an UNENCRYPTED secret, do not specify type 4 encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted."},
	}
	for _, tt := range tests {
		s := parse(tt.in)
		if len(s.Rejected) != 1 || s.Rejected[0].Err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.in, s.Rejected, tt.want)
		}
	}
}

const rsaKey = "AAAAB3NzaC1yc2EAAAADAQABAAAAQQC7"

func TestKeyString(t *testing.T) {
	blob := "AAAAB3NzaC1yc2EAAAADAQABAAAAYQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvuNMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s+CL="
	for _, lines := range []string{blob, "ssh-rsa " + blob, "ssh-rsa " + blob[:40] + "\n" + blob[40:80] + "\n" + blob[80:] + " root@\nhost"} {
		s := parse("ip ssh pubkey-chain\nusername u\nkey-string\n" + lines + "\nexit\nexit\nexit\nip ssh time-out 7")
		if len(s.Rejected) > 0 || len(s.Config.SSH.Users) != 1 || len(s.Config.SSH.Users[0].Keys) != 1 || s.Config.SSH.TimeOut != 7 {
			t.Errorf("%q: %+v %v", lines, s.Config.SSH.Users, s.Rejected)
		}
	}
	s := parse("ip ssh pubkey-chain\nusername u\nkey-string\nnonsense\nexit")
	if n := len(s.Config.SSH.Users[0].Keys); n != 0 {
		t.Errorf("nonsense gave %d keys", n)
	}
}

// A snapshot stays what it was, whatever is changed later.
func TestSnapshotsDoNotShare(t *testing.T) {
	text, _ := os.ReadFile("testdata/seed_12000.cfg")
	c := parse(string(text)).Config
	before := lang.Render(c, true)
	merge(c.Clone(), "hostname x\nno aaa new-model\naaa authentication login default none\nline vty 0 9\n length 0\nstopbits 2\n"+
		"username username1 privilege 3\ninterface ATM0/0\n no shutdown\n crc 16\nenable password y\nno ip route 0.0.0.0 0.0.0.0 172.17.110.65\n"+
		"ip ssh pubkey-chain\n username z\nip ssh server algorithm mac hmac-sha1\naccess-list 5 permit any\nservice password-encryption")
	if d := cmp.Diff(before, lang.Render(c, true)); d != "" {
		t.Error(d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("hostname R1\nbanner motd #\nx#\nline vty 0 4\n login local")
	f.Add("ip ssh pubkey-chain\nusername u\nkey-string\nAAAA\nexit")
	f.Add("banner exec ^C")
	f.Add("banner exzz ^C")
	f.Add("hostname x\rusername a\r\r\nusername b\r")
	f.Add("no\ndefault\n!\nend\nexit\ndo show clock\n\x1a\x03\x00\xff")
	f.Add("line vty 0 15\nno line vty 5\nline vty 4294967296\naccess-list 10 permit 1.2.3.4 999.0.0.0")
	f.Add("username a secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0\nusername a password 7 02050D480809\nenable secret 9 x\nservice password-encryption")
	f.Add("interface gi0/0\nip address 1.1.1.1 255.255.255.0\ninterface Vlan99999\nno interface gi0/0")
	f.Add("crypto pki certificate chain C\ncertificate ca 01\n AA BB\n quit\nkey chain K\nkey 1\nkey-string x\nkey 2\nno shutdown\n foo\nobject-group network G\nhost 1.1.1.1\nend")
	f.Add("service password-encryption\ntacacs-server host 1.1.1.1 key 0 7 x\nradius server R\nkey x key y\nno key\naaa accounting exec default\naction-type none\ngroup x")
	f.Add("ip access-list extended A\npermit 1 any any\n5 deny ip any any\nno 10\nno 5\n2147483647 permit ip any any\npermit x\n10 permit 10 permit")
	f.Add("interface Serial0/0.1 point-to-point\nip address 1.1.1.1 255.0.0.0 secondary\nno ip address\nip address negotiated\nipv6 address 1::1/64 eui-64\nip access-group 1 in\nno ip access-group 1\nip vrf forwarding V\nshutdown")
	f.Add("ip route vrf V 10.0.0.0 255.0.255.0 Null0 200 name x\nno ip route vrf V 10.0.0.0 255.0.255.0\nipv6 route ::/0 lo0 FE80::1\nip route 0.0.0.0 0.0.0.0 Cellular0 dhcp")
	f.Add("ipv6 access-list A\nsequence 5 permit tcp host 1::1 eq 22 any ack log x\npermit udp any range 7 3 any sequence 5\nno sequence 5\nevaluate x\nip access-list standard 5\npermit 1.2.3.4 255.0.0.255 log\nno 10")
	f.Add("vrf definition A\naddress-family ipv4\nroute-target x\nexit-address-family\nno address-family ipv4\nip vrf A\nrd 1:1\nlogin block-for 5 attempts 3 within 9\nsecurity authentication failure rate 3 log")
	f.Add(strings.Repeat("a", 300) + "\n" + strings.Repeat(" ", 300) + "hostname x")
	f.Add("key chain 1\nkey W\nke -st 000\n\v\vn\n\fno\n\u00a0exit\n\v!\n no\vx")
	files, _ := filepath.Glob("testdata/*.*")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := parse(text).Config
		first := lang.Render(c, false)
		if again := lang.Render(parse(first).Config, false); again != first {
			t.Errorf("%q: %s", text, cmp.Diff(first, again))
		}
	})
}

// FuzzKeyString types the lines of a public key. Only the hash of one that can be
// decoded is kept, and what is shown reads back.
func FuzzKeyString(f *testing.F) {
	const key = "AAAAB3NzaC1yc2EAAAADAQABAAAAQQDBgIoEiTxO8xdZxKDB9WNs+Q0h0pcVnhbBeWyx7SPj"
	blob := func(parts ...string) string {
		var b []byte
		for _, p := range parts {
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
		}
		return base64.StdEncoding.EncodeToString(b)
	}
	whole := blob("ssh-rsa", "\x01\x00\x01", strings.Repeat("n", 64))
	for _, text := range []string{"", key, whole, "ssh-rsa " + whole, "ssh-rsa " + whole + " cisco@host", "ssh-rsa " + whole[:40] + "\n   " + whole[40:] + "\n",
		"ssh-rsa " + whole + " two words", "ssh-dss " + blob("ssh-dss", "x"), "ecdsa-sha2-nistp256 " + blob("ecdsa-sha2-nistp256", "nistp256", "x"),
		whole[:len(whole)-1], whole + "=", "====", "ssh-rsa", "ssh-rsa \n\n", blob("ssh-rsa") + "AAAA", "key-hash ssh-rsa 00112233445566778899AABBCCDDEEFF x", "end", "no key-string", "AAAA\nexit\nAAAA",
		strings.Repeat(whole+"\n", 100)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := parse("ip ssh pubkey-chain\nusername u\nkey-string\n" + text + "\nexit")
		for _, u := range s.Config.SSH.Users {
			for _, k := range u.Keys {
				if n, err := hex.DecodeString(k.Hash); strings.Contains(strings.ToLower(text), "key-hash") {
					continue // typed as it is
				} else if err != nil || len(n) != md5.Size || k.Algorithm != "ssh-rsa" || strings.ContainsAny(k.Comment, " \n") {
					t.Errorf("%q gives %+v", text, k)
				}
			}
		}
		first := lang.Render(s.Config, false)
		if again := lang.Render(parse(first).Config, false); again != first {
			t.Errorf("%q: %s", text, cmp.Diff(first, again))
		}
		decodeKey(text, []string{"ssh-rsa", "ssh-ed25519"})
	})
}

func BenchmarkLine(b *testing.B) {
	m := config.NewMachine(lang, nil)
	b.ReportAllocs()
	for b.Loop() {
		r, err := m.Resolve(config.Top(), "ip ssh time-out 60", config.Full)
		if err != nil {
			b.Fatal(err)
		}
		p, err := m.Prepare(r, nil, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := m.Commit(p); err != nil {
			b.Fatal(err)
		}
		m.Render(false)
	}
}

// Nor does it when every command of a configuration is given again, negated and
// put back to its default, in a clone.
func TestSnapshotsDoNotShareAnything(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := "aaa new-model\naaa accounting exec default start-stop group tacacs+\nclock timezone CET 1\n" + string(data)
		c := parse(text).Config
		before := lang.Render(c, true)
		for _, verb := range []string{"", "no ", "default "} {
			clone := c.Clone()
			var again strings.Builder
			for line := range strings.Lines(text) {
				again.WriteString(line) // into the mode, and what a set shares
				again.WriteString(verb + strings.TrimLeft(line, " "))
				again.WriteString("x" + line)
			}
			merge(clone, again.String()+"\nservice password-encryption\nno service password-encryption\n")
			if d := cmp.Diff(before, lang.Render(c, true)); d != "" {
				t.Errorf("%s, %q in front of each line, changes a snapshot: %s", name, verb, d)
			}
		}
	}
}
