package foreign

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// radiusConfig has one item per line: FreeRADIUS refuses more (aaa-snmp E1).
const radiusConfig = `libdir = %[1]s
logdir = %[2]s
radacctdir = %[2]s
log {
 destination = stdout
}
security {
 reject_delay = 0
}
client local {
 ipaddr = 127.0.0.1
 secret = %[3]s
}
modules {
 files {
  usersfile = %[2]s/users
 }
 pap {
 }
 always ok {
  rcode = ok
 }
}
server default {
 listen {
  type = auth
  ipaddr = 127.0.0.1
  port = %[4]s
 }
 listen {
  type = acct
  ipaddr = 127.0.0.1
  port = %[5]s
 }
 authorize {
  files
  pap
 }
 authenticate {
  Auth-Type PAP {
   pap
  }
 }
 accounting {
  ok
 }
}
`

// FreeRADIUS starts a FreeRADIUS with users, in the form of its file users, and the
// secret of clients on 127.0.0.1. It returns the ports of authentication and accounting.
// It may take a second until it answers there.
func FreeRADIUS(t testing.TB, secret, users string) (auth, acct string) {
	t.Helper()
	path := Find(t, "freeradius")
	dir := t.TempDir()
	auth, acct = freeUDP(t), freeUDP(t)
	config := fmt.Sprintf(radiusConfig, shared(path, "lib/freeradius"), dir, secret, auth, acct)
	for name, text := range map[string]string{"radiusd.conf": config, "users": users} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log lockedBuffer
	cmd := exec.Command(path, "-f", "-X", "-d", dir, "-n", "radiusd", "-D", shared(path, "share/freeradius"))
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("freeradius: %.5000s", log.String())
		}
	})
	return auth, acct
}

// RADClient is FreeRADIUS's client, for a request of a kind (auth, acct) to a port of
// 127.0.0.1. The attributes are its input.
func RADClient(t testing.TB, port, kind, secret, attributes string) Program {
	t.Helper()
	path := Find(t, "radclient")
	return Command(t, path, "-x", "-r", "1", "-D", shared(path, "share/freeradius"), "127.0.0.1:"+port, kind, secret).Typing(attributes)
}

// shared is a directory beside that of a program: /usr/share for /usr/bin.
func shared(program, dir string) string {
	return filepath.Join(filepath.Dir(filepath.Dir(program)), dir)
}
