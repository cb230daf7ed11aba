package foreign

import (
	"os/exec"
	"testing"
)

// Perl is a script for a Perl that has a module.
func Perl(t testing.TB, module string, args ...string) Program {
	t.Helper()
	path := Find(t, "perl")
	if exec.Command(path, "-M"+module, "-e", "1").Run() != nil {
		absent(t, "perl with "+module)
	}
	return Program{Path: path, Args: append([]string{"-M" + module}, args...), t: t}
}
