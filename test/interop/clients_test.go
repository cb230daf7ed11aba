package interop

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// paged runs a shell that shows SSH, then pages through a long answer: a line,
// a page, and no more.
func paged(t *testing.T, p foreign.Program) {
	t.Helper()
	out := p.Typing("terminal length 0\rshow ip ssh\rterminal length 10\rshow running-config\r\r qexit\r").Run().Ends(0)
	devicetest.WantLines(t, out, "SSH Enabled - version ", "Authentication timeout: ", "R1#exit")
	if n := strings.Count(out, " --More-- "); n != 3 {
		t.Errorf("stopped %d times at --More--, want 3:\n%s", n, out)
	}
	if strings.Contains(out, "\nend\n") {
		t.Errorf("q did not stop the output:\n%s", out)
	}
}

// PuTTY's plink and pscp.
func TestPuTTY(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "")
		t.Run("plink runs one command", func(t *testing.T) {
			devicetest.WantLines(t, r.In(t).PuTTY("plink", "cisco:cisco", "-ssh", "127.0.0.1", "show privilege").Run().Ends(0), "level is 15")
		})
		t.Run("plink runs a shell until exit", func(t *testing.T) {
			out := r.In(t).PuTTY("plink", "cisco:cisco", "-ssh", "-t", "127.0.0.1").Typing("show privilege\rexit\r").Run().Ends(0)
			devicetest.WantLines(t, out, "R1#show privilege\n", "level is 15\n", "R1#exit")
		})
		t.Run("plink shows SSH and pages", func(t *testing.T) {
			paged(t, r.In(t).PuTTY("plink", "cisco:cisco", "-ssh", "-t", "127.0.0.1"))
		})
		t.Run("plink is refused with a wrong password", func(t *testing.T) {
			r.In(t).PuTTY("plink", "cisco:wrong", "-ssh", "127.0.0.1", "show privilege").Run().Refused("Access denied|refused|closed|Configured password")
		})
		t.Run("pscp puts a file and fetches it", func(t *testing.T) {
			image := devicetest.Write(t, "image.bin", devicetest.Blob(100_001))
			r.In(t).PuTTY("pscp", "cisco:cisco", "-scp", image, "127.0.0.1:"+r.Flash()+"image.bin").Run().Ends(0)
			back := filepath.Join(t.TempDir(), "back")
			r.In(t).PuTTY("pscp", "cisco:cisco", "-scp", "127.0.0.1:"+r.Flash()+"image.bin", back).Run().Ends(0)
			if devicetest.Read(t, back) != devicetest.Blob(100_001) {
				t.Error("what came back is something else")
			}
		})
		t.Run("pscp fetches running-config", func(t *testing.T) {
			back := filepath.Join(t.TempDir(), "r1.cfg")
			r.In(t).PuTTY("pscp", "cisco:cisco", "-scp", "127.0.0.1:running-config", back).Run().Ends(0)
			devicetest.WantLines(t, devicetest.Read(t, back), "\nhostname R1\n", "\nend\n")
		})
		t.Run("pscp is told that a user's privilege does not do", func(t *testing.T) {
			r.In(t).PuTTY("pscp", "guest:guest", "-scp", "127.0.0.1:running-config", t.TempDir()).Run().Refused("Privilege denied.")
		})
	})
}

// Dropbear's dbclient.
func TestDropbear(t *testing.T) {
	foreign.Need(t, "dbclient")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "")
		dropbear := func(t *testing.T, login string, args ...string) foreign.Program {
			return foreign.Dropbear(t, r.Port, login, args...)
		}
		t.Run("one command", func(t *testing.T) {
			devicetest.WantLines(t, dropbear(t, "cisco:cisco", "show privilege").Run().Ends(0), "level is 15")
		})
		t.Run("a shell until exit", func(t *testing.T) {
			out := dropbear(t, "cisco:cisco").Typing("show privilege\rexit\r").Run().Ends(0)
			devicetest.WantLines(t, out, "R1#show privilege\n", "level is 15\n", "R1#exit")
		})
		t.Run("SSH shown, and pages", func(t *testing.T) {
			paged(t, dropbear(t, "cisco:cisco"))
		})
		t.Run("a file put and fetched, the dialogue of scp by hand", func(t *testing.T) {
			path := r.Flash() + "dropbear.txt"
			dropbear(t, "cisco:cisco", "scp -t "+path).Typing("C0644 6 dropbear.txt\nhello\n\x00").Run().Ends(0)
			out := dropbear(t, "cisco:cisco", "scp -f "+path).Typing("\x00\x00\x00").Run().Ends(0)
			devicetest.WantLines(t, out, "C0644 6 dropbear.txt\n", "hello\n")
		})
		t.Run("a wrong password", func(t *testing.T) {
			dropbear(t, "cisco:wrong", "show privilege").Run().Refused("exited")
		})
	})
}

// golang.org/x/crypto/ssh, which Go's tools are made with.
func TestGo(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "")
		cfg := &xssh.ClientConfig{User: "cisco", Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey()}
		cfg.KeyExchanges = []string{"curve25519-sha256", "diffie-hellman-group14-sha1"}
		cfg.HostKeyAlgorithms = []string{"rsa-sha2-256", "ssh-rsa"}
		c, err := xssh.Dial("tcp", r.Addr(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.CombinedOutput("show privilege")
		if err != nil || !strings.Contains(string(out), "level is 15") {
			t.Errorf("%q, %v", out, err)
		}
	})
}

// verdict is what a script of clients says of a case: cases.py.
type verdict struct{ Case, Problem string }

// cases runs the cases of a script against a router; each is a subtest by the
// first line of its description.
func cases(t *testing.T, r *devicetest.Router, modules []string, name string, want int, env ...string) {
	t.Helper()
	p := foreign.Python(t, modules, script(t, name), r.Port, r.Flash(), t.TempDir()).With(env...)
	o := p.Run()
	n := 0
	for line := range strings.Lines(o.Out) {
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v says %q: %v\n%s", p, line, err, o.Errs)
		}
		n++
		t.Run(v.Case, func(t *testing.T) {
			if v.Problem != "" {
				t.Error(v.Problem)
			}
		})
	}
	if n != want || o.Status != 0 {
		t.Errorf("%v: %d cases, want %d; exit status %d\n%s", p, n, want, o.Status, o.Errs)
	}
}

// script is the path of a script in clients. The directory is read so that a test
// that was cached is run anew when a script changes.
func script(t *testing.T, name string) string {
	t.Helper()
	if _, err := os.ReadDir("clients"); err != nil {
		t.Fatal(err)
	}
	return filepath.Join("clients", name)
}

// Paramiko, and scp on top of it.
func TestParamiko(t *testing.T) {
	key := devicetest.SSHKeygen(t)
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, devicetest.PubkeyChain("cisco", key.Public))
		cases(t, r, []string{"paramiko", "scp"}, "paramiko_cases.py", 13, "VTYLAB_KEY="+key.File)
	})
}

// AsyncSSH.
func TestAsyncSSH(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		cases(t, devicetest.Start(t, release, ""), []string{"asyncssh"}, "asyncssh_cases.py", 4)
	})
}

// Netmiko, which drives the command line.
func TestNetmiko(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		cases(t, devicetest.Start(t, release, ""), []string{"netmiko"}, "netmiko_cases.py", 10)
	})
}
