package ssh2

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// request is a channel request without a reply, shell when it says nothing.
func request(id uint32, kind string, data ...byte) []byte {
	return encode(&chanRequestMsg{id, kind, false, data})
}

func extendedData(id, code uint32, s string) []byte {
	return wire.AppendString(binary.BigEndian.AppendUint32(channelMsg(msgChanExtData, id), code), s)
}

// Nothing is taken on a channel that is closed, or that has ended where it would
// have to be read, while other channels live.
func TestClosedChannels(t *testing.T) {
	messages := map[string][]byte{
		"data": channelData(3, "x"), "no data": channelData(3, ""), "extended data": extendedData(3, 1, "x"), "EOF": channelMsg(msgChanEOF, 3),
		"CLOSE": channelMsg(msgChanClose, 3), "WINDOW_ADJUST": windowAdjust(3, 1), "exec": request(3, "exec", wire.AppendString(nil, "cat")...),
		"window-change": request(3, "window-change", make([]byte, 16)...), "SUCCESS": channelMsg(msgChanSuccess, 3),
	}
	states := []struct {
		name    string
		enter   func(p *script)
		allowed string
	}{
		{"closed by the client, idle", func(p *script) {
			p.send(channelMsg(msgChanClose, 3))
			p.want(msgChanClose)
		}, ""},
		{"closed by the client, in use", func(p *script) {
			p.send(request(3, "shell"), channelMsg(msgChanClose, 3))
			p.want(msgChanClose)
		}, ""},
		{"closed by both", func(p *script) {
			p.send(request(3, "exec", wire.AppendString(nil, "status 0")...))
			p.want(msgChanExtData)
			p.want(msgChanRequest)
			p.want(msgChanEOF)
			p.want(msgChanClose)
			p.send(channelMsg(msgChanClose, 3))
		}, ""},
		{"closed by the server: what is under way is dropped", func(p *script) {
			p.send(request(3, "exec", wire.AppendString(nil, "status 0")...))
			p.want(msgChanExtData)
			p.want(msgChanRequest)
			p.want(msgChanEOF)
			p.want(msgChanClose)
		}, "data,no data,extended data,EOF,CLOSE,WINDOW_ADJUST,exec,window-change"},
		{"ended by the client", func(p *script) {
			p.send(request(3, "exec", wire.AppendString(nil, "wait")...), channelMsg(msgChanEOF, 3))
		}, "EOF,CLOSE,WINDOW_ADJUST,exec,window-change"},
	}
	for _, state := range states {
		for name, message := range messages {
			t.Run(state.name+"/"+name, func(t *testing.T) {
				cfg := testServer()
				cfg.MaxChannels = 2
				cfg.Handle = func(s ssh.Session) {
					if s.Command() == "wait" {
						<-s.Context().Done()
						return
					}
					testProgram(s)
				}
				allowed := strings.Contains(","+state.allowed+",", ","+name+",")
				err := hostile(t, cfg, func(p *script, _ *memConn) {
					p.login()
					p.openSession()
					p.openSession()
					state.enter(p)
					p.send(message)
					if !allowed {
						wantDisconnect(p, reasonProtocolError)
						return
					}
					p.send(encode(&globalRequestMsg{"still there", true, nil}))
					for {
						m, err := p.next()
						if err != nil {
							t.Fatalf("the server is gone: %v", err)
						}
						if m[0] == msgRequestFailure {
							return
						}
					}
				})
				var protocol *protocolError
				if !allowed && !errors.As(err, &protocol) {
					t.Errorf("Serve = %v, want a protocol error", err)
				}
			})
		}
	}
}

// A window holds for data of every kind, read or not, and for a channel whose
// program has gone.
func TestWindowOverflows(t *testing.T) {
	tests := []struct {
		name string
		do   func(p *script)
		ok   bool
	}{
		{"exactly a window", func(p *script) { p.fill(3, 0, 1024) }, true},
		{"a byte more", func(p *script) { p.fill(3, 0, 1025) }, false},
		{"extended data gives back what nobody reads", func(p *script) { p.fill(3, 1, 4096) }, true},
		{"more at once than the maximum packet", func(p *script) { p.send(extendedData(3, 1, strings.Repeat("x", 513))) }, false},
		{"no data, for ever", func(p *script) {
			for range 5000 {
				p.send(channelData(3, ""))
			}
		}, true},
		{"an adjust of nothing, for ever", func(p *script) {
			for range 5000 {
				p.send(windowAdjust(3, 0))
			}
		}, true},
		{"the largest adjust", func(p *script) { p.send(windowAdjust(3, 1<<32-1-1<<20)) }, true},
		{"an adjust too much", func(p *script) { p.send(windowAdjust(3, 1<<32-1<<20)) }, false},
		{"a channel opened with the largest window, and adjusted", func(p *script) {
			p.send(encode(&chanOpenMsg{Type: "session", Window: 1<<32 - 1, MaxPacket: 1 << 15}))
			p.want(msgChanConfirm)
			p.send(windowAdjust(4, 1))
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testServer()
			cfg.Window, cfg.MaxPacket, cfg.MaxChannels = 1024, 512, 2
			cfg.Handle = func(s ssh.Session) { <-s.Context().Done() }
			err := hostile(t, cfg, func(p *script, _ *memConn) {
				p.login()
				p.openSession()
				p.send(request(3, "shell"))
				tt.do(p)
				if tt.ok {
					p.send(encode(&globalRequestMsg{"still there", true, nil}))
					for {
						if m, err := p.next(); err != nil {
							t.Fatalf("the server is gone: %v", err)
						} else if m[0] == msgRequestFailure {
							return
						}
					}
				}
				wantDisconnect(p, reasonProtocolError)
			})
			var protocol *protocolError
			if !tt.ok && !errors.As(err, &protocol) {
				t.Errorf("Serve = %v, want a protocol error", err)
			}
		})
	}
}

