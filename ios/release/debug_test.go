package release_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/ios"
	"vtylab/ios/model"
	"vtylab/ios/release"
	"vtylab/keyring"
)

// rig is a device that logs to its buffer, reached through a wire that keeps the
// pieces in which a client writes.
type rig struct {
	*testing.T
	*device.Device
	port  *devicetest.Port
	whole bool // the trace has the messages of the log too
}

// placed is the device's end of a connection, with the client's address.
type placed struct{ net.Conn }

func (placed) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 2), Port: 55246} }

// newRig boots a device of a platform with one RSA key, and debugging stamped
// with the uptime.
func newRig(t *testing.T, p release.Release, bits int, more string) *rig {
	t.Helper()
	r := &rig{T: t, port: devicetest.NewPort()}
	r.Device = devicetest.New(t, ios.New(p), `hostname vtylab-router
no logging console
logging buffered 100000
service timestamps debug uptime
username lab password 0 lab
line vty 0 4
 login local
 transport input ssh
`+more, func(o *device.Options) { o.Network = r.port.Host })
	key, err := keyring.Generate("seed", keyring.General, bits, false, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.AddKeys(key)
	return r
}

// dial connects a peer.
func (r *rig) dial(ident string, names ...string) *peer {
	client, server := net.Pipe()
	r.port.Connect(placed{server})
	return &peer{T: r.T, conn: client, r: bufio.NewReader(client), ident: ident, names: names}
}

// trace is what debugging has printed.
func (r *rig) trace() string {
	var lines []string
	for _, line := range r.Logs.Buffer().Lines() {
		if r.whole || !strings.Contains(line, "%") {
			lines = append(lines, line+"\n")
		}
	}
	return strings.Join(lines, "")
}

// compare shows where a trace differs from the document.
func (r *rig) compare(name string) {
	r.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", "debug", name))
	if err != nil {
		r.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(r.trace(), "\n")); diff != "" {
		r.Errorf("the trace is not that of %s (-want +got):\n%s", name, diff)
	}
}

// scenario runs one conversation with a new device, in a time of its own. The
// length of a key exchange depends on one bit of the server's secret value: a
// conversation that comes out unlike the document's (false) is held again.
func scenario(t *testing.T, p release.Release, bits int, more string, run func(r *rig) bool) {
	t.Helper()
	for range 64 {
		done := false
		synctest.Test(t, func(t *testing.T) {
			done = run(newRig(t, p, bits, more))
		})
		if done || t.Failed() {
			return
		}
	}
	t.Error("the conversation never came out as long as the document's")
}

// at lets the uptime become minutes and seconds; what was going on is over.
func (r *rig) at(minutes, seconds int) {
	synctest.Wait()
	booted, _ := r.Booted()
	time.Sleep(time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second - time.Since(booted))
}

// router12 is a device as the seed's first sample has it: the lists of profile A,
// users by password only.
var router12 = func() release.Release {
	p := release.IOS155
	p.Dialect = release.Dialect12
	p.Config.Preset = func(c *model.Config) {
		release.IOS155.Config.Preset(c)
		c.SSH.Server = classic
	}
	return p
}()

// classic is profile A.
var classic = model.Algorithms{
	Kex:            []string{"diffie-hellman-group1-sha1"},
	HostKey:        []string{"ssh-rsa"},
	Encryption:     release.CBC,
	MAC:            append(append([]string{}, release.HMACSHA...), release.HMACMD5...),
	PublicKey:      []string{"ssh-rsa"},
	Authentication: []string{"password"},
}

// router3SE is a device of the seed's release as its later samples have it, with
// the same lists.
var router3SE = func() release.Release {
	p := release.IOSXE3SE
	p.Config.Preset = func(c *model.Config) {
		release.IOSXE3SE.Config.Preset(c)
		c.SSH.Server = classic
	}
	return p
}()

// aes is the names of a client with one cipher and one MAC.
func aes128(mac string) []string {
	return []string{"diffie-hellman-group1-sha1", "ssh-rsa", "aes128-cbc", "aes128-cbc", mac, mac}
}

// like is the names of a client that is such a device itself.
func like(a model.Algorithms) []string {
	ciphers, macs := strings.Join(a.Encryption, ","), strings.Join(a.MAC, ",")
	return []string{strings.Join(a.Kex, ","), "ssh-rsa", ciphers, ciphers, macs, macs}
}

// begin asks for authentication without a password, then with one.
func (p *peer) begin() {
	p.say(message(5, str("ssh-userauth")))
	p.want(6)
}

// userauth is a request of RFC 4252.
func userauth(method string, fields ...[]byte) []byte {
	return message(50, append([][]byte{str("lab"), str("ssh-connection"), str(method)}, fields...)...)
}

func password(s string) []byte { return userauth("password", []byte{0}, str(s)) }

// request is a channel request without a reply.
func request(name string, fields ...[]byte) []byte {
	return message(98, append([][]byte{u32(3), str(name), {0}}, fields...)...)
}

// The first sample of `debug ip ssh`: OpenSSH 2.5.2p2 logs in as lab, then types
// exit.
func TestDebugSeed(t *testing.T) {
	scenario(t, router12, 768, "", func(r *rig) bool {
		r.at(33, 55)
		other := r.dial("") // in slot 0
		defer other.conn.Close()
		synctest.Wait()
		r.Debug.Set("ip ssh", true)
		p := r.dial("SSH-2.0-OpenSSH_2.5.2p2", aes128("hmac-md5")...)
		p.size, p.longE = 616, true
		p.identify()
		p.kexInit(536, 96)
		p.exchange()
		r.at(33, 56)
		p.begin()
		p.say(userauth("none"))
		p.want(51)
		r.at(34, 4)
		p.put(password("lab"))
		p.put(message(2, str(strings.Repeat("x", 48))))
		p.send()
		p.want(52)
		p.say(message(90, str("session"), u32(0), u32(1<<16), u32(1<<14)))
		p.want(91)
		p.put(request("pty-req", str("xterm"), u32(80), u32(24), u32(0), u32(0), str("")))
		p.put(request("x11-req", []byte{0}, str("MIT-MAGIC-COOKIE-1"), str(strings.Repeat("0", 32)), u32(0)))
		p.send()
		p.say(request("shell"))
		p.want(94)
		for _, key := range "exit\r" {
			at := 7
			if key == 't' || key == '\r' {
				at = 8
			}
			r.at(34, at)
			p.say(message(94, u32(3), str(string(key))))
			p.want(94)
		}
		p.want(98)
		p.want(96)
		p.want(97)
		p.conn.Close()
		synctest.Wait()
		if p.longF {
			r.compare("seed-all.txt")
		}
		return p.longF
	})
}

// The sample of `debug ip ssh detail`: two devices.
func TestDebugSeedDetail(t *testing.T) {
	scenario(t, router3SE, 1024, "", func(r *rig) bool {
		r.Debug.Set("ip ssh detail", true)
		r.at(4, 22)
		p := r.dial("SSH-1.99-Cisco-1.25", like(classic)...)
		p.identify()
		p.kexInit()
		p.exchange()
		p.begin()
		r.at(4, 24)
		p.say(password("lab"))
		p.want(52)
		p.say(message(90, str("session"), u32(0), u32(1<<16), u32(1<<14)))
		p.want(91)
		p.say(request("pty-req", str("vt100"), u32(80), u32(24), u32(0), u32(0), str("\x00")))
		p.say(request("shell"))
		p.want(94)
		r.at(4, 38)
		p.say(message(94, u32(3), str("exit\r")))
		for _, kind := range []byte{94, 98, 96, 97} {
			p.want(kind)
		}
		p.conn.Close()
		synctest.Wait()
		r.compare("seed-detail.txt")
		return true
	})
}

// The sample of `debug ip ssh packet`: two devices, reads of 64 bytes.
func TestDebugSeedPacket(t *testing.T) {
	scenario(t, router3SE, 1024, "", func(r *rig) bool {
		r.Debug.Set("ip ssh packet", true)
		r.at(5, 43)
		p := r.dial("SSH-1.99-Cisco-1.25", like(classic)...)
		p.identify()
		p.kexInit()
		p.exchange()
		p.put(message(5, str("ssh-userauth")))
		p.send()
		p.want(6)
		synctest.Wait()
		before, _, _ := strings.Cut(r.trace(), "MAC compared for #3 :ok\n")
		want, err := os.ReadFile("testdata/debug/seed-packet.txt")
		if err != nil {
			t.Fatal(err)
		}
		got := before + "MAC compared for #3 :ok\n"
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); p.longF && diff != "" {
			t.Errorf("the trace is not the document's (-want +got):\n%s", diff)
		}
		p.conn.Close()
		return p.longF
	})
}

