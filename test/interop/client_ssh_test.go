package interop

import (
	"crypto/md5"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// `ssh` of every release to the servers of others: a command, a shell, a wrong password.
func TestClientSSH(t *testing.T) {
	for _, s := range servers[:2] { // AsyncSSH's has no shell
		t.Run(s.name, func(t *testing.T) {
			devicetest.Each(t, func(t *testing.T, release string) {
				c := newCopier(t, release, "", s.start(t))
				login := fmt.Sprintf("ssh -l %s -p %s 127.0.0.1", c.server.User, c.server.Port)
				c.console.Say(login + " echo one; echo two >&2\r")
				c.console.See("assword: ")
				c.console.Say(c.server.Password + "\r")
				devicetest.WantLines(t, c.console.See("R1#"), "one", "two")

				c.console.Say(login + "\r")
				c.console.See("assword: ")
				c.console.Say(c.server.Password + "\r")
				c.console.See("$ ")
				c.console.Say("echo $((6*7)); stty size\r")
				devicetest.WantLines(t, c.console.See("$ "), "\n42\n")
				c.console.Say("exit\r")
				devicetest.WantLines(t, c.console.See("R1#"), "[Connection to 127.0.0.1 closed by foreign host]")

				c.console.Say("ssh -o numberofpasswordprompts 1" + strings.TrimPrefix(login, "ssh") + "\r")
				c.console.See("assword: ")
				c.console.Say("wrong\r")
				devicetest.WantLines(t, c.console.See("R1#"), "[Connection to 127.0.0.1 closed by foreign host]")
			})
		})
	}
}

// `ssh` to an ASA, which has algorithms in common with today's releases only.
func TestClientToASA(t *testing.T) {
	asa := startASA(t, "")
	for _, release := range []string{"iosxe-17.15", "ios-15.5"} {
		c := newCopier(t, release, "", foreign.Server{})
		c.console.Say("ssh -l cisco -p " + asa.Port + " 127.0.0.1\r")
		if release != "iosxe-17.15" {
			devicetest.WantLines(t, c.console.See("R1#"), "[Connection to 127.0.0.1 aborted: error status 0]")
			continue
		}
		c.console.See("assword: ")
		c.console.Say("cisco\r")
		c.console.See("fw1> ")
		c.console.Say("logout\r")
		devicetest.WantLines(t, c.console.See("R1#"), "Logoff", "[Connection to 127.0.0.1 closed by foreign host]")
	}
}

// older lets a release of today talk to those of old.
func older(release string) string {
	if release != "iosxe-17.15" {
		return ""
	}
	var b strings.Builder
	for _, end := range []string{"server", "client"} {
		b.WriteString("ip ssh " + end + " algorithm encryption aes128-ctr\nip ssh " + end + " algorithm mac hmac-sha1\nip ssh " + end + " algorithm kex diffie-hellman-group14-sha1\n")
	}
	return b.String() + "ip ssh server algorithm hostkey ssh-rsa rsa-sha2-256\n"
}

// `copy scp:` between our own releases.
func TestClientToOwn(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, there := range devicetest.Releases() {
			r := devicetest.Start(t, there, older(there))
			c := newCopier(t, release, older(release), foreign.Server{Account: foreign.Account{User: "cisco", Password: "cisco"}, Port: r.Port})
			for _, size := range []int{0, 1, 64<<10 - 1, 64<<10 + 1, 8 << 20} {
				c.Put(c.Flash()+"f", devicetest.Blob(size))
				c.copies(c.Flash()+"f", c.url("scp", r.Flash()+"there"), size)
				if r.File(r.Flash()+"there") != devicetest.Blob(size) {
					t.Errorf("%s: the server has another file of %d bytes", there, size)
				}
				c.copies(c.url("scp", r.Flash()+"there"), c.Flash()+"back", size)
				if c.File(c.Flash()+"back") != devicetest.Blob(size) {
					t.Errorf("%s: the router has another file of %d bytes", there, size)
				}
			}
			c.fails(c.url("scp", r.Flash()+"missing"), c.Flash()+"x", "(No such file or directory)")
			c.fails(c.Flash()+"f", c.url("scp", "nvram:too-large"), "(No space left on device)")
			c.server.User, c.server.Password = "guest", "guest"
			c.fails(c.url("scp", r.Flash()+"there"), c.Flash()+"x", "(Permission denied)")
		}
	})
}