// fill sends n bytes of data, or of extended data, in pieces.
func (s *script) fill(id, code uint32, n int) {
	s.t.Helper()
	for ; n > 0; n -= 100 {
		piece := strings.Repeat("x", min(n, 100))
		if code == 0 {
			s.send(channelData(id, piece))
		} else {
			s.send(extendedData(id, code, piece))
		}
	}
}

// reopen opens a session once the server has noticed that another is over, and
// returns its number.
func (s *script) reopen() uint32 {
	s.t.Helper()
	for {
		s.send(encode(&chanOpenMsg{Type: "session", Window: 1 << 20, MaxPacket: 1 << 15}))
		p, err := s.next()
		if err != nil {
			s.t.Fatal(err)
		}
		var m chanConfirmMsg
		if p[0] == msgChanConfirm && decode(p, &m) == nil {
			return m.Sender
		}
	}
}

// Channels beyond what is allowed, or of a kind that is not, are refused one by
// one; the first lives on, and a number that is free is given again.
func TestTooManyChannels(t *testing.T) {
	refused := func(p *script, kind string, reason uint32) {
		p.t.Helper()
		p.send(encode(&chanOpenMsg{Type: kind, Sender: 7, Window: 1 << 20, MaxPacket: 1 << 15}))
		var m chanFailureMsg
		if err := decode(p.want(msgChanFailure), &m); err != nil || m.Recipient != 7 || m.Reason != reason {
			p.t.Fatalf("%s: refused with %+v, %v; want reason %d", kind, m, err, reason)
		}
	}
	for _, allowed := range []int{1, 3} {
		cfg := testServer()
		cfg.MaxChannels = allowed
		err := hostile(t, cfg, func(p *script, _ *memConn) {
			p.login()
			for range allowed {
				p.openSession()
			}
			for range maxChannelIDs + 100 {
				refused(p, "session", openShortage)
			}
			for _, kind := range []string{"x11", "direct-tcpip", "forwarded-tcpip", "auth-agent@openssh.com", "", "Session"} {
				refused(p, kind, openUnknownType)
			}
			if allowed > 1 {
				for range maxChannelIDs + 100 {
					p.send(channelMsg(msgChanClose, 4))
					p.want(msgChanClose)
					if id := p.reopen(); id >= 3+uint32(allowed) {
						t.Fatalf("the next channel is %d", id)
					}
				}
				for id := range uint32(allowed - 1) {
					p.send(channelMsg(msgChanClose, 4+id))
					p.want(msgChanClose)
				}
			}
			p.status()
		})
		if err != nil {
			t.Errorf("%d allowed: Serve = %v, want nil", allowed, err)
		}
	}
}

// A peer that takes packets of no data only would get them without end.
func TestMaximumPacketZero(t *testing.T) {
	var protocol *protocolError
	t.Run("client's", func(t *testing.T) {
		cfg := testServer()
		cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
		err := hostile(t, cfg, func(p *script, _ *memConn) {
			p.login()
			p.send(encode(&chanOpenMsg{Type: "session", Window: 1 << 20}))
			if m, err := p.next(); err == nil {
				t.Errorf("answered with %s, want the end", MessageName(m[0]))
			}
		})
		if !errors.As(err, &protocol) {
			t.Errorf("Serve = %v, want a protocol error", err)
		}
	})
	t.Run("server's", func(t *testing.T) {
		cc, sc := memPair()
		s := NewServer(sc, testServer())
		s.common.MaxPacket = 0
		done := make(chan error, 1)
		go func() { done <- s.Serve(t.Context()) }()
		c := NewClient(cc, testClient())
		if err := c.Handshake(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Open(t.Context()); !errors.As(err, &protocol) {
			t.Errorf("Open = %v, want a protocol error", err)
		}
		c.Close()
		<-done
	})
}
