package foreign

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TFTPServer starts tftpd-hpa for a directory that may be read and written. The path of
// a URL begins there.
func TFTPServer(t testing.TB) Server {
	t.Helper()
	path := Find(t, "in.tftpd")
	if os.Geteuid() != 0 {
		absent(t, "a way to start in.tftpd (root)")
	}
	s := Server{Account: Account{Dir: openDir(t)}, Port: freeUDP(t)}
	var log lockedBuffer
	cmd := exec.Command(path, "-L", "-a", "127.0.0.1:"+s.Port, "-c", "-p", "-u", "root", "-s", s.Dir)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(Patience); time.Now().Before(end); {
		if tftpAnswers(s.Port) {
			return s
		}
	}
	t.Fatalf("in.tftpd does not answer: %s", log.String())
	return s
}

// tftpAnswers asks a server for a file that it has not.
func tftpAnswers(port string) bool {
	c, err := net.Dial("udp", "127.0.0.1:"+port)
	if err != nil {
		return false
	}
	defer c.Close()
	own, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return false
	}
	defer own.Close()
	own.WriteTo([]byte("\x00\x01nothing\x00octet\x00"), c.RemoteAddr())
	own.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	n, _, err := own.ReadFrom(make([]byte, 100))
	return err == nil && n > 3
}

func freeUDP(t testing.TB) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, port, _ := net.SplitHostPort(c.LocalAddr().String())
	return port
}

// openDir is a directory that anybody may write.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "vtylab-files")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return filepath.Clean(dir)
}

// ftpd is a server of FTP for one user, and for anonymous, who reads.
const ftpd = `
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
port, root, user, password = int(sys.argv[1]), *sys.argv[2:5]
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user(user, password, root, perm='elradfmwMT')
FTPHandler.authorizer.add_anonymous(root)
FTPServer(('127.0.0.1', port), FTPHandler).serve_forever()
`

// FTPServer starts a server made with pyftpdlib. The path of a URL begins in its
// directory.
func FTPServer(t testing.TB) Server {
	t.Helper()
	python := Python(t, []string{"pyftpdlib"})
	s := Server{Account: Account{User: "cisco", Password: "letmein-9", Dir: openDir(t)}, Port: FreePort(t)}
	s.start(t, python.Path, append(python.Args, "-c", ftpd, s.Port, s.Dir, s.User, s.Password)...)
	return s
}
