package ssh2

import (
	"context"
	"encoding/binary"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/ssh"
)

// crowd is how many connections sit at a time, and what each may hold: the
// objects and the stacks of both its ends.
const (
	crowd     = 5000
	crowdEach = 32 << 10
)

// footprint is what the program holds: live objects and stacks.
func footprint() (bytes, goroutines int) {
	runtime.GC()
	runtime.GC() // what pools held
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/sched/goroutines:goroutines"}}
	metrics.Read(s)
	return int(s[0].Value.Uint64() + s[1].Value.Uint64()), int(s[2].Value.Uint64())
}

// Five thousand connections that never log in hold little, each a goroutine,
// until their time is over; then nothing is left of them.
func TestCrowd(t *testing.T) {
	ecdsa256()
	cfg := testServer()
	m, err := newTransport(nil, &cfg.Config, true).kexInit()
	if err != nil {
		t.Fatal(err)
	}
	const ident = "SSH-2.0-crowd\r\n"
	kexInit := clearPacket(encode(m))
	stages := []struct{ name, sent string }{
		{"silent", ""},
		{"identified", ident},
		{"KEXINIT sent", ident + kexInit},
		{"the longest packet announced", ident + string(binary.BigEndian.AppendUint32(nil, 34996)) + "\x04\x02\x00\x00"},
	}
	for _, stage := range stages {
		t.Run(stage.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testServer()
				cfg.LoginTimeout = 120 * time.Second
				cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
				before, few := footprint()
				ended := make(chan error, crowd)
				clients := make([]*memConn, crowd)
				began := time.Now()
				for i := range clients {
					client, server := memPair()
					clients[i] = client
					client.Write([]byte(stage.sent))
					go func() { ended <- NewServer(server, cfg).Serve(context.Background()) }()
				}
				synctest.Wait()
				after, many := footprint()
				each := (after - before) / crowd
				t.Logf("%d bytes for a connection, %d goroutines", each, many-few)
				if each > crowdEach {
					t.Errorf("%d bytes for a connection, at most %d", each, crowdEach)
				}
				if many-few > crowd+10 {
					t.Errorf("%d goroutines for %d connections", many-few, crowd)
				}
				for range clients {
					if err := <-ended; err != ssh.ErrLoginTimeout {
						t.Fatalf("Serve = %v, want %v", err, ssh.ErrLoginTimeout)
					}
				}
				if waited := time.Since(began); waited != cfg.LoginTimeout {
					t.Errorf("left after %v, want %v", waited, cfg.LoginTimeout)
				}
				synctest.Wait()
				clear(clients)
				if rest, left := footprint(); left > few+10 || rest-before > crowd*(4<<10) {
					t.Errorf("%d goroutines and %d bytes are left", left-few, rest-before)
				}
			})
		})
	}
}

// clearPacket is a packet before the first NEWKEYS.
func clearPacket(payload []byte) string {
	padding := 8 - (5+len(payload))%8
	if padding < 4 {
		padding += 8
	}
	p := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)+padding))
	p = append(append(p, byte(padding)), payload...)
	return string(append(p, make([]byte, padding)...))
}

// A byte each second is not enough: the time for a login is over before a
// KEXINIT is, whatever the client goes on to send.
func TestByteASecond(t *testing.T) {
	ecdsa256()
	cfg := testServer()
	m, err := newTransport(nil, &cfg.Config, true).kexInit()
	if err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string]string{
		"identification": "SSH-2.0-" + string(make([]byte, 240)),
		"KEXINIT":        "SSH-2.0-slow\r\n" + clearPacket(encode(m)),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testServer()
				cfg.LoginTimeout = 120 * time.Second
				client, server := memPair()
				began := time.Now()
				_, done := start(t, server, cfg)
				var writer sync.WaitGroup
				defer writer.Wait()
				writer.Go(func() {
					for i := range len(line) {
						if _, err := client.Write([]byte{line[i]}); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				})
				if err := <-done; err != ssh.ErrLoginTimeout {
					t.Errorf("Serve = %v, want %v", err, ssh.ErrLoginTimeout)
				}
				if got := time.Since(began); got != cfg.LoginTimeout {
					t.Errorf("left after %v, want %v", got, cfg.LoginTimeout)
				}
			})
		})
	}
}
