package ssh2

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"vtylab/ssh"
)

// protections are one cipher of each construction, with a MAC where it takes one.
var protections = []struct{ cipher, mac string }{
	{"aes128-ctr", "hmac-sha1"}, {"aes256-ctr", "hmac-sha2-256-etm@openssh.com"}, {"aes128-cbc", "hmac-md5-96"},
	{"aes256-cbc", "hmac-sha2-512-etm@openssh.com"}, {"3des-cbc", "hmac-sha1-96"}, {"aes128-gcm@openssh.com", "hmac-sha1"},
	{"chacha20-poly1305@openssh.com", "hmac-sha1"},
}

// Packets that cannot be, under every construction, with a MAC that is right
// for them: they end the connection, and the client reads why.
func TestForgedPackets(t *testing.T) {
	var length *ssh.PacketLengthError
	var padding *protocolError
	tests := []struct {
		name    string
		forge   func(p []byte, n uint32) // before it is sealed; n is its length field
		spoil   func(p []byte) []byte    // afterwards
		err     any                      // what Serve returns: an error, or the type of one
		goodbye string
	}{
		{"length 0", field(func(uint32) uint32 { return 0 }), nil, &length, "Bad packet length 0."},
		{"length 1", field(func(uint32) uint32 { return 1 }), nil, &length, "Bad packet length 1."},
		{"length 4, a padding and no payload", field(func(uint32) uint32 { return 4 }), nil, &length, "Bad packet length 4."},
		{"length not of whole blocks", field(func(n uint32) uint32 { return n + 1 }), nil, &length, "Bad packet length "},
		{"length 35001", field(func(uint32) uint32 { return 35001 }), nil, &length, "Bad packet length 35001."},
		{"length of a gigabyte", field(func(uint32) uint32 { return 1 << 30 }), nil, &length, "Bad packet length 1073741824."},
		{"the most negative length", field(func(uint32) uint32 { return 1 << 31 }), nil, &length, "Bad packet length -2147483648."},
		{"length -1", field(func(uint32) uint32 { return 1<<32 - 1 }), nil, &length, "Bad packet length -1."},
		{"padding 0", func(p []byte, _ uint32) { p[4] = 0 }, nil, &padding, "padding 0 in"},
		{"padding 3", func(p []byte, _ uint32) { p[4] = 3 }, nil, &padding, "padding 3 in"},
		{"padding that leaves no payload", func(p []byte, n uint32) { p[4] = byte(n - 1) }, nil, &padding, "padding "},
		{"padding as long as the packet", func(p []byte, n uint32) { p[4] = byte(n) }, nil, &padding, "padding "},
		{"padding 255", func(p []byte, _ uint32) { p[4] = 255 }, nil, &padding, "padding 255 in"},
		{"a wrong MAC", nil, func(p []byte) []byte { p[len(p)-1] ^= 1; return p }, ErrMAC, "Corrupted MAC on input."},
		{"cut off in the MAC", nil, func(p []byte) []byte { return p[:len(p)-1] }, io.ErrUnexpectedEOF, ""},
		{"cut off in the content", nil, func(p []byte) []byte { return p[:40] }, io.ErrUnexpectedEOF, ""},
		{"cut off in the length", nil, func(p []byte) []byte { return p[:3] }, io.ErrUnexpectedEOF, ""},
	}
	for _, c := range protections {
		for _, tt := range tests {
			t.Run(c.cipher+"/"+c.mac+"/"+tt.name, func(t *testing.T) {
				cfg := testServer()
				cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = cipherNames(), macNames()
				cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
				cc, sc := memPair()
				_, done := start(t, sc, cfg)
				p := newScript(t, cc, &Config{Algorithms: Algorithms{Ciphers: []string{c.cipher}, MACs: []string{c.mac}}})
				p.keyed()
				packet := p.seal(tt.forge)
				if tt.spoil != nil {
					packet = tt.spoil(packet)
				}
				cc.Write(packet)
				if tt.err == &length {
					cc.Write(make([]byte, maxPacketLength)) // with CBC the server reads as much before it answers
				}
				cc.CloseWrite()
				if d := p.ended(); (d != nil) != (tt.goodbye != "") || d != nil && !strings.HasPrefix(d.Text, tt.goodbye) {
					t.Errorf("the server said goodbye with %v, want %q", d, tt.goodbye)
				}
				if err := <-done; !isError(err, tt.err) {
					t.Errorf("Serve = %v, want %T", err, tt.err)
				}
			})
		}
	}
}

