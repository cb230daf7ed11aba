package network

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// Every field of an interface counts when settings are compared.
func TestConfiguredComparesAll(t *testing.T) {
	for n := range reflect.TypeFor[Interface]().NumField() {
		var i Interface
		v := reflect.ValueOf(&i).Elem().Field(n)
		switch v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int:
			v.SetInt(1)
		case reflect.Uint16:
			v.SetUint(1)
		case reflect.Pointer:
			v.Set(reflect.ValueOf(&List{}))
		case reflect.Slice:
			v.Set(reflect.ValueOf(prefixes("10.0.0.1/24")))
		default:
			t.Fatalf("a field of kind %v", v.Kind())
		}
		if (&port{}).configured(i) {
			t.Errorf("%s does not count", reflect.TypeFor[Interface]().Field(n).Name)
		}
	}
}

// A port is open once for the same connections; VRF and address choose between several.
func TestNodeListen(t *testing.T) {
	l := newLab(t)
	r1 := l.node("R1", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.1/24", "10.0.0.2/24"), ip("Lo1", "10.1.1.1/32").in("blue")})
	says := func(p Port, text string) io.Closer {
		p.Proto, p.Number = TCP, 22
		c, err := r1.Listen(p, func(Flow) (Handler, *Verdict) { return func(c Conn) { io.WriteString(c, text) }, nil })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	one := says(Port{Local: netip.MustParseAddr("10.0.0.2")}, "second address")
	defer says(Port{}, "global").Close()
	defer says(Port{VRF: "blue"}, "blue").Close()
	if _, err := r1.Listen(Port{Proto: TCP, Number: 22}, nil); err == nil || err.Error() != "network: port 22: in use" {
		t.Errorf("twice: %v", err)
	}
	if got := len(r1.Ports()); got != 3 {
		t.Errorf("%d ports", got)
	}
	hears := func(p Path) string {
		c, err := r1.Dial(t.Context(), p)
		if err != nil {
			return err.Error()
		}
		defer c.Close()
		text, _ := io.ReadAll(c)
		return string(text)
	}
	blue := to("10.1.1.1:22")
	blue.VRF = "blue"
	for _, tt := range []struct {
		path Path
		want string
	}{{to("10.0.0.1:22"), "global"}, {to("10.0.0.2:22"), "second address"}, {blue, "blue"}} {
		if got := hears(tt.path); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.path.To, got, tt.want)
		}
	}
	one.Close()
	one.Close()
	if got := hears(to("10.0.0.2:22")); got != "global" {
		t.Errorf("after Close: %q", got)
	}
}

// Datagrams go there and back, to the node itself too, and are lost without a word.
func TestDatagrams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		r1, r2, r3 := l.chain()
		for _, n := range []*Node{r1, r3} {
			box, err := n.Receive(Port{Proto: UDP, VRF: AllVRFs, Number: 514}, func(d Datagram) {
				d.Reply([]byte(string(d.Data) + " from " + d.Flow.Remote.String() + " on " + d.Flow.Interface))
			})
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
		}
		if _, err := r3.Receive(Port{Proto: UDP, VRF: AllVRFs, Number: 514}, nil); err == nil {
			t.Error("a port is open twice")
		}
		udp := func(text, source string) Conn {
			t.Helper()
			c, err := r1.Dial(t.Context(), Path{Proto: UDP, Source: source, To: netip.MustParseAddrPort(text)})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		for _, tt := range []struct{ to, source, want string }{
			{"10.0.23.3:514", "", "hello from 10.0.12.1:49152 on Gi1"},
			{"10.0.0.3:514", "Lo0", "hello from 10.0.0.1:49153 on Gi1"},
			{"10.0.0.1:514", "", "hello from 10.0.0.1:49154 on Lo0"},
			{"[2001:db8:23::3]:514", "", "hello from [2001:db8:12::1]:49155 on Gi1"},
			{"10.0.23.3:515", "", ""},
			{"10.0.23.9:514", "", ""},
		} {
			c := udp(tt.to, tt.source)
			c.Write([]byte("hello"))
			if got, err := reads(c); got != tt.want || tt.want == "" && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: %q, %v, want %q", tt.to, got, err, tt.want)
			}
			c.Close()
			if _, err := c.Write(nil); !errors.Is(err, net.ErrClosed) {
				t.Errorf("after Close: %v", err)
			}
		}
		if len(r1.Flows())+len(r1.doors.udp) != 1 {
			t.Errorf("left: %v, %d ports", r1.Flows(), len(r1.doors.udp))
		}
		c := udp("10.0.23.3:514", "")
		defer c.Close()
		l.Disconnect(r2, "Gi2")
		c.Write([]byte("lost"))
		l.Connect(r2, "Gi2", l.Segment("23"))
		c.Write([]byte("second"))
		if got, _ := reads(c); !strings.HasPrefix(got, "second") {
			t.Errorf("got %q", got)
		}
		r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}))
		var v *Verdict
		if _, err := r1.Dial(t.Context(), Path{Proto: UDP, To: netip.MustParseAddrPort("10.0.23.3:514")}); !errors.As(err, &v) || v.Outcome != NoRoute {
			t.Errorf("without a route: %v", err)
		}
	})
}

