package ssh2

import (
	"encoding/binary"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// Untraced data makes no events, but the key exchange that it brings about does,
// as do the packets behind it.
func TestUntraced(t *testing.T) {
	var mu sync.Mutex
	data, announced, sent := 0, 0, 0
	server := testServer()
	server.RekeyBytes = 20000
	server.Trace = func(e ssh.Event) {
		mu.Lock()
		defer mu.Unlock()
		switch e := e.(type) {
		case ssh.KexInitSent:
			announced++
		case ssh.PacketSent:
			if e.Type == msgKexInit {
				sent++
			}
			if e.Type == msgChanData {
				data++
			}
		}
	}
	server.Handle = func(s ssh.Session) {
		quiet := s.Untraced()
		for range 60 {
			quiet.Write(make([]byte, 1000))
		}
		io.WriteString(s, "loud")
		s.Exit(0)
	}
	c, _, done := connect(t, server, testClient())
	out, _ := run(t, c, "anything", "")
	c.Close()
	<-done
	if len(out) != 60*1000+len("loud") {
		t.Errorf("received %d bytes", len(out))
	}
	if data != 1 || announced < 2 || sent != announced {
		t.Errorf("told of %d packets of data, want 1, and of %d KEXINITs in %d packets", data, announced, sent)
	}
}

// The end is told when it comes, not when the client has closed its half too.
func TestEndIsToldAtOnce(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		client, conn := memPair()
		began := time.Now()
		told := make(chan time.Duration, 2)
		server := testServer()
		server.Trace = func(e ssh.Event) {
			if _, ok := e.(ssh.Disconnected); ok {
				told <- time.Since(began)
			}
		}
		server.OnEnd = func(_ ssh.ConnInfo, err error) {
			if _, ok := err.(*ssh.PacketLengthError); !ok {
				t.Errorf("OnEnd(%v), want a packet length", err)
			}
			told <- time.Since(began)
		}
		_, done := start(t, conn, server)
		p := newScript(t, client, &Config{})
		p.identified()
		client.Write(binary.BigEndian.AppendUint32(nil, 1<<31))
		client.Write(make([]byte, 4))
		for range 2 {
			if at := <-told; at != 0 {
				t.Errorf("told after %v", at)
			}
		}
		<-done
		if got := time.Since(began); got != wire.LingerTime {
			t.Errorf("Serve returned after %v, want %v", got, wire.LingerTime)
		}
	})
}
