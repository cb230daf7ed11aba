package foreign

import (
	"os/exec"
	"strings"
	"testing"
)

// Python is a script for a Python that has modules. Debian's own comes first: its
// packages of clients are found there only.
func Python(t testing.TB, modules []string, args ...string) Program {
	t.Helper()
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(path, "-W", "ignore", "-c", "import "+strings.Join(modules, ",")).Run() == nil {
			return Program{Path: path, Args: append([]string{"-W", "ignore"}, args...), t: t}
		}
	}
	absent(t, "python3 with "+strings.Join(modules, ", "))
	return Program{}
}
