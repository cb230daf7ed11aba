package ssh2

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"vtylab/ssh"
)

// hostile connects a script to a server and returns what Serve said.
func hostile(t *testing.T, cfg *ServerConfig, do func(p *script, conn *memConn)) error {
	t.Helper()
	client, server := memPair()
	_, done := start(t, server, cfg)
	do(newScript(t, client, &Config{Version: "SSH-2.0-hostile"}), client)
	client.CloseWrite()
	err := <-done
	client.Close()
	return err
}

func raw(kind byte, rest ...byte) []byte { return append([]byte{kind}, rest...) }

// login takes a script to the connection protocol.
func (s *script) login() {
	s.t.Helper()
	s.keyExchange(nil)
	s.send(encode(&serviceRequestMsg{"ssh-userauth"}))
	s.want(msgServiceAccept)
	s.password("cisco", "cisco")
	s.want(msgAuthSuccess)
}

func (s *script) password(user, password string) {
	s.t.Helper()
	s.send(encode(&authRequestMsg{user, "ssh-connection", "password", encode(&authPassword{Password: []byte(password)})}))
}

func (s *script) openSession() {
	s.t.Helper()
	s.send(encode(&chanOpenMsg{Type: "session", Window: 1 << 20, MaxPacket: 1 << 15}))
	s.want(msgChanConfirm)
}

// What does not belong to a state ends the connection, and nothing behind it is
// reached.
func TestUnexpectedMessages(t *testing.T) {
	open := encode(&chanOpenMsg{Type: "session", Window: 1, MaxPacket: 1})
	auth := encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil})
	messages := map[string][]byte{
		"USERAUTH_SUCCESS": raw(msgAuthSuccess), "USERAUTH_FAILURE": encode(&authFailureMsg{}), "CHANNEL_OPEN": open,
		"USERAUTH_REQUEST": auth, "NEWKEYS": raw(msgNewKeys), "SERVICE_REQUEST": encode(&serviceRequestMsg{"ssh-userauth"}),
		"SERVICE_ACCEPT": encode(&serviceAcceptMsg{"ssh-userauth"}), "KEXDH_INIT": encode(&ecdhInitMsg{make([]byte, 32)}),
		"INFO_RESPONSE": encode(&infoResponseMsg{}), "CHANNEL_REQUEST": encode(&chanRequestMsg{3, "shell", true, nil}),
		"CHANNEL_DATA": channelData(3, "x"), "GLOBAL_REQUEST": encode(&globalRequestMsg{"x", false, nil}), "message 192": raw(192, 0, 0, 0, 0),
		"message 0": raw(0),
	}
	states := []struct {
		name    string
		enter   func(p *script)
		allowed string
	}{
		{"before KEXINIT", func(p *script) { p.identified() }, ""},
		{"after KEXINIT", func(p *script) {
			p.identified()
			m, _ := p.kexInit()
			p.send(encode(m))
		}, "KEXDH_INIT"},
		{"before service request", func(p *script) { p.keyExchange(nil) }, "SERVICE_REQUEST"},
		{"before authentication", func(p *script) {
			p.keyExchange(nil)
			p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
		}, "USERAUTH_REQUEST SERVICE_REQUEST"},
		{"within keyboard-interactive", func(p *script) {
			p.keyExchange(nil)
			p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
			p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "keyboard-interactive", encode(&authInteractive{})}))
		}, "USERAUTH_REQUEST INFO_RESPONSE"},
		{"authenticated", func(p *script) { p.login() }, "GLOBAL_REQUEST CHANNEL_OPEN USERAUTH_REQUEST"},
	}
	for _, state := range states {
		for name, message := range messages {
			if strings.Contains(" "+state.allowed+" ", " "+name+" ") {
				continue
			}
			t.Run(state.name+"/"+name, func(t *testing.T) {
				cfg := testServer()
				cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
				traced := false
				cfg.Trace = func(e ssh.Event) {
					if _, ok := e.(ssh.UnexpectedMessage); ok {
						traced = true
					}
				}
				err := hostile(t, cfg, func(p *script, _ *memConn) {
					state.enter(p)
					p.out.send(message) // the server may be gone before the second
					p.out.send(open)
				})
				var unexpected *ssh.UnexpectedError
				if errors.As(err, &unexpected) {
					if !traced {
						t.Error("no UnexpectedMessage event")
					}
					return
				}
				var protocol *protocolError
				if !errors.As(err, &protocol) {
					t.Errorf("Serve = %v, want an unexpected message", err)
				}
			})
		}
	}
}

