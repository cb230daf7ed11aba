package bench

import (
	"fmt"
	"sync"
	"testing"

	"vtylab/ssh/ssh2"
)

// What 1,000 devices that nobody talks to occupy, in a process of their own.
func BenchmarkIdleDevice(b *testing.B) {
	const devices = 1000
	for b.Loop() {
		f := startFresh(b, fmt.Sprintf("iosxe-17.15 %d", devices), "")
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
		f := startFresh(b, fmt.Sprintf("iosxe-17.15 %d", devices), manyVTYs)
		f.bytes()
		var addrs []string
		for range devices {
			addrs = append(addrs, f.line())
		}
		before := f.memory()
		var sessions sync.WaitGroup
		var clients []*ssh2.Client
		var mu sync.Mutex
		for _, addr := range addrs {
			sessions.Go(func() {
				for range each {
					c, err := prompt(b.Context(), addr, client("curve25519-sha256", "rsa-sha2-256", password))
					if err != nil {
						b.Error(err)
						return
					}
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