// Two nodes may answer each other from their receivers, and a receiver may send to
// itself: nobody waits for anybody.
func TestDatagramsCross(t *testing.T) {
	defer goleak.VerifyNone(t)
	l := newLab(t)
	r1, r2, _ := l.chain()
	var left sync.WaitGroup
	left.Add(20)
	for _, n := range []*Node{r1, r2} {
		rounds := 10
		box, _ := n.Receive(Port{Proto: UDP, Number: 123}, func(d Datagram) {
			if rounds--; rounds >= 0 {
				left.Done()
				d.Reply(d.Data)
			}
		})
		defer box.Close()
	}
	r1.sendUDP("", "", netip.MustParseAddrPort("10.0.12.1:123"), netip.MustParseAddrPort("10.0.12.2:123"), []byte("x"))
	left.Wait()
}

// What no node has goes to the uplink, as far as that reaches; what a node has never
// does.
func TestFabricUplink(t *testing.T) {
	var dialled []string
	l := &lab{t, NewFabric(FabricOptions{Dial: func(_ context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, network+" "+address)
		near, far := Pipe(netip.MustParseAddrPort("127.0.0.1:5000"), netip.MustParseAddrPort("127.0.0.1:22"))
		far.Close()
		return near, nil
	}})}
	r1, r2, _ := l.chain()
	c, err := r1.Dial(t.Context(), to("192.0.2.1:22"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Flow(); got.Local.Addr().String() != "10.0.12.1" || got.Interface != "Gi1" || len(r1.Flows()) != 1 {
		t.Errorf("flow %+v of %d", got, len(r1.Flows()))
	}
	c.Close()
	r2.Apply(NewSettings("R2", nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r1.Dial(ctx, to("10.0.23.3:22")); err == nil {
		t.Error("an address of R3 is reached over the uplink")
	}
	if got := strings.Join(dialled, ", "); got != "tcp 192.0.2.1:22" {
		t.Errorf("dialled %s", got)
	}
	for _, tt := range []struct{ why, to, want string }{
		{"R1 has a default route, R2 has no route", "192.0.2.1:514", "udp 192.0.2.1:514"},
		{"no node on the link of R1 has it", "10.0.12.9:514", "udp 10.0.12.9:514"},
		{"R3 has it, and cannot be reached", "10.0.23.3:514", ""},
		{"R1 has it", "10.0.12.1:514", ""},
	} {
		dialled = nil
		if c, err := r1.Dial(t.Context(), Path{Proto: UDP, To: netip.MustParseAddrPort(tt.to)}); err != nil {
			t.Errorf("%s: %v", tt.why, err)
		} else {
			c.Close()
		}
		if got := strings.Join(dialled, ", "); got != tt.want {
			t.Errorf("%s: dialled %q, want %q", tt.why, got, tt.want)
		}
	}
	r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, via("0.0.0.0/0", "10.0.12.9")))
	dialled = nil
	if c, err := r1.Dial(t.Context(), Path{Proto: UDP, To: netip.MustParseAddrPort("192.0.2.1:514"), AnyPort: true}); err != nil || dialled != nil {
		t.Errorf("a port of the host for a peer that chooses its own: %v, dialled %v", err, dialled)
	} else if _, ours := c.(*udpConn); ours {
		t.Error("a next hop that no node has keeps the datagrams in the fabric")
	} else {
		c.Close()
	}
	l.o.Uplink = UplinkLoopback
	var v *Verdict
	r1.Apply(NewSettings("R1", nil))
	if _, err := r1.Dial(t.Context(), to("192.0.2.1:22")); !errors.As(err, &v) || v.Outcome != NoRoute {
		t.Errorf("beyond the reach: %v", err)
	}
}

// Connections come in from outside the fabric, whatever the state of the interface.
func TestNodeInject(t *testing.T) {
	defer goleak.VerifyNone(t)
	l := newLab(t)
	r1 := l.node("R1", "", []Interface{ip("Gi1", "10.0.0.1/24").down()})
	d, err := r1.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: 22}, echo)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, iface := l.Find(netip.MustParseAddr("10.0.0.1")); n != r1 || iface != "Gi1" {
		t.Errorf("found %v %s", n, iface)
	}
	const want = "{Proto:6 VRF: Interface:Gi1 Local:10.0.0.1:22 Remote:10.0.0.9:40000}"
	c, err := r1.Connect("", there, here)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(c); string(got) != want {
		t.Errorf("Connect: %s", got)
	}
	c.Close()
	near, far := Pipe(there, here)
	if err := r1.Inject("Gi1", 22, far); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(near); string(got) != want {
		t.Errorf("Inject: %s", got)
	}
	near.Close()
	near, far = Pipe(there, here)
	if err := r1.Inject("Gi1", 23, far); err == nil {
		t.Error("a closed port takes a connection")
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("whoever was injected there reads %v", err)
	}
	answer := ""
	box, _ := r1.Receive(Port{Proto: UDP, Number: 161}, func(d Datagram) { d.Reply(d.Data) })
	defer box.Close()
	snmp := netip.MustParseAddrPort("10.0.0.1:161")
	if err := r1.Deliver("Gi1", there, snmp, []byte("get"), func(b []byte) error { answer = string(b); return nil }); err != nil || answer != "get" {
		t.Errorf("Deliver: %q, %v", answer, err)
	}
}