// A rekey in the middle of authentication does not end it.
func TestRekeyDoesNotAuthenticate(t *testing.T) {
	cfg := testServer()
	cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
	err := hostile(t, cfg, func(p *script, _ *memConn) {
		p.keyExchange(nil)
		p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
		p.want(msgServiceAccept)
		p.requestRekey()
		p.password("cisco", "wrong")
		p.want(msgAuthFailure)
		p.send(encode(&chanOpenMsg{Type: "session", Window: 1, MaxPacket: 1}))
	})
	var unexpected *ssh.UnexpectedError
	if !errors.As(err, &unexpected) || unexpected.Type != msgChanOpen {
		t.Errorf("Serve = %v, want unexpected CHANNEL_OPEN", err)
	}
}

// Packets that cannot be.
func TestBadPackets(t *testing.T) {
	packet := func(length uint32, padding byte, rest int) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, length), padding), make([]byte, rest)...)
	}
	var length *ssh.PacketLengthError
	var protocol *protocolError
	tests := []struct {
		name   string
		bytes  []byte
		target any
	}{
		{"length 0", packet(0, 0, 16), &length},
		{"length 4", packet(4, 0, 16), &length},
		{"length beyond the bound", packet(maxPacketLength+5, 4, 16), &length},
		{"length 2^32-1", packet(1<<32-1, 4, 16), &length},
		{"length not a multiple of 8", packet(13, 4, 16), &length},
		{"padding 3", packet(12, 3, 11), &protocol},
		{"padding as long as the packet", packet(12, 12, 11), &protocol},
		{"no payload", packet(12, 11, 11), &protocol},
		{"padding 255", packet(12, 255, 11), &protocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := hostile(t, testServer(), func(p *script, conn *memConn) {
				p.identified()
				conn.Write(tt.bytes)
			})
			if !errors.As(err, tt.target) {
				t.Errorf("Serve = %v", err)
			}
		})
	}
	t.Run("truncated", func(t *testing.T) {
		err := hostile(t, testServer(), func(p *script, conn *memConn) {
			p.identified()
			conn.Write(packet(100, 4, 20))
		})
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("Serve = %v, want unexpected EOF", err)
		}
	})
}

// Every cipher notices one wrong bit anywhere in a packet.
func TestTampering(t *testing.T) {
	for _, c := range ciphers {
		for _, m := range macs {
			key, iv, macKey := make([]byte, c.keyLen), make([]byte, c.ivLen), make([]byte, m.keyLen)
			for _, at := range []int{4, 5, 20, 36, -1} {
				seal, err := newSealer(c, m, key, iv, macKey)
				if err != nil {
					t.Fatal(err)
				}
				open, err := newOpener(c, m, key, iv, macKey)
				if err != nil {
					t.Fatal(err)
				}
				lay := seal.layout()
				n := 44 + lay.clear // fits every block size
				p := make([]byte, 4+n+lay.tag)
				binary.BigEndian.PutUint32(p, uint32(n))
				p[4] = 10
				seal.seal(p, 7)
				if at < 0 {
					at += len(p)
				}
				p[at] ^= 1
				if got := open.length(p[:lay.head], 7); got != uint32(n) && at >= lay.head {
					t.Fatalf("%s %s: length %d, want %d", c.name, m.name, got, n)
				}
				if open.open(p, 7) {
					t.Errorf("%s %s: a wrong bit in byte %d was not noticed", c.name, m.name, at)
				}
			}
		}
	}
}

