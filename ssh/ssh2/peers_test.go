package ssh2

import (
	"fmt"
	"strings"
	"testing"

	"vtylab/internal/foreign"
	"vtylab/ssh"
)

// PuTTY's client; it also reads our 768-bit key, which OpenSSH refuses.
func TestPlink(t *testing.T) {
	foreign.Need(t, "plink")
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
				c := foreign.PuTTY(t, "plink", port, [][]byte{key.Blob()}, "-ssh", "-pw", "cisco", "cisco@127.0.0.1", "cat")
				if out := c.Typing(in).Run().Ends(0); out != in {
					t.Errorf("cat returned %d bytes, want %d", len(out), len(in))
				}
			})
		}
	}
}

func TestDropbear(t *testing.T) {
	foreign.Need(t, "dbclient")
	for _, cipher := range []string{"chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"} {
		t.Run(cipher, func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.HostKeys = []ssh.Signer{rsa2048()}
			server.Algorithms.Ciphers = []string{cipher}
			port, _ := listen(t, server)
			in := strings.Repeat("line of text\n", 5000)
			if out := foreign.Dropbear(t, port, "cisco:cisco", "cat").Typing(in).Run().Ends(0); out != in {
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

func TestParamiko(t *testing.T) {
	python := foreign.Python(t, []string{"paramiko"}, "-c", paramikoScript)
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
			python.In(t).Arguments("127.0.0.1", port, p[0], p[1], p[2]).Run().Ends(0)
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
	python := foreign.Python(t, []string{"asyncssh"}, "-c", asyncsshScript)
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
			python.In(t).Arguments("127.0.0.1", port, p[0], p[1], p[2]).Run().Ends(0)
			if err := last(); err != nil {
				t.Errorf("Serve = %v, want nil", err)
			}
		})
	}
}
