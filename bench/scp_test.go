package bench

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/foreign"
)

// fileSize is what is copied, in MB: 32, or what VTYLAB_BENCH_COPY says.
func fileSize(b *testing.B) int {
	size, err := strconv.Atoi(cmp.Or(os.Getenv("VTYLAB_BENCH_COPY"), "32"))
	if err != nil {
		b.Fatal("VTYLAB_BENCH_COPY: ", err)
	}
	return size << 20
}

// userKey is a key of the client, in a file, and its public half.
func userKey(b *testing.B, dir string) (file string, public xssh.PublicKey) {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	block, err := xssh.MarshalPrivateKey(key, "")
	if err != nil {
		b.Fatal(err)
	}
	public, err = xssh.NewPublicKey(&key.PublicKey)
	if err != nil {
		b.Fatal(err)
	}
	file = filepath.Join(dir, "id_rsa")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		b.Fatal(err)
	}
	return file, public
}

// sshd starts OpenSSH's server for one key.
func sshd(b *testing.B, dir string, public xssh.PublicKey) (addr, name string) {
	b.Helper()
	path := foreign.Find(b, "sshd")
	me, err := user.Current()
	if err != nil {
		b.Skip(err)
	}
	host := filepath.Join(dir, "host")
	if err := os.Mkdir(host, 0o700); err != nil {
		b.Fatal(err)
	}
	hostFile, _ := userKey(b, host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr = l.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	l.Close()
	config := filepath.Join(dir, "sshd_config")
	authorized := filepath.Join(dir, "authorized")
	for file, text := range map[string]string{
		authorized: string(xssh.MarshalAuthorizedKey(public)),
		config: fmt.Sprintf("Port %s\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nMaxStartups 1000\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"+
			"KexAlgorithms +diffie-hellman-group14-sha1\nCiphers +aes128-cbc,aes256-cbc,3des-cbc\nHostKeyAlgorithms +ssh-rsa\nPubkeyAcceptedAlgorithms +ssh-rsa\n", port, hostFile, authorized),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	if os.Geteuid() == 0 {
		os.MkdirAll("/run/sshd", 0o755)
	}
	cmd := exec.Command(path, "-D", "-e", "-f", config)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if identifies(addr) {
			return addr, me.Username
		}
	}
	b.Fatalf("sshd does not listen\n%s", log.String())
	return
}

// more makes a release offer what it can and by default does not.
const more = `
ip ssh server algorithm encryption aes128-ctr aes128-gcm@openssh.com chacha20-poly1305@openssh.com aes128-cbc 3des-cbc
ip ssh server algorithm mac hmac-sha2-256 hmac-sha1
`

// OpenSSH's scp -O puts and fetches a file: in turn on the device, in a process
// of its own and with flash: in memory, and on OpenSSH's sshd, whose directory is
// too. What bounds us: a classic device announces packets of 4,096 bytes, an eighth
// of sshd's, and a client that puts has a turn of its loop for each, which costs
// it half of the speed (its window of 8,192 bytes grows and costs nothing); and the
// client's own half of 3des-cbc takes as long as any server's.
func BenchmarkSCP(b *testing.B) {
	scp := foreign.Find(b, "scp")
	dir, size := scratch(b), fileSize(b)
	key, public := userKey(b, dir)
	theirs, name := sshd(b, dir, public)
	data := make([]byte, size)
	rand.Read(data)
	source, there, back := filepath.Join(dir, "source"), filepath.Join(dir, "there"), filepath.Join(dir, "back")
	if err := os.WriteFile(source, data, 0o600); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ release, flash, more, cipher, mac, kex, hostKey string }{
		{"ios-15.5", "flash0:", "", "aes128-ctr", "hmac-sha1", "diffie-hellman-group14-sha1", "ssh-rsa"},
		{"iosxe-17.15", "bootflash:", more, "aes128-ctr", "hmac-sha2-256", "curve25519-sha256", "rsa-sha2-256"},
		{"iosxe-17.15", "bootflash:", more, "aes128-gcm@openssh.com", "hmac-sha2-256", "curve25519-sha256", "rsa-sha2-256"},
		{"iosxe-17.15", "bootflash:", more, "chacha20-poly1305@openssh.com", "hmac-sha2-256", "curve25519-sha256", "rsa-sha2-256"},
		{"iosxe-17.15", "bootflash:", more, "aes128-cbc", "hmac-sha1", "curve25519-sha256", "rsa-sha2-256"},
		{"iosxe-17.15", "bootflash:", more, "3des-cbc", "hmac-sha1", "curve25519-sha256", "rsa-sha2-256"},
	} {
		copying := func(addr, user string, paths ...string) func() {
			_, port, _ := net.SplitHostPort(addr)
			args := []string{"-O", "-q", "-F", "none", "-P", port}
			for _, o := range []string{"User=" + user, "IdentityFile=" + key, "IdentitiesOnly=yes", "IdentityAgent=none", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null",
				"LogLevel=ERROR", "Ciphers=" + c.cipher, "MACs=" + c.mac, "KexAlgorithms=" + c.kex, "HostKeyAlgorithms=" + c.hostKey, "PubkeyAcceptedAlgorithms=+ssh-rsa"} {
				args = append(args, "-o", o)
			}
			return func() {
				if out, err := exec.Command(scp, append(args, paths...)...).CombinedOutput(); err != nil {
					b.Fatalf("scp %v: %v\n%s", append(args, paths...), err, out)
				}
			}
		}
		remote := "127.0.0.1:" + c.flash + "/there"
		b.Run("put/"+c.release+"/"+c.cipher, func(b *testing.B) {
			ours := freshDevice(b, c.release, c.more+keyChain(public))
			versus(b, "sshd", size, copying(ours, "cisco", source, remote), copying(theirs, name, source, "127.0.0.1:"+there))
		})
		b.Run("get/"+c.release+"/"+c.cipher, func(b *testing.B) {
			ours := freshDevice(b, c.release, c.more+keyChain(public))
			copying(ours, "cisco", source, remote)()
			copying(theirs, name, source, "127.0.0.1:"+there)()
			versus(b, "sshd", size, copying(ours, "cisco", remote, back), copying(theirs, name, "127.0.0.1:"+there, back))
		})
	}
}