// A node that is taken out is gone for the others.
func TestRemove(t *testing.T) {
	l := newLab(t)
	r1, r2, _ := l.chain()
	l.Remove(r2)
	l.Remove(r2)
	if got := fate(ping(r1, "10.0.12.2")); got != "no such neighbour at R1 Gi1" {
		t.Errorf("got %s", got)
	}
	if l.Node("R2") != nil {
		t.Error("R2 has its name")
	}
	l.Connect(r2, "Gi1", l.Segment("12"))
	if _, err := l.Add("R1"); err == nil {
		t.Error("there are two R1")
	}
}

// Everything at once: changes, packets and connections.
func TestFabricConcurrency(t *testing.T) {
	defer goleak.VerifyNone(t)
	l := newLab(t)
	r1, r2, r3 := l.chain()
	d, _ := r3.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: 22}, func(Flow) (Handler, *Verdict) {
		return func(c Conn) { io.Copy(onlyWriter{c}, onlyReader{c}) }, nil
	})
	defer d.Close()
	defer r2.Watch(func(LinkChange) { r1.Link("Gi1") })()
	end := time.Now().Add(200 * time.Millisecond)
	var work sync.WaitGroup
	loop := func(f func()) {
		work.Go(func() {
			for time.Now().Before(end) {
				f()
			}
		})
	}
	loop(func() {
		l.Disconnect(r2, "Gi2")
		l.Connect(r2, "Gi2", l.Segment("23"))
	})
	loop(func() {
		r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24").down()}))
		r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}, via("0.0.0.0/0", "10.0.23.2")))
	})
	for range 2 {
		loop(func() {
			r1.Walk(Packet{Flow: Flow{Proto: ICMP, Remote: netip.MustParseAddrPort("10.0.23.3:0")}})
			r2.Neighbours("")
			r3.Table("")
		})
		loop(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel()
			c, err := r1.Dial(ctx, to("10.0.23.3:22"))
			if err != nil {
				return
			}
			defer c.Close()
			buf := make([]byte, 1)
			for range 20 {
				c.SetDeadline(time.Now().Add(10 * time.Millisecond))
				c.Write(buf)
				c.Read(buf)
			}
		})
	}
	work.Wait()
	// The way may be broken by now: the ends of connections are still on their way.
	l.Connect(r2, "Gi2", l.Segment("23"))
	r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}, via("0.0.0.0/0", "10.0.23.2")))
}

// Connections over UDP may share the port that they come from: each hears its own peer.
func TestSourcePort(t *testing.T) {
	l := newLab(t)
	r1, r2, r3 := l.chain()
	for _, n := range []*Node{r2, r3} {
		n.Receive(Port{Proto: UDP, VRF: AllVRFs, Number: 1812}, func(d Datagram) { d.Reply([]byte(n.Name() + " " + d.Flow.Remote.String())) })
	}
	ping(r1, "10.0.12.2")
	ping(r1, "10.0.23.3")
	var conns []Conn
	for _, to := range []string{"10.0.12.2:1812", "10.0.23.3:1812", "10.0.23.3:1812"} {
		c, err := r1.Dial(context.Background(), Path{Proto: UDP, To: netip.MustParseAddrPort(to), From: 1645})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		conns = append(conns, c)
	}
	for i, want := range []string{"R2 10.0.12.1:1645", "R3 10.0.12.1:1645", "R3 10.0.12.1:49152"} {
		p := make([]byte, 100)
		conns[i].Write([]byte("x"))
		if n, err := conns[i].Read(p); string(p[:n]) != want {
			t.Errorf("connection %d reads %q, %v; want %q", i, p[:n], err, want)
		}
	}
}
