package vtylab_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"
)

// puttyHome is a home directory with the saved session "vtylab", which does not
// warn of old algorithms; more are further settings of it.
func puttyHome(t *testing.T, more string) string {
	t.Helper()
	home := t.TempDir()
	session := filepath.Join(home, ".putty", "sessions", "vtylab")
	if err := os.MkdirAll(filepath.Dir(session), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "KEX=ecdh,dh-gex-sha1,dh-group16-sha512,dh-group14-sha1,dh-group1-sha1,WARN\nCipher=aes,aesgcm,chacha20,3des,WARN\n" + more
	if err := os.WriteFile(session, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// putty is one of PuTTY's tools with that session.
func (r *router) putty(name, login string, args ...string) program {
	r.t.Helper()
	user, password, _ := strings.Cut(login, ":")
	options := []string{"-load", "vtylab", "-batch", "-P", r.port, "-l", user, "-pw", password}
	for _, key := range r.Keys.All() {
		options = append(options, "-hostkey", fingerprint(r.t, key))
	}
	return program{t: r.t, path: client(r.t, name), args: append(options, args...), env: []string{"HOME=" + puttyHome(r.t, "")}}
}

// paged runs a shell that shows SSH, then pages through a long answer: a line,
// a page, and no more.
func paged(t *testing.T, p program) {
	t.Helper()
	out := p.typing("terminal length 0\rshow ip ssh\rterminal length 10\rshow running-config\r\r qexit\r").run().ends(0)
	wantLines(t, out, "SSH Enabled - version ", "Authentication timeout: ", "R1#exit")
	if n := strings.Count(out, " --More-- "); n != 3 {
		t.Errorf("stopped %d times at --More--, want 3:\n%s", n, out)
	}
	if strings.Contains(out, "\nend\n") {
		t.Errorf("q did not stop the output:\n%s", out)
	}
}

// PuTTY's plink and pscp.
func TestPuTTY(t *testing.T) {
	eachPlatform(t, func(t *testing.T, release string) {
		r := start(t, release, "")
		t.Run("plink runs one command", func(t *testing.T) {
			wantLines(t, r.in(t).putty("plink", "cisco:cisco", "-ssh", "127.0.0.1", "show privilege").run().ends(0), "level is 15")
		})
		t.Run("plink runs a shell until exit", func(t *testing.T) {
			out := r.in(t).putty("plink", "cisco:cisco", "-ssh", "-t", "127.0.0.1").typing("show privilege\rexit\r").run().ends(0)
			wantLines(t, out, "R1#show privilege\n", "level is 15\n", "R1#exit")
		})
		t.Run("plink shows SSH and pages", func(t *testing.T) {
			paged(t, r.in(t).putty("plink", "cisco:cisco", "-ssh", "-t", "127.0.0.1"))
		})
		t.Run("plink is refused with a wrong password", func(t *testing.T) {
			r.in(t).putty("plink", "cisco:wrong", "-ssh", "127.0.0.1", "show privilege").run().refused("Access denied|refused|closed|Configured password")
		})
		t.Run("pscp puts a file and fetches it", func(t *testing.T) {
			image := write(t, "image.bin", blob(100_001))
			r.in(t).putty("pscp", "cisco:cisco", "-scp", image, "127.0.0.1:"+r.flash()+"image.bin").run().ends(0)
			back := filepath.Join(t.TempDir(), "back")
			r.in(t).putty("pscp", "cisco:cisco", "-scp", "127.0.0.1:"+r.flash()+"image.bin", back).run().ends(0)
			if read(t, back) != blob(100_001) {
				t.Error("what came back is something else")
			}
		})
		t.Run("pscp fetches running-config", func(t *testing.T) {
			back := filepath.Join(t.TempDir(), "r1.cfg")
			r.in(t).putty("pscp", "cisco:cisco", "-scp", "127.0.0.1:running-config", back).run().ends(0)
			wantLines(t, read(t, back), "\nhostname R1\n", "\nend\n")
		})
		t.Run("pscp is told that a user's privilege does not do", func(t *testing.T) {
			r.in(t).putty("pscp", "guest:guest", "-scp", "127.0.0.1:running-config", t.TempDir()).run().refused("Privilege denied.")
		})
	})
}

// Dropbear's dbclient.
func TestDropbear(t *testing.T) {
	path := client(t, "dbclient")
	eachPlatform(t, func(t *testing.T, release string) {
		r := start(t, release, "")
		dropbear := func(t *testing.T, login string, args ...string) program {
			user, password, _ := strings.Cut(login, ":")
			return program{t: t, path: path, args: append([]string{"-y", "-y", "-p", r.port, user + "@127.0.0.1"}, args...),
				env: []string{"DROPBEAR_PASSWORD=" + password, "HOME=" + t.TempDir()}}
		}
		t.Run("one command", func(t *testing.T) {
			wantLines(t, dropbear(t, "cisco:cisco", "show privilege").run().ends(0), "level is 15")
		})
		t.Run("a shell until exit", func(t *testing.T) {
			p := dropbear(t, "cisco:cisco").typing("show privilege\rexit\r")
			p.args = append([]string{"-T"}, p.args...)
			wantLines(t, p.run().ends(0), "R1#show privilege\n", "level is 15\n", "R1#exit")
		})
		t.Run("SSH shown, and pages", func(t *testing.T) {
			p := dropbear(t, "cisco:cisco")
			p.args = append([]string{"-T"}, p.args...)
			paged(t, p)
		})
		t.Run("a file put and fetched, the dialogue of scp by hand", func(t *testing.T) {
			path := r.flash() + "dropbear.txt"
			dropbear(t, "cisco:cisco", "scp -t "+path).typing("C0644 6 dropbear.txt\nhello\n\x00").run().ends(0)
			out := dropbear(t, "cisco:cisco", "scp -f "+path).typing("\x00\x00\x00").run().ends(0)
			wantLines(t, out, "C0644 6 dropbear.txt\n", "hello\n")
		})
		t.Run("a wrong password", func(t *testing.T) {
			dropbear(t, "cisco:wrong", "show privilege").run().refused("exited")
		})
	})
}

// golang.org/x/crypto/ssh, which Go's tools are made with.
func TestGo(t *testing.T) {
	eachPlatform(t, func(t *testing.T, release string) {
		r := start(t, release, "")
		cfg := &xssh.ClientConfig{User: "cisco", Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey()}
		cfg.KeyExchanges = []string{"curve25519-sha256", "diffie-hellman-group14-sha1"}
		cfg.HostKeyAlgorithms = []string{"rsa-sha2-256", "ssh-rsa"}
		c, err := xssh.Dial("tcp", "127.0.0.1:"+r.port, cfg)
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

// python is the system's Python with the modules of the clients.
func python(t *testing.T, modules ...string) string {
	t.Helper()
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-W", "ignore", "-c", "import "+strings.Join(modules, ",")).Run() == nil {
			return p
		}
	}
	absent(t, "python3 with "+strings.Join(modules, ", "))
	return ""
}

// verdict is what a script of testdata/clients says of a case: cases.py.
type verdict struct{ Case, Problem string }

// script runs the cases of a script against a router; each is a subtest by the
// first line of its description.
func (r *router) script(t *testing.T, path, name string, want int, env ...string) {
	t.Helper()
	p := program{t: t, path: path, args: []string{"-W", "ignore", "testdata/clients/" + name, r.port, r.flash(), t.TempDir()}, env: env}
	o := p.run()
	n := 0
	for line := range strings.Lines(o.out) {
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v says %q: %v\n%s", p, line, err, o.errs)
		}
		n++
		t.Run(v.Case, func(t *testing.T) {
			if v.Problem != "" {
				t.Error(v.Problem)
			}
		})
	}
	if n != want || o.status != 0 {
		t.Errorf("%v: %d cases, want %d; exit status %d\n%s", p, n, want, o.status, o.errs)
	}
}

// Paramiko, and scp on top of it.
func TestParamiko(t *testing.T) {
	path := python(t, "paramiko", "scp")
	key := sshKeygen(t)
	eachPlatform(t, func(t *testing.T, release string) {
		start(t, release, key.pubkeyChain("cisco")).script(t, path, "paramiko_cases.py", 13, "VTYLAB_KEY="+key.file)
	})
}

// AsyncSSH.
func TestAsyncSSH(t *testing.T) {
	path := python(t, "asyncssh")
	eachPlatform(t, func(t *testing.T, release string) {
		start(t, release, "").script(t, path, "asyncssh_cases.py", 4)
	})
}

// Netmiko, which drives the command line.
func TestNetmiko(t *testing.T) {
	path := python(t, "netmiko")
	eachPlatform(t, func(t *testing.T, release string) {
		start(t, release, "").script(t, path, "netmiko_cases.py", 8)
	})
}
