package ssh2

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"reflect"
	"strings"
	"testing"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

func FuzzIdentification(f *testing.F) {
	for _, line := range []string{"SSH-2.0-OpenSSH_9.2\r\n", "banner\nSSH-1.99-Cisco-1.25\nrest", "SSH-1.5-x\n", "SSH-2.0-\n", "SSH-2.0\n",
		"SSH-2.0-a\x00b\n", "GET / HTTP/1.1\r\n\r\n", "SSH-2.0-" + strings.Repeat("x", 300), strings.Repeat("\n", 100) + "SSH-2.0-x\n"} {
		f.Add([]byte(line), true, byte(0))
		f.Add([]byte(line), false, byte(1))
	}
	f.Fuzz(func(t *testing.T, b []byte, preamble bool, size byte) {
		line, rest, err := ssh.ReadIdent(&dribbleReader{bytes.NewReader(b), int(size) + 1}, preamble)
		if err != nil {
			return
		}
		if len(line) > ssh.MaxIdent || strings.ContainsAny(line, "\n\x00") || !bytes.Contains(b, rest) {
			t.Errorf("line %q, rest %q", line, rest)
		}
		if !strings.HasPrefix(line, "SSH-") {
			t.Errorf("%q is taken for an identification", line)
		}
	})
}

// unchecked is a cipher whose MAC is always right, so that the fuzzer reaches
// what lies behind.
type unchecked struct{ opener }

func (o unchecked) open(p []byte, seq uint32) bool {
	switch c := o.opener.(type) {
	case *maced:
		c.c.crypt(p[max(c.lay.clear, c.lay.head) : len(p)-c.lay.tag])
	case *gcmCipher:
		// Encrypting undoes a stream cipher as well.
		c.aead.Seal(p[4:4], c.nonce[:], p[4:len(p)-16], p[:4])
		c.next()
	case *chachaCipher:
		c.crypt(p, seq)
	}
	return true
}

// FuzzPacketReader reads packets of the fuzzer's choice, lengths and paddings
// included, under every cipher and MAC. Each packet has a two-byte length in b.
func FuzzPacketReader(f *testing.F) {
	ignore := []byte{0, 0, 0, 28, 6, msgIgnore, 0, 0, 0, 17}
	packets := [][]byte{
		append(ignore, make([]byte, 22)...), {0, 0, 0, 12, 10, msgNewKeys}, {0, 0, 0, 16, 14, msgNewKeys}, {0, 0, 0, 0}, {255, 255, 255, 255},
		{0, 0, 136, 184, 4, msgIgnore}, {0, 0, 0, 12, 255, 1}, {0, 0, 0, 12, 3, 1},
	}
	for which := range len(ciphers) + 1 {
		for mac := range macs {
			f.Add(frame(packets...), byte(which), byte(mac), byte(which+mac))
			f.Add(frame(packets[mac%len(packets)]), byte(which), byte(mac), byte(0))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, which, mac, chunk byte) {
		client, server := memPair()
		cfg := NewConfig()
		tr := newTransport(server, &cfg, false)
		defer func() { tr.abort(); tr.wait() }()
		var out sealer = clearText{}
		if int(which) < len(ciphers) {
			c, m := ciphers[which], macs[int(mac)%len(macs)]
			key, iv, macKey := make([]byte, c.keyLen), make([]byte, c.ivLen), make([]byte, m.keyLen)
			in, err := newOpener(c, m, key, iv, macKey)
			if err != nil {
				t.Fatal(err)
			}
			if out, err = newSealer(c, m, key, iv, macKey); err != nil {
				t.Fatal(err)
			}
			tr.in.cipher = unchecked{in}
		}
		client.dribble = int(chunk)
		lay := out.layout()
		for seq := uint32(0); len(b) >= 2; seq++ {
			n := min(int(binary.BigEndian.Uint16(b)), len(b)-2)
			// What the cipher can seal: whole blocks behind a length.
			p := make([]byte, lay.clear+(max(n, 8)+lay.block-1)/lay.block*lay.block+lay.tag)
			copy(p, b[2:2+n])
			out.seal(p, seq)
			client.Write(p)
			b = b[2+n:]
		}
		client.CloseWrite()
		for {
			p, err := tr.in.packet()
			var length *ssh.PacketLengthError
			var protocol *protocolError
			switch {
			case err == nil && len(p) > 0 && len(p) <= maxPacketLength:
			case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &length), errors.As(err, &protocol):
				return
			default:
				t.Fatalf("payload of %d, %v", len(p), err)
			}
		}
	})
}

