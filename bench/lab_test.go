package bench

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/keyring"
	"vtylab/lab"
)

// labFile is 10,000 devices, each linked to the next and to one segment.
const labFile = `name: fleet
topology:
  nodes:
    r{i}:
      kind: iosxe-17.15
      count: 10000
      config: |
        hostname R{i}
        ip domain name lab.example
        username admin privilege 15 password 0 admin
        aaa new-model
        aaa authentication login default local
        aaa authorization exec default local
        interface Ethernet0/0
         ip address 10.{i/256}.{i%256}.1 255.0.0.0
         no shutdown
        interface Ethernet0/1
         ip address 172.{i/16384+16}.{i/64%256}.{i%64*4+1} 255.255.255.252
         no shutdown
        ip ssh version 2
        ip scp server enable
        line con 0
         logging synchronous
        line vty 0 4
         transport input ssh
    lan: {kind: bridge}
  links:
    - {endpoints: ["r{i}:Ethernet0/0", "lan:p{i}"], count: 10000}
    - {endpoints: ["r{i}:Ethernet0/1", "r{i+1}:Ethernet0/2"], count: 9999}
`

// 10,000 devices from one lab file, in the program itself, behind one socket: from its
// start until all have booted, and until each of them has identified itself to a client
// that asks them in turn; what it occupies then; logins with golang.org/x/crypto/ssh
// over all of them.
func BenchmarkLab(b *testing.B) {
	const devices, logins, clients = 10000, 2000, 8
	if runtime.GOOS != "linux" {
		b.Skip("one socket for many devices works on Linux")
	}
	dir := b.TempDir()
	program := filepath.Join(dir, "program")
	if out, err := exec.Command("go", "build", "-o", program, "vtylab/cmd/vtylab").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "fleet.clab.yml")
	if err := os.WriteFile(file, []byte(labFile), 0o600); err != nil {
		b.Fatal(err)
	}
	if _, err := keyring.OpenPool(filepath.Join(dir, "vtylab", "host-keys.pem"), 16, 2048); err != nil {
		b.Fatal(err)
	}
	port := freePort(b)
	for b.Loop() {
		cmd := exec.Command(program, "lab", "up", file, "--ssh-port", fmt.Sprint(port))
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+dir)
		cmd.Stderr = os.Stderr
		shown, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(shown)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		}
		b.ReportMetric(time.Since(start).Seconds(), "s/booted")
		b.ReportMetric(processorOf(b, cmd.Process.Pid).Seconds(), "cpu-s/booted")
		b.ReportMetric(float64(residentOf(b, cmd.Process.Pid))/(1<<20), "MiB/booted")
		at := func(i int) string { return fmt.Sprintf("%s:%d", lab.LoopbackAddress(i), port) }
		crowdOf(clients, devices, func(i int) {
			if !identifies(at(i)) {
				b.Errorf("device %d does not answer at %s", i, at(i))
			}
		})
		b.ReportMetric(time.Since(start).Seconds(), "s/answered")
		cfg := &xssh.ClientConfig{User: "admin", Auth: []xssh.AuthMethod{xssh.Password("admin")}, HostKeyCallback: xssh.InsecureIgnoreHostKey(),
			HostKeyAlgorithms: []string{"rsa-sha2-256"}, Config: xssh.Config{KeyExchanges: []string{"curve25519-sha256"}}}
		begin := time.Now()
		crowdOf(clients, logins, func(i int) {
			c, err := xssh.Dial("tcp", at(i*(devices/logins)), cfg)
			if err != nil {
				b.Errorf("device %d: %v", i*(devices/logins), err)
				return
			}
			c.Close()
		})
		b.ReportMetric(logins/time.Since(begin).Seconds(), "logins/s")
		b.ReportMetric(float64(residentOf(b, cmd.Process.Pid))/(1<<20), "MiB/used")
		begin = time.Now()
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
		b.ReportMetric(time.Since(begin).Seconds(), "s/ended")
	}
}

// crowdOf does something n times, so many at once.
func crowdOf(at, n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

func freePort(b *testing.B) int {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// residentOf is the resident memory of a process, in bytes.
func residentOf(b *testing.B, pid int) uint64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	var size, pages uint64
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &pages)
	}
	if err != nil {
		b.Fatal(err)
	}
	return pages * uint64(os.Getpagesize())
}

// processorOf is the time that all processors have spent on a process (proc(5)).
func processorOf(b *testing.B, pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name
	fields := strings.Fields(rest)
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks are 1/100 s
}