func TestChannelAbuse(t *testing.T) {
	tests := []struct {
		name string
		do   func(p *script)
	}{
		{"window overflow", func(p *script) { p.send(channelData(3, strings.Repeat("x", 1025))) }},
		{"window overflow in pieces", func(p *script) {
			for range 3 {
				p.send(channelData(3, strings.Repeat("x", 500)))
			}
		}},
		{"data longer than the maximum packet", func(p *script) { p.send(channelData(3, strings.Repeat("x", 600))) }},
		{"data on no channel", func(p *script) { p.send(channelData(4, "x")) }},
		{"data on channel 2^32-1", func(p *script) { p.send(channelData(1<<32-1, "x")) }},
		{"data after EOF", func(p *script) { p.send(channelMsg(msgChanEOF, 3), channelData(3, "x")) }},
		{"window adjust wraps", func(p *script) { p.send(windowAdjust(3, 1<<31), windowAdjust(3, 1<<31)) }},
		{"truncated data", func(p *script) { p.send(channelData(3, "hello")[:11]) }},
		{"trailing bytes", func(p *script) { p.send(append(channelData(3, "hello"), 0)) }},
		{"short message", func(p *script) { p.send(raw(msgChanEOF, 0, 0)) }},
		{"confirmation of nothing", func(p *script) { p.send(encode(&chanConfirmMsg{Recipient: 3})) }},
		{"reply to nothing", func(p *script) { p.send(channelMsg(msgChanSuccess, 3)) }},
		{"extended data without code", func(p *script) { p.send(channelMsg(msgChanExtData, 3)) }},
		{"malformed pty-req", func(p *script) { p.send(encode(&chanRequestMsg{3, "pty-req", true, []byte{0, 0, 0, 9, 1}})) }},
		{"malformed exec", func(p *script) { p.send(encode(&chanRequestMsg{3, "exec", true, []byte{0, 0, 0, 9, 1}})) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testServer()
			cfg.Window, cfg.MaxPacket = 1024, 512
			cfg.Handle = func(s ssh.Session) { <-s.Context().Done() }
			err := hostile(t, cfg, func(p *script, _ *memConn) {
				p.login()
				p.openSession()
				tt.do(p)
			})
			var protocol *protocolError
			var unexpected *ssh.UnexpectedError
			if !errors.As(err, &protocol) && !errors.As(err, &unexpected) {
				t.Errorf("Serve = %v, want a protocol error", err)
			}
		})
	}
}

// A wrong guess after KEXINIT is ignored, a right one is not (RFC 4253 section
// 7).
func TestFirstKexPacketFollows(t *testing.T) {
	err := hostile(t, testServer(), func(p *script, _ *memConn) {
		p.identified()
		theirs, err := p.in.packet()
		if err != nil {
			t.Fatal(err)
		}
		theirs = append([]byte(nil), theirs...)
		m, _ := p.kexInit()
		m.Kex = append([]string{"guess@example.com"}, m.Kex...)
		m.FirstKexFollows = true
		p.kex.ours, p.kex.oursRaw = m, encode(m)
		p.send(p.kex.oursRaw, raw(msgKexDHInit, 1, 2, 3))
		p.out.kexing = true
		if err := p.exchangeKeys(theirs); err != nil {
			t.Fatal(err)
		}
	})
	if !errors.Is(err, io.EOF) {
		t.Errorf("Serve = %v, want EOF", err)
	}
}

// Nobody keeps us busy with what has no effect.
func TestFloods(t *testing.T) {
	t.Run("IGNORE", func(t *testing.T) {
		err := hostile(t, testServer(), func(p *script, _ *memConn) {
			p.keyExchange(nil)
			for range maxIdleMessages + 1 {
				p.out.send(raw(msgIgnore, 0, 0, 0, 0))
			}
		})
		var protocol *protocolError
		if !errors.As(err, &protocol) {
			t.Errorf("Serve = %v, want a protocol error", err)
		}
	})
	t.Run("none", func(t *testing.T) {
		err := hostile(t, testServer(), func(p *script, _ *memConn) {
			p.keyExchange(nil)
			p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
			for range maxAuthRequests + 1 {
				p.out.send(encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil}))
			}
		})
		var protocol *protocolError
		if !errors.As(err, &protocol) {
			t.Errorf("Serve = %v, want a protocol error", err)
		}
	})
}

