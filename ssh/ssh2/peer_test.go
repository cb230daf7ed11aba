package ssh2

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/ssh"
)

// peer finds a program to test against. Without it the test is skipped, or
// fails when VTYLAB_REQUIRE_PEERS=1.
func peer(t *testing.T, name string) string {
	t.Helper()
	for _, p := range []string{name, filepath.Join("/usr/sbin", name), filepath.Join("/usr/bin", name)} {
		if path, err := exec.LookPath(p); err == nil {
			return path
		}
	}
	missing(t, name)
	return ""
}

func missing(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("VTYLAB_REQUIRE_PEERS") == "1" {
		t.Fatalf("peer %s is not installed", name)
	}
	t.Skipf("peer %s is not installed", name)
}

// listen serves every connection to a loopback port with cfg.
func listen(t *testing.T, cfg *ServerConfig) (port string, last func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	ends := make(chan error, 100)
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				ends <- NewServer(c, cfg).Serve(ctx)
			})
		}
	})
	t.Cleanup(func() { l.Close(); cancel(); wg.Wait() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, func() error {
		select {
		case err := <-ends:
			return err
		case <-time.After(20 * time.Second):
			return fmt.Errorf("server still runs")
		}
	}
}

// userKey writes an RSA and an Ed25519 private key in OpenSSH's format.
func userKey(t *testing.T, kind string) (path string, blob []byte) {
	t.Helper()
	var key any
	var s ssh.Signer
	if kind == "rsa" {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		key, s = k, mustKey(k, err)
	} else {
		_, k, err := ed25519.GenerateKey(rand.Reader)
		key, s = k, mustKey(k, err)
	}
	block, err := xssh.MarshalPrivateKey(key.(crypto.PrivateKey), "")
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "id_"+kind)
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, s.Blob()
}

type command struct {
	path  string
	args  []string
	env   []string
	input string
}

// output runs a peer; it must end by itself with the status wanted.
func (c command) output(t *testing.T, status int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Stdin = strings.NewReader(c.input)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("%s %s\nexit %d (%v), want %d\nstdout: %.400s\nstderr: %s", filepath.Base(c.path), strings.Join(c.args, " "), got, err, status, out.String(), errOut.String())
	}
	return out.String()
}

func askpass(t *testing.T, password string) []string {
	t.Helper()
	script := filepath.Join(t.TempDir(), "askpass")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho "+password+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"SSH_ASKPASS=" + script, "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:0"}
}

func openSSH(t *testing.T, port string, options ...string) command {
	t.Helper()
	args := []string{"-F", "none", "-p", port, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "LogLevel=DEBUG1", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"}
	for _, o := range options {
		args = append(args, "-o", o)
	}
	return command{path: peer(t, "ssh"), args: append(args, "cisco@127.0.0.1"), env: askpass(t, "cisco")}
}

func (c command) with(args ...string) command {
	c.args = append(append([]string(nil), c.args...), args...)
	return c
}

// OpenSSH's client with every algorithm both have.
func TestOpenSSHAlgorithms(t *testing.T) {
	path := peer(t, "ssh")
	has := func(list string) map[string]bool {
		out, err := exec.Command(path, "-Q", list).Output()
		if err != nil {
			t.Fatal(err)
		}
		set := map[string]bool{}
		for _, n := range strings.Fields(string(out)) {
			set[n] = true
		}
		return set
	}
	type pick struct{ kex, cipher, mac, hostKey string }
	def := pick{"curve25519-sha256", "aes128-ctr", "hmac-sha2-256", ssh.KeyRSASHA256}
	var picks []pick
	for _, n := range kexNames() {
		if p := def; has("kex")[n] {
			p.kex = n
			picks = append(picks, p)
		}
	}
	for _, n := range cipherNames() {
		if p := def; has("cipher")[n] {
			p.cipher = n
			picks = append(picks, p)
		}
	}
	for _, n := range macNames() {
		if p := def; has("mac")[n] {
			p.mac = n
			picks = append(picks, p)
		}
	}
	for _, n := range []string{ssh.KeyRSA, ssh.KeyRSASHA512, ssh.KeyECDSA256, ssh.KeyECDSA384, ssh.KeyECDSA521, ssh.KeyEd25519} {
		p := def
		p.hostKey = n
		picks = append(picks, p)
	}
	for _, p := range picks {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.HostKeys = []ssh.Signer{rsa2048(), ecdsa256(), ecdsa384(), ecdsa521(), ed25519K()}
			server.Algorithms = Algorithms{Kex: []string{p.kex}, Ciphers: []string{p.cipher}, MACs: []string{p.mac}, HostKey: []string{p.hostKey}}
			port, last := listen(t, server)
			in := strings.Repeat("abcdefgh", 20000)
			c := openSSH(t, port, "KexAlgorithms="+p.kex, "Ciphers="+p.cipher, "MACs="+p.mac, "HostKeyAlgorithms="+p.hostKey, "RekeyLimit=64K")
			c.input = in
			if out := c.with("cat").output(t, 0); out != in {
				t.Errorf("cat returned %d bytes, want %d", len(out), len(in))
			}
			if err := last(); err != nil {
				t.Errorf("Serve = %v, want nil", err)
			}
		})
	}
}

