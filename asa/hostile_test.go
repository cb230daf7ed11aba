package asa_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/internal/devicetest"
)

// slowCommands take real time: the fuzzer is not to find key pairs.
var slowCommands = regexp.MustCompile(`(?i)\bg`)

// free is a configuration without a password: checking one takes milliseconds.
var free = strings.Replace(startup, "password cisco", "nopassword", 1)

// FuzzCommandLine types anything at the console of an ASA, in EXEC and in
// configuration mode, with ? and TAB behind it: it shows a prompt again, and what it
// then has for a configuration is one that it takes.
func FuzzCommandLine(f *testing.F) {
	for _, line := range []string{
		"", "?", "show ?", "s", "sh run | include hostname", "sh run | grep -v [", "show run | ", "show running-config ssh", "login\rcisco\rcisco\r", "enable\rx\ry\rz\r",
		"terminal pager 3\rshow running-config\r q", "terminal pager 2147483647", "pager 1", "write memory", "write terminal", "reload\rn\r", "reload noconfirm", "disable\renable\rcisco\r",
		"hostname \x01\x02\x1b[A", "int m0/0\rno nameif\rip address 0.0.0.0 0.0.0.0", "no interface m0/0", "interface INTERFACE0", "ssh ::/0 management", "ssh 0 0 management", "no ssh", "no enable password\rdisable\renable\ra b\ra b\r",
		"username a password b pbkdf2", "no username cisco", "aaa authentication serial console LOCAL\rend\rexit\rcisco\rcisco\r", "no call-home reporting anonymous", "crypto key zeroize rsa\ry\r", "logout", "\x1a", "\x03", "console timeout 1",
	} {
		f.Add(false, line)
		f.Add(true, line)
	}
	f.Fuzz(func(t *testing.T, configure bool, line string) {
		if slowCommands.MatchString(line) || len(line) > 1000 {
			return
		}
		model := devicetest.Product(t, "asa-9.20")
		synctest.Test(t, func(t *testing.T) {
			d := devicetest.New(t, model, free)
			term := devicetest.Attach(d)
			term.Type("login\rcisco\rx\r")
			if configure {
				term.Type("configure terminal\ra\r")
			}
			for _, key := range []string{"?", "\t", "\r"} {
				term.Type(line + key)
				synctest.Wait()
			}
			for range 5 { // out of a question, of the pager, of a mode
				term.Type("\x03")
				synctest.Wait()
			}
			if err := term.Close(); err != nil {
				t.Errorf("%q: the console ends with %v", line, err)
			}
			shown := d.RunningConfig(false)
			again := devicetest.New(t, model, shown)
			if report := again.BootReport(); report != "" {
				t.Errorf("%q: the ASA does not take its own configuration:\n%s\n%s", line, report, shown)
			}
		})
	})
}
