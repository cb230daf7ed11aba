package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/device"
)

// asServer tells the test binary to be a process with that many devices.
const asServer = "VTYLAB_BENCH_SERVER"

// serve is the fresh process: it prints the addresses of its devices, then what
// memory it has, in bytes, for each line that it reads.
func serve(devices string) {
	var n int
	fmt.Sscan(devices, &n)
	m := model("iosxe-17.15")
	hostKey()
	var all []*device.Device
	fmt.Println(resident())
	for range n {
		more := ""
		if n < 100 { // then it is for many sessions each
			more = manyVTYs + "ip ssh maxstartups 128\n"
		}
		d, addr, err := boot(m, more)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, d)
		fmt.Println(addr)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(resident())
	}
	runtime.KeepAlive(all)
}

// resident is the memory that the process occupies once garbage is returned to
// the host; without /proc it is what Go has in use.
func resident() uint64 {
	for range 4 { // stacks shrink by half each time
		debug.FreeOSMemory()
	}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, pages uint64
		if _, err := fmt.Sscan(string(text), &size, &pages); err == nil {
			return pages * uint64(os.Getpagesize())
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// fresh is a process that was started for a benchmark.
type fresh struct {
	b     *testing.B
	keys  io.Writer
	lines *bufio.Scanner
}

func startFresh(b *testing.B, devices int) *fresh {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", asServer, devices))
	cmd.Stderr = os.Stderr
	keys, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { keys.Close(); cmd.Wait() })
	return &fresh{b, keys, bufio.NewScanner(out)}
}

func (f *fresh) line() string {
	if !f.lines.Scan() {
		f.b.Fatalf("the process ended: %v", f.lines.Err())
	}
	return f.lines.Text()
}

func (f *fresh) bytes() (n float64) {
	fmt.Sscan(f.line(), &n)
	return n
}

func (f *fresh) memory() float64 {
	fmt.Fprintln(f.keys)
	return f.bytes()
}

// What 1,000 devices that nobody talks to occupy, in a process of their own.
func BenchmarkIdleDevice(b *testing.B) {
	const devices = 1000
	for b.Loop() {
		f := startFresh(b, devices)
		before := f.bytes()
		for range devices {
			f.line()
		}
		b.ReportMetric((f.memory()-before)/devices/1024, "KiB/device")
	}
}

// What 1,000 sessions that wait at their prompts occupy, in a process of their
// own with ten devices.
func BenchmarkIdleSession(b *testing.B) {
	const devices, each = 10, 100
	for b.Loop() {
		f := startFresh(b, devices)
		f.bytes()
		var addrs []string
		for range devices {
			addrs = append(addrs, f.line())
		}
		before := f.memory()
		var sessions sync.WaitGroup
		var clients []io.Closer
		var mu sync.Mutex
		for _, addr := range addrs {
			sessions.Go(func() {
				for range each {
					c := idle(b, addr)
					mu.Lock()
					clients = append(clients, c)
					mu.Unlock()
				}
			})
		}
		sessions.Wait()
		if len(clients) != devices*each {
			b.Fatalf("%d sessions", len(clients))
		}
		b.ReportMetric((f.memory()-before)/devices/each/1024, "KiB/session")
		for _, c := range clients {
			c.Close()
		}
	}
}

// idle opens a session and waits for its prompt.
func idle(b *testing.B, addr string) io.Closer {
	c, err := xssh.Dial("tcp", addr, client("curve25519-sha256", "rsa-sha2-256"))
	if err != nil {
		b.Error(err)
		return io.NopCloser(nil)
	}
	s, err := c.NewSession()
	if err == nil {
		err = s.RequestPty("vt100", 24, 80, nil)
	}
	var out io.Reader
	if err == nil {
		out, err = s.StdoutPipe()
	}
	if err == nil {
		_, err = s.StdinPipe()
	}
	if err == nil {
		err = s.Shell()
	}
	var shown strings.Builder
	for buf := make([]byte, 256); err == nil && !strings.HasSuffix(shown.String(), "R1#"); {
		var n int
		n, err = out.Read(buf)
		shown.Write(buf[:n])
	}
	if err != nil {
		b.Error(err)
	}
	return c
}
