package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// copier is a router whose user copies from and to a server of others.
type copier struct {
	*devicetest.Router
	t       *testing.T
	console *foreign.Dialogue
	server  foreign.Server
}

// newCopier boots a router; more is configuration.
func newCopier(t *testing.T, release, more string, s foreign.Server) *copier {
	t.Helper()
	r := devicetest.Start(t, release, "file prompt quiet\n"+more)
	c := &copier{Router: r, t: t, console: r.Console(), server: s}
	c.console.Enter("terminal width 0")
	return c
}

func (c *copier) url(protocol, path string) string {
	return fmt.Sprintf("%s://%s:%s@127.0.0.1:%s/%s", protocol, c.server.User, c.server.Password, c.server.Port, path)
}

// copies runs `copy` and checks that it went well.
func (c *copier) copies(from, to string, size int) {
	c.t.Helper()
	if out := c.console.Enter("copy " + from + " " + to); !strings.Contains(out, fmt.Sprintf("\n%d bytes copied in ", size)) {
		c.t.Fatalf("copy %s %s:\n%s", from, to, out)
	}
}

// fails runs `copy` and checks what the device has against it.
func (c *copier) fails(from, to, complaint string) {
	c.t.Helper()
	if out := c.console.Enter("copy " + from + " " + to); !strings.Contains(out, complaint) || strings.Contains(out, "bytes copied") {
		c.t.Errorf("copy %s %s, want %q:\n%s", from, to, complaint, out)
	}
}

// there is a file on the server, under a directory that its user may write.
func (c *copier) there(name string) string { return filepath.Join(c.server.Dir, name) }

// puts a file on the server.
func (c *copier) puts(name, text string) string {
	c.t.Helper()
	path := c.there(name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// sizes are those of files: nothing, a byte, around what is read at once, and some more.
func sizes() []int {
	all := []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 8 << 20}
	if os.Getenv("VTYLAB_MATRIX") == "1" {
		all = append(all, 256<<20)
	}
	return all
}

// both copies files of every size to the server and back.
func (c *copier) both(protocol string) {
	c.t.Helper()
	flash := c.Flash()
	for _, size := range sizes() {
		name := fmt.Sprintf("f%d", size)
		c.Put(flash+name, devicetest.Blob(size))
		c.copies(flash+name, c.url(protocol, c.there(name)), size)
		if devicetest.Read(c.t, c.there(name)) != devicetest.Blob(size) {
			c.t.Errorf("the server has another file of %d bytes", size)
		}
		c.copies(c.url(protocol, c.there(name)), flash+"back", size)
		if c.File(flash+"back") != devicetest.Blob(size) {
			c.t.Errorf("the router has another file of %d bytes", size)
		}
		c.Remove(flash + name)
		os.Remove(c.there(name))
	}
}

// oddNames are names of files that a shell, or scp, could take for something else. They
// are typed as an answer: a word of a command has no spaces.
var oddNames = []string{"two words", "o'clock", `say "hi"`, "-rf", "Zürich-日本", "$HOME", "a;b", "star*", "back\\slash"}

// odd copies files whose names are odd, both ways.
func (c *copier) odd() {
	c.t.Helper()
	flash := c.Flash()
	c.Put(flash+"odd", "odd\n")
	ask := func(first, path string) string {
		c.t.Helper()
		c.console.Say(first + "\r")
		c.console.See("Address or name of remote host []? ")
		c.console.Say("127.0.0.1:" + c.server.Port + "\r")
		c.console.See("username [R1]? ")
		c.console.Say(c.server.User + "\r")
		c.console.See("filename [")
		c.console.Say(path + "\r")
		c.console.See("Password:")
		c.console.Say(c.server.Password + "\r")
		return c.console.See("R1#")
	}
	for _, name := range oddNames {
		path := c.there(name)
		if out := ask("copy "+flash+"odd scp:", path); !strings.Contains(out, "\n4 bytes copied in ") {
			c.t.Errorf("writing %q:\n%s", name, out)
			continue
		}
		if got := devicetest.Read(c.t, path); got != "odd\n" {
			c.t.Errorf("%q on the server is %q", name, got)
		}
		if out := ask("copy scp: "+flash+"back", path); !strings.Contains(out, "\n4 bytes copied in ") {
			c.t.Errorf("reading %q:\n%s", name, out)
		} else if got := c.File(flash + "back"); got != "odd\n" {
			c.t.Errorf("%q came back as %q", name, got)
		}
		c.Remove(flash + "back")
	}
}

// refusals copies what a server has no file for, and no place.
func (c *copier) refusals() {
	c.t.Helper()
	flash := c.Flash()
	c.Put(flash+"f", "x")
	c.fails(c.url("scp", c.there("missing")), flash+"x", "(No such file or directory)")
	c.fails(c.url("scp", c.server.Dir), flash+"x", "%Error opening scp://*****:*****@")
	c.fails(flash+"f", c.url("scp", c.there("nowhere/f")), "(No such file or directory)")
	if c.server.Key != "" || c.server.Dir[:8] == "/tmp/vty" { // not one that runs as root
		locked := c.there("locked")
		if err := os.Mkdir(locked, 0o755); err != nil {
			c.t.Fatal(err)
		}
		c.fails(flash+"f", c.url("scp", locked+"/f"), "(Permission denied)")
	}
	bad := c.url("scp", c.there("missing"))
	c.fails(strings.Replace(bad, ":"+c.server.Password+"@", ":wrong@", 1), flash+"x", "(Authentication failed)")
	if text, err := c.TryFile(flash + "x"); err == nil {
		c.t.Errorf("%q was made", text)
	}
	if out := c.console.Enter("copy " + c.url("scp", c.puts("big", devicetest.Blob(int(c.Device.NVRAMSize())+1))) + " nvram:big"); !strings.Contains(out, "%Error writing nvram:/big (No space left on device)") {
		c.t.Errorf("a file that does not fit:\n%s", out)
	}
	if text, err := c.TryFile("nvram:big"); err == nil {
		c.t.Errorf("nvram:big has %d bytes", len(text))
	}
}

// servers are those of others that the client copies from and to.
var servers = []struct {
	name  string
	start func(testing.TB) foreign.Server
}{
	{"OpenSSH", foreign.OpenSSHServer},
	{"Dropbear", foreign.DropbearServer},
	{"AsyncSSH", foreign.AsyncSSHServer},
}

// `copy scp:` of every release against the servers of others.
func TestClientCopy(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			devicetest.Each(t, func(t *testing.T, release string) {
				// A server each: AsyncSSH 2.10 mixes up the algorithms of connections at once.
				c := newCopier(t, release, "", s.start(t))
				c.both("scp")
				c.odd()
				c.refusals()
			})
		})
	}
}
