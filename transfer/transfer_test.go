package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/textproto"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/network"
	"vtylab/scp"
	"vtylab/ssh"
)

// place is a client at 10.0.0.1 beside a server at 10.0.0.9, in a bubble.
type place struct {
	t              *testing.T
	client, server *network.Node
	job            *Job
	missed, moved  int
	begun          []string
}

func within(t *testing.T, f func(p *place)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		fabric := network.NewFabric(network.FabricOptions{})
		wire := fabric.Segment("wire")
		plug := func(name, address string) *network.Node {
			n, err := fabric.Add(name)
			if err != nil {
				t.Fatal(err)
			}
			fabric.Connect(n, "eth0", wire)
			n.Apply(network.NewSettings(name, []network.Interface{{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}}}))
			return n
		}
		p := &place{t: t, client: plug("client", "10.0.0.1/24"), server: plug("server", "10.0.0.9/24")}
		p.job = &Job{URL: URL{User: "u", Password: "p", Host: "server", Path: "x"}, Server: netip.MustParseAddr("10.0.0.9"), Network: p.client,
			Moved: func(n int) { p.moved += n }, Missed: func() { p.missed++ }, Begun: func(via string) { p.begun = append(p.begun, via) }}
		f(p)
		time.Sleep(time.Minute) // for the server to notice
		if flows := p.client.Flows(); len(flows) > 0 {
			t.Errorf("%d connections are left", len(flows))
		}
	})
}

