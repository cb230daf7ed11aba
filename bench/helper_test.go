package bench

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/device"
	"vtylab/exec"
	"vtylab/platform"
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

// usual lets user cisco in with a password that costs nothing to check, so that
// the protocol is what is measured.
const usual = `
hostname R1
ip domain name example.com
no logging console
aaa new-model
aaa authentication login default local
aaa authentication login console none
aaa authorization exec default local
username cisco privilege 15 password 0 cisco
ip ssh version 2
ip scp server enable
line con 0
 privilege level 15
 login authentication console
line vty 0 4
 transport input ssh
`

// manyVTYs lets many connect at a time.
const manyVTYs = "ip ssh maxstartups 128\nline vty 0 99\n transport input ssh\n"

// hostKey is made once; making it is not measured.
var hostKey = sync.OnceValue(func() *device.KeyPair {
	k, err := device.GenerateKey("R1.example.com", device.GeneralKey, 2048, false, time.Now())
	if err != nil {
		panic(err)
	}
	return k
})

// model is a release, compiled.
func model(release string) *device.Model {
	p, err := platform.Lookup(release)
	if err != nil {
		panic(err)
	}
	return device.NewModel(p, exec.Commands())
}

// boot starts a device that listens on loopback, and tells where.
func boot(m *device.Model, more string) (d *device.Device, addr string, err error) {
	text := usual + more
	d, err = device.New(m, device.Options{Startup: &text, Listen: func(ctx context.Context, _ int) (net.Listener, error) {
		return new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	}})
	if err != nil {
		return nil, "", err
	}
	d.AddKeys(hostKey())
	if a := d.SSH.Addr(22); a != nil {
		addr = a.String()
	}
	return d, addr, nil
}

func router(b *testing.B, release, more string) (*device.Device, string) {
	b.Helper()
	d, addr, err := boot(model(release), more)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d, addr
}

// console is the console of a device, driven by a benchmark.
type console struct {
	b    *testing.B
	keys *io.PipeWriter

	mu   sync.Mutex
	more *sync.Cond
	text []byte // shown and not looked at; guarded by mu
}

type consoleTerminal struct {
	io.Reader
	*console
}

func (consoleTerminal) Hangup() {}

func openConsole(b *testing.B, d *device.Device) *console {
	in, keys := io.Pipe()
	c := &console{b: b, keys: keys}
	c.more = sync.NewCond(&c.mu)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Console(context.Background(), consoleTerminal{in, c}, device.ConsoleOptions{Scripted: true})
	}()
	b.Cleanup(func() { keys.Close(); <-done })
	c.see("R1#")
	c.do("terminal length 0")
	return c
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = append(c.text, p...)
	c.more.Broadcast()
	return len(p), nil
}

// see waits until the device has shown text.
func (c *console) see(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for from := 0; ; {
		if i := bytes.Index(c.text[from:], []byte(text)); i >= 0 {
			c.text = c.text[:copy(c.text, c.text[from+i+len(text):])]
			return
		}
		from = max(0, len(c.text)-len(text))
		c.more.Wait()
	}
}

func (c *console) press(keys string) {
	if _, err := io.WriteString(c.keys, keys); err != nil {
		c.b.Fatal(err)
	}
}

// do runs a command up to the next prompt.
func (c *console) do(command string) {
	c.press(command + "\r")
	c.see("\r\n")
	c.see("R1#")
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
	c := &ssh2.ClientConfig{Config: ssh2.NewConfig(), User: "cisco", Auth: []ssh2.ClientAuth{auth},
		HostKey: func(context.Context, string, []byte) error { return nil }}
	c.MinDHBits = 1024
	c.Algorithms.Kex, c.Algorithms.HostKey = []string{kex}, []string{hostKey}
	c.Algorithms.Ciphers, c.Algorithms.MACs = []string{"aes128-ctr"}, []string{"hmac-sha2-256-etm@openssh.com", "hmac-sha1"}
	return c
}

// password is the one of usual.
var password = ssh2.Password(1, func(context.Context) (string, error) { return "cisco", nil })

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
