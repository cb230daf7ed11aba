package foreign

import (
	"os"
	"path/filepath"
	"testing"

	xssh "golang.org/x/crypto/ssh"
)

// PuTTY is one of PuTTY's tools for a port of this host, with PuTTYHome's session
// and host keys (as in an SSH message) that it may find there.
func PuTTY(t testing.TB, name, port string, hostKeys [][]byte, args ...string) Program {
	t.Helper()
	options := []string{"-load", "vtylab", "-batch", "-P", port}
	for _, blob := range hostKeys {
		key, err := xssh.ParsePublicKey(blob)
		if err != nil {
			t.Fatal(err)
		}
		options = append(options, "-hostkey", xssh.FingerprintSHA256(key))
	}
	return Command(t, name, append(options, args...)...).With("HOME=" + PuTTYHome(t, ""))
}

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
