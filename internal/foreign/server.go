package foreign

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a server of others at a port of this host.
type Server struct {
	Account
	Port string
	// Key is the server's host key, as in authorized_keys.
	Key string
}

// sshdConfig switches on what a client of any release may have to ask for.
const sshdConfig = `Port %s
ListenAddress 127.0.0.1
HostKey %s
PidFile none
UsePAM no
PermitRootLogin no
PasswordAuthentication yes
MaxStartups 100
LogLevel VERBOSE
KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1
Ciphers +aes128-cbc,aes192-cbc,aes256-cbc,3des-cbc
MACs +hmac-sha1,hmac-sha1-96,hmac-md5
HostKeyAlgorithms +ssh-rsa
Subsystem sftp internal-sftp
`

// OpenSSHServer starts OpenSSH's sshd, with algorithms of today and of old.
func OpenSSHServer(t testing.TB) Server {
	t.Helper()
	path, keygen := Find(t, "sshd"), Find(t, "ssh-keygen")
	s := Server{Account: NewAccount(t), Port: FreePort(t)}
	dir := t.TempDir()
	key := filepath.Join(dir, "host")
	if out, err := exec.Command(keygen, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v: %s", err, out)
	}
	s.Key = publicKey(t, key+".pub")
	config := filepath.Join(dir, "sshd_config")
	if err := os.WriteFile(config, fmt.Appendf(nil, sshdConfig, s.Port, key), 0o600); err != nil {
		t.Fatal(err)
	}
	os.MkdirAll("/run/sshd", 0o755) // which Debian's sshd wants, and systemd would make
	s.start(t, path, "-D", "-e", "-f", config)
	return s
}

// DropbearServer starts Dropbear's server. Its scp is that of the host.
func DropbearServer(t testing.TB) Server {
	t.Helper()
	path, keygen := Find(t, "dropbear"), Find(t, "dropbearkey")
	Need(t, "scp")
	s := Server{Account: NewAccount(t), Port: FreePort(t)}
	key := filepath.Join(t.TempDir(), "host")
	if out, err := exec.Command(keygen, "-t", "rsa", "-s", "2048", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("dropbearkey: %v: %s", err, out)
	}
	s.start(t, path, "-F", "-E", "-p", "127.0.0.1:"+s.Port, "-r", key, "-P", key+".pid")
	return s
}

// asyncSSH is a server with scp and SFTP, for one user and one directory.
const asyncSSH = `
import asyncio, os, sys, asyncssh
port, root, user, password = int(sys.argv[1]), *sys.argv[2:5]
class Server(asyncssh.SSHServer):
    def begin_auth(self, name): return True
    def password_auth_supported(self): return True
    def validate_password(self, name, given): return name == user and given == password
async def main():
    os.chdir(root)
    key = asyncssh.generate_private_key('ssh-rsa')
    await asyncssh.listen('127.0.0.1', port, server_factory=Server, server_host_keys=[key], sftp_factory=True, allow_scp=True,
        kex_algs=['curve25519-sha256', 'ecdh-sha2-nistp256', 'diffie-hellman-group14-sha1', 'diffie-hellman-group14-sha256'],
        encryption_algs=['aes128-ctr', 'aes256-ctr', 'aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-cbc', '3des-cbc'])
    await asyncio.Event().wait()
asyncio.run(main())
`

// AsyncSSHServer starts a server made with AsyncSSH, whose scp is its own.
func AsyncSSHServer(t testing.TB) Server {
	t.Helper()
	python := Python(t, []string{"asyncssh"})
	s := Server{Account: Account{User: "cisco", Password: "letmein-9", Dir: t.TempDir()}, Port: FreePort(t)}
	s.start(t, python.Path, append(python.Args, "-c", asyncSSH, s.Port, s.Dir, s.User, s.Password)...)
	return s
}

// Start runs a server of this host that takes TCP connections at a port of 127.0.0.1,
// and waits until it does.
func Start(t testing.TB, port, path string, args ...string) {
	t.Helper()
	s := Server{Port: port}
	s.start(t, path, args...)
}

// start runs the server until the test is over.
func (s *Server) start(t testing.TB, path string, args ...string) {
	t.Helper()
	var log lockedBuffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s: %.3000s", filepath.Base(path), log.String())
		}
	})
	for end := time.Now().Add(Patience); time.Now().Before(end); {
		if c, err := net.Dial("tcp", "127.0.0.1:"+s.Port); err == nil {
			c.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("%s has ended: %s", path, log.String())
		case <-time.After(20 * time.Millisecond): // it gives no sign when it listens
		}
	}
	t.Fatalf("%s does not listen: %s", path, log.String())
}

// FreePort is a port of 127.0.0.1 that nobody listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func publicKey(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// lockedBuffer is what a program that runs has printed.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
