package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// A device's `copy scp:` gets and puts a file in memory, in turn with OpenSSH's scp -O,
// on the same sshd with the same algorithms and a password. The device runs in the
// process of the benchmark.
func BenchmarkClientCopy(b *testing.B) {
	scp := foreign.Find(b, "scp")
	server := foreign.OpenSSHServer(b)
	size := fileSize(b)
	dir := scratch(b)
	os.Chmod(dir, 0o755)
	blob := []byte(devicetest.Blob(size))
	source, back := filepath.Join(dir, "source"), filepath.Join(dir, "back")
	there, taken := filepath.Join(dir, "there"), filepath.Join(dir, "taken")
	for path, mode := range map[string]os.FileMode{source: 0o644, there: 0o644, taken: 0o666} {
		if err := os.WriteFile(path, blob, mode); err != nil {
			b.Fatal(err)
		}
		os.Chmod(path, mode)
	}
	askpass := foreign.Askpass(b, server.Password)
	for _, c := range []struct{ release, more, cipher, mac, kex string }{
		{"ios-15.5", "", "aes128-ctr", "hmac-sha1", "diffie-hellman-group14-sha1"},
		{"iosxe-17.15", "", "aes128-ctr", "hmac-sha1", "diffie-hellman-group14-sha1"},
		{"iosxe-17.15", "", "aes128-gcm@openssh.com", "hmac-sha1", "diffie-hellman-group14-sha1"},
		{"iosxe-17.15", "", "chacha20-poly1305@openssh.com", "hmac-sha1", "diffie-hellman-group14-sha1"},
		{"iosxe-17.15", "", "aes128-cbc", "hmac-sha1", "diffie-hellman-group14-sha1"},
		{"iosxe-17.15", "", "3des-cbc", "hmac-sha1", "diffie-hellman-group14-sha1"},
	} {
		if c.release == "iosxe-17.15" {
			c.more = fmt.Sprintf("ip ssh client algorithm encryption %s\nip ssh client algorithm mac %s\nip ssh client algorithm kex %s\n", c.cipher, c.mac, c.kex)
		}
		r := router(b, c.release, "file prompt quiet\n"+c.more)
		flash := r.Flash()
		r.Put(flash+"source", string(blob))
		console := r.Console()
		ours := func(from, to string) func() {
			return func() {
				if out := console.Enter("copy " + from + " " + to); !strings.Contains(out, fmt.Sprintf("%d bytes copied in", size)) {
					b.Fatal(out)
				}
			}
		}
		theirs := func(paths ...string) func() {
			args := []string{"-O", "-q", "-F", "none", "-P", server.Port, "-o", "User=" + server.User}
			for _, o := range []string{"PreferredAuthentications=password", "IdentityAgent=none", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
				"Ciphers=" + c.cipher, "MACs=" + c.mac, "KexAlgorithms=" + c.kex, "HostKeyAlgorithms=+ssh-rsa"} {
				args = append(args, "-o", o)
			}
			return func() {
				cmd := exec.Command(scp, append(args, paths...)...)
				cmd.Env = append(os.Environ(), askpass...)
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("scp %v: %v\n%s", paths, err, out)
				}
			}
		}
		url := func(path string) string {
			return fmt.Sprintf("scp://%s:%s@127.0.0.1:%s/%s", server.User, server.Password, server.Port, path)
		}
		b.Run("get/"+c.release+"/"+c.cipher, func(b *testing.B) {
			versus(b, "scp", size, ours(url(there), flash+"back"), theirs("127.0.0.1:"+there, back))
		})
		b.Run("put/"+c.release+"/"+c.cipher, func(b *testing.B) {
			versus(b, "scp", size, ours(flash+"source", url(taken)), theirs(source, "127.0.0.1:"+taken))
		})
	}
}