// follows checks that the lines of a published excerpt, some of which may be
// left out, come in the trace in their order.
func (r *rig) follows(excerpt string) {
	r.Helper()
	trace := strings.Split(r.trace(), "\n")
	rest := trace
	for want := range strings.Lines(excerpt) {
		want = strings.TrimSuffix(want, "\n")
		i := slices.IndexFunc(rest, func(line string) bool { return strings.HasSuffix(line, want) })
		if i < 0 {
			r.Fatalf("%q is missing or comes too early in\n%s", want, strings.Join(trace, "\n"))
		}
		rest = rest[i+1:]
	}
}

// inSlot fills the slots before the one wanted.
func (r *rig) inSlot(n int) (free func()) {
	var others []*peer
	for range n {
		others = append(others, r.dial(""))
		synctest.Wait()
	}
	return func() {
		for _, o := range others {
			o.conn.Close()
		}
	}
}

// A group exchange below the least size (ssh2-python#130).
func TestDebugRange(t *testing.T) {
	p3 := router3SE
	p3.Config.Preset = func(c *model.Config) {
		release.IOSXE3SE.Config.Preset(c)
		c.SSH.Server.Kex = release.DH
	}
	scenario(t, p3, 1024, "ip ssh version 2\nip ssh dh min size 2048\n", func(r *rig) bool {
		defer r.inSlot(3)()
		r.Debug.Set("ip ssh detail", true)
		r.at(1, 0)
		p := r.dial("SSH-2.0-libssh2_1.9.0_DEV", "diffie-hellman-group-exchange-sha1", "ssh-rsa", "aes256-cbc", "aes256-cbc", "hmac-sha1", "hmac-sha1")
		p.identify()
		p.kexInit()
		p.say(message(34, u32(1024), u32(1536), u32(2048)))
		synctest.Wait()
		r.compare("captured-range.txt")
		return true
	})
}

