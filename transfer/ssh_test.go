package transfer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"
	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/foreign"
	"vtylab/scp"
	"vtylab/ssh"
	"vtylab/sshclient"
)

// untold is a host of the SSH client that nobody tells anything.
type untold struct{}

func (untold) ClientTrace(int) (ssh.Trace, int) { return nil, 0 }
func (untold) Unmatched(*ssh.NoMatchError)      {}
func (untold) Problem(string, error)            {}

// ssh gives the client SSH, and the server an SSH server whose sessions run has, by command
// or by subsystem. Its user has the password p.
func (p *place) ssh(run func(what string, ch xssh.Channel)) {
	p.job.Client = sshclient.New(untold{}, p.client, rand.Reader)
	p.job.Client.Apply(&sshclient.Settings{Version: "2.0", Software: "Cisco-1.25", TrafficClass: -1, MinDHBits: 2048, Negotiation: 2 * time.Minute,
		Algorithms: sshclient.Algorithms{Kex: []string{"diffie-hellman-group14-sha1"}, Ciphers: []string{"aes128-ctr"}, MACs: []string{"hmac-sha1"}, HostKey: []string{"ssh-rsa"}}})
	cfg := &xssh.ServerConfig{MaxAuthTries: -1, PasswordCallback: func(_ xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) {
		if string(password) != "p" {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	cfg.KeyExchanges, cfg.Ciphers, cfg.MACs = []string{"diffie-hellman-group14-sha1"}, []string{"aes128-ctr"}, []string{"hmac-sha1"}
	cfg.AddHostKey(foreign.HostKey())
	p.serves(22, func(c net.Conn) {
		conn, channels, requests, err := xssh.NewServerConn(c, cfg)
		if err != nil {
			return
		}
		defer conn.Close()
		go xssh.DiscardRequests(requests)
		for n := range channels {
			ch, requests, err := n.Accept()
			if err != nil {
				return
			}
			r := <-requests
			r.Reply(true, nil)
			go xssh.DiscardRequests(requests)
			run(string(r.Payload[4:]), ch)
			ch.Close()
		}
	})
}

// cabinet is what a server of scp keeps, by name.
type cabinet map[string]string

// run is a server's scp with an exit status.
func (x cabinet) run(command string, ch xssh.Channel) {
	var c scp.Command
	c.Paths = []string{command[strings.LastIndexByte(command, ' ')+1:]}
	peer := &scp.Peer{In: ch, Out: ch}
	status := byte(0)
	var err error
	if strings.Contains(command, " -t ") {
		_, err = peer.Receive(x, c)
	} else {
		_, err = peer.Send(x, c)
	}
	if err != nil {
		status = 1
	}
	ch.SendRequest("exit-status", false, []byte{0, 0, 0, status})
}

func (x cabinet) Open(path string) (*scp.File, error) {
	text, ok := x[path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return &scp.File{FileInfo: scp.FileInfo{Name: path, Mode: 0o644, Size: int64(len(text))}, Body: io.NopCloser(strings.NewReader(text))}, nil
}

func (x cabinet) IsDir(string) bool                { return false }
func (x cabinet) Mkdir(string, scp.FileInfo) error { return errors.New("no") }
func (x cabinet) Create(path string, _ scp.FileInfo) (scp.Writer, error) {
	return &drawer{cabinet: x, path: path}, nil
}

// drawer is a file on its way into a cabinet.
type drawer struct {
	bytes.Buffer
	cabinet cabinet
	path    string
}

func (d *drawer) Commit() error { d.cabinet[d.path] = d.String(); return nil }
func (d *drawer) Abort() error  { return nil }

// Files of every size by scp, there and back.
func TestSCP(t *testing.T) {
	for _, size := range []int{0, 1, 32 << 10, 200_000} {
		within(t, func(p *place) {
			x := cabinet{}
			p.ssh(x.run)
			if err := p.put("scp:", blocks(size)); err != nil || x["x"] != blocks(size) || p.moved != size {
				t.Errorf("%d bytes: %d are there, %d moved, %v", size, len(x["x"]), p.moved, err)
			}
			file, announced, err := p.get("scp:")
			if err != nil || file != blocks(size) || announced != int64(size) || p.moved != 2*size {
				t.Errorf("%d bytes: %d of %d are back, %d moved, %v", size, len(file), announced, p.moved, err)
			}
			p.job.URL.Path = "nothing"
			if _, _, err := p.get("scp:"); reasonFor(err) != "No such file or directory" {
				t.Errorf("no file: %v", err)
			}
		})
	}
}

// Servers of scp that have no dialogue to offer, or end with a status.
func TestSCPEnds(t *testing.T) {
	for _, tt := range []struct {
		name, says, beside string
		status             int // -1 is none
		reason             string
	}{
		{"a file, and status 0", "C0644 4 x\nfile\x00", "", 0, ""},
		{"a file, and no status", "C0644 4 x\nfile\x00", "", -1, ""},
		{"a file, and status 1", "C0644 4 x\nfile\x00", "", 1, "Undefined error"},
		{"a complaint", "\x01scp: x: Permission denied\n", "", 1, "Permission denied"},
		{"words beside the dialogue", "", "Administratively disabled.\n", 1, "Permission denied"},
		{"no file", "", "", 0, "No such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			within(t, func(p *place) {
				p.ssh(func(_ string, ch xssh.Channel) {
					go io.Copy(io.Discard, ch)
					io.WriteString(ch.Stderr(), tt.beside)
					io.WriteString(ch, tt.says)
					if tt.status >= 0 {
						ch.SendRequest("exit-status", false, []byte{0, 0, 0, byte(tt.status)})
					}
					time.Sleep(time.Second) // for what the client answers
				})
				file, _, err := p.get("scp:")
				if reasonFor(err) != tt.reason || (err == nil) != (tt.reason == "") || err == nil && file != "file" {
					t.Errorf("%q, %v; want %q", file, err, tt.reason)
				}
			})
		})
	}
}

// Files of every size by sftp, there and back.
func TestSFTP(t *testing.T) {
	for _, size := range []int{0, 1, 32 << 10, 200_000} {
		within(t, func(p *place) {
			files := sftp.InMemHandler()
			p.ssh(func(_ string, ch xssh.Channel) {
				s := sftp.NewRequestServer(ch, files)
				s.Serve()
				s.Close()
			})
			if err := p.put("sftp:", blocks(size)); err != nil || p.moved != size {
				t.Errorf("%d bytes: %d moved, %v", size, p.moved, err)
			}
			file, announced, err := p.get("sftp:")
			if err != nil || file != blocks(size) || announced != int64(size) || p.moved != 2*size {
				t.Errorf("%d bytes: %d of %d are back, %d moved, %v", size, len(file), announced, p.moved, err)
			}
			p.job.URL.Path = "nothing"
			if _, _, err := p.get("sftp:"); reasonFor(err) != "No such file or directory" {
				t.Errorf("no file: %v", err)
			}
			p.job.URL.Path = "/"
			if _, _, err := p.get("sftp:"); err == nil {
				t.Error("the root is a file")
			}
		})
	}
}

// Passwords: that of the URL is tried once, and whoever watches is asked three times.
func TestLogin(t *testing.T) {
	for _, tt := range []struct {
		name    string
		url     string
		answers []string // nil is a copy that nobody watches
		asked   int
		reason  string
	}{
		{"that of the URL", "p", nil, 0, ""},
		{"a wrong one in the URL", "q", []string{"p"}, 0, "Authentication failed"},
		{"the user's", "", []string{"p"}, 1, ""},
		{"the user's third", "", []string{"a", "b", "p"}, 3, ""},
		{"three wrong ones", "", []string{"a", "b", "c", "p"}, 3, "Authentication failed"},
		{"nobody to ask", "", nil, 0, "Authentication failed"},
	} {
		for _, prefix := range []string{"scp:", "sftp:"} {
			t.Run(prefix+" "+tt.name, func(t *testing.T) {
				within(t, func(p *place) {
					p.ssh(func(string, xssh.Channel) {})
					p.job.URL.Password = tt.url
					var asked []string
					if tt.answers != nil {
						p.job.Ask = func(_ context.Context, _ string, prompt ssh.Prompt) (string, error) {
							asked = append(asked, prompt.Text)
							return tt.answers[len(asked)-1], nil
						}
					}
					_, _, err := p.get(prefix)
					if in := !errors.Is(err, ssh.ErrAuthFailed); in != (tt.reason == "") || !in && reasonFor(err) != tt.reason {
						t.Errorf("%v, want %q", err, tt.reason)
					}
					if !slices.Equal(asked, slices.Repeat([]string{"Password: "}, tt.asked)) {
						t.Errorf("asked %q, want %d times", asked, tt.asked)
					}
				})
			})
		}
	}
}

// reasonFor is the reason of an error, or the error where devices have no words for it.
func reasonFor(err error) string {
	if reason, ok := Reason(err); ok || err == nil {
		return reason
	}
	return fmt.Sprint(err)
}
