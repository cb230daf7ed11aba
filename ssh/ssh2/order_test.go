package ssh2

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// orderly is what a server with two channels has to make of valid messages in
// any order. Its sessions read nothing and end with their channel.
type orderly struct {
	channels [2]*orderlyChannel // nil when closed
	refused  bool               // a message was not in order
	over     bool               // the last session has ended, or sftp was asked for
	answers  []byte             // types, WINDOW_ADJUST left out
}

type orderlyChannel struct {
	eof, running, pty bool
	window            int // what the client may still send
	back              int // extended data that was dropped and not yet given back
}

const orderlyWindow = 1000

// steps of a client: each makes a message for channel id, and the model's answer
// to it. size comes from the fuzzer.
var orderSteps = []func(o *orderly, id uint32, size int) []byte{
	func(o *orderly, _ uint32, size int) []byte { // CHANNEL_OPEN
		if i := slices.Index(o.channels[:], nil); i >= 0 {
			o.channels[i] = &orderlyChannel{window: orderlyWindow}
			o.answer(msgChanConfirm)
		} else {
			o.answer(msgChanFailure)
		}
		return encode(&chanOpenMsg{Type: "session", Sender: uint32(size), Window: 1 << 20, MaxPacket: 1 << 15})
	},
	func(o *orderly, _ uint32, _ int) []byte { // of an unknown type
		o.answer(msgChanFailure)
		return encode(&chanOpenMsg{Type: "direct-tcpip", Window: 1, MaxPacket: 1, Data: []byte("x")})
	},
	func(o *orderly, id uint32, size int) []byte {
		return o.request(id, size, "pty-req", encode(&ptyRequest{Term: "vt100"}))
	},
	func(o *orderly, id uint32, size int) []byte {
		return o.request(id, size, "window-change", make([]byte, 16))
	},
	func(o *orderly, id uint32, size int) []byte { return o.request(id, size, "shell", nil) },
	func(o *orderly, id uint32, size int) []byte {
		return o.request(id, size, "exec", wire.AppendString(nil, "x"))
	},
	func(o *orderly, id uint32, size int) []byte { return o.request(id, size, "env", nil) },
	func(o *orderly, id uint32, size int) []byte {
		return o.request(id, size, "subsystem", wire.AppendString(nil, "sftp"))
	},
	func(o *orderly, id uint32, size int) []byte { // CHANNEL_DATA
		if c := o.open(id); c != nil {
			c.window -= size
			o.refused = o.refused || c.eof || c.window < 0
		}
		return channelData(id, string(make([]byte, size)))
	},
	func(o *orderly, id uint32, size int) []byte { // CHANNEL_EXTENDED_DATA
		if c := o.open(id); c != nil {
			c.window -= size
			o.refused = o.refused || c.eof || c.window < 0
			if c.back += size; c.back >= orderlyWindow/2 {
				c.window, c.back = c.window+c.back, 0
			}
		}
		return extendedData(id, 1, string(make([]byte, size)))
	},
	func(o *orderly, id uint32, size int) []byte { o.open(id); return windowAdjust(id, uint32(size)) },
	func(o *orderly, id uint32, _ int) []byte { // CHANNEL_EOF
		if c := o.open(id); c != nil {
			c.eof = true
		}
		return channelMsg(msgChanEOF, id)
	},
	func(o *orderly, id uint32, _ int) []byte { // CHANNEL_CLOSE
		if c := o.open(id); c != nil {
			o.answer(msgChanClose)
			o.channels[id-3] = nil
			o.over = o.channels == [2]*orderlyChannel{}
		}
		return channelMsg(msgChanClose, id)
	},
	func(o *orderly, _ uint32, size int) []byte { // GLOBAL_REQUEST
		if size%2 == 1 {
			o.answer(msgRequestFailure)
		}
		return encode(&globalRequestMsg{"keepalive@openssh.com", size%2 == 1, nil})
	},
	func(*orderly, uint32, int) []byte { return raw(msgIgnore, 0, 0, 0, 0) },
	func(*orderly, uint32, int) []byte {
		return encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil})
	},
	func(o *orderly, id uint32, _ int) []byte { // an answer to nothing
		o.refused = true
		return channelMsg(msgChanSuccess, id)
	},
}

func (o *orderly) answer(kind byte) { o.answers = append(o.answers, kind) }

// open is the channel a message is for; one that is not open is not in order.
func (o *orderly) open(id uint32) *orderlyChannel {
	c := o.channels[id-3]
	o.refused = o.refused || c == nil
	return c
}