// `ip ssh stricthostkeycheck`: a server has to show a key whose hash is configured.
func TestClientHostKeys(t *testing.T) {
	server := foreign.OpenSSHServer(t)
	key, _, _, _, err := xssh.ParseAuthorizedKey([]byte(server.Key))
	if err != nil {
		t.Fatal(err)
	}
	known := func(hash string) string {
		return "ip ssh stricthostkeycheck\nip ssh pubkey-chain\n server 127.0.0.1\n  key-hash ssh-rsa " + hash + "\n"
	}
	hash := fmt.Sprintf("%X", md5.Sum(key.Marshal()))
	for _, tt := range []struct {
		name, more string
		refused    bool
	}{
		{"a server whose key is known by its hash", known(hash), false},
		{"a server whose key has changed", known(strings.Repeat("0", 32)), true},
		{"a server that nothing is known of", "ip ssh stricthostkeycheck\n", true},
		{"any server unless the check is on", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			devicetest.Each(t, func(t *testing.T, release string) {
				c := newCopier(t, release, tt.more, server)
				c.Put(c.Flash()+"f", "x")
				name := strings.ReplaceAll(t.Name(), "/", "-")
				if tt.refused {
					c.fails(c.Flash()+"f", c.url("scp", c.there(name)), "(Authentication failed)")
				} else {
					c.copies(c.Flash()+"f", c.url("scp", c.there(name)), 1)
				}
				if out := c.console.Enter("show ssh"); strings.Contains(out, server.User) {
					t.Errorf("a connection is left:\n%s", out)
				}
			})
		})
	}
}

// A connection that breaks at any point of a file leaves none, and says so.
func TestClientCut(t *testing.T) {
	server := foreign.OpenSSHServer(t)
	devicetest.Each(t, func(t *testing.T, release string) {
		c := newCopier(t, release, "", server)
		const size = 600_000
		c.Put(c.Flash()+"f", devicetest.Blob(size))
		name := strings.ReplaceAll(t.Name(), "/", "-")
		path := c.puts(name, devicetest.Blob(size))
		for tenth := range 10 {
			for _, down := range []bool{true, false} {
				c.server.Port = severed(t, server.Port, down, 5000+int64(tenth)*size/10)
				if down {
					c.fails(c.url("scp", path), c.Flash()+"x", "%Error ")
				} else {
					c.fails(c.Flash()+"f", c.url("scp", path+"up"), "%Error ")
				}
			}
			if text, err := c.TryFile(c.Flash() + "x"); err == nil {
				t.Errorf("cut after %d tenths: %d bytes are left", tenth, len(text))
			}
		}
		if out := c.console.Enter("show ssh"); strings.Contains(out, server.User) {
			t.Errorf("connections are left:\n%s", out)
		}
	})
}

// severed is a port that leads to another one, and breaks the connection once n bytes
// have come from there, or have gone there.
func severed(t *testing.T, port string, down bool, n int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		here, err := l.Accept()
		if err != nil {
			return
		}
		there, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			here.Close()
			return
		}
		over := make(chan struct{}, 2)
		pass := func(to, from net.Conn, cut bool) {
			r := io.Reader(from)
			if cut {
				r = io.LimitReader(from, n)
			}
			io.Copy(to, r)
			over <- struct{}{}
		}
		go pass(here, there, down)
		go pass(there, here, !down)
		<-over
		here.(*net.TCPConn).SetLinger(0)
		here.Close()
		there.Close()
	}()
	_, own, _ := net.SplitHostPort(l.Addr().String())
	return own
}