// A packet that decrypts to nonsense, on a release with the older words.
func TestDebugBadLength(t *testing.T) {
	scenario(t, router12, 768, "", func(r *rig) bool {
		defer r.inSlot(4)()
		r.Debug.Set("ip ssh", true)
		p := r.dial("SSH-2.0-client", aes128("hmac-sha1")...)
		p.identify()
		p.kexInit()
		p.exchange()
		length := int32(-1648749991)
		block := append(u32(uint32(length)), make([]byte, 12)...)
		p.out.crypt(block)
		p.conn.Write(append(block, make([]byte, 35000)...))
		text, _ := cut(p.want(1)[5:])
		if text != "Bad packet length -1648749991." {
			t.Errorf("DISCONNECT says %q", text)
		}
		p.conn.Close()
		synctest.Wait()
		r.follows(`SSH2 4: input: packet len -1648749987
SSH2 4: Bad packet length -1648749991.
SSH2 4: send: len 64 (includes padlen 16)
SSH2 4: done calc MAC out #3
SSH4: Session disconnected - error 0x07
`)
		if log := strings.Join(r.Logs.Buffer().Lines(), "\n"); !strings.Contains(log, "%SSH-3-BAD_PACK_LEN: Bad packet length -1648749991") {
			t.Errorf("not logged:\n%s", log)
		}
		return true
	})
}

// A wrong password, its two seconds included (ansible#69125).
func TestDebugWrongPassword(t *testing.T) {
	p15 := release.IOS155
	p15.Config.Preset = func(c *model.Config) {
		release.IOS155.Config.Preset(c)
		c.SSH.Server.Kex, c.SSH.Server.Encryption = classic.Kex, release.CBC
	}
	scenario(t, p15, 1024, "service timestamps debug datetime msec\n", func(r *rig) bool {
		defer r.inSlot(1)()
		r.Debug.Set("ip ssh", true)
		p := r.dial("SSH-2.0-paramiko_2.7.1", aes128("hmac-sha1")...)
		p.identify()
		p.kexInit()
		p.exchange()
		p.begin()
		for range 4 {
			p.say(message(50, str("cisco"), str("ssh-connection"), str("none")))
			p.want(51)
		}
		synctest.Wait()
		time.Sleep(11670 * time.Millisecond)
		p.say(message(50, str("cisco"), str("ssh-connection"), str("keyboard-interactive"), str(""), str("")))
		p.want(60)
		synctest.Wait()
		time.Sleep(24 * time.Millisecond)
		p.say(message(61, u32(1), str("wrong")))
		if list, _ := cut(p.want(51)[1:]); list != "publickey,keyboard-interactive,password" {
			t.Errorf("methods that can continue: %s", list)
		}
		r.follows(`11.670: SSH2 1: MAC compared for #8 :ok
11.670: SSH2 1: input: padlength 15 bytes
11.670: SSH2 1: Using method = keyboard-interactive
11.670: SSH2 1: send:packet of  length 48 (length also includes padlen of 11)
11.670: SSH2 1: computed MAC for sequence no.#8 type 60
11.694: SSH2 1: MAC compared for #9 :ok
11.694: SSH1: password authentication failed for cisco
13.694: SSH2 1: send:packet of  length 64 (length also includes padlen of 14)
13.694: SSH2 1: computed MAC for sequence no.#9 type 51
`)
		p.conn.Close()
		return true
	})
}

