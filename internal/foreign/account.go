package foreign

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Account is a user of this host who has a password and a directory, for servers that
// ask the system who may log in.
type Account struct {
	User, Password string
	Dir            string // the user's home, which anybody may read
}

// accounts keeps two tests from changing the host's list of users at once.
var accounts sync.Mutex

// NewAccount makes a user for a test and removes it in the end. Only root can: for
// others the test is skipped, as Need does.
func NewAccount(t testing.TB) Account {
	t.Helper()
	if os.Geteuid() != 0 {
		absent(t, "a way to make a user (root)")
	}
	useradd, userdel, chpasswd := Find(t, "useradd"), Find(t, "userdel"), Find(t, "chpasswd")
	dir, err := os.MkdirTemp("", "vtylab-user")
	if err != nil {
		t.Fatal(err)
	}
	a := Account{User: "vtylab" + strings.TrimLeft(filepath.Base(dir), "abcdefghijklmnopqrstuvwxyz-"), Password: "letmein-9", Dir: dir}
	accounts.Lock()
	defer accounts.Unlock()
	run := func(input, path string, args ...string) error {
		cmd := exec.Command(path, args...)
		cmd.Stdin = strings.NewReader(input)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s %v: %w\n%s", path, args, err, out)
		}
		return nil
	}
	if err := run("", useradd, "-M", "-d", dir, "-s", "/bin/sh", a.User); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		accounts.Lock()
		defer accounts.Unlock()
		if err := run("", userdel, a.User); err != nil && !strings.Contains(err.Error(), "is currently used") {
			t.Error(err)
		}
		os.RemoveAll(dir)
	})
	if err := run(a.User+":"+a.Password+"\n", chpasswd); err != nil {
		t.Fatal(err)
	}
	a.own(t, dir)
	return a
}

// own gives a file to the account, so that it may be read by all and written by it.
func (a Account) own(t testing.TB, path string) {
	t.Helper()
	u, err := user.Lookup(a.User)
	if err != nil {
		t.Fatal(err)
	}
	var uid, gid int
	fmt.Sscan(u.Uid, &uid)
	fmt.Sscan(u.Gid, &gid)
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
}
