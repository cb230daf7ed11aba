package foreign

import (
	"os"
	"path/filepath"
	"testing"
)

// Askpass are variables of the environment that answer OpenSSH's questions for a
// password, and keep it from the user's own files.
func Askpass(t testing.TB, password string) []string {
	t.Helper()
	dir := t.TempDir()
	askpass := filepath.Join(dir, "askpass")
	if err := os.WriteFile(askpass, []byte("#!/bin/sh\necho \"$VTYLAB_PASSWORD\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"SSH_ASKPASS=" + askpass, "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:0", "VTYLAB_PASSWORD=" + password, "HOME=" + dir, "TERM=vt100"}
}
