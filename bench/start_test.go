package bench

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
)

// From the start of the program to an identification string on its port, with a
// start-up configuration and a key pair in its state directory.
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "vtylab")
	if out, err := exec.Command("go", "build", "-o", program, "vtylab/cmd/vtylab").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	cfg := filepath.Join(dir, "r1.cfg")
	if err := os.WriteFile(cfg, []byte(devicetest.Plain+"crypto key generate rsa modulus 2048\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	state := filepath.Join(dir, "state")
	first := exec.Command(program, "run", "--state", state, "--config", cfg, "--ssh", "none", "--console", "stdio")
	first.Stdin = strings.NewReader("write memory\n")
	if out, err := first.CombinedOutput(); err != nil {
		b.Fatalf("first start: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	var total time.Duration
	n := 0
	for b.Loop() {
		cmd := exec.Command(program, "run", "--state", state, "--ssh", addr, "--console", "none")
		start := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for !identifies(addr) {
			if time.Since(start) > 20*time.Second {
				b.Fatal("no port after 20 s")
			}
			time.Sleep(200 * time.Microsecond) // a port that opens gives no other sign
		}
		total += time.Since(start)
		n++
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(total.Microseconds())/float64(n)/1000, "ms/start")
}

func identifies(addr string) bool {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	defer c.Close()
	buf := make([]byte, 4)
	_, err = c.Read(buf)
	return err == nil && string(buf) == "SSH-"
}
