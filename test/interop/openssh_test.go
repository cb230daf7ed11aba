package interop

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// One run of OpenSSH's ssh.
type sshCase struct {
	line   string   // what is expected, in a line of prose
	config string   // of the router, besides the devicetest.Usual
	login  string   // cisco:cisco unless set
	args   []string // of ssh, behind the host
	input  string
	status int
	shows  string // pattern of its output, error output included
}

var sshCases = []sshCase{
	{line: "a password logs in, and one command shows what it shows on a terminal",
		args: []string{"show privilege"}, shows: `Current privilege level is 15`},
	{line: "keyboard-interactive logs in",
		config: "ip ssh server algorithm authentication keyboard\n", args: []string{"show privilege"}, shows: `level is 15`},
	{line: "a user of level 1 has level 1",
		login: "guest:guest", args: []string{"show privilege"}, shows: `level is 1\b`},
	{line: "one command may be as long as it likes: there is no paging",
		args: []string{"show running-config"}, shows: `(?s)^[^-]*Building configuration.*\nline vty 0 4\n.*\nend\n`},
	{line: "output modifiers work in one command",
		args: []string{"show running-config | include ^hostname"}, shows: `^\n*hostname R1\n*$`},
	{line: "a command that does not exist is an invalid autocommand",
		args: []string{"show sth"}, shows: `^\n*Line has invalid autocommand "show sth"$`},
	{line: "so is one that the user's level does not have",
		login: "guest:guest", args: []string{"show running-config"}, shows: `^\n*Line has invalid autocommand "show running-config"$`},
	{line: "banner login is shown before the password is asked for",
		config: "banner login ^C\nAuthorised people only\n^C\n", args: []string{"show privilege"}, shows: `(?s)Authorised people only.*level is 15`},
	{line: "a shell shows the banner, prompts, runs what is typed and ends at exit",
		config: "banner motd ^C\nWelcome to $(hostname)\n^C\n", args: []string{"-tt"}, input: "show privilege\rexit\r",
		shows: `(?s)Welcome to R1.*R1#show privilege\nCurrent privilege level is 15\n+R1#exit\n`},
	{line: "a shell without a terminal works too",
		args: []string{"-T"}, input: "show privilege\rexit\r", shows: `(?s)R1#show privilege\nCurrent privilege level is 15\n+R1#exit\n`},
	{line: "enable asks a user of level 1 for the secret and does not show it",
		login: "guest:guest", args: []string{"-tt"}, input: "enable\rletmein\rshow privilege\rexit\r",
		shows: `(?s)R1>enable\nPassword: \n+R1#show privilege\nCurrent privilege level is 15\n`},
	{line: "the end of the input ends the session",
		args: []string{"-T"}, input: "show privilege\r", shows: `level is 15`},
	{line: "a wrong password is refused",
		config: "ip ssh authentication-retries 1\n", login: "cisco:wrong", args: []string{"show privilege"}, status: 255, shows: `Permission denied|closed|reset|[Dd]isconnect`},
	{line: "a user that does not exist is refused in the same way",
		config: "ip ssh authentication-retries 1\n", login: "nobody:cisco", args: []string{"show privilege"}, status: 255, shows: `Permission denied|closed|reset|[Dd]isconnect`},
	{line: "an access-class that denies the client resets the connection",
		config: "access-list 7 deny any\nline vty 0 15\n access-class 7 in\n", status: 255, shows: `(refused|reset|closed)`},
	{line: "so does an extended one",
		config: "ip access-list extended A\n deny tcp any any eq 22\n permit ip any any\nline vty 0 15\n access-class A in\n", status: 255, shows: `(refused|reset|closed)`},
	{line: "an access-class that permits the client lets it in",
		config: "access-list 7 permit 127.0.0.0 0.255.255.255\nline vty 0 15\n access-class 7 in\n", args: []string{"show privilege"}, shows: `level is 15`},
	{line: "a subsystem is refused with the connection",
		args: []string{"-s", "netconf"}, status: 255, shows: `subsystem request failed`},
}

func TestOpenSSH(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, c := range sshCases {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				if unknownTo(release, c.config) {
					t.Skipf("%s has no %s", release, c.config)
				}
				r := devicetest.Start(t, release, c.config)
				if c.login == "" {
					c.login = "cisco:cisco"
				}
				o := r.OpenSSH(c.login, c.args...).Typing(c.input).Run()
				o.Ends(c.status)
				shown := strings.ReplaceAll(o.Errs+o.Out, "\r", "")
				if !regexp.MustCompile(c.shows).MatchString(shown) {
					t.Errorf("%v shows\n%s\nwant %s", o.Program, shown, c.shows)
				}
			})
		}
	})
}

// unknownTo tells that a release lacks a command of ours: 3SE came before `ip
// ssh server algorithm`.
func unknownTo(release, config string) bool {
	return release == "iosxe-3se" && strings.Contains(config, "ip ssh server algorithm")
}

