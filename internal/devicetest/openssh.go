package devicetest

import (
	"crypto/md5"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/foreign"
)

// OpenSSH is ssh with examples/ssh_config, for a login user:password. The
// arguments follow the host.
func (r *Router) OpenSSH(login string, args ...string) foreign.Program {
	r.t.Helper()
	return r.OpenSSHTool("ssh", login, append([]string{"-e", "none", "r1"}, args...)...)
}

// SCP is OpenSSH's scp with the protocol of its name. r1: is the router.
func (r *Router) SCP(login string, args ...string) foreign.Program {
	r.t.Helper()
	return r.OpenSSHTool("scp", login, append([]string{"-O"}, args...)...)
}

// OpenSSHTool is a program of OpenSSH's with those options alone. r1 is the
// router.
func (r *Router) OpenSSHTool(name, login string, args ...string) foreign.Program {
	r.t.Helper()
	user, password, _ := strings.Cut(login, ":")
	options := []string{"-F", Example(r.t, "ssh_config"), "-o", "Port=" + r.Port, "-o", "User=" + user, "-o", "IdentityAgent=none",
		"-o", "IdentitiesOnly=yes", "-o", "IdentityFile=none", "-o", "LogLevel=INFO"}
	return foreign.Command(r.t, name, append(options, args...)...).With(foreign.Askpass(r.t, password)...)
}

// UserKey is an RSA key pair of a user, made by ssh-keygen.
type UserKey struct {
	File   string // the private half
	Public string // as in authorized_keys
	Hash   string // as in key-hash

	private string // what File holds
}

// SSHKeygen returns a key pair, the same to all tests.
func SSHKeygen(t testing.TB) UserKey {
	t.Helper()
	foreign.Need(t, "ssh-keygen")
	k, err := newUserKey()
	if err != nil {
		t.Fatal(err)
	}
	k.File = Write(t, "id_rsa", k.private)
	if err := os.Chmod(k.File, 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

var newUserKey = sync.OnceValues(func() (k UserKey, err error) {
	dir, err := os.MkdirTemp("", "vtylab-key")
	if err != nil {
		return k, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "id_rsa")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "cisco@host", "-f", file).CombinedOutput(); err != nil {
		return k, fmt.Errorf("ssh-keygen: %w: %s", err, out)
	}
	private, err := os.ReadFile(file)
	if err != nil {
		return k, err
	}
	public, err := os.ReadFile(file + ".pub")
	if err != nil {
		return k, err
	}
	key, _, _, _, err := xssh.ParseAuthorizedKey(public)
	if err != nil {
		return k, err
	}
	return UserKey{private: string(private), Public: string(public), Hash: fmt.Sprintf("%X", md5.Sum(key.Marshal()))}, nil
})

// PubkeyChain is the configuration that lets a user in with a key, which is
// written as in authorized_keys.
func PubkeyChain(user, public string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ip ssh pubkey-chain\n username %s\n  key-string\n", user)
	for text := strings.TrimSpace(public); text != ""; {
		n := min(72, len(text)) // as wide as a terminal lets it be pasted
		b.WriteString("   " + text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString("  exit\n")
	return b.String()
}
