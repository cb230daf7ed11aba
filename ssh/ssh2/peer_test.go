package ssh2

import (
	"context"
	"encoding/pem"
	"fmt"
	"net"
	"os"
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

	"vtylab/internal/foreign"
	"vtylab/ssh"
)

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

// openSSH is OpenSSH's ssh with options; a command may follow.
func openSSH(t *testing.T, port string, options ...string) foreign.Program {
	t.Helper()
	args := []string{"-F", "none", "-p", port, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "LogLevel=DEBUG1", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"}
	for _, o := range options {
		args = append(args, "-o", o)
	}
	return foreign.Command(t, "ssh", append(args, "cisco@127.0.0.1")...).With(foreign.Askpass(t, "cisco")...)
}

// OpenSSH's client with every algorithm both have.
func TestOpenSSHAlgorithms(t *testing.T) {
	has := func(list string) map[string]bool {
		set := map[string]bool{}
		for _, n := range strings.Fields(foreign.Command(t, "ssh", "-Q", list).Run().Ends(0)) {
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
			if out := c.Arguments("cat").Typing(in).Run().Ends(0); out != in {
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
	foreign.Need(t, "ssh")
	t.Run("exit status and stderr", func(t *testing.T) {
		port, _ := listen(t, testServer())
		openSSH(t, port).Arguments("status 7").Run().Ends(7)
	})
	t.Run("keyboard-interactive", func(t *testing.T) {
		port, _ := listen(t, testServer())
		openSSH(t, port, "PreferredAuthentications=keyboard-interactive").Arguments("status 3").Run().Ends(3)
	})
	t.Run("wrong password", func(t *testing.T) {
		server := testServer()
		server.Auth = &testAuth{password: "other"}
		port, last := listen(t, server)
		openSSH(t, port).Arguments("status 3").Run().Ends(255)
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
			openSSH(t, port, "IdentityFile="+path, "PubkeyAcceptedAlgorithms="+ssh.KeyFormat(blob)).Arguments("status 5").Run().Ends(5)
		})
	}
	t.Run("shell with terminal and banner", func(t *testing.T) {
		server := testServer()
		server.Auth = &testAuth{banner: "Hello\r\n"}
		port, _ := listen(t, server)
		c := openSSH(t, port).Before("cisco@127.0.0.1", "-tt").Typing("show version\n")
		if out := c.Run().Ends(0); !strings.HasPrefix(out, "vt100 ") || !strings.Contains(out, "show version") {
			t.Errorf("shell said %q", out)
		}
	})
	t.Run("sftp subsystem refused", func(t *testing.T) {
		port, last := listen(t, testServer())
		openSSH(t, port).Arguments("-s", "sftp").Run().Ends(255)
		if err := last(); err != ErrSubsystem {
			t.Errorf("Serve = %v, want %v", err, ErrSubsystem)
		}
	})
	t.Run("volume both ways with a rekey by us", func(t *testing.T) {
		server := testServer()
		server.RekeyBytes = 1 << 20
		port, _ := listen(t, server)
		if out := openSSH(t, port).Arguments("send 9000000").Run().Ends(0); len(out) != 9000000 {
			t.Errorf("received %d bytes, want 9000000", len(out))
		}
		c := openSSH(t, port).Arguments("sink").Typing(strings.Repeat("x", 5000000))
		if out := c.Run().Ends(0); out != "5000000\n" {
			t.Errorf("sink said %q", out)
		}
	})
}