// A client has keys exchanged as often as it likes once it has logged in, but not
// before.
func TestEarlyRekeys(t *testing.T) {
	rekey := func(p *script) error {
		p.requestRekey()
		m, err := p.in.packet()
		if err != nil || m[0] != msgKexInit {
			return cmp.Or(err, errTest)
		}
		return p.exchangeKeys(m)
	}
	t.Run("before", func(t *testing.T) {
		done := 0
		cfg := testServer()
		cfg.Trace = func(e ssh.Event) {
			if _, ok := e.(ssh.NewKeysReceived); ok {
				done++
			}
		}
		err := hostile(t, cfg, func(p *script, _ *memConn) {
			p.keyed()
			for range 100 * maxEarlyRekeys {
				if rekey(p) != nil {
					return
				}
			}
		})
		var protocol *protocolError
		if !errors.As(err, &protocol) || done != 1+maxEarlyRekeys {
			t.Errorf("Serve = %v after %d key exchanges, want a protocol error after %d", err, done, 1+maxEarlyRekeys)
		}
	})
	t.Run("after", func(t *testing.T) {
		err := hostile(t, testServer(), func(p *script, _ *memConn) {
			p.login()
			for i := range 2 * maxEarlyRekeys {
				if err := rekey(p); err != nil {
					t.Fatalf("key exchange %d: %v", i, err)
				}
			}
		})
		if !errors.Is(err, io.EOF) {
			t.Errorf("Serve = %v, want EOF", err)
		}
	})
}

// A wrong key shows as a wrong length: the device's log has "Bad packet length
// -1648749991." and a DISCONNECT of 64 bytes with 16 of padding, which is what
// that text makes.
func TestBadLengthDisconnect(t *testing.T) {
	n := int32(-1648749991)
	_, text, ok := disconnectFor(&ssh.PacketLengthError{Length: uint32(n)})
	if want := "Bad packet length -1648749991."; !ok || text != want {
		t.Fatalf("text %q, want %q", text, want)
	}
	if got := 5 + len(encode(&disconnectMsg{Reason: reasonProtocolError, Text: text})) + 16; got != 64 {
		t.Errorf("DISCONNECT is %d bytes, want 64", got)
	}
}

// Identification lines: bounds and forms.
func TestIdentification(t *testing.T) {
	long := "SSH-2.0-" + strings.Repeat("x", 300) + "\r\n"
	tests := []struct {
		in, line string
		preamble bool
		err      error
	}{
		{"SSH-2.0-OpenSSH_9.2\r\nrest", "SSH-2.0-OpenSSH_9.2", false, nil},
		{"SSH-1.99-Cisco-1.25\nrest", "SSH-1.99-Cisco-1.25", false, nil},
		{"hello\r\nSSH-2.0-x\r\nrest", "SSH-2.0-x", true, nil},
		{"hello\r\nSSH-2.0-x\r\n", "", false, ssh.ErrIdentMissing},
		{"GET / HTTP/1.1\r\n", "", false, ssh.ErrIdentMissing},
		{long, "", false, ssh.ErrIdentTooLong},
		{long, "", true, ssh.ErrIdentTooLong},
		{strings.Repeat("x", 300), "", false, ssh.ErrIdentTooLong},
		{strings.Repeat("x\n", 100), "", true, ssh.ErrIdentMissing},
		{strings.Repeat("x", 40000), "", true, ssh.ErrIdentMissing},
		{"SSH-2.0\n", "", false, ssh.ErrIdentSyntax},
		{"SSH-x.y-z\n", "", false, ssh.ErrIdentSyntax},
		{"SSH-2.0-a\x00b\n", "", false, ssh.ErrIdentSyntax},
		{"SSH-2.0-x", "", false, io.ErrUnexpectedEOF},
		{"", "", false, io.EOF},
	}
	for _, tt := range tests {
		for _, size := range []int{1, 64, 1 << 20} {
			line, rest, err := ssh.ReadIdent(&dribbleReader{strings.NewReader(tt.in), size}, tt.preamble)
			if line != tt.line || !errors.Is(err, tt.err) {
				t.Errorf("ReadIdent(%.40q) = %q, %v; want %q, %v", tt.in, line, err, tt.line, tt.err)
			}
			if err == nil && size == 1<<20 && string(rest) != "rest" {
				t.Errorf("ReadIdent(%.40q): rest %q", tt.in, rest)
			}
		}
	}
}

