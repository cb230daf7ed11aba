package hostile

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// clearPacket is a packet of SSH-2 before keys are exchanged (RFC 4253 section
// 6).
func clearPacket(payload ...byte) string {
	padding := 16 - (5+len(payload))%8
	b := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)+padding))
	b = append(append(b, byte(padding)), payload...)
	return string(append(b, make([]byte, padding)...))
}

// kexInit is an SSH_MSG_KEXINIT (RFC 4253 section 7.1) of a client that has the
// same for both directions; "" is something that every release takes.
func kexInit(kex, hostKey, cipher, mac string) string {
	kex = cmp.Or(kex, "diffie-hellman-group14-sha1,diffie-hellman-group14-sha256")
	hostKey = cmp.Or(hostKey, "ssh-rsa,rsa-sha2-512")
	cipher = cmp.Or(cipher, "aes128-ctr")
	mac = cmp.Or(mac, "hmac-sha1,hmac-sha2-256-etm@openssh.com")
	list := func(names string) []string { return strings.Split(names, ",") }
	return clearPacket(xssh.Marshal(&struct {
		Cookie               [16]byte `sshtype:"20"`
		Kex, HostKey         []string
		Ciphers1, Ciphers2   []string
		MACs1, MACs2         []string
		Compress1, Compress2 []string
		Lang1, Lang2         []string
		Follows              bool
		Reserved             uint32
	}{Kex: list(kex), HostKey: list(hostKey), Ciphers1: list(cipher), Ciphers2: list(cipher),
		MACs1: list(mac), MACs2: list(mac), Compress1: list("none"), Compress2: list("none")})...)
}

const ident = "SSH-2.0-hostile\r\n"

// What a stranger can do before there are keys: the router tells why it closes,
// logs it, and is free again.
func TestStrangers(t *testing.T) {
	const (
		failed     = "%SSH-5-SSH2_SESSION: SSH2 Session request from 10.0.0.9 (tty = 0) using crypto cipher '', hmac '' Failed"
		unexpected = "%SSH-4-SSH2_UNEXPECTED_MSG: Unexpected message type has arrived. Terminating the connection from 10.0.0.9"
	)
	good := kexInit("", "", "", "")
	open := string(xssh.Marshal(&struct {
		Type                      string `sshtype:"90"`
		Sender, Window, MaxPacket uint32
	}{"session", 0, 1, 1}))
	tests := []struct {
		name, send string
		goodbye    string   // of the DISCONNECT, part of it
		log        []string // beginnings of lines
	}{
		{"nothing", "", "", nil},
		{"a request for a web page", "GET / HTTP/1.1\r\nHost: r1\r\n\r\n", "", nil},
		{"half an identification line", "SSH-2.0-x", "", nil},
		{"an identification line without end", "SSH-2.0-" + strings.Repeat("x", 1000), "", nil},
		{"an identification line, and silence", ident, "", []string{failed}},
		{"USERAUTH_SUCCESS", ident + clearPacket(52), "Unexpected message", []string{failed, unexpected}},
		{"USERAUTH_SUCCESS behind KEXINIT", ident + good + clearPacket(52), "Unexpected message",
			[]string{"%SSH-5-SSH2_SESSION", unexpected}},
		{"a session", ident + clearPacket([]byte(open)...), "Unexpected message", []string{failed, unexpected}},
		{"a session behind KEXINIT", ident + good + clearPacket([]byte(open)...), "Unexpected message",
			[]string{"%SSH-5-SSH2_SESSION", unexpected}},
		{"NEWKEYS in place of KEXDH_INIT", ident + good + clearPacket(21), "Unexpected message",
			[]string{"%SSH-5-SSH2_SESSION", unexpected}},
		{"a packet of no length", ident + strings.Repeat("\x00", 64), "Bad packet length 0.",
			[]string{failed, "%SSH-3-BAD_PACK_LEN: Bad packet length 0"}},
		{"a packet of length -1", ident + strings.Repeat("\xff", 64), "Bad packet length -1.",
			[]string{failed, "%SSH-3-BAD_PACK_LEN: Bad packet length -1"}},
		{"a packet of length 2^24", ident + "\x01\x00\x00\x00" + strings.Repeat("\x00", 60), "Bad packet length 16777216.",
			[]string{failed, "%SSH-3-BAD_PACK_LEN: Bad packet length 16777216"}},
		{"no key exchange in common", ident + kexInit("x@y", "", "", ""), "",
			[]string{failed, "%SSH-3-NO_MATCH: No matching kex algorithm found: client x@y server "}},
		{"no host key in common", ident + kexInit("", "ssh-dss", "", ""), "",
			[]string{failed, "%SSH-3-NO_MATCH: No matching hostkey algorithm found: client ssh-dss server "}},
		{"no cipher in common", ident + kexInit("", "", "x@y", ""), "",
			[]string{failed, "%SSH-3-NO_MATCH: No matching cipher found: client x@y server "}},
		{"no MAC in common", ident + kexInit("", "", "", "x@y"), "",
			[]string{failed, "%SSH-3-NO_MATCH: No matching mac found: client x@y server "}},
		{"a name that would forge a log line", ident + kexInit("x\n%SYS-5-RELOAD: Reload requested", "", "", ""), "malformed name",
			[]string{failed}},
		{"IGNORE for ever", ident + strings.Repeat(clearPacket(2, 0, 0, 0, 0), 2000), "too many idle messages", []string{failed}},
	}
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.InBubble(t, release, "", func(t *testing.T, r *devicetest.Bubble) {
			for _, tt := range tests {
				conn := r.Dial()
				io.WriteString(conn, tt.send)
				synctest.Wait()
				conn.CloseWrite()
				said, _ := io.ReadAll(conn)
				conn.Close()
				if !strings.HasPrefix(string(said), "SSH-") {
					t.Errorf("%s: the router says %q", tt.name, said)
				}
				if !strings.Contains(string(said), tt.goodbye) {
					t.Errorf("%s: the router says goodbye with %q, want %q", tt.name, said, tt.goodbye)
				}
				log := r.Logged()
				if !slices.EqualFunc(log, tt.log, strings.HasPrefix) {
					t.Errorf("%s: the router logs\n%s\nwant\n%s", tt.name, strings.Join(log, "\n"), strings.Join(tt.log, "\n"))
				}
				r.Quiet(tt.name)
			}
		})
	})
}

