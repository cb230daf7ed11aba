package devicetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"
)

// PuTTYHome is a home directory with the saved session "vtylab", which does not
// warn of old algorithms; more are further settings of it.
func PuTTYHome(t testing.TB, more string) string {
	t.Helper()
	home := t.TempDir()
	session := filepath.Join(home, ".putty", "sessions", "vtylab")
	if err := os.MkdirAll(filepath.Dir(session), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "KEX=ecdh,dh-gex-sha1,dh-group16-sha512,dh-group14-sha1,dh-group1-sha1,WARN\nCipher=aes,aesgcm,chacha20,3des,WARN\n" + more
	if err := os.WriteFile(session, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// PuTTY is one of PuTTY's tools with that session, for a login user:password.
func (r *Router) PuTTY(name, login string, args ...string) Program {
	r.t.Helper()
	user, password, _ := strings.Cut(login, ":")
	options := []string{"-load", "vtylab", "-batch", "-P", r.Port, "-l", user, "-pw", password}
	for _, pair := range r.Device.Keys.All() {
		key, err := xssh.ParsePublicKey(pair.Signer().Blob())
		if err != nil {
			r.t.Fatal(err)
		}
		options = append(options, "-hostkey", xssh.FingerprintSHA256(key))
	}
	return Command(r.t, name, append(options, args...)...).With("HOME=" + PuTTYHome(r.t, ""))
}
