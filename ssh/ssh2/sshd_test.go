package ssh2

import (
	"context"
	"crypto"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/foreign"
	"vtylab/ssh"
)

// sshd starts OpenSSH's server for the current user and one key.
func sshd(t *testing.T) (addr, user string, key ssh.Signer) {
	t.Helper()
	path := foreign.Find(t, "sshd")
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file, blob := userKey(t, "rsa")
	public, err := xssh.ParsePublicKey(blob)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	authorized := write("authorized", string(xssh.MarshalAuthorizedKey(public)))
	hostFile, _ := userKey(t, "rsa")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	l.Close()
	config := write("sshd_config", fmt.Sprintf(`Port %s
ListenAddress 127.0.0.1
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
RekeyLimit 1M
MaxStartups 100
KexAlgorithms +%s
Ciphers +aes128-cbc,aes192-cbc,aes256-cbc,3des-cbc
MACs +hmac-md5,hmac-md5-96,hmac-sha1-96
HostKeyAlgorithms +ssh-rsa
PubkeyAcceptedAlgorithms +ssh-rsa
`, port, hostFile, authorized, "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1"))
	if os.Geteuid() == 0 {
		os.MkdirAll("/run/sshd", 0o755)
	}
	var log strings.Builder
	cmd := exec.Command(path, "-D", "-e", "-f", config)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	me := "root"
	if u, err := currentUser(); err == nil {
		me = u
	}
	for range 100 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr, me, loadKey(t, file)
		}
		time.Sleep(20 * time.Millisecond) // sshd gives no sign when it listens
	}
	t.Fatal("sshd does not listen")
	return
}

func currentUser() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

func loadKey(t *testing.T, path string) ssh.Signer {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := xssh.ParseRawPrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	return mustKey(key.(crypto.Signer), nil)
}

// Our client against OpenSSH's server, every algorithm once.
func TestOpenSSHServer(t *testing.T) {
	addr, user, key := sshd(t)
	type pick struct{ kex, cipher, mac string }
	var picks []pick
	for _, k := range kexNames() {
		picks = append(picks, pick{k, "aes128-ctr", "hmac-sha2-256"})
	}
	for _, c := range cipherNames() {
		if !strings.HasPrefix(c, "aes") || !strings.HasSuffix(c, "-gcm") {
			picks = append(picks, pick{"curve25519-sha256", c, "hmac-sha1"})
		}
	}
	for _, m := range macNames() {
		picks = append(picks, pick{"curve25519-sha256", "aes256-cbc", m})
	}
	for _, p := range picks {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			cfg := testClient()
			cfg.User = user
			cfg.Auth = []ClientAuth{PublicKeys(key)}
			cfg.Algorithms.Kex, cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = []string{p.kex}, []string{p.cipher}, []string{p.mac}
			cfg.MinDHBits = 2048
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			c := NewClient(conn, cfg)
			if err := c.Handshake(context.Background()); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			in := strings.Repeat("0123456789abcdef", 100000)
			if out, status := run(t, c, "cat; exit 6", in); out != in || status != 6 {
				t.Errorf("cat = %d bytes, %d; want %d, 6", len(out), status, len(in))
			}
			if err := c.Disconnect(); err != nil {
				t.Error(err)
			}
		})
	}
}
