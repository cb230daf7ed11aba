package hostile

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/ifs"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

// station is what a router copies from: 10.0.0.9, whose ports a test serves, beside
// 10.0.0.66, which nobody may be led to.
type station struct {
	*network.Node
	t      *testing.T
	mu     sync.Mutex
	conns  []net.Conn // guarded by mu: to be closed in the end
	strays atomic.Int32
	over   chan struct{} // closed in the end
}

// at is where it is.
var at = netip.MustParseAddr("10.0.0.9")

// beside boots a router of a release and a station on one wire, in a bubble.
func beside(t *testing.T, release string, f func(c *client, s *station)) {
	t.Helper()
	product := devicetest.Product(t, release)
	synctest.Test(t, func(t *testing.T) {
		fabric := network.NewFabric(network.FabricOptions{})
		wire := fabric.Segment("wire")
		plug := func(name, address string) *network.Node {
			n, err := fabric.Add(name)
			if err != nil {
				t.Fatal(err)
			}
			fabric.Connect(n, "eth0", wire)
			if address != "" {
				n.Apply(network.NewSettings(name, []network.Interface{{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}}}))
			}
			return n
		}
		s := &station{Node: plug("station", "10.0.0.9/24"), t: t, over: make(chan struct{})}
		s.guard(plug("victim", "10.0.0.66/24"))
		router, err := fabric.Add("R1")
		if err != nil {
			t.Fatal(err)
		}
		port := map[string]string{"ios-15.5": "GigabitEthernet0/0", "iosxe-17.15": "Ethernet0/0"}[release]
		fabric.Connect(router, port, wire)
		d := devicetest.New(t, product, "hostname R1\nfile prompt quiet\nno logging console\ninterface "+port+"\n ip address 10.0.0.1 255.255.255.0\n no shutdown\nline con 0\n privilege level 15\n length 0\n",
			func(o *device.Options) { o.Network = router })
		term := devicetest.Attach(d)
		term.Shown()
		defer func() {
			term.Close()
			s.hangUp()
			time.Sleep(time.Minute) // for servers to notice
			if n := s.strays.Load(); n > 0 {
				t.Errorf("%d connections to another host", n)
			}
		}()
		f(&client{d, term, t}, s)
	})
}

// guard counts who comes to a host.
func (s *station) guard(n *network.Node) {
	for _, port := range []uint16{21, 22, 25, 69, 80, 443, 2020, 8080} {
		n.Listen(network.Port{Proto: network.TCP, Number: port}, func(network.Flow) (network.Handler, *network.Verdict) {
			s.strays.Add(1)
			return nil, &network.Verdict{Outcome: network.Refused}
		})
		n.Receive(network.Port{Proto: network.UDP, Number: port}, func(network.Datagram) { s.strays.Add(1) })
	}
}

