package device_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

// `logging host` sends each message to UDP port 514 of that address, as far as
// the uplink goes; here the way there leads to a port of this host.
func TestLoggingHost(t *testing.T) {
	model := devicetest.Product(t, "ios-15.5")
	for _, c := range []struct {
		line   string
		uplink network.Uplink
		hosts  string
		want   []string // addresses that are dialled
	}{
		{"a host", network.UplinkAny, "logging host 192.0.2.1\n", []string{"udp 192.0.2.1:514"}},
		{"the older spelling, and two", network.UplinkAny, "logging 192.0.2.1\nlogging host 127.0.0.1\n", []string{"udp 192.0.2.1:514", "udp 127.0.0.1:514"}},
		{"loopback only", network.UplinkLoopback, "logging host 192.0.2.1\nlogging host 127.9.9.9\n", []string{"udp 127.9.9.9:514"}},
		{"none", network.UplinkNone, "logging host 127.0.0.1\n", nil},
		{"no host", network.UplinkAny, "", nil},
	} {
		t.Run(c.line, func(t *testing.T) {
			collector, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer collector.Close()
			var mu sync.Mutex
			var dialled []string
			d := devicetest.New(t, model, "hostname R1\n"+c.hosts, func(o *device.Options) {
				o.Network = network.NewHost(network.HostOptions{Uplink: c.uplink, Dial: func(ctx context.Context, protocol, address string) (net.Conn, error) {
					mu.Lock()
					defer mu.Unlock()
					dialled = append(dialled, protocol+" "+address)
					return new(net.Dialer).DialContext(ctx, protocol, collector.LocalAddr().String())
				}})
			})
			d.Log("SYS", 5, "CONFIG_I", "Configured from %s by %s", "console", "vty0")
			d.Close() // sends what is queued
			if got := strings.Join(dialled, ", "); got != strings.Join(c.want, ", ") {
				t.Fatalf("dialled %q, want %q", got, c.want)
			}
			for range c.want {
				buf := make([]byte, 2048)
				collector.SetReadDeadline(time.Now().Add(10 * time.Second))
				for {
					n, _, err := collector.ReadFrom(buf)
					if err != nil {
						t.Fatalf("no datagram with the message: %v", err)
					}
					if got := string(buf[:n]); strings.HasPrefix(got, "<189>") && strings.HasSuffix(got, ": %SYS-5-CONFIG_I: Configured from console by vty0") {
						break
					}
				}
			}
		})
	}
}

// Without a way out nothing is sent, and nothing fails.
func TestLoggingHostWithoutDial(t *testing.T) {
	d := devicetest.New(t, devicetest.Product(t, "ios-15.5"), "logging host 127.0.0.1\n")
	d.Log("SYS", 5, "CONFIG_I", "Configured from console by console")
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
