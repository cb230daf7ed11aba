package ssh2

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"vtylab/ssh"
)

func FuzzIdentification(f *testing.F) {
	f.Add([]byte("SSH-2.0-OpenSSH_9.2\r\n"), true)
	f.Add([]byte("banner\nSSH-1.99-Cisco-1.25\nrest"), true)
	f.Fuzz(func(t *testing.T, b []byte, preamble bool) {
		line, rest, err := ssh.ReadIdent(bytes.NewReader(b), preamble)
		if err == nil && (len(line) > ssh.MaxIdent || !bytes.HasSuffix(b, rest)) {
			t.Errorf("line %q, rest %q", line, rest)
		}
	})
}

// openAll stands for a cipher whose MAC is always right, so that the fuzzer
// reaches what lies behind.
type openAll struct{ opener }

func (o openAll) open(p []byte, seq uint32) bool { o.opener.open(p, seq); return true }

func FuzzPacketReader(f *testing.F) {
	f.Add([]byte{0, 0, 0, 12, 10, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, byte(255))
	f.Add(bytes.Repeat([]byte{0, 0, 0, 28, 6, 94}, 100), byte(7))
	f.Fuzz(func(t *testing.T, b []byte, which byte) {
		client, server := memPair()
		cfg := NewConfig()
		tr := newTransport(server, &cfg, false)
		if int(which) < len(ciphers) {
			c, m := ciphers[which], macs[int(which)%len(macs)]
			o, err := newOpener(c, m, make([]byte, c.keyLen), make([]byte, c.ivLen), make([]byte, m.keyLen))
			if err != nil {
				t.Fatal(err)
			}
			tr.in.cipher = openAll{o}
		}
		client.Write(b)
		client.CloseWrite()
		for {
			p, err := tr.in.packet()
			if err != nil {
				break
			}
			if len(p) == 0 || len(p) > maxPacketLength {
				t.Fatalf("payload of %d", len(p))
			}
		}
		tr.abort()
		tr.wait()
	})
}

func FuzzKexInit(f *testing.F) {
	cfg := NewConfig()
	tr := newTransport(nil, &cfg, false)
	m, _ := tr.kexInit()
	f.Add(encode(m))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		var theirs kexInitMsg
		if decode(b, &theirs) != nil {
			return
		}
		if a, err := negotiate(&theirs, m, &theirs); err == nil && (a.kex.server == nil || a.hostKey == "") {
			t.Errorf("agreed on %+v", a)
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
	s.stopTimers()
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
	f.Add(frame(service, request("keyboard-interactive", encode(&authInteractive{})), encode(&infoResponseMsg{Count: 1, Responses: appendString(nil, "x")})))
	f.Add(frame(service, request("publickey", encode(&authPublicKey{Algorithm: ssh.KeyECDSA256, Blob: ecdsa256().Blob()}))))
	f.Add(frame(service, request("publickey", encode(&authPublicKey{Signed: true, Algorithm: ssh.KeyECDSA256, Blob: ecdsa256().Blob(), Signature: appendString(nil, "x")}))))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzServer(t, false, b) })
}

func FuzzChannels(f *testing.F) {
	open := encode(&chanOpenMsg{Type: "session", Window: 1000, MaxPacket: 100})
	f.Add(frame(open, encode(&chanRequestMsg{3, "pty-req", true, encode(&ptyRequest{Term: "xterm", Modes: []byte{1, 0, 0, 0, 1, 0}})}),
		encode(&chanRequestMsg{3, "shell", true, nil}), channelData(3, "hello"), channelMsg(msgChanEOF, 3), channelMsg(msgChanClose, 3)))
	f.Add(frame(open, encode(&chanRequestMsg{3, "exec", false, appendString(nil, "x")}), windowAdjust(3, 5), channelMsg(msgChanClose, 3), open))
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
				if err := out.out.data(3, 0, data); err != nil {
					t.Fatal(err)
				}
			})
			if n > 0 {
				t.Errorf("%s %s: %v allocations per packet out", cipher, mac, n)
			}
			if err := out.out.flush(); err != nil {
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
