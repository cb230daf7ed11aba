package ssh2

import (
	"io"
	"runtime"
	"testing"
	"time"

	"vtylab/ssh"
)

// Bytes from a client to a program and back, over loopback TCP.
func BenchmarkThroughput(b *testing.B) {
	for _, cipher := range []string{"aes128-ctr", "aes256-ctr", "aes128-cbc", "3des-cbc", "aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"} {
		for _, mac := range []string{"hmac-sha1", "hmac-sha2-256-etm@openssh.com"} {
			if cipher[len(cipher)-1] == 'm' && mac != "hmac-sha1" {
				continue
			}
			b.Run(cipher+"/"+mac, func(b *testing.B) { benchTransfer(b, cipher, mac, 2<<20) })
		}
	}
	b.Run("aes128-ctr/hmac-sha1/window 8192", func(b *testing.B) { benchTransfer(b, "aes128-ctr", "hmac-sha1", 8192) })
}

func benchTransfer(b *testing.B, cipher, mac string, window uint32) {
	server, client := testServer(), testClient()
	server.Algorithms.Ciphers, client.Algorithms.Ciphers = []string{cipher}, []string{cipher}
	server.Algorithms.MACs, client.Algorithms.MACs = []string{mac}, []string{mac}
	if window < 32<<10 {
		server.Window, server.MaxPacket = window, window/2
	}
	const chunk = 1 << 20
	b.SetBytes(chunk)
	server.Handle = func(s ssh.Session) {
		buf := make([]byte, 256<<10)
		for {
			if _, err := s.Read(buf); err != nil {
				break
			}
		}
		s.Exit(0)
	}
	c, _, done := connect(b, server, client)
	x, err := c.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if err := x.Shell(b.Context()); err != nil {
		b.Fatal(err)
	}
	data := make([]byte, chunk)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Write(data); err != nil {
			b.Fatal(err)
		}
	}
	x.CloseWrite()
	x.Wait()
	<-done
}

// One key and its echo.
func BenchmarkKeystroke(b *testing.B) {
	c, _, _ := connect(b, testServer(), testClient())
	x, err := c.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if err := x.Shell(b.Context()); err != nil {
		b.Fatal(err)
	}
	key := []byte("x")
	b.ReportAllocs()
	for b.Loop() {
		x.Write(key)
		if _, err := io.ReadFull(x, key); err != nil {
			b.Fatal(err)
		}
	}
}

// A connection up to the end of authentication, both ends.
func BenchmarkHandshake(b *testing.B) {
	for _, kex := range []string{"diffie-hellman-group1-sha1", "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512", "ecdh-sha2-nistp256", "curve25519-sha256"} {
		for name, key := range map[string]ssh.Signer{"rsa2048": rsa2048(), "ecdsa256": ecdsa256()} {
			b.Run(kex+"/"+name, func(b *testing.B) {
				server, client := testServer(), testClient()
				server.HostKeys = []ssh.Signer{key}
				client.Algorithms.Kex = []string{kex}
				server.Algorithms.Kex = []string{kex}
				for b.Loop() {
					cc, sc := memPair()
					s := NewServer(sc, server)
					done := make(chan error, 1)
					go func() { done <- s.Serve(b.Context()) }()
					c := NewClient(cc, client)
					if err := c.Handshake(b.Context()); err != nil {
						b.Fatal(err)
					}
					c.Close()
					<-done
				}
			})
		}
	}
}

// BenchmarkIdle reports what an idle connection with a shell costs, client and
// server together.
func BenchmarkIdle(b *testing.B) {
	const n = 200
	server, client := testServer(), testClient()
	server.Handle = func(s ssh.Session) { <-s.Context().Done() }
	rsa2048()
	for b.Loop() {
		before := inUse()
		for range n {
			c, _, _ := connect(b, server, client)
			x, err := c.Open(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if err := x.Shell(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		for range 8 {
			runtime.GC() // stacks shrink by half each time
			time.Sleep(10 * time.Millisecond)
		}
		b.ReportMetric(float64(inUse()-before)/n/1024, "KiB/pair")
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// What a trace that is off costs: the share of it in a packet of one key, sealed,
// queued, read and opened, which passes it nine times.
func BenchmarkTraceOff(b *testing.B) {
	cfg := NewConfig()
	client, server := boundedPair()
	out, in := newTransport(client, &cfg, true), newTransport(server, &cfg, false)
	c, _ := findCipher("aes128-ctr")
	m, _ := findMAC("hmac-sha1")
	key, iv, macKey := make([]byte, c.keyLen), make([]byte, c.ivLen), make([]byte, m.keyLen)
	var err1, err2 error
	out.out.cipher, err1 = newSealer(c, m, key, iv, macKey)
	in.in.cipher, err2 = newOpener(c, m, key, iv, macKey)
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	var packets, checks time.Duration
	n, traced := 0, false
	for b.Loop() {
		start := time.Now()
		for range 1000 {
			if out.out.data(3, payload{}, key[:1]) != nil || out.out.Flush() != nil {
				b.Fatal("writing")
			}
			if _, err := in.in.packet(); err != nil {
				b.Fatal(err)
			}
		}
		packets += time.Since(start)
		start = time.Now()
		for range 9 * 1000 {
			traced = traced || in.traced()
		}
		checks += time.Since(start)
		n++
	}
	if traced {
		b.Fatal("traced")
	}
	client.Close()
	for _, t := range []*transport{out, in} {
		t.abort()
		t.wait()
	}
	b.ReportMetric(float64(packets)/float64(n)/1000, "ns/op")
	b.ReportMetric(100*float64(checks)/float64(packets), "%")
}
