package ssh2

import (
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// boundedQueue is one direction of a connection in memory that holds as much as
// a socket does.
type boundedQueue struct {
	mu   sync.Mutex
	cond sync.Cond
	data wire.Ring
	eof  bool
}

const socketBuffer = 256 << 10

func (q *boundedQueue) read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.data.Len() == 0 && !q.eof {
		q.cond.Wait()
	}
	if q.data.Len() == 0 {
		return 0, io.EOF
	}
	n := q.data.Read(p)
	q.cond.Broadcast()
	return n, nil
}

func (q *boundedQueue) write(p []byte) (n int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(p) > 0 {
		for q.data.Len() == socketBuffer && !q.eof {
			q.cond.Wait()
		}
		if q.eof {
			return n, io.ErrClosedPipe
		}
		m := min(len(p), socketBuffer-q.data.Len())
		q.data.Write(p[:m])
		p, n = p[m:], n+m
		q.cond.Broadcast()
	}
	return n, nil
}

func (q *boundedQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.eof = true
	q.cond.Broadcast()
}

// boundedConn is one end.
type boundedConn struct {
	memConn // addresses and deadlines
	in, out *boundedQueue
}

func boundedPair() (a, b net.Conn) {
	x, y := &boundedQueue{}, &boundedQueue{}
	x.cond.L, y.cond.L = &x.mu, &y.mu
	return &boundedConn{in: x, out: y}, &boundedConn{in: y, out: x}
}

func (c *boundedConn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *boundedConn) Write(p []byte) (int, error) { return c.out.write(p) }
func (c *boundedConn) CloseWrite() error           { c.out.close(); return nil }
func (c *boundedConn) Close() error                { c.in.close(); c.out.close(); return nil }

// batch is what is sent between two answers.
const batch = 16 << 20

// takeBatches is the program that is sent to.
func takeBatches(rw io.ReadWriter) {
	buf := make([]byte, 256<<10)
	for {
		for left := batch; left > 0; {
			n, err := rw.Read(buf[:min(left, len(buf))])
			if err != nil {
				return
			}
			left -= n
		}
		if _, err := rw.Write(buf[:1]); err != nil {
			return
		}
	}
}

// oursInMemory and theirsInMemory return a shell of takeBatches.
func oursInMemory(b *testing.B, cipher, mac string) io.ReadWriter {
	server, client := testServer(), testClient()
	server.Algorithms.Ciphers, server.Algorithms.MACs = []string{cipher}, []string{mac}
	server.Handle = func(s ssh.Session) { takeBatches(s) }
	cc, sc := boundedPair()
	start(b, sc, server)
	client.Algorithms.Ciphers, client.Algorithms.MACs = []string{cipher}, []string{mac}
	c := NewClient(cc, client)
	if err := c.Handshake(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	x, err := c.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if err := x.Shell(b.Context()); err != nil {
		b.Fatal(err)
	}
	return x
}

func theirsInMemory(b *testing.B, cipher, mac string) io.ReadWriter {
	cfg := &xssh.ServerConfig{NoClientAuth: true}
	cfg.Ciphers, cfg.MACs = []string{cipher}, []string{mac}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := xssh.NewSignerFromKey(key)
	if err != nil {
		b.Fatal(err)
	}
	cfg.AddHostKey(signer)
	cc, sc := boundedPair()
	b.Cleanup(func() { cc.Close(); sc.Close() })
	go func() {
		_, channels, requests, err := xssh.NewServerConn(sc, cfg)
		if err != nil {
			return
		}
		go xssh.DiscardRequests(requests)
		for n := range channels {
			ch, requests, err := n.Accept()
			if err != nil {
				return
			}
			go xssh.DiscardRequests(requests)
			go takeBatches(ch)
		}
	}()
	conn, channels, requests, err := xssh.NewClientConn(cc, "x", xClientConfig([3]string{"curve25519-sha256", cipher, mac}))
	if err != nil {
		b.Fatal(err)
	}
	go xssh.DiscardRequests(requests)
	go func() {
		for n := range channels {
			n.Reject(xssh.Prohibited, "")
		}
	}()
	ch, requests, err := conn.OpenChannel("session", nil)
	if err != nil {
		b.Fatal(err)
	}
	go xssh.DiscardRequests(requests)
	return ch
}

// Our client and server, in turn with those of golang.org/x/crypto/ssh, over
// connections in memory: how many times faster ours are, at the median. Where an
// HMAC takes most of the time, which both have from the standard library, there is
// little to win.
func BenchmarkXCrypto(b *testing.B) {
	for _, p := range [][2]string{
		{"aes128-ctr", "hmac-sha1"},
		{"aes128-ctr", "hmac-sha2-256"},
		{"aes128-ctr", "hmac-sha2-256-etm@openssh.com"},
		{"aes256-ctr", "hmac-sha2-512"},
		{"aes128-gcm@openssh.com", "hmac-sha2-256"},
		{"aes256-gcm@openssh.com", "hmac-sha2-256"},
		{"chacha20-poly1305@openssh.com", "hmac-sha2-256"},
		{"aes128-cbc", "hmac-sha1"},
	} {
		b.Run(p[0]+"/"+p[1], func(b *testing.B) {
			data, answer := make([]byte, batch), make([]byte, 1)
			send := func(rw io.ReadWriter) time.Duration {
				start := time.Now()
				if _, err := rw.Write(data); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(rw, answer); err != nil {
					b.Fatal(err)
				}
				return time.Since(start)
			}
			ours, theirs := oursInMemory(b, p[0], p[1]), theirsInMemory(b, p[0], p[1])
			var mine, its []time.Duration
			for b.Loop() {
				mine, its = append(mine, send(ours)), append(its, send(theirs))
			}
			slices.Sort(mine)
			slices.Sort(its)
			m, t := mine[len(mine)/2], its[len(its)/2]
			b.ReportMetric(float64(m), "ns/op")
			b.ReportMetric(float64(t), "x/crypto-ns/op")
			b.ReportMetric(batch/m.Seconds()/1e6, "MB/s")
			b.ReportMetric(float64(t)/float64(m), "ratio")
		})
	}
}
