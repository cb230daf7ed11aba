package bench

import (
	"bytes"
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/secret"
)

// foreignLogins is logins with golang.org/x/crypto/ssh as the client.
func foreignLogins(b *testing.B, addr, user string, by crowd) func() {
	cfg := &xssh.ClientConfig{User: user, Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey(),
		HostKeyAlgorithms: []string{"rsa-sha2-256"}, Config: xssh.Config{KeyExchanges: []string{"curve25519-sha256"}}}
	return func() {
		var all sync.WaitGroup
		for range by.n {
			all.Go(func() {
				for range by.times {
					c, err := xssh.Dial("tcp", addr, cfg)
					if err != nil {
						b.Errorf("%s as %s: %v", addr, user, err)
						return
					}
					c.Close()
				}
			})
		}
		all.Wait()
	}
}

// both runs a login against ours and the other server with both clients.
func both(b *testing.B, name, ours, other, user string) {
	cfg := client("curve25519-sha256", "rsa-sha2-256", password)
	cfg.User = user
	for _, by := range crowds {
		b.Run(name+by.name, func(b *testing.B) {
			versus(b, "x/crypto", 0, logins(b, ours, cfg, by), logins(b, other, cfg, by))
		})
		b.Run(name+by.name+", x/crypto as client", func(b *testing.B) {
			versus(b, "x/crypto", 0, foreignLogins(b, ours, user, by), foreignLogins(b, other, user, by))
		})
	}
}

// A login does not cost more on a device with many lines.
func BenchmarkLoginLines(b *testing.B) {
	other := startFresh(b, "x/crypto", "").line()
	for _, last := range []int{99, 1100} {
		ours := freshDevice(b, "iosxe-17.15", fmt.Sprintf("line vty 0 %d\n transport input ssh\n", last))
		both(b, fmt.Sprintf("%d vty", last+1), ours, other, "cisco")
	}
}

// Nor on one with many users, of whom others have passwords of other types: the
// user who logs in has one of type 0.
func BenchmarkLoginUsers(b *testing.B) {
	other := startFresh(b, "x/crypto", "").line()
	var users strings.Builder
	for i, kind := range []int{9, 8, 5} {
		s, err := secret.New(kind, "other", bytes.NewReader(make([]byte, 64)))
		if err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(&users, "username typed%d secret %d %s\n", i, kind, s.Text)
	}
	both(b, "types 9, 8, 5 beside", freshDevice(b, "iosxe-17.15", users.String()), other, "cisco")
	for i := range 10000 {
		fmt.Fprintf(&users, "username user%d password 0 x%d\n", i, i)
	}
	both(b, "10,000 users", freshDevice(b, "iosxe-17.15", users.String()), other, "cisco")
}

// fleetConfig is what a device of a fleet has: 14 lines.
const fleetConfig = `hostname R%[1]d
ip domain name lab.example
username admin privilege 15 password 0 admin
aaa new-model
aaa authentication login default local
aaa authorization exec default local
interface Ethernet0/0
 ip address 10.%[2]d.%[3]d.1 255.255.255.0
ip ssh version 2
ip scp server enable
line con 0
 logging synchronous
line vty 0 4
 transport input ssh
`

// 10,000 devices in this process, with their SSH servers up on networks in memory:
// until all answer, and what they occupy. Connections to some show that they do.
func BenchmarkFleet(b *testing.B) {
	const devices = 10000
	product := devicetest.Product(b, "iosxe-17.15")
	pool, err := keyring.OpenPool(filepath.Join(b.TempDir(), "pool.pem"), 16, 2048)
	if err != nil {
		b.Fatal(err)
	}
	peer, self := netip.MustParseAddrPort("10.0.0.9:40000"), netip.MustParseAddrPort("10.0.0.1:22")
	for b.Loop() {
		b.StopTimer()
		before := resident()
		all, stacks := make([]*device.Device, devices), make([]*network.Host, devices)
		b.StartTimer()
		start := time.Now()
		var work sync.WaitGroup
		const workers = 2
		for w := range workers {
			work.Go(func() {
				for i := w; i < devices; i += workers {
					text := fmt.Sprintf(fleetConfig, i, i/256, i%256)
					stacks[i] = network.NewHost(network.HostOptions{})
					d, err := device.New(product, device.Options{Startup: &text, Network: stacks[i]})
					if err != nil {
						b.Error(err)
						return
					}
					name := fmt.Sprintf("R%d", i)
					d.AddKeys(pool.Pair(name, name+".lab.example"))
					all[i] = d
				}
			})
		}
		work.Wait()
		took := time.Since(start)
		b.StopTimer()
		b.ReportMetric(took.Seconds(), "s/fleet")
		b.ReportMetric(float64(resident()-before)/(1<<20), "MiB/fleet")
		for i := 0; i < devices; i += 1000 {
			answers(b, stacks[i], peer, self)
		}
		for _, d := range all {
			d.Close()
		}
		b.StartTimer()
	}
}

// answers checks that a device identifies itself.
func answers(b *testing.B, stack *network.Host, peer, self netip.AddrPort) {
	conn, err := stack.Connect("", peer, self)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	buf := make([]byte, 8)
	if _, err := conn.Read(buf); err != nil || string(buf) != "SSH-2.0-" {
		b.Fatalf("a device answers %q, %v", buf, err)
	}
}