// A login with group exchange and a terminal of 1000 by 511, whose client hangs
// up (ansible#54981, netmiko#2157).
func TestDebugGroupExchange(t *testing.T) {
	p15 := release.IOS155
	p15.Config.Preset = func(c *model.Config) {
		release.IOS155.Config.Preset(c)
		c.SSH.Server.Encryption, c.SSH.Server.MAC = []string{"aes256-ctr"}, []string{"hmac-sha1"}
	}
	scenario(t, p15, 1024, "ip ssh version 2\nlogin on-success log\n", func(r *rig) bool {
		defer r.inSlot(1)()
		r.Debug.Set("ip ssh detail", true)
		r.at(1, 0)
		p := r.dial("SSH-2.0-paramiko_2.4.2", "diffie-hellman-group-exchange-sha1", "ssh-rsa", "aes256-ctr", "aes256-ctr", "hmac-sha1", "hmac-sha1")
		p.identify()
		p.kexInit()
		p.exchange()
		p.begin()
		p.say(password("lab"))
		p.want(52)
		p.say(message(90, str("session"), u32(0), u32(1<<16), u32(1<<14)))
		p.want(91)
		p.say(request("pty-req", str("vt100"), u32(511), u32(1000), u32(0), u32(0), str("")))
		p.say(request("shell"))
		p.want(94)
		p.conn.Close()
		synctest.Wait()
		r.compare("captured-login.txt")
		log := strings.Join(r.Logs.Buffer().Lines(), "\n")
		if i, j := strings.Index(log, "%SYS-6-LOGOUT: User lab has exited tty session 3("), strings.Index(log, "SSH1: Session disconnected"); i < 0 || j < i {
			t.Errorf("LOGOUT at %d, the end of the session at %d of\n%s", i, j, log)
		}
		return true
	})
}

// On the wire the identification line ends in a bare LF and stands alone: the
// KEXINIT follows once the client has spoken, as long as captures have it
// (ssh-wire 4.1, 4.2), and has no marker of an extension.
func TestFirstBytes(t *testing.T) {
	for _, c := range []struct {
		platform release.Release
		total    int
		padding  byte
	}{{release.IOS155, 368, 5}, {release.IOSXE3SE, 416, 11}, {release.IOSXE1715, 648, 7}, {router12, 280, 4}} {
		scenario(t, c.platform, 2048, "ip ssh version 2\n", func(r *rig) bool {
			p := r.dial("")
			defer p.conn.Close()
			first := make([]byte, 1000)
			n, err := p.conn.Read(first)
			p.must(err)
			if string(first[:n]) != "SSH-2.0-Cisco-1.25\n" {
				t.Errorf("%s begins with %q", c.platform.Name, first[:n])
			}
			var second []byte
			go func() {
				n, _ := p.conn.Read(first)
				second = first[:n]
			}()
			synctest.Wait()
			if second != nil {
				t.Errorf("%s sends %d bytes before the client has spoken", c.platform.Name, len(second))
			}
			p.conn.Write([]byte("SSH-2.0-client\r\n"))
			synctest.Wait()
			if len(second) != c.total || second[4] != c.padding {
				t.Errorf("%s: a KEXINIT of %d bytes, %d of them padding, want %d, %d", c.platform.Name, len(second), second[4], c.total, c.padding)
			}
			if bytes.Contains(second, []byte("kex-strict")) || bytes.Contains(second, []byte("ext-info")) {
				t.Errorf("%s announces an extension: %q", c.platform.Name, second)
			}
			return true
		})
	}
}