// OpenSSH's algorithms, each kind in turn, that a release offers by default.
func TestOpenSSHAlgorithms(t *testing.T) {
	foreign.Need(t, "ssh")
	for release, options := range map[string][]string{
		"ios-15.5": {"KexAlgorithms=diffie-hellman-group-exchange-sha1", "KexAlgorithms=diffie-hellman-group14-sha1", "KexAlgorithms=diffie-hellman-group1-sha1",
			"Ciphers=aes128-ctr", "Ciphers=aes256-cbc", "Ciphers=3des-cbc", "MACs=hmac-sha1", "MACs=hmac-sha1-96", "HostKeyAlgorithms=ssh-rsa"},
		"iosxe-3se": {"KexAlgorithms=diffie-hellman-group-exchange-sha1", "Ciphers=aes192-cbc", "MACs=hmac-md5", "MACs=hmac-md5-96"},
		"iosxe-17.15": {"KexAlgorithms=curve25519-sha256", "KexAlgorithms=ecdh-sha2-nistp256", "KexAlgorithms=ecdh-sha2-nistp521",
			"KexAlgorithms=diffie-hellman-group14-sha256", "KexAlgorithms=diffie-hellman-group16-sha512",
			"Ciphers=chacha20-poly1305@openssh.com", "Ciphers=aes128-gcm@openssh.com", "Ciphers=aes256-ctr",
			"MACs=hmac-sha2-512-etm@openssh.com", "HostKeyAlgorithms=rsa-sha2-512", "HostKeyAlgorithms=rsa-sha2-256"},
	} {
		for _, option := range options {
			t.Run(release+" offers "+option, func(t *testing.T) {
				t.Parallel()
				r := devicetest.Start(t, release, "")
				p := r.OpenSSH("cisco:cisco", "show privilege").Before("r1", "-o", option)
				devicetest.WantLines(t, p.Run().Ends(0), "level is 15")
			})
		}
	}
	for release, option := range map[string]string{
		"ios-15.5": "KexAlgorithms=curve25519-sha256", "iosxe-3se": "MACs=hmac-sha2-256", "iosxe-17.15": "Ciphers=aes128-cbc",
	} {
		t.Run(release+" does not offer "+option, func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, release, "")
			r.OpenSSH("cisco:cisco", "show privilege").Before("r1", "-o", option).Run().Refused("no matching")
		})
	}
}

// Public keys: a chain with the key of ssh-keygen lets its owner in, and nobody
// else.
func TestOpenSSHPublicKey(t *testing.T) {
	foreign.Need(t, "ssh")
	key := devicetest.SSHKeygen(t)
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, devicetest.PubkeyChain("cisco", key.Public))
		with := func(t *testing.T, user string) foreign.Program {
			return r.In(t).OpenSSH(user+":wrong", "show privilege").
				Before("r1", "-o", "IdentityFile="+key.File, "-o", "PreferredAuthentications=publickey")
		}
		t.Run("the key of a chain logs in without a password", func(t *testing.T) {
			devicetest.WantLines(t, with(t, "cisco").Run().Ends(0), "level is 15")
		})
		t.Run("another user's key does not", func(t *testing.T) {
			with(t, "guest").Run().Refused("Permission denied|closed|reset|[Dd]isconnect")
		})
		t.Run("the running configuration has the MD5 hash that ssh-keygen's key has", func(t *testing.T) {
			devicetest.WantLines(t, r.In(t).File("running-config"), "ip ssh pubkey-chain\n", " username cisco\n", "  key-hash ssh-rsa "+key.Hash)
		})
	})
}

// A wrong password, three times and no more: authentication-retries 2.
func TestWrongPassword(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "ip ssh authentication-retries 2\nip ssh logging events\nlogging buffered 100000 debugging\n")
		p := r.OpenSSH("cisco:wrong", "show privilege").Before("r1", "-o", "NumberOfPasswordPrompts=9", "-o", "PreferredAuthentications=password")
		o := p.Run()
		o.Refused("Permission denied|closed|reset|[Dd]isconnect")
		if n := strings.Count(o.Errs, "Permission denied, please try again."); n != 3 {
			t.Errorf("%d refusals, want 3:\n%s", n, o.Errs)
		}
		con := r.Console()
		devicetest.WantLines(t, con.Enter("show logging | include SSH2.USERAUTH"), "%SSH-5-SSH2_USERAUTH: User '' authentication for SSH2 Session from 127.0.0.1 (tty = 0)", "Failed")
		devicetest.WantLines(t, con.Enter("show ssh"), "%No SSHv2 server connections running.")
	})
}

// A paste of 100 KB through ssh -tt arrives whole and in order.
func TestPaste(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "")
		var paste, want strings.Builder
		for i := 0; paste.Len() < 100_000; i++ {
			line := fmt.Sprintf("username user%05d privilege %d nopassword", i, i%16)
			paste.WriteString(line + "\n")
			want.WriteString(fmt.Sprintf("user%05d ", i))
		}
		input := "configure terminal\n" + paste.String() + "end\nshow users\nexit\n"
		out := r.OpenSSH("cisco:cisco", "-tt").Typing(input).Run().Ends(0)
		devicetest.WantLines(t, out, "R1(config)#username user00000 privilege 0 nopassword\n", "R1(config)#end\n", "R1#show users\n", "R1#exit")
		if strings.Contains(out, "% ") {
			t.Errorf("complaints in\n%.2000s", out[strings.Index(out, "% ")-200:])
		}
		var got strings.Builder
		for line := range strings.Lines(r.File("running-config")) {
			if name, ok := strings.CutPrefix(line, "username user"); ok {
				got.WriteString("user" + name[:5] + " ")
			}
		}
		if got.String() != want.String() {
			t.Errorf("the running configuration has\n%.500s…, want\n%.500s…", got.String(), want.String())
		}
	})
}