// breakable is a client's connection that a test breaks at a byte.
type breakable struct {
	*devicetest.Conn
	mu    sync.Mutex
	at    int
	wrote int
	how   func(*devicetest.Conn, []byte)
}

var errBroken = errors.New("the connection is broken")

func (b *breakable) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.at < 0:
		return 0, errBroken
	case b.wrote+len(p) <= b.at:
		b.wrote += len(p)
		return b.Conn.Write(p)
	}
	n, _ := b.Conn.Write(p[:b.at-b.wrote])
	b.how(b.Conn, p[n:])
	b.at = -1
	return n, errBroken
}

// The ways a connection breaks.
var breaks = []struct {
	name string
	do   func(c *devicetest.Conn, rest []byte)
}{
	{"closes its half", func(c *devicetest.Conn, _ []byte) { c.CloseWrite() }},
	{"closes", func(c *devicetest.Conn, _ []byte) { c.Close() }},
	{"resets", func(c *devicetest.Conn, _ []byte) { c.Reset() }},
	{"writes rubbish", func(c *devicetest.Conn, rest []byte) {
		rubbish := slices.Clone(rest)
		for i := range rubbish {
			rubbish[i] ^= 0x55
		}
		c.Write(rubbish)
		c.CloseWrite()
	}},
}