// kexLists are what clients were seen to offer.
var kexLists = []kexInitMsg{
	{ // OpenSSH 9
		Kex:           strings.Split("sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group16-sha512,ext-info-c,kex-strict-c-v00@openssh.com", ","),
		HostKey:       strings.Split("ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256,ssh-ed25519,rsa-sha2-512,rsa-sha2-256", ","),
		CiphersClient: strings.Split("chacha20-poly1305@openssh.com,aes128-ctr,aes256-gcm@openssh.com", ","), CiphersServer: strings.Split("chacha20-poly1305@openssh.com,aes128-ctr", ","),
		MACsClient: strings.Split("umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha1", ","), MACsServer: []string{"hmac-sha1"},
		CompressClient: []string{"none", "zlib@openssh.com"}, CompressServer: []string{"none"},
	},
	{ // a device of 2005, with a guess
		Kex: []string{"diffie-hellman-group1-sha1"}, HostKey: []string{"ssh-rsa"},
		CiphersClient: []string{"aes128-cbc", "3des-cbc"}, CiphersServer: []string{"3des-cbc"}, MACsClient: []string{"hmac-md5"}, MACsServer: []string{"hmac-md5-96"},
		CompressClient: []string{"none"}, CompressServer: []string{"none"}, FirstKexFollows: true,
	},
	{Kex: []string{strictServer, extInfo}, LanguageClient: []string{"en", "de"}, Reserved: 1},
	{},
}

func FuzzKexInit(f *testing.F) {
	cfg := NewConfig()
	tr := newTransport(nil, &cfg, false)
	tr.kex.hostKeys = []ssh.Signer{ecdsa256(), rsa1024()}
	ours, _ := tr.kexInit()
	f.Add(encode(ours))
	for i := range kexLists {
		p := encode(&kexLists[i])
		f.Add(p)
		f.Add(p[:len(p)-3])
		f.Add(append(p, 0))
		f.Add(bytes.Replace(p, []byte("none"), []byte("non,"), 1))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		theirs, err := decodeKexInit(b)
		if err != nil {
			return
		}
		// Empty names of a list are dropped (RFC 4251 section 5 has none): nothing else is.
		again, err := decodeKexInit(encode(theirs))
		if b[0] != msgKexInit || err != nil || !reflect.DeepEqual(again, theirs) || len(encode(theirs)) > len(b) {
			t.Errorf("%q was taken for %+v, which reads back as %+v, %v", b, theirs, again, err)
		}
		if a, err := negotiate(theirs, ours, theirs); err == nil {
			_, cipher := findCipher(a.client.names.Cipher)
			_, back := findCipher(a.server.names.Cipher)
			if a.kex.server == nil || tr.kex.hostKeyFor(a.hostKey) == nil || !cipher || !back || a.wrongGuess && !theirs.FirstKexFollows {
				t.Errorf("agreed on %+v", a)
			}
		} else if no := (*ssh.NoMatchError)(nil); !errors.As(err, &no) || strings.ContainsFunc(no.Error(), func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("no agreement: %q", err)
		}
	})
}

// FuzzTerminalModes reads the modes of a pty-req (RFC 4254 section 8).
func FuzzTerminalModes(f *testing.F) {
	for _, b := range [][]byte{
		{}, {0}, {53, 0, 0, 0, 1, 0}, {129, 0, 0, 150, 0, 128, 0, 0, 150, 0, 3, 0, 0, 0, 127, 0}, {1, 0, 0}, {160, 1, 2, 3, 4}, {159, 255, 255, 255, 255, 159, 0, 0, 0, 0, 0, 7},
		bytes.Repeat([]byte{1, 0, 0, 0, 0}, 1000),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		modes := decodeModes(b)
		for op := range modes {
			if op == 0 || op >= 160 {
				t.Errorf("opcode %d is none with an argument", op)
			}
		}
		if again := decodeModes(encodeModes(modes)); !maps.Equal(again, modes) {
			t.Errorf("%v becomes %v", modes, again)
		}
		var p ptyRequest
		if err := decodeFields(encode(&ptyRequest{"vt100", 80, 24, 0, 0, b}), "pty-req", &p); err != nil || !maps.Equal(p.pty().Modes, modes) {
			t.Errorf("a pty-req with %v has %v, %v", modes, p.pty().Modes, err)
		}
	})
}

