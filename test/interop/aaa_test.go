package interop

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"vtylab/aaaserver"
	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// tacacsServer is a TACACS+ server on a port of this host, which it returns.
func tacacsServer(t *testing.T, config string) string {
	t.Helper()
	c, err := aaaserver.Load("server", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	s, err := aaaserver.New(c, aaaserver.Options{Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { _ = s.ServeTACACS(ctx, conn) })
		}
	})
	t.Cleanup(func() { cancel(); l.Close(); work.Wait() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// asks is a router whose users a TACACS+ server lets in.
func asks(t *testing.T, release string) *devicetest.Router {
	port := tacacsServer(t, `
key: cisco
users:
  lab: {secret: lab, level: 15}
  first: {secret: cisco, level: 15, change-first: true}
  token: {secret: pin, level: 15, code: 123456}
`)
	return devicetest.Start(t, release, fmt.Sprintf("aaa new-model\naaa authentication login default group tacacs+\naaa authorization exec default group tacacs+\ntacacs server T\n address ipv4 127.0.0.1\n port %s\n key cisco\n", port))
}

// answers are those of OpenSSH's user, one after the other; asked returns the questions.
func answers(t *testing.T, p foreign.Program, texts ...string) (with foreign.Program, asked func() string) {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "askpass")
	body := "#!/bin/sh\ncd " + dir + "\necho \"$1\" >> asked\nsed -n \"$(wc -l < asked)p\" answers\n"
	for name, text := range map[string]string{"askpass": body, "answers": strings.Join(texts, "\n") + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return p.With("SSH_ASKPASS="+script, "SSH_ASKPASS_REQUIRE=force"), func() string {
		text, _ := os.ReadFile(filepath.Join(dir, "asked"))
		return string(text)
	}
}

// A server of TACACS+ asks for a new password, or for the code of a token: OpenSSH's user
// sees the server's own words, in rounds of keyboard-interactive. The method password has
// one answer, and fails.
func TestOpenSSHAnswersTacacs(t *testing.T) {
	foreign.Need(t, "ssh", "scp")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := asks(t, release)
		p, asked := answers(t, r.OpenSSH("first:", "show privilege"), "cisco", "one", "two", "three", "three")
		got := p.Run()
		level(t, got)
		devicetest.WantLines(t, asked(), "Password:", "New Password:", "Re-enter New password:", "New Password:", "Re-enter New password:")
		devicetest.WantLines(t, got.Errs, "Your password has expired.", "Enter a new one now.", "The New and Re-entered passwords have to be the same.", "Try again.")
		p, _ = answers(t, r.OpenSSH("first:", "show privilege"), "three")
		level(t, p.Run())
		p, _ = answers(t, r.OpenSSH("token:", "show privilege"), "pin", "123456")
		level(t, p.Run())
		p, _ = answers(t, r.OpenSSH("token:", "show privilege").Before("r1", "-o", "PreferredAuthentications=password", "-o", "NumberOfPasswordPrompts=1"), "pin")
		if got = p.Run(); got.Status != 255 || !strings.Contains(got.Errs, "Permission denied") {
			t.Errorf("method password for a user with a code: status %d, %s", got.Status, got.Errs)
		}
		level(t, r.OpenSSH("lab:lab", "show privilege").Run())
	})
}

// level wants the output of show privilege for a user with all rights.
func level(t *testing.T, o foreign.Outcome) {
	t.Helper()
	if out := o.Ends(0); !strings.Contains(out, "level is 15") {
		t.Errorf("show privilege shows %s", out)
	}
}

// PuTTY shows the same.
func TestPuTTYAnswersTacacs(t *testing.T) {
	foreign.Need(t, "plink")
	r := asks(t, "ios-15.5")
	p := r.PuTTY("plink", "first:x", "-no-antispoof", "-t", "127.0.0.1")
	at := slices.Index(p.Args, "-pw")
	p.Args = slices.DeleteFunc(slices.Delete(p.Args, at, at+2), func(a string) bool { return a == "-batch" })
	d, _ := p.OnTerminal(24, 80)
	for _, step := range [][2]string{{"Password: ", "cisco"}, {"Your password has expired.", ""}, {"New Password: ", "one"}, {"Re-enter New password: ", "one"}, {"R1#", "show privilege"}, {"level is 15", "exit"}} {
		d.See(step[0])
		if step[1] != "" {
			d.Say(step[1] + "\r")
		}
	}
}

// So does Paramiko.
func TestParamikoAnswersTacacs(t *testing.T) {
	r := asks(t, "iosxe-17.15")
	script := devicetest.Write(t, "client.py", `
import sys, paramiko
t = paramiko.Transport(("127.0.0.1", int(sys.argv[1])))
t.connect()
seen, left = [], ["cisco", "one", "one"]
def handler(title, instructions, prompts):
    seen.append((instructions, prompts))
    return [left.pop(0) for _ in prompts]
t.auth_interactive("first", handler)
c = t.open_session()
c.exec_command("show privilege")
print(seen)
print(c.makefile().read().decode())
t.close()
`)
	got := foreign.Python(t, []string{"paramiko"}, script, r.Port).Run()
	level(t, got)
	if !strings.Contains(got.Out, `'Your password has expired.\nEnter a new one now.', [('New Password: ', False)]`) {
		t.Errorf("Paramiko was asked %s", got.Out)
	}
}
