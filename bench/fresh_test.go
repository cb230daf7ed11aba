package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/products"
)

// asServer tells the test binary to be a process with servers: a release and a
// number of devices, or the name of a minimal server. asConfig is the file with
// the configuration that the devices have besides.
const (
	asServer = "VTYLAB_BENCH_SERVER"
	asConfig = "VTYLAB_BENCH_CONFIG"
)

// serve is the fresh process: it prints the addresses of its servers, then what
// memory it has, in bytes, for each line that it reads.
func serve(what string) {
	release, number, isDevice := strings.Cut(what, " ")
	var devices []*devicetest.Router
	if isDevice {
		devices = serveDevices(release, number)
	} else {
		fmt.Println(minimal())
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(resident())
	}
	runtime.KeepAlive(devices)
}

func serveDevices(release, number string) (all []*devicetest.Router) {
	var n int
	fmt.Sscan(number, &n)
	m, err := products.Lookup(release)
	if err == nil {
		_, err = devicetest.HostKey()
	}
	var more []byte
	if err == nil {
		more, err = os.ReadFile(os.Getenv(asConfig))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if r, err := devicetest.Boot(m, devicetest.Plain); err == nil {
		r.Device.Close() // what all devices of a release share is there now
	}
	fmt.Println(resident())
	for range n {
		r, err := devicetest.Boot(m, devicetest.Plain+string(more))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, r)
		fmt.Println(r.Addr())
	}
	return all
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

func startFresh(b *testing.B, what, config string) *fresh {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	more := filepath.Join(b.TempDir(), "more.cfg")
	if err := os.WriteFile(more, []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asServer+"="+what, asConfig+"="+more)
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

// freshDevice is one device for many connections in a process of its own.
func freshDevice(b *testing.B, release, config string) (addr string) {
	f := startFresh(b, release+" 1", manyVTYs+config)
	f.bytes()
	return f.line()
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