// isError compares with an error, or with the type that target points to.
func isError(err error, target any) bool {
	if want, ok := target.(error); ok {
		return errors.Is(err, want)
	}
	return errors.As(err, target)
}

// field changes a length.
func field(change func(uint32) uint32) func(p []byte, n uint32) {
	return func(p []byte, n uint32) { binary.BigEndian.PutUint32(p, change(n)) }
}

// seal makes an IGNORE of 64 bytes or so, changed before it is sealed.
func (s *script) seal(change func(p []byte, n uint32)) []byte {
	lay := s.out.cipher.layout()
	n := uint32(60 + lay.clear)
	p := make([]byte, 4+int(n)+lay.tag)
	binary.BigEndian.PutUint32(p, n)
	p[4], p[5] = 20, msgIgnore
	if change != nil {
		change(p, n)
	}
	s.out.cipher.seal(p, s.out.seq)
	s.out.seq++
	return p
}

// A packet that is sent twice is not taken twice: the second is out of sequence.
func TestReplayedPacket(t *testing.T) {
	for _, c := range protections {
		t.Run(c.cipher+"/"+c.mac, func(t *testing.T) {
			cfg := testServer()
			cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = cipherNames(), macNames()
			err := hostile(t, cfg, func(p *script, conn *memConn) {
				p.cfg.Algorithms.Ciphers, p.cfg.Algorithms.MACs = []string{c.cipher}, []string{c.mac}
				p.keyed()
				packet := p.seal(nil)
				conn.Write(packet)
				conn.Write(packet)
				conn.Write(make([]byte, maxPacketLength))
			})
			var length *ssh.PacketLengthError
			if !errors.Is(err, ErrMAC) && !errors.As(err, &length) {
				t.Errorf("Serve = %v, want a wrong MAC or length", err)
			}
		})
	}
}

// What first_kex_packet_follows announces is dropped when the guess was wrong,
// and used when it was right (RFC 4253 section 7).
func TestGuesses(t *testing.T) {
	front := func(list *[]string, name string) { *list = append([]string{name}, *list...) }
	tests := []struct {
		name   string
		guess  func(m *kexInitMsg)
		packet []byte // sent behind the KEXINIT, before the right one
		ok     bool
	}{
		{"a right guess", func(*kexInitMsg) {}, nil, true},
		{"a right guess, and the packet again", func(*kexInitMsg) {}, encode(&ecdhInitMsg{make([]byte, 32)}), false},
		{"a wrong method", func(m *kexInitMsg) { front(&m.Kex, "guess@example.com") }, raw(msgKexDHInit, 1, 2, 3), true},
		{"a wrong host key", func(m *kexInitMsg) { front(&m.HostKey, "ssh-dss") }, raw(msgKexDHInit, 1, 2, 3), true},
		{"a wrong guess that is a NEWKEYS", func(m *kexInitMsg) { front(&m.Kex, "guess@example.com") }, raw(msgNewKeys), true},
		{"a wrong guess, and nothing behind it", func(m *kexInitMsg) { front(&m.Kex, "guess@example.com") }, nil, false},
		{"a wrong guess, twice", func(m *kexInitMsg) { front(&m.Kex, "guess@example.com") }, nil, false},
		{"a wrong cipher is no wrong guess", func(m *kexInitMsg) { front(&m.CiphersClient, "guess@example.com") }, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			keyed := false
			cfg := testServer()
			cfg.OnKex = func(_ ssh.ConnInfo, err error) { keyed = err == nil }
			hostile(t, cfg, func(p *script, conn *memConn) {
				p.identified()
				theirs, err := p.in.packet()
				if err != nil {
					t.Fatal(err)
				}
				theirs = slices.Clone(theirs)
				m, _ := p.kexInit()
				// The server's own first choices, so that only the test's change counts.
				s := cfg.Algorithms
				m.Kex, m.HostKey = slices.Clone(s.Kex), []string{ssh.KeyECDSA256}
				m.FirstKexFollows = true
				tt.guess(m)
				p.kex.ours, p.kex.oursRaw = m, encode(m)
				p.send(p.kex.oursRaw)
				if tt.packet != nil {
					p.send(tt.packet)
				}
				if tt.name == "a wrong guess, twice" {
					p.send(raw(msgKexDHInit, 1, 2, 3), raw(msgKexDHInit, 1, 2, 3))
				}
				p.out.kexing = true
				if !tt.ok {
					conn.CloseWrite()
				}
				if err := p.exchangeKeys(theirs); (err == nil) != tt.ok {
					t.Errorf("key exchange: %v", err)
				}
			})
			if keyed != tt.ok {
				t.Errorf("keys were exchanged: %v, want %v", keyed, tt.ok)
			}
		})
	}
}

