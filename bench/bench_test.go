package bench

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// TestMain lets the binary be the fresh process of a benchmark.
func TestMain(m *testing.M) {
	if what := os.Getenv(asServer); what != "" {
		serve(what)
		return
	}
	os.Exit(m.Run())
}

// manyVTYs lets many connect at a time.
const manyVTYs = "ip ssh maxstartups 128\nline vty 0 99\n transport input ssh\n"

// router is a device that listens on loopback.
func router(b *testing.B, release, more string) *devicetest.Router {
	b.Helper()
	r, err := devicetest.Boot(devicetest.Product(b, release), devicetest.Plain+more)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { r.Device.Close() })
	return r.In(b)
}

// configText is a configuration of about n bytes, as sites have them.
func configText(n int) string {
	var s strings.Builder
	for i := 0; s.Len() < n; i++ {
		s.WriteString("interface Loopback" + itoa(i) + "\n description customer " + itoa(i) + "\n ip address 10." + itoa(i/256%256) + "." + itoa(i%256) + ".1 255.255.255.0\n")
		if i%4 == 0 {
			s.WriteString("ip route 172.16." + itoa(i%256) + ".0 255.255.255.0 Null0\n")
		}
	}
	return s.String()
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}

// client is the cheapest client there is here, our own, with one algorithm of
// each kind: what is measured with it is the server.
func client(kex, hostKey string, auth ssh2.ClientAuth) *ssh2.ClientConfig {
	c := devicetest.ClientConfig("cisco", auth)
	c.MinDHBits = 1024
	c.Algorithms.Kex, c.Algorithms.HostKey = []string{kex}, []string{hostKey}
	return c
}

// password is the one of cisco.
var password = devicetest.Password("cisco")

// dial logs in.
func dial(ctx context.Context, addr string, cfg *ssh2.ClientConfig) (*ssh2.Client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c := ssh2.NewClient(conn, cfg)
	return c, c.Handshake(ctx)
}

// prompt logs in, opens a shell and waits for its prompt.
func prompt(ctx context.Context, addr string, cfg *ssh2.ClientConfig) (*ssh2.Client, error) {
	c, err := dial(ctx, addr, cfg)
	if err != nil {
		return nil, err
	}
	x, err := c.Open(ctx)
	if err == nil {
		err = x.RequestPTY(ctx, ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 80, Rows: 24}})
	}
	if err == nil {
		err = x.Shell(ctx)
	}
	var shown []byte
	for buf := make([]byte, 256); err == nil && !bytes.HasSuffix(shown, []byte("R1#")); {
		var n int
		n, err = x.Read(buf)
		shown = append(shown, buf[:n]...)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// versus runs two things in turn, times them apart, and reports the median of the
// first as the benchmark and how many times faster it was. Bytes is what each of
// them moves, if that is what they do.
func versus(b *testing.B, other string, bytes int, ours, theirs func()) {
	var mine, its []time.Duration
	for b.Loop() {
		mine, its = append(mine, timed(ours)), append(its, timed(theirs))
	}
	m, t := median(mine), median(its)
	b.ReportMetric(float64(m), "ns/op")
	b.ReportMetric(float64(t), other+"-ns/op")
	b.ReportMetric(float64(t)/float64(m), "ratio")
	if bytes > 0 {
		b.ReportMetric(float64(bytes)/m.Seconds()/1e6, "MB/s")
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// scratch is a directory in memory where the host has one.
func scratch(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "vtylab-bench")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Clean(dir)
}