type dribbleReader struct {
	r    io.Reader
	size int
}

func (d *dribbleReader) Read(p []byte) (int, error) { return d.r.Read(p[:min(len(p), d.size)]) }

// Names in a KEXINIT are what RFC 4251 section 6 allows: they are compared, and
// logged when nothing matches.
func TestKexInitNames(t *testing.T) {
	for _, tt := range []struct {
		name string
		list []string
		fine bool
	}{
		{"none at all", nil, true},
		{"64 characters", []string{strings.Repeat("x", 64)}, true},
		{"a domain and punctuation", []string{"gss-gex-sha1-toWM5Slw5Ew8Mqkay+al2g==", "x!~@example.com"}, true},
		{"256 names", strings.Split(strings.Repeat("x,", 255)+"x", ","), true},
		{"65 characters", []string{strings.Repeat("x", 65)}, false},
		{"257 names", strings.Split(strings.Repeat("x,", 256)+"x", ","), false},
		{"257 names, all empty", make([]string, 257), false},
		{"an escape sequence", []string{"x\x1b[2J"}, false},
		{"a line end", []string{"x\n%SYS-5-CONFIG_I: forged"}, false},
		{"a space", []string{"x y"}, false},
		{"delete", []string{"x\x7f"}, false},
		{"eight bits", []string{"x\x9b"}, false},
	} {
		for at := range 10 {
			m := &kexInitMsg{}
			lists := []*[]string{&m.Kex, &m.HostKey, &m.CiphersClient, &m.CiphersServer, &m.MACsClient, &m.MACsServer,
				&m.CompressClient, &m.CompressServer, &m.LanguageClient, &m.LanguageServer}
			*lists[at] = tt.list
			if _, err := decodeKexInit(encode(m)); (err == nil) != tt.fine {
				t.Errorf("%s, in list %d: %v", tt.name, at, err)
			}
		}
	}
	cfg := testServer()
	cfg.OnKex = func(_ ssh.ConnInfo, err error) {
		if no := (*ssh.NoMatchError)(nil); errors.As(err, &no) {
			t.Errorf("to be logged: %q", no.Client)
		}
	}
	err := hostile(t, cfg, func(p *script, _ *memConn) {
		p.identified()
		m, _ := p.kexInit()
		m.CiphersClient = []string{"x\r\n\x1b[2J"}
		p.send(encode(m))
	})
	if protocol := (*protocolError)(nil); !errors.As(err, &protocol) {
		t.Errorf("Serve = %v, want a protocol error", err)
	}
}

// An empty name is dropped from a list, wherever it stands, and the exchange
// hash is over the KEXINIT as it came.
func TestKexInitEmptyNames(t *testing.T) {
	for _, tt := range []struct{ in, want []string }{
		{[]string{"x", "y", ""}, []string{"x", "y"}},
		{[]string{"", "x", "", "", "y"}, []string{"x", "y"}},
		{[]string{"", ""}, nil},
	} {
		m, err := decodeKexInit(encode(&kexInitMsg{CiphersServer: tt.in}))
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
		} else if !slices.Equal(m.CiphersServer, tt.want) {
			t.Errorf("%q is read as %q, want %q", tt.in, m.CiphersServer, tt.want)
		}
	}
	err := hostile(t, testServer(), func(p *script, _ *memConn) {
		p.keyExchange(func(m *kexInitMsg) {
			for _, list := range []*[]string{&m.Kex, &m.HostKey, &m.CiphersClient, &m.CiphersServer, &m.MACsClient, &m.MACsServer} {
				*list = append(*list, "")
			}
		})
	})
	if !errors.Is(err, io.EOF) {
		t.Errorf("Serve = %v, want EOF", err)
	}
}
