package ssh2

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// hostileServer connects a client of ours to a server that does what a test
// says, and returns how the handshake ends.
func hostileServer(t *testing.T, cfg *ClientConfig, do func(s *transport, conn *memConn)) error {
	t.Helper()
	cc, sc := memPair()
	common := testServer().Config.withDefaults()
	s := newTransport(sc, &common, false)
	s.kex.hostKeys = []ssh.Signer{ecdsa256()}
	over := make(chan struct{})
	go func() {
		defer close(over)
		do(s, sc)
		sc.CloseWrite()
		wire.Drain(sc)
		s.abort()
		s.wait()
	}()
	c := NewClient(cc, cfg)
	err := c.Handshake(t.Context())
	c.Close()
	<-over
	return err
}

// What a client does not take from a server.
func TestHostileServers(t *testing.T) {
	keyed := func(s *transport) {
		if err := errors.Join(s.identify(nil), s.firstKex()); err != nil {
			t.Error(err)
		}
	}
	asked := func(s *transport) {
		keyed(s)
		if err := s.expect(msgServiceRequest, &serviceRequestMsg{}); err != nil {
			t.Error(err)
		}
		s.out.send(encode(&serviceAcceptMsg{"ssh-userauth"}))
	}
	var protocol *protocolError
	var unexpected *ssh.UnexpectedError
	var length *ssh.PacketLengthError
	tests := []struct {
		name string
		do   func(s *transport, conn *memConn)
		err  any
	}{
		{"lines before its identification, for ever", func(_ *transport, conn *memConn) {
			conn.Write([]byte(strings.Repeat("*** Authorized access only ***\r\n", 10000)))
		}, ssh.ErrIdentMissing},
		{"a line before its identification, for ever", func(_ *transport, conn *memConn) {
			conn.Write([]byte(strings.Repeat("*", 1<<20)))
		}, ssh.ErrIdentMissing},
		{"IGNORE for ever", func(s *transport, _ *memConn) {
			asked(s)
			for range maxIdleMessages {
				s.out.send(raw(msgIgnore, 0, 0, 0, 0))
			}
		}, &protocol},
		{"banners for ever", func(s *transport, _ *memConn) {
			asked(s)
			for range maxIdleMessages {
				s.out.send(encode(&authBannerMsg{Text: "Authorized access only\r\n"}))
			}
		}, &protocol},
		{"failures for ever", func(s *transport, _ *memConn) {
			asked(s)
			for range 1000 {
				s.out.send(encode(&authFailureMsg{Methods: []string{"password"}}))
			}
		}, ssh.ErrAuthFailed},
		{"questions for ever", func(s *transport, _ *memConn) {
			asked(s)
			s.out.send(encode(&authFailureMsg{Methods: []string{"keyboard-interactive"}}))
			for range 1000 {
				s.out.send(encode(&infoRequestMsg{}))
			}
		}, &protocol},
		{"success before the request", func(s *transport, _ *memConn) { keyed(s); s.out.send(raw(msgAuthSuccess)) }, &unexpected},
		{"a channel before success", func(s *transport, _ *memConn) {
			asked(s)
			s.out.send(encode(&chanOpenMsg{Type: "session", Window: 1, MaxPacket: 1}))
		}, &unexpected},
		{"a packet of length -1", func(s *transport, conn *memConn) {
			s.identify(nil)
			conn.Write([]byte(strings.Repeat("\xff", 64)))
		}, &length},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testClient()
			cfg.Auth = append(cfg.Auth, KeyboardInteractive(3, func(_ context.Context, _, _ string, p []ssh.Prompt) ([]string, error) {
				return make([]string, len(p)), nil
			}))
			err := hostileServer(t, cfg, tt.do)
			if !isError(err, tt.err) {
				t.Errorf("Handshake = %v, want %T", err, tt.err)
			}
		})
	}
}

// A server that says nothing keeps a client as long as its context lasts.
func TestSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cc, sc := memPair()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() {
			for _, b := range []byte("SSH-2.0-slow") {
				sc.Write([]byte{b})
				time.Sleep(time.Second)
			}
		}()
		if err := NewClient(cc, testClient()).Handshake(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Handshake = %v", err)
		}
	})
}
