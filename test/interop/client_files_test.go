package interop

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// rooted copies files of every size to a server whose paths begin in its directory, and
// back.
func (c *copier) rooted(url func(name string) string, sizes ...int) {
	c.t.Helper()
	flash := c.Flash()
	for _, size := range sizes {
		name := fmt.Sprintf("f%d", size)
		c.Put(flash+name, devicetest.Blob(size))
		c.copies(flash+name, url(name), size)
		if devicetest.Read(c.t, c.there(name)) != devicetest.Blob(size) {
			c.t.Errorf("the server has another file of %d bytes", size)
		}
		c.copies(url(name), flash+"back", size)
		if c.File(flash+"back") != devicetest.Blob(size) {
			c.t.Errorf("the router has another file of %d bytes", size)
		}
		c.Remove(flash + "back")
	}
	c.fails(url("missing"), flash+"back", "(No such file or directory)")
	if text, err := c.TryFile(flash + "back"); err == nil {
		c.t.Errorf("%d bytes are left", len(text))
	}
	c.fails(url("f4194305"), "nvram:big", "%Error writing nvram:/big (No space left on device)")
}

// `copy tftp:` with tftpd-hpa. 512 bytes are one block and an empty one; 65,536 blocks
// make the number of a block begin anew.
func TestClientTFTP(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, more := range []string{"", "ip tftp blocksize 8192\n"} {
			server := foreign.TFTPServer(t)
			c := newCopier(t, release, more, server)
			at := func(name string) string { return "tftp://127.0.0.1:" + server.Port + "/" + name }
			sizes := []int{0, 1, 511, 512, 513, 8192, 4<<20 + 1}
			if more == "" && release == devicetest.Default() {
				sizes = append(sizes, 34<<20)
			}
			c.rooted(at, sizes...)
			devicetest.WantLines(t, c.console.Enter("copy "+at("f513")+" null:"), "Accessing "+at("f513")+"...\n", "Loading f513 from 127.0.0.1: !\n[OK - 513 bytes]\n\n513 bytes copied in ")
		}
	})
}

// `copy ftp:` with pyftpdlib.
func TestClientFTP(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		server := foreign.FTPServer(t)
		c := newCopier(t, release, "", server)
		at := func(name string) string { return c.url("ftp", name) }
		c.rooted(at, 0, 1, 64<<10+1, 4<<20+1, 8<<20)
		devicetest.WantLines(t, c.console.Enter("copy "+at("f1")+" null:"), "Accessing ftp://*****:*****@127.0.0.1:", "Loading f1 !\n[OK - 1/4096 bytes]\n\n1 bytes copied in ")
		c.fails(strings.Replace(at("f1"), server.Password, "wrong", 1), "null:", "(Incorrect Login/Password)")
		c.copies("ftp://127.0.0.1:"+server.Port+"/f1", "null:", 1)
		c.fails(c.Flash()+"f1", "ftp://127.0.0.1:"+server.Port+"/f1", "%Error ") // anonymous only reads
		c.console.Configure("ip ftp username "+server.User, "ip ftp password "+server.Password)
		c.copies(c.Flash()+"f1", "ftp://127.0.0.1:"+server.Port+"/f1", 1)
		devicetest.WantLines(t, c.console.Enter("show running-config | include ip ftp"), "ip ftp username cisco\n", "ip ftp password 0 letmein-9\n")
	})
}

// shelf is a web server that keeps what is put.
type shelf struct{ dir string }

func (s shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(s.dir, filepath.Clean("/"+r.URL.Path))
	user, password, _ := r.BasicAuth()
	switch {
	case user != "cisco" || password != "cisco":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/elsewhere":
		http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
	case r.Method == http.MethodPut:
		data, _ := io.ReadAll(r.Body)
		os.WriteFile(path, data, 0o600)
		w.WriteHeader(http.StatusCreated)
	default:
		http.ServeFile(w, r, path)
	}
}

// `copy http:` and `https:` with Go's server.
func TestClientHTTP(t *testing.T) {
	for scheme, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		devicetest.Each(t, func(t *testing.T, release string) {
			dir := t.TempDir()
			web := start(shelf{dir})
			t.Cleanup(web.Close)
			u, err := url.Parse(web.URL)
			if err != nil {
				t.Fatal(err)
			}
			c := newCopier(t, release, "", foreign.Server{Account: foreign.Account{User: "cisco", Password: "cisco", Dir: dir}, Port: u.Port()})
			at := func(name string) string { return c.url(scheme, name) }
			c.rooted(at, 0, 1, 64<<10+1, 4<<20+1, 8<<20)
			c.fails(at("elsewhere"), "null:", "(I/O error)")
			c.fails(strings.Replace(at("f1"), ":cisco@", ":wrong@", 1), "null:", "(Permission denied)")
			c.console.Configure("ip http client username cisco", "ip http client password cisco")
			c.copies(scheme+"://127.0.0.1:"+u.Port()+"/f1", "null:", 1)
		})
	}
}

// `copy sftp:`, which releases of 17.x have, with OpenSSH and AsyncSSH.
func TestClientSFTP(t *testing.T) {
	for _, s := range []func(testing.TB) foreign.Server{foreign.OpenSSHServer, foreign.AsyncSSHServer} {
		c := newCopier(t, "iosxe-17.15", "", s(t))
		c.rooted(func(name string) string { return c.url("sftp", c.there(name)) }, 0, 1, 64<<10+1, 4<<20+1, 8<<20)
		c.fails(strings.Replace(c.url("sftp", c.there("f1")), c.server.Password, "wrong", 1), "null:", "(Authentication failed)")
		c.fails(c.url("sftp", c.server.Dir), "null:", "(Is a directory)")
		c.fails(c.Flash()+"f1", c.url("sftp", c.there("nowhere/f")), "(No such file or directory)")
	}
	old := newCopier(t, "ios-15.5", "", foreign.Server{})
	if out := old.console.Enter("copy sftp://127.0.0.1/x null:"); strings.Contains(out, "bytes copied") || !strings.Contains(out, "%") {
		t.Errorf("15.5 has sftp:\n%s", out)
	}
}