// serves has the connections to a TCP port of the server.
func (p *place) serves(port uint16, serve func(net.Conn)) {
	p.t.Helper()
	_, err := p.server.Listen(network.Port{Proto: network.TCP, Number: port}, func(network.Flow) (network.Handler, *network.Verdict) {
		return func(c network.Conn) { serve(c) }, nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// wait waits until the server waits: what it has noted may be read then.
func (p *place) wait() bool { synctest.Wait(); return true }

// get copies from the server.
func (p *place) get(prefix string) (file string, size int64, err error) {
	var b bytes.Buffer
	size = -2
	err = Protocols[prefix].Get(p.t.Context(), p.job, func(n int64) (io.Writer, error) {
		if size != -2 {
			p.t.Error("the file is made twice")
		}
		size = n
		return &b, nil
	})
	return b.String(), size, err
}

// put copies to it.
func (p *place) put(prefix, text string) error {
	return Protocols[prefix].Put(p.t.Context(), p.job, strings.NewReader(text), int64(len(text)))
}

// Reasons as messages have them in brackets.
func TestReason(t *testing.T) {
	slow := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	for _, tt := range []struct {
		err    error
		reason string // "" is not known
	}{
		{&Error{Reason: "Is a directory"}, "Is a directory"},
		{fmt.Errorf("copying: %w", &Error{Reason: "I/O error", Err: io.EOF}), "I/O error"},
		{&network.Verdict{Outcome: network.Refused}, "Connection refused"},
		{&network.Verdict{Outcome: network.TimedOut}, "Timed out"},
		{&network.Verdict{Outcome: network.NoRoute}, "Timed out"},
		{&network.Verdict{Outcome: network.Filtered}, "Timed out"},
		{ssh.ErrAuthFailed, "Authentication failed"},
		{ssh.ErrHostKey, "Authentication failed"},
		{ssh.ErrLoginTimeout, "Timed out"},
		{slow, "Timed out"},
		{io.ErrUnexpectedEOF, ""},
		{context.Canceled, ""},
	} {
		if reason, ok := Reason(tt.err); reason != tt.reason || ok != (tt.reason != "") {
			t.Errorf("%v: %q, %v; want %q", tt.err, reason, ok, tt.reason)
		}
	}
}

// What servers say, in the words of devices.
func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"scp: /x: No such file or directory": "No such file or directory",
		"File not found.":                    "No such file or directory",
		"/x: Permission denied":              "Permission denied",
		"scp is DISABLED":                    "Permission denied",
		"Read-only file system":              "Permission denied",
		"Operation not permitted":            "Permission denied",
		"scp: /: Is a directory":             "Is a directory",
		"scp: /: not a regular file":         "Is a directory",
		"No space left on device":            "No space left on device",
		"Disk quota exceeded":                "No space left on device",
		"File too large":                     "No space left on device",
		"Failure":                            "Undefined error",
		"":                                   "Undefined error",
	} {
		if got := reasonOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Replies of FTP by their numbers.
func TestFTPReason(t *testing.T) {
	for _, tt := range []struct {
		code         int
		text, reason string
	}{
		{550, "x: No such file", "No such file or directory"},
		{550, "x: Permission denied", "Permission denied"},
		{550, "no", "No such file or directory"},
		{553, "no", "Undefined error"},
		{553, "Permission denied", "Permission denied"},
		{552, "no", "No space left on device"},
		{452, "no", "No space left on device"},
		{426, "aborted", "Undefined error"},
	} {
		var e *Error
		if err := ftpReason(&textproto.Error{Code: tt.code, Msg: tt.text}); !errors.As(err, &e) || e.Reason != tt.reason {
			t.Errorf("%d %s: %v, want %q", tt.code, tt.text, err, tt.reason)
		}
	}
	if err := ftpReason(io.EOF); err != io.EOF {
		t.Errorf("%v is made of %v", err, io.EOF)
	}
}

// Complaints of scp, in the dialogue and beside it.
func TestSCPReason(t *testing.T) {
	for _, tt := range []struct {
		err          error
		said, reason string
	}{
		{&scp.PeerError{Text: "scp: x: No such file or directory"}, "", "No such file or directory"},
		{&scp.PeerError{Text: "no"}, "Permission denied", "Undefined error"},
		{io.EOF, "bash: scp: command not found", "No such file or directory"},
		{io.EOF, "", ""},
		{nil, "Permission denied", ""},
	} {
		reason, _ := Reason(scpReason(tt.err, tt.said))
		if reason != tt.reason {
			t.Errorf("%v, beside %q: %q, want %q", tt.err, tt.said, reason, tt.reason)
		}
	}
}

// A line of a server's as it is shown.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"Sink: C0644 639 test1.txt":   "Sink: C0644 639 test1.txt",
		"a\x1b[2Jb\x07\x7f\u009b31mc": "a[2Jb31mc",
		"Sink: häßlich":               "Sink: häßlich",
		strings.Repeat("x", 600):      strings.Repeat("x", 512),
	} {
		if got := visible(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

// A connection on which nothing moves is given up after 30 seconds, and no sooner.
func TestPatience(t *testing.T) {
	end := func() (*patient, net.Conn) {
		a, b := network.Pipe(netip.MustParseAddrPort("10.0.0.1:1"), netip.MustParseAddrPort("10.0.0.9:2"))
		return &patient{Conn: a}, b
	}
	for _, tt := range []struct {
		name string
		run  func(p *patient, peer net.Conn) error
		took time.Duration
		err  error
	}{
		{"silence", func(p *patient, _ net.Conn) error {
			p.reads = true
			_, err := p.Read(make([]byte, 1))
			return err
		}, 30 * time.Second, os.ErrDeadlineExceeded},
		{"silence where nothing is awaited", func(p *patient, peer net.Conn) error {
			time.AfterFunc(time.Hour, func() { peer.Close() })
			_, err := p.Read(make([]byte, 1))
			return err
		}, time.Hour, io.EOF},
		{"something is awaited while a read waits", func(p *patient, _ net.Conn) error {
			time.AfterFunc(10*time.Second, p.awaits)
			_, err := p.Read(make([]byte, 1))
			return err
		}, 40 * time.Second, os.ErrDeadlineExceeded},
		{"bytes that drip", func(p *patient, peer net.Conn) error {
			p.reads = true
			go func() {
				for range 5 {
					time.Sleep(29 * time.Second)
					peer.Write([]byte("x"))
				}
			}()
			_, err := io.ReadAll(p)
			return err
		}, 175 * time.Second, os.ErrDeadlineExceeded},
		{"a peer that reads nothing", func(p *patient, _ net.Conn) error {
			_, err := p.Write(make([]byte, 1<<20))
			return err
		}, 30 * time.Second, os.ErrDeadlineExceeded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, peer := end()
				start := time.Now()
				if err := tt.run(p, peer); !errors.Is(err, tt.err) || time.Since(start) != tt.took {
					t.Errorf("%v after %v, want %v after %v", err, time.Since(start), tt.err, tt.took)
				}
				p.Close()
				peer.Close()
			})
		})
	}
}

// What a server of FTP may say is bounded.
func TestBounded(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	go func() { b.Write(make([]byte, 100)); b.Close() }()
	r := &bounded{Conn: a, left: 60}
	all, err := io.ReadAll(r)
	if len(all) != 60 || err == nil || r.lost == nil {
		t.Errorf("%d bytes are read, then %v (%v); want 60 and an error", len(all), err, r.lost)
	}
}

// The server as requests of HTTP name it.
func TestHostPort(t *testing.T) {
	for _, tt := range []struct {
		host string
		port uint16
		want string
	}{
		{"server", 0, "server"}, {"server", 8080, "server:8080"},
		{"10.0.0.9", 80, "10.0.0.9:80"}, {"2001:db8::9", 0, "[2001:db8::9]"}, {"2001:db8::9", 8080, "[2001:db8::9]:8080"},
	} {
		if got := (&Job{URL: URL{Host: tt.host, Port: tt.port}}).hostPort(); got != tt.want {
			t.Errorf("%s, %d: %q, want %q", tt.host, tt.port, got, tt.want)
		}
	}
}
