package hostile

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/internal/devicetest"
)

// slowCommands take real time: the fuzzer is not to find large key pairs.
var slowCommands = regexp.MustCompile(`(?i)\bgen|\b8\b|\b9\b|mod|algorithm|scrypt`)

// FuzzCommandLine types anything at the console of a router, in EXEC and in
// configuration mode, with ? and TAB behind it: the router shows a prompt again,
// and what it then has for a configuration is one that it takes.
func FuzzCommandLine(f *testing.F) {
	for i := range devicetest.Releases() {
		for _, line := range []string{
			"", "?", "show ?", "sh run | include hostname", "show running-config | section [", "show version | begin ^(", "show clock | redirect flash:x",
			"terminal length 3\rshow running-config\r q", "dir flash:/../..", "copy flash:x flash:y\r\r", "copy running-config scp://a@b/c\r\r\r\r", "delete flash:*\r",
			"more system:running-config", "mkdir a\r\rcd a\rpwd\rrmdir ../a\r\r", "show ssh | count .", "disconnect ssh 1869", "clear line vty 0\r",
			"terminal width 0\rshow users", "enable 16", "disable\renable\rletmein\r", "debug ip ssh\rundebug all", "write memory", "reload\rn\r", "login\rcisco\rcisco\r",
			"banner motd #\rx#", "hostname \x01\x02\x1b[A", "line vty 0 15\rexec-timeout 0 0\rend", "username a privilege 15 secret 0 x", "no username cisco\r\r", "ip ssh pubkey-chain\rusername x\rkey-string\rAAAA\rexit",
			"default ip ssh time-out", "do show ip ssh", "do", "no", "crypto key zeroize rsa\ry\r", "alias exec x show clock\rdo x", "exit\rexit\r", "\x1a", "\x03", strings.Repeat("show ", 100),
		} {
			f.Add(byte(i), false, line)
			f.Add(byte(i), true, line)
		}
	}
	f.Fuzz(func(t *testing.T, release byte, configure bool, line string) {
		if slowCommands.MatchString(line) || len(line) > 1000 {
			return
		}
		all := devicetest.Releases()
		model := devicetest.Product(t, all[int(release)%len(all)])
		synctest.Test(t, func(t *testing.T) {
			d := devicetest.New(t, model, devicetest.Usual)
			term := devicetest.Attach(d)
			if configure {
				term.Type("configure terminal\r")
			}
			for _, key := range []string{"?", "\t", "\r"} {
				term.Type(line + key)
				synctest.Wait()
			}
			for range 5 { // out of a question, of --More--, of a mode
				term.Type("\x03")
				synctest.Wait()
			}
			if err := term.Close(); err != nil {
				t.Errorf("%q: the console ends with %v", line, err)
			}
			shown := d.RunningConfig(false)
			again := devicetest.New(t, model, shown)
			if report := again.BootReport(); strings.Contains(report, "% Invalid") {
				t.Errorf("%q: the router does not take its own configuration:\n%s\n%s", line, report, shown)
			}
		})
	})
}