func (o *orderly) request(id uint32, size int, kind string, data []byte) []byte {
	want := size%2 == 1
	if c := o.open(id); c != nil {
		ok := kind == "window-change"
		switch {
		case kind == "pty-req" && !c.pty && !c.running:
			c.pty, ok = true, true
		case (kind == "shell" || kind == "exec") && !c.running:
			c.running, ok = true, true
		case kind == "subsystem":
			o.over = true
		}
		if want {
			o.answer(map[bool]byte{true: msgChanSuccess, false: msgChanReqFailure}[ok])
		}
	}
	return encode(&chanRequestMsg{id, kind, want, data})
}

// FuzzChannelOrder feeds the connection protocol valid messages in an order of
// the fuzzer's choice, three bytes each, and compares what the server answers
// with the model above.
func FuzzChannelOrder(f *testing.F) {
	const open, pty, change, shell, exec, data, extended, adjust, eof, closing, global = 0, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13
	f.Add([]byte{open, 0, 0, pty, 0, 1, shell, 0, 1, data, 0, 200, change, 0, 1, eof, 0, 0, closing, 0, 0})
	f.Add([]byte{open, 0, 0, open, 0, 0, open, 0, 0, closing, 1, 0, open, 0, 0, exec, 1, 0, data, 1, 255, closing, 0, 0, closing, 1, 0})
	f.Add([]byte{open, 0, 0, data, 0, 250, data, 0, 250, data, 0, 250, data, 0, 250, data, 0, 1})
	f.Add([]byte{open, 0, 0, extended, 0, 250, extended, 0, 250, extended, 0, 250, extended, 0, 250, extended, 0, 250, eof, 0, 0, extended, 0, 0})
	f.Add([]byte{open, 0, 0, eof, 0, 0, data, 0, 1})
	f.Add([]byte{open, 0, 0, closing, 0, 0, adjust, 0, 1})
	f.Add([]byte{open, 0, 0, 7, 0, 1, open, 0, 0})
	f.Add([]byte{global, 0, 1, 14, 0, 0, 15, 0, 0, 1, 0, 0, shell, 0, 1, 16, 0, 0})
	for step := range orderSteps {
		f.Add([]byte{open, 0, 0, byte(step), 0, 1, byte(step), 1, 1, byte(step), 0, 255})
	}
	ecdsa256()
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 600 {
			return
		}
		synctest.Test(t, func(t *testing.T) { playOrder(t, b) })
	})
}

func playOrder(t *testing.T, b []byte) {
	client, server := memPair()
	cfg := testServer()
	cfg.MaxChannels, cfg.Window, cfg.MaxWindow, cfg.MaxPacket = 2, orderlyWindow, orderlyWindow, orderlyWindow
	cfg.Handle = func(s ssh.Session) { <-s.Context().Done() }
	s := NewServer(server, cfg)
	s.t.kex.sessionID = make([]byte, 32)
	s.t.setPhase(ssh.Connected)
	ended := make(chan error, 1)
	go func() { ended <- s.t.reason(s.mux.run()) }()
	c := newTransport(client, &Config{Rand: s.common.Rand}, true)
	o := &orderly{}
	for ; len(b) >= 3 && !o.refused && !o.over; b = b[3:] {
		step := orderSteps[int(b[0])%len(orderSteps)]
		if err := c.out.send(step(o, 3+uint32(b[1])%2, int(b[2]))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	}
	client.CloseWrite()
	err := <-ended
	var protocol *protocolError
	var unexpected *ssh.UnexpectedError
	if refused := errors.As(err, &protocol) || errors.As(err, &unexpected); refused != o.refused {
		t.Errorf("the server ends with %v; out of order: %v", err, o.refused)
	}
	synctest.Wait()
	s.t.out.Stop(ssh.ErrClosed) // as Serve does, before the sessions end
	s.cancel(context.Canceled)
	server.CloseWrite() // what was sent can still be read
	var answers []byte
	for {
		p, err := c.in.packet()
		if err != nil {
			break
		}
		if p[0] != msgWindowAdjust {
			answers = append(answers, p[0])
		} else if n := binary.BigEndian.Uint32(p[5:]); n == 0 || n > orderlyWindow {
			t.Errorf("WINDOW_ADJUST by %d", n)
		}
	}
	if !slices.Equal(answers, o.answers) {
		t.Errorf("answers %d, want %d", answers, o.answers)
	}
	s.t.abort()
	s.mux.finishAll()
	s.sessions.Wait()
	s.parting.Stop()
	s.t.wait()
	c.abort()
	c.wait()
}
