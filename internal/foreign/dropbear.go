package foreign

import (
	"strings"
	"testing"
)

// Dropbear is dbclient for a port of this host, without a terminal, for a login
// user:password. The arguments are a command.
func Dropbear(t testing.TB, port, login string, args ...string) Program {
	t.Helper()
	user, password, _ := strings.Cut(login, ":")
	return Command(t, "dbclient", append([]string{"-T", "-y", "-y", "-p", port, user + "@127.0.0.1"}, args...)...).
		With("DROPBEAR_PASSWORD="+password, "HOME="+t.TempDir())
}