// OpenSSH's client: methods, statuses, terminals, refusals.
func TestOpenSSHClient(t *testing.T) {
	peer(t, "ssh")
	t.Run("exit status and stderr", func(t *testing.T) {
		port, _ := listen(t, testServer())
		openSSH(t, port).with("status 7").output(t, 7)
	})
	t.Run("keyboard-interactive", func(t *testing.T) {
		port, _ := listen(t, testServer())
		openSSH(t, port, "PreferredAuthentications=keyboard-interactive").with("status 3").output(t, 3)
	})
	t.Run("wrong password", func(t *testing.T) {
		server := testServer()
		server.Auth = &testAuth{password: "other"}
		port, last := listen(t, server)
		openSSH(t, port).with("status 3").output(t, 255)
		if err := last(); err != ssh.ErrAuthExhausted {
			t.Errorf("Serve = %v, want %v", err, ssh.ErrAuthExhausted)
		}
	})
	for _, kind := range []string{"rsa", "ed25519"} {
		t.Run("publickey "+kind, func(t *testing.T) {
			path, blob := userKey(t, kind)
			server := testServer()
			server.Auth = &testAuth{key: blob, methods: []string{"publickey"}}
			port, _ := listen(t, server)
			// Without server-sig-algs OpenSSH signs with the key's own name only.
			openSSH(t, port, "IdentityFile="+path, "PubkeyAcceptedAlgorithms="+ssh.KeyFormat(blob)).with("status 5").output(t, 5)
		})
	}
	t.Run("shell with terminal and banner", func(t *testing.T) {
		server := testServer()
		server.Auth = &testAuth{banner: "Hello\r\n"}
		port, _ := listen(t, server)
		c := openSSH(t, port)
		c.args = append([]string{"-tt"}, c.args...)
		c.env = append(c.env, "TERM=vt100")
		c.input = "show version\n"
		if out := c.output(t, 0); !strings.HasPrefix(out, "vt100 ") || !strings.Contains(out, "show version") {
			t.Errorf("shell said %q", out)
		}
	})
	t.Run("sftp subsystem refused", func(t *testing.T) {
		port, last := listen(t, testServer())
		openSSH(t, port).with("-s", "sftp").output(t, 255)
		if err := last(); err != ErrSubsystem {
			t.Errorf("Serve = %v, want %v", err, ErrSubsystem)
		}
	})
	t.Run("volume both ways with a rekey by us", func(t *testing.T) {
		server := testServer()
		server.RekeyBytes = 1 << 20
		port, _ := listen(t, server)
		if out := openSSH(t, port).with("send 9000000").output(t, 0); len(out) != 9000000 {
			t.Errorf("received %d bytes, want 9000000", len(out))
		}
		c := openSSH(t, port).with("sink")
		c.input = strings.Repeat("x", 5000000)
		if out := c.output(t, 0); out != "5000000\n" {
			t.Errorf("sink said %q", out)
		}
	})
}
