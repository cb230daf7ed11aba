package ssh2

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/ssh"
)

// PuTTY's client; it also reads our 768-bit key, which OpenSSH refuses.
func TestPlink(t *testing.T) {
	path := peer(t, "plink")
	for i, key := range []ssh.Signer{rsa768(), rsa2048(), ecdsa256()} {
		for _, kex := range kexNames() {
			if strings.HasSuffix(kex, "@libssh.org") || i > 0 && kex != "ecdh-sha2-nistp256" {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s/%d", kex, ssh.KeyFormat(key.Blob()), len(key.Blob())), func(t *testing.T) {
				t.Parallel()
				server := testServer()
				server.HostKeys = []ssh.Signer{key}
				server.Algorithms.Kex = []string{kex}
				server.Algorithms.MACs = []string{"hmac-sha1", "hmac-md5"}
				server.Algorithms.Ciphers = []string{"aes256-cbc", "3des-cbc"}
				port, _ := listen(t, server)
				in := strings.Repeat("line of text\n", 5000)
				c := command{path: path, input: in, args: []string{"-load", "vtylab", "-batch", "-ssh", "-P", port, "-hostkey", fingerprint(t, key),
					"-pw", "cisco", "cisco@127.0.0.1", "cat"}, env: []string{"HOME=" + puttyHome(t)}}
				if out := c.output(t, 0); out != in {
					t.Errorf("cat returned %d bytes, want %d", len(out), len(in))
				}
			})
		}
	}
}

// puttyHome holds a saved session that does not warn of old algorithms.
func puttyHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	sessions := filepath.Join(home, ".putty", "sessions")
	if err := os.MkdirAll(sessions, 0o700); err != nil {
		t.Fatal(err)
	}
	text := "KEX=ecdh,dh-gex-sha1,dh-group16-sha512,dh-group14-sha1,dh-group1-sha1,WARN\nCipher=aes,chacha20,3des,WARN\n"
	if err := os.WriteFile(filepath.Join(sessions, "vtylab"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

func TestDropbear(t *testing.T) {
	path := peer(t, "dbclient")
	for _, cipher := range []string{"chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"} {
		t.Run(cipher, func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.HostKeys = []ssh.Signer{rsa2048()}
			server.Algorithms.Ciphers = []string{cipher}
			port, _ := listen(t, server)
			in := strings.Repeat("line of text\n", 5000)
			c := command{path: path, input: in, args: []string{"-y", "-y", "-p", port, "cisco@127.0.0.1", "cat"},
				env: []string{"DROPBEAR_PASSWORD=cisco", "HOME=" + t.TempDir()}}
			if out := c.output(t, 0); out != in {
				t.Errorf("cat returned %d bytes, want %d", len(out), len(in))
			}
		})
	}
}

const paramikoScript = `
import sys, warnings
warnings.simplefilter("ignore")
import paramiko, socket
host, port, cipher, mac, kex = sys.argv[1:6]
s = socket.create_connection((host, int(port)))
t = paramiko.Transport(s)
o = t.get_security_options()
o.ciphers, o.digests, o.kex = (cipher,), (mac,), (kex,)
t.connect(username="cisco", password="cisco")
c = t.open_session()
c.get_pty("vt100", 132, 50)
c.exec_command("cat")
data = b"0123456789" * 20000
import threading
threading.Thread(target=lambda: (c.sendall(data), c.shutdown_write())).start()
got = b""
while True:
    b = c.recv(65536)
    if not b: break
    got += b
assert got == data, len(got)
assert c.recv_exit_status() == 0
t.close()
`

// python finds a Python that has a module.
func python(t *testing.T, module string) string {
	t.Helper()
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-W", "ignore", "-c", "import "+module).Run() == nil {
			return p
		}
	}
	missing(t, "python3 with "+module)
	return ""
}

func TestParamiko(t *testing.T) {
	path := python(t, "paramiko")
	script := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(script, []byte(paramikoScript), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range [][3]string{
		{"aes128-cbc", "hmac-md5", "diffie-hellman-group1-sha1"},
		{"aes192-cbc", "hmac-md5-96", "diffie-hellman-group14-sha1"},
		{"aes256-cbc", "hmac-sha1-96", "diffie-hellman-group-exchange-sha1"},
		{"3des-cbc", "hmac-sha1", "diffie-hellman-group-exchange-sha256"},
		{"aes256-ctr", "hmac-sha2-512", "ecdh-sha2-nistp521"},
		{"aes192-ctr", "hmac-sha2-256-etm@openssh.com", "curve25519-sha256@libssh.org"},
	} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.HostKeys = []ssh.Signer{rsa1024()}
			server.Algorithms = Algorithms{Ciphers: p[:1], MACs: p[1:2], Kex: p[2:], HostKey: []string{ssh.KeyRSA}}
			server.Window, server.MaxPacket, server.MaxData = 8192, 4096, 1024
			port, last := listen(t, server)
			command{path: path, args: []string{script, "127.0.0.1", port, p[0], p[1], p[2]}}.output(t, 0)
			if err := last(); err != nil {
				t.Errorf("Serve = %v, want nil", err)
			}
		})
	}
}

const asyncsshScript = `
import sys, warnings
warnings.simplefilter("ignore")
import asyncio, asyncssh
host, port, cipher, mac, kex = sys.argv[1:6]
async def main():
    async with asyncssh.connect(host, int(port), username="cisco", password="cisco", known_hosts=None, client_keys=None,
            encryption_algs=[cipher], mac_algs=[mac], kex_algs=[kex], rekey_bytes=50000) as c:
        data = "0123456789" * 20000
        r = await c.run("cat", input=data)
        assert r.stdout == data and r.exit_status == 0, (len(r.stdout), r.exit_status)
asyncio.run(main())
`

func TestAsyncSSH(t *testing.T) {
	path := python(t, "asyncssh")
	script := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(script, []byte(asyncsshScript), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range [][3]string{
		{"aes128-cbc", "hmac-md5", "diffie-hellman-group1-sha1"},
		{"3des-cbc", "hmac-sha1-96", "diffie-hellman-group16-sha512"},
		{"aes256-gcm@openssh.com", "hmac-sha2-512", "ecdh-sha2-nistp384"},
		{"chacha20-poly1305@openssh.com", "hmac-sha2-512-etm@openssh.com", "curve25519-sha256"},
	} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.Algorithms = Algorithms{Ciphers: p[:1], MACs: p[1:2], Kex: p[2:]}
			server.RekeyBytes = 50000
			port, last := listen(t, server)
			command{path: path, args: []string{script, "127.0.0.1", port, p[0], p[1], p[2]}}.output(t, 0)
			if err := last(); err != nil {
				t.Errorf("Serve = %v, want nil", err)
			}
		})
	}
}

// fingerprint is a host key as PuTTY names it.
func fingerprint(t *testing.T, key ssh.Signer) string {
	public, err := xssh.ParsePublicKey(key.Blob())
	if err != nil {
		t.Fatal(err)
	}
	return xssh.FingerprintSHA256(public)
}