// fuzzServer plays messages to a server whose transport is in the clear, from a
// state on. Each message has a two-byte length.
func fuzzServer(t *testing.T, authenticated bool, b []byte) {
	client, server := memPair()
	cfg := testServer()
	cfg.Auth = &testAuth{key: ecdsa256().Blob()}
	cfg.Handle = func(s ssh.Session) {
		if !authenticated {
			t.Error("a session without authentication")
		}
		buf := make([]byte, 100)
		for {
			if _, err := s.Read(buf); err != nil {
				return
			}
		}
	}
	s := NewServer(server, cfg)
	s.t.kex.sessionID = make([]byte, 32)
	s.t.in.cipher = clearText{}
	c := newTransport(client, &Config{Rand: s.common.Rand}, true)
	for len(b) >= 2 {
		n := int(binary.BigEndian.Uint16(b)) % 2000
		b = b[2:]
		n = min(n, len(b))
		if n > 0 {
			c.out.send(b[:n])
		}
		b = b[n:]
	}
	client.CloseWrite()
	if authenticated {
		s.t.setPhase(ssh.Connected)
		s.mux.run()
	} else {
		s.t.setPhase(ssh.Authentication)
		if s.authenticate() == nil && s.user != "cisco" {
			t.Errorf("user %q was accepted", s.user)
		}
	}
	s.cancel(context.Canceled)
	s.t.abort()
	s.mux.finishAll()
	s.sessions.Wait()
	s.parting.Stop()
	s.t.wait()
	c.abort()
	c.wait()
}

func frame(messages ...[]byte) (b []byte) {
	for _, m := range messages {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(m))), m...)
	}
	return b
}

func FuzzUserAuth(f *testing.F) {
	service := encode(&serviceRequestMsg{"ssh-userauth"})
	request := func(method string, fields []byte) []byte {
		return encode(&authRequestMsg{"cisco", "ssh-connection", method, fields})
	}
	f.Add(frame(service, request("none", nil), request("password", encode(&authPassword{Password: []byte("x")}))))
	f.Add(frame(service, request("keyboard-interactive", encode(&authInteractive{})), encode(&infoResponseMsg{Count: 1, Responses: wire.AppendString(nil, "x")})))
	f.Add(frame(service, request("publickey", encode(&authPublicKey{Algorithm: ssh.KeyECDSA256, Blob: ecdsa256().Blob()}))))
	f.Add(frame(service, request("publickey", encode(&authPublicKey{Signed: true, Algorithm: ssh.KeyECDSA256, Blob: ecdsa256().Blob(), Signature: wire.AppendString(nil, "x")}))))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzServer(t, false, b) })
}

func FuzzChannels(f *testing.F) {
	open := encode(&chanOpenMsg{Type: "session", Window: 1000, MaxPacket: 100})
	f.Add(frame(open, encode(&chanRequestMsg{3, "pty-req", true, encode(&ptyRequest{Term: "xterm", Modes: []byte{1, 0, 0, 0, 1, 0}})}),
		encode(&chanRequestMsg{3, "shell", true, nil}), channelData(3, "hello"), channelMsg(msgChanEOF, 3), channelMsg(msgChanClose, 3)))
	f.Add(frame(open, encode(&chanRequestMsg{3, "exec", false, wire.AppendString(nil, "x")}), windowAdjust(3, 5), channelMsg(msgChanClose, 3), open))
	f.Add(frame(encode(&globalRequestMsg{"x", true, nil}), encode(&chanOpenMsg{Type: "x11"})))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzServer(t, true, b) })
}

// No allocation per data packet, in or out, with nobody tracing.
func TestDataAllocations(t *testing.T) {
	for _, cipher := range []string{"aes128-ctr", "aes128-cbc", "aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"} {
		for _, mac := range []string{"hmac-sha1", "hmac-sha2-256-etm@openssh.com"} {
			c, _ := findCipher(cipher)
			m, _ := findMAC(mac)
			client, server := memPair()
			cfg := NewConfig()
			out, in := newTransport(client, &cfg, true), newTransport(server, &cfg, false)
			key, iv, macKey := make([]byte, c.keyLen), make([]byte, c.ivLen), make([]byte, m.keyLen)
			var err error
			if out.out.cipher, err = newSealer(c, m, key, iv, macKey); err != nil {
				t.Fatal(err)
			}
			if in.in.cipher, err = newOpener(c, m, key, iv, macKey); err != nil {
				t.Fatal(err)
			}
			data := make([]byte, 1000)
			n := testing.AllocsPerRun(100, func() {
				if err := out.out.data(3, payload{}, data); err != nil {
					t.Fatal(err)
				}
			})
			if n > 0 {
				t.Errorf("%s %s: %v allocations per packet out", cipher, mac, n)
			}
			if err := out.out.Flush(); err != nil {
				t.Fatal(err)
			}
			n = testing.AllocsPerRun(50, func() {
				if _, err := in.in.packet(); err != nil {
					t.Fatal(err)
				}
			})
			if n > 0 {
				t.Errorf("%s %s: %v allocations per packet in", cipher, mac, n)
			}
			client.Close()
			out.abort()
			in.abort()
			out.wait()
			in.wait()
		}
	}
}