// A router that has SSH-1 only says so, and whom it heard.
func TestDebugVersion1(t *testing.T) {
	scenario(t, release.IOS155, 1024, "ip ssh version 1\n", func(r *rig) bool {
		r.Debug.Set("ip ssh detail", true)
		p := r.dial("")
		defer p.conn.Close()
		if line, err := p.r.ReadString('\n'); line != "SSH-1.5-Cisco-1.25\n" {
			t.Errorf("identification %q, %v", line, err)
		}
		io.WriteString(p.conn, "SSH-1.5-1.2.26\n")
		synctest.Wait()
		r.follows("SSH0: starting SSH control process\nSSH0: sent protocol version id SSH-1.5-Cisco-1.25\nSSH0: protocol version id is - SSH-1.5-1.2.26\nSSH0: Session disconnected - error 0x00\n")
		return true
	})
}

// How sessions fail, in the words of debugging and in the log. The numbers of
// the ends: 0x00 before the keys are there, 0x07 after.
func TestDebugFailures(t *testing.T) {
	ready := func(p *peer) {
		p.identify()
		p.kexInit()
		p.exchange()
		p.begin()
	}
	for _, c := range []struct {
		name string
		act  func(p *peer)
		want string
	}{
		{"no cipher in common", func(p *peer) {
			p.names[2], p.names[3] = "rot13", "rot13"
			p.identify()
			p.kexInit()
			p.want(1)
		}, `SSH2 0: SSH2_MSG_KEXINIT received
SSH2 0: SSH ERROR closing the connection
%SSH-3-NO_MATCH: No matching cipher found: client rot13 server aes128-cbc,3des-cbc,aes192-cbc,aes256-cbc
SSH0: Session disconnected - error 0x00
`},
		{"a message out of place", func(p *peer) {
			ready(p)
			p.say(message(94, u32(3), str("x")))
			p.want(1)
		}, `SSH2 0: SSH ERROR closing the connection
SSH0: Session disconnected - error 0x07
%SSH-4-SSH2_UNEXPECTED_MSG: Unexpected message type has arrived. Terminating the connection from 10.0.0.2
`},
		{"nobody logs in", func(p *peer) {
			ready(p)
			time.Sleep(2 * time.Minute)
		}, `SSH2 0: SSH2_MSG_NEWKEYS received
SSH0: Session disconnected - error 0x07
`},
		{"nobody speaks", func(p *peer) {
			_, err := p.r.ReadString('\n')
			p.must(err)
			time.Sleep(2 * time.Minute)
		}, `SSH0: starting SSH control process
SSH0: sent protocol version id SSH-2.0-Cisco-1.25
SSH0: Session disconnected - error 0x00
`},
		{"the client hangs up", func(p *peer) {
			ready(p)
			p.conn.Close()
		}, `SSH0: Session disconnected - error 0x07
`},
		{"wrong passwords", func(p *peer) {
			ready(p)
			for range 3 {
				p.say(password("wrong"))
				p.want(51)
			}
			p.say(password("wrong"))
			p.want(51)
		}, `SSH2 0: Using method = password
SSH0: password authentication failed for lab
SSH2 0: Authentications that can continue = publickey,keyboard-interactive,password
SSH2 0: Using method = password
SSH0: password authentication failed for lab
SSH2 0: authentication failed for lab (code=7)
SSH0: Session disconnected - error 0x07
`},
		{"a signature that is not right", func(p *peer) {
			ready(p)
			blob := string(message(0, str("ssh-rsa"), str("\x01\x00\x01"), str("\x00\xff"))[1:])
			p.say(userauth("publickey", []byte{0}, str("ssh-rsa"), str(blob)))
			p.want(51)
		}, `SSH2 0: Using method = publickey
SSH2 0: Received publickey algo = ssh-rsa
`},
	} {
		p15 := release.IOS155
		p15.Config.Preset = func(c *model.Config) {
			release.IOS155.Config.Preset(c)
			c.SSH.Server.Kex, c.SSH.Server.Encryption = classic.Kex, release.CBC
		}
		t.Run(c.name, func(t *testing.T) {
			scenario(t, p15, 1024, "ip ssh version 2\n", func(r *rig) bool {
				r.Debug.Set("ip ssh", true)
				r.whole = true
				p := r.dial("SSH-2.0-client", aes128("hmac-sha1")...)
				c.act(p)
				synctest.Wait()
				r.follows(c.want)
				p.conn.Close()
				return true
			})
		})
	}
}