// visits are sessions as a user or a script has them.
var visits = []struct {
	name string
	run  func(ctx context.Context, x *ssh2.ClientSession) error
}{
	{"a shell", func(ctx context.Context, x *ssh2.ClientSession) error {
		if err := x.RequestPTY(ctx, ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 80, Rows: 24}}); err != nil {
			return err
		}
		if err := x.Shell(ctx); err != nil {
			return err
		}
		for _, keys := range []string{"show clock\r", "configure terminal\r", "hostname R1\r", "end\r", "exit\r"} {
			if _, err := io.WriteString(x, keys); err != nil {
				return err
			}
		}
		_, err := io.Copy(io.Discard, x)
		return err
	}},
	{"a command", func(ctx context.Context, x *ssh2.ClientSession) error {
		if err := x.Exec(ctx, "show running-config"); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, x)
		return err
	}},
	{"a file that is fetched", func(ctx context.Context, x *ssh2.ClientSession) error {
		if err := x.Exec(ctx, "scp -f running-config"); err != nil {
			return err
		}
		var size int64
		if _, err := fmt.Fprint(x, "\x00"); err != nil {
			return err
		}
		if _, err := fmt.Fscanf(x, "C0644 %d running-config\n", &size); err != nil {
			return err
		}
		if _, err := fmt.Fprint(x, "\x00"); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, x, size); err != nil {
			return err
		}
		if err := acknowledged(x); err != nil {
			return err
		}
		if _, err := fmt.Fprint(x, "\x00"); err != nil {
			return err
		}
		x.CloseWrite()
		_, err := io.Copy(io.Discard, x)
		return err
	}},
	{"a file that is put", func(ctx context.Context, x *ssh2.ClientSession) error {
		if err := x.Exec(ctx, "scp -t new.bin"); err != nil {
			return err
		}
		for _, part := range []string{"C0644 50000 new.bin\n", devicetest.Blob(50000) + "\x00"} {
			if err := acknowledged(x); err != nil {
				return err
			}
			if _, err := io.WriteString(x, part); err != nil {
				return err
			}
		}
		if err := acknowledged(x); err != nil {
			return err
		}
		x.CloseWrite()
		_, err := io.Copy(io.Discard, x)
		return err
	}},
}

func acknowledged(x *ssh2.ClientSession) error {
	var b [1]byte
	if _, err := io.ReadFull(x, b[:]); err != nil || b[0] != 0 {
		return fmt.Errorf("answer %d, %v", b[0], err)
	}
	return nil
}

// login is our own client with a password.
func login(user, password string) *ssh2.ClientConfig {
	return devicetest.ClientConfig(user, devicetest.Password(password))
}

// visit logs in on a connection and runs one session.
func visit(t *testing.T, conn net.Conn, cfg *ssh2.ClientConfig, run func(context.Context, *ssh2.ClientSession) error) error {
	c := ssh2.NewClient(conn, cfg)
	defer c.Close()
	if err := c.Handshake(t.Context()); err != nil {
		return err
	}
	x, err := c.Open(t.Context())
	if err != nil {
		return err
	}
	if err := run(t.Context(), x); err != nil {
		return err
	}
	_, err = x.Wait()
	return err
}

// boundaries are where the packets of a client begin on a visit, the identification
// line first, and where the last ends.
func boundaries(t *testing.T, r *devicetest.Bubble, run func(context.Context, *ssh2.ClientSession) error) []int {
	t.Helper()
	cfg := login("cisco", "cisco")
	var lengths []int // negative when there is no MAC behind
	cfg.Trace = func(e ssh.Event) {
		if e, ok := e.(ssh.PacketSent); ok {
			if lengths = append(lengths, e.Length); !e.MAC {
				lengths[len(lengths)-1] *= -1
			}
		}
	}
	conn := &breakable{Conn: r.Dial(), at: 1 << 30}
	if err := visit(t, conn, cfg, run); err != nil {
		t.Fatal(err)
	}
	at := []int{0, len(cfg.Version) + len(cfg.VersionEnd)}
	whole, tags := at[1], 0
	for _, n := range lengths {
		if whole += max(n, -n); n > 0 {
			tags++
		}
	}
	for _, n := range lengths {
		next := at[len(at)-1] + max(n, -n)
		if n > 0 {
			next += (conn.wrote - whole) / tags
		}
		at = append(at, next)
	}
	return at
}

// A visitor may vanish before, within and behind every packet of a session. The
// router closes and logs that, frees the line, and keeps nothing of a file that
// did not arrive whole.
func TestVisitorsVanish(t *testing.T) {
	devicetest.InBubble(t, "iosxe-17.15", "", func(t *testing.T, r *devicetest.Bubble) {
		for _, v := range visits {
			packets := boundaries(t, r, v.run)
			r.Remove("new.bin")
			time.Sleep(time.Minute) // whoever lingers
			r.Quiet("after " + v.name)
			r.Logged()
			for _, how := range breaks {
				for i, begin := range packets[:len(packets)-1] {
					for _, at := range []int{begin, begin + 1, (begin + packets[i+1]) / 2, packets[i+1] - 1} {
						what := fmt.Sprintf("%s, whose client %s at byte %d", v.name, how.name, at)
						conn := &breakable{Conn: r.Dial(), at: at, how: how.do}
						err := visit(t, conn, login("cisco", "cisco"), v.run)
						conn.Close()
						time.Sleep(time.Minute)
						if text, missing := r.TryFile("new.bin"); missing == nil {
							if text != devicetest.Blob(50000) {
								t.Errorf("%s: %d bytes of the file are left", what, len(text))
							}
							r.Remove("new.bin")
						}
						r.Quiet(what)
						told(t, what, r.Logged(), err == nil)
					}
				}
			}
		}
	})
}

