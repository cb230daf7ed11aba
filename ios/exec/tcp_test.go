package exec_test

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/network"
)

// A client that has connected to the SSH server is a TCP connection of the
// device's own port.
func TestShowTCP(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", "")
	conn := r.Dial()
	defer conn.Close()
	devicetest.Eventually(t, "the connection is there", func() bool { return r.Connections() == 1 })
	foreign := strings.Replace(conn.LocalAddr().String(), ":", ".", 1)
	want := `TCB       Local Address               Foreign Address             \(state\)\s+` +
		`[0-9A-F]{8}  127\.0\.0\.1\.22 {15}` + regexp.QuoteMeta(foreign) + ` +ESTAB\s+` +
		`[0-9A-F]{8}  \*\.22 {23}\*\.\* {25}LISTEN`
	if got := r.Console().Enter("show tcp brief all"); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A client that sends datagrams, and a port that takes them.
func TestShowUDP(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", "interface Loopback0\n ip address 10.1.1.1 255.255.255.255\n")
	conn, err := r.Device.Net.Dial(t.Context(), network.Path{Proto: network.UDP, Source: "Loopback0", To: netip.MustParseAddrPort("127.0.0.1:514")})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	port, err := r.Device.Net.Receive(network.Port{Proto: network.UDP, Number: 123}, func(network.Datagram) {})
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	want := `Proto    Remote         Port      Local           Port  In Out Stat TTY OutputIF\s+` +
		` 17      127\.0\.0\.1        514     10\.1\.1\.1 {8}\d{5} 0   0    0   0\s+` +
		` 17     --listen--             --any--        123  0    0   1    0\s`
	if got := r.Console().Enter("show udp"); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