// serves lets serve have what comes to a TCP port; it has to end when the connection does.
func (s *station) serves(port uint16, serve func(net.Conn)) {
	s.t.Helper()
	_, err := s.Listen(network.Port{Proto: network.TCP, Number: port}, func(network.Flow) (network.Handler, *network.Verdict) {
		return func(c network.Conn) { s.keep(c); serve(c) }, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// asked lets serve have each request of TFTP, with a socket of a port of its own.
func (s *station) asked(serve func(x *socket)) {
	s.t.Helper()
	_, err := s.Receive(network.Port{Proto: network.UDP, Number: 69}, func(d network.Datagram) {
		x := s.socket(d.Flow.Remote)
		x.request = string(d.Data)
		go serve(x)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// socket opens a UDP port towards an address.
func (s *station) socket(to netip.AddrPort) *socket {
	conn, err := s.Dial(context.Background(), network.Path{Proto: network.UDP, To: to})
	if err != nil {
		panic(err)
	}
	s.keep(conn)
	return &socket{Conn: conn, station: s, to: to}
}

func (s *station) keep(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, c)
}

func (s *station) hangUp() {
	close(s.over)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
}

// socket is a port of the station that speaks TFTP.
type socket struct {
	net.Conn
	station *station
	to      netip.AddrPort
	request string
}

// send sends a packet; it reports whether the test goes on.
func (x *socket) send(kind byte, rest string) bool {
	_, err := io.WriteString(x, "\x00"+string(kind)+rest)
	return err == nil
}

// data sends block n.
func (x *socket) data(n int, text string) bool {
	return x.send(3, string([]byte{byte(n >> 8), byte(n)})+text)
}

// next is the packet that comes within a minute, "" for none.
func (x *socket) next() string {
	x.SetReadDeadline(time.Now().Add(time.Minute))
	b := make([]byte, 64<<10)
	n, _ := x.Read(b)
	return string(b[:n])
}

// state is all that a copy may leave behind.
func (c *client) state() string {
	var all []string
	for _, url := range []string{"nvram:", c.Product.Hardware().Flash[0]} {
		p, err := c.Files().ResolveWord(url, c.Files().Home())
		if err != nil {
			c.t.Fatal(err)
		}
		entries, err := p.FS().ReadDir("")
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, fmt.Sprintf("%s%s:%d", url, e.Name, e.Size))
		}
		all = append(all, fmt.Sprintf("%s %d free", url, p.FS().Info().Free))
	}
	slices.Sort(all)
	all = append(all, fmt.Sprintf("running configuration %x", sha256.Sum256([]byte(c.RunningConfig(false)))))
	return strings.Join(all, "\n")
}

// Amounts that a copy may show, in characters, and keep, in bytes.
const (
	maxShown = 100_000
	maxKept  = 16 << 20
)

// refuses types a copy that has to fail by itself, and returns what is shown: nothing is
// written, nothing steers the terminal, little is kept, and the session goes on.
func (c *client) refuses(line string) string {
	c.t.Helper()
	before, kept := c.state(), heap()
	out := c.enter(line)
	if grown := heap() - kept; grown > maxKept {
		c.t.Errorf("%s: %d bytes are kept", line, grown)
	}
	c.clean(out)
	if !strings.Contains(out, "%Error ") {
		c.t.Errorf("%s: no error:\n%.2000s", line, out)
	}
	if len(out) > maxShown {
		c.t.Errorf("%s: %d characters are shown", line, len(out))
	}
	c.untouched(line, before)
	return out
}

// givesUp breaks off a copy that does not end, with a key, and wants the prompt back.
func (c *client) givesUp(line, key string) {
	c.t.Helper()
	before := c.state()
	c.Type(line + "\r")
	time.Sleep(3 * time.Second)
	c.clean(fmt.Sprint(c.Shown()))
	c.Type(key)
	time.Sleep(time.Second)
	rows, prompt := c.Shown()
	if prompt == "R1#" {
		return // it was over by then
	}
	if !strings.HasSuffix(prompt, "Abort Copy? [confirm]") {
		c.t.Fatalf("%s: shown: %q, %q", line, rows, prompt)
	}
	c.Type("\r")
	time.Sleep(time.Second)
	rows, prompt = c.Shown()
	if prompt != "R1#" || !strings.Contains(strings.Join(rows, "\n"), "(Aborted)") {
		c.t.Errorf("%s: shown: %q, %q", line, rows, prompt)
	}
	c.untouched(line, before)
	if out := c.enter("show privilege"); !strings.Contains(out, "level is 15") {
		c.t.Errorf("the session does not go on: %s", out)
	}
}

func (c *client) untouched(line, before string) {
	c.t.Helper()
	if after := c.state(); after != before {
		c.t.Errorf("%s: was\n%s\nis\n%s", line, before, after)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// configure types a line of configuration, "" for none.
func (c *client) configure(line string) {
	c.t.Helper()
	if line == "" {
		return
	}
	if out := c.enter("configure terminal\r" + line + "\rend"); strings.Contains(out, "%") {
		c.t.Fatal(out)
	}
}

// content is what a file holds, which it removes.
func (c *client) content(url string) string {
	c.t.Helper()
	p, err := c.Files().ResolveWord(url, c.Files().Home())
	if err != nil {
		c.t.Fatal(err)
	}
	f, err := p.FS().Open(p.Name)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	defer p.FS().Remove(p.Name)
	text, err := io.ReadAll(f)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// put makes a file of the router.
func (c *client) put(url, text string) {
	c.t.Helper()
	p, err := c.Files().ResolveWord(url, c.Files().Home())
	if err == nil {
		err = ifs.WriteFile(p.FS(), p.Name, []byte(text))
	}
	if err != nil {
		c.t.Fatal(err)
	}
}