// told checks that what the router logs of a connection is a whole story, as
// long as the connection was.
func told(t *testing.T, what string, log []string, whole bool) {
	t.Helper()
	var story []string
	for _, line := range log {
		if about, ok := strings.CutPrefix(line, "%SSH-5-"); ok {
			mnemonic, text, _ := strings.Cut(about, ":")
			story = append(story, mnemonic+text[strings.LastIndexByte(text, ' '):])
		}
	}
	switch text := strings.Join(story, ", "); text {
	case "SSH2_SESSION Succeeded, SSH2_USERAUTH Succeeded, SSH2_CLOSE closed":
		return
	case "", "SSH2_SESSION Failed", "SSH2_SESSION Succeeded, SSH2_USERAUTH Failed, SSH2_CLOSE closed": // "": no identification line
		if !whole {
			return
		}
		fallthrough
	default:
		t.Errorf("%s: the router logs %q", what, text)
	}
}

// A file that was there is not touched until the one that takes its place has
// arrived whole.
func TestPutBrokenOff(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.InBubble(t, release, "", func(t *testing.T, r *devicetest.Bubble) {
			put := visits[len(visits)-1].run
			packets := boundaries(t, r, put)
			r.Put("new.bin", "before")
			time.Sleep(time.Minute)
			r.Look()
			for _, how := range breaks {
				for _, at := range packets[len(packets)/2 : len(packets)-3] {
					what := fmt.Sprintf("a client that %s at byte %d", how.name, at)
					conn := &breakable{Conn: r.Dial(), at: at, how: how.do}
					if visit(t, conn, login("cisco", "cisco"), put) == nil {
						t.Errorf("%s puts its file", what)
					}
					conn.Close()
					time.Sleep(time.Minute)
					if got := r.File("new.bin"); got != "before" {
						t.Errorf("%s leaves a file of %d bytes", what, len(got))
					}
					r.Quiet(what)
				}
			}
		})
	})
}

// Connections that do not log in take the slots of `ip ssh maxstartups` and a
// vty each, until `ip ssh time-out` is over; those beyond are refused.
func TestHalfOpen(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			name, more string
			room       int
		}{
			{"maxstartups", "ip ssh maxstartups 3\nip ssh time-out 60\nline vty 0 15\n transport input ssh\n", 3},
			{"vtys", "ip ssh maxstartups 100\nip ssh time-out 60\nline vty 5 15\n transport input none\n", 5},
		} {
			devicetest.InBubble(t, release, c.more, func(t *testing.T, r *devicetest.Bubble) {
				began := time.Now()
				refused := func(conn *devicetest.Conn) bool {
					_, err := conn.Read(make([]byte, 1))
					return err != nil
				}
				var waiting []*devicetest.Conn
				for i := range c.room {
					conn := r.Dial()
					if refused(conn) {
						t.Fatalf("%s: connection %d is refused", c.name, i+1)
					}
					waiting = append(waiting, conn)
					if i%2 == 0 {
						io.WriteString(conn, ident)
					}
				}
				for range 3 * c.room {
					if !refused(r.Dial()) {
						t.Fatalf("%s: a connection beyond %d is taken", c.name, c.room)
					}
				}
				time.Sleep(time.Second)
				waiting[1].Close()
				synctest.Wait()
				late := r.Dial()
				if refused(late) || !refused(r.Dial()) {
					t.Errorf("%s: one leaves, and not one is let in", c.name)
				}
				for i, conn := range append(waiting, late) {
					if i == 1 {
						continue
					}
					io.Copy(io.Discard, conn)
					want := 60 * time.Second
					if conn == late {
						want += time.Second
					}
					if got := time.Since(began); got != want {
						t.Errorf("%s: connection %d is left after %v, want %v", c.name, i+1, got, want)
					}
				}
				r.Quiet(c.name)
				devicetest.WantLines(t, r.Console().Enter("show ssh"), "No SSHv2 server connections running")
				if err := visit(t, r.Dial(), login("cisco", "cisco"), visits[1].run); err != nil {
					t.Errorf("%s: nobody can log in afterwards: %v", c.name, err)
				}
			})
		}
	})
}