// NEWKEYS takes effect once, and where RFC 4253 section 7.3 has it.
func TestNewKeysOutOfOrder(t *testing.T) {
	ours := func(p *script) {
		p.identified()
		m, _ := p.kexInit()
		p.send(encode(m))
	}
	tests := []struct {
		name string
		do   func(p *script)
	}{
		{"before KEXINIT", func(p *script) { p.identified(); p.send(raw(msgNewKeys)) }},
		{"in place of KEXDH_INIT", func(p *script) { ours(p); p.send(raw(msgNewKeys)) }},
		{"with something behind it", func(p *script) { ours(p); p.send(raw(msgNewKeys, 0)) }},
		{"twice", func(p *script) { p.keyExchange(nil); p.send(raw(msgNewKeys)) }},
		{"while users authenticate", func(p *script) { p.keyed(); p.send(raw(msgNewKeys)) }},
		{"within a question", func(p *script) { p.keyed(); p.interactive("cisco"); p.send(raw(msgNewKeys)) }},
		{"logged in", func(p *script) { p.login(); p.send(raw(msgNewKeys)) }},
		{"in place of KEXDH_INIT, later", func(p *script) {
			p.login()
			m, _ := p.kexInit()
			p.send(encode(m), raw(msgNewKeys))
		}},
		{"KEXINIT twice", func(p *script) {
			p.login()
			m, _ := p.kexInit()
			p.send(encode(m), encode(m))
		}},
		{"KEXDH_INIT without KEXINIT", func(p *script) { p.login(); p.send(encode(&ecdhInitMsg{make([]byte, 32)})) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testServer()
			cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
			err := hostile(t, cfg, func(p *script, _ *memConn) {
				tt.do(p)
				wantDisconnect(p, reasonProtocolError)
			})
			var unexpected *ssh.UnexpectedError
			if !errors.As(err, &unexpected) {
				t.Errorf("Serve = %v, want an unexpected message", err)
			}
		})
	}
}

// Behind its NEWKEYS a client has nothing to say under the old keys.
func TestOldKeys(t *testing.T) {
	err := hostile(t, testServer(), func(p *script, _ *memConn) {
		p.cfg.Algorithms.Ciphers = []string{"aes128-gcm@openssh.com"}
		p.login()
		old := p.out.cipher
		p.requestRekey()
		p.send(encode(&globalRequestMsg{"keepalive@openssh.com", true, nil})) // held until the keys have changed
		p.want(msgRequestFailure)
		p.out.cipher = old
		p.send(encode(&globalRequestMsg{"keepalive@openssh.com", true, nil}))
	})
	if !errors.Is(err, ErrMAC) {
		t.Errorf("Serve = %v, want %v", err, ErrMAC)
	}
}