// One byte a second does not outlive `ip ssh time-out`, wherever a login is: what
// the client would have said is passed on slowly, from a byte on.
func TestSlowVisitors(t *testing.T) {
	devicetest.InBubble(t, "iosxe-17.15", "ip ssh time-out 60\n", func(t *testing.T, r *devicetest.Bubble) {
		packets := boundaries(t, r, visits[1].run)
		time.Sleep(time.Minute)
		for _, from := range packets[:5] { // up to the password
			conn := &slow{Conn: r.Dial(), left: from}
			gone := make(chan error)
			go func() { gone <- visit(t, conn, login("cisco", "cisco"), visits[1].run) }()
			time.Sleep(59 * time.Second)
			if r.Connections() != 1 {
				t.Errorf("a client that is slow from byte %d on is left early", from)
			}
			time.Sleep(time.Second)
			r.Quiet(fmt.Sprint("a client that is slow from byte ", from))
			if <-gone == nil {
				t.Errorf("a client that is slow from byte %d on is let in", from)
			}
		}
	})
}

// slow passes a byte a second on, once its quick bytes are used up.
type slow struct {
	*devicetest.Conn
	left int
}

func (s *slow) Write(p []byte) (int, error) {
	for i := range p {
		if s.left--; s.left < 0 {
			time.Sleep(time.Second)
		}
		if _, err := s.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

// A client that has logged in and does nothing is left when `exec-timeout` is
// over.
func TestIdleVisitors(t *testing.T) {
	idle := []struct {
		name string
		do   func(ctx context.Context, c *ssh2.Client) error
	}{
		{"opens nothing", func(context.Context, *ssh2.Client) error { return nil }},
		{"opens a session and runs nothing", func(ctx context.Context, c *ssh2.Client) error { _, err := c.Open(ctx); return err }},
		{"sits in a shell", func(ctx context.Context, c *ssh2.Client) error {
			x, err := c.Open(ctx)
			if err != nil {
				return err
			}
			return x.Shell(ctx)
		}},
		{"does not send the file it announced", func(ctx context.Context, c *ssh2.Client) error {
			x, err := c.Open(ctx)
			if err != nil {
				return err
			}
			return errors.Join(x.Exec(ctx, "scp -t new.bin"), acknowledged(x), func() error { _, err := io.WriteString(x, "C0644 9 x\n"); return err }())
		}},
		{"does not read", func(ctx context.Context, c *ssh2.Client) error {
			x, err := c.Open(ctx)
			if err != nil {
				return err
			}
			return x.Exec(ctx, "show running-config")
		}},
	}
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.InBubble(t, release, "line vty 0 4\n exec-timeout 5 0\n", func(t *testing.T, r *devicetest.Bubble) {
			for _, tt := range idle {
				cfg := login("cisco", "cisco")
				cfg.Window = 100
				c := ssh2.NewClient(r.Dial(), cfg)
				if err := c.Handshake(t.Context()); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if err := tt.do(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				c.Wait()
				if got := time.Since(began); got != 5*time.Minute {
					t.Errorf("a client that %s is left after %v, want 5m", tt.name, got)
				}
				c.Close()
				r.Quiet("a client that " + tt.name)
			}
		})
	})
}

// Who logged in before a reload is not heard of after it: the log is that of a
// device that has just booted.
func TestReloadForgets(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.InBubble(t, release, "username cisco privilege 15\n", func(t *testing.T, r *devicetest.Bubble) {
			var visitors []*ssh2.Client
			for range 2 {
				c := ssh2.NewClient(r.Dial(), login("cisco", "cisco"))
				if err := c.Handshake(t.Context()); err != nil {
					t.Fatal(err)
				}
				x, err := c.Open(t.Context())
				if err == nil {
					err = x.Shell(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
				visitors = append(visitors, c)
				if len(visitors) == 2 {
					io.WriteString(x, "reload\r\r")
				}
			}
			for _, c := range visitors {
				c.Wait()
				c.Close()
			}
			time.Sleep(time.Minute)
			if _, why := r.Device.Booted(); why != "reload" {
				t.Errorf("the device was booted by %s", why)
			}
			if log := r.Log(); len(log) > 0 {
				t.Errorf("after the reload the log holds\n%s", strings.Join(log, "\n"))
			}
		})
	})
}
