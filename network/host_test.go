package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// interfaces are settings with these interfaces.
func interfaces(all ...Interface) *Settings {
	return &Settings{
		Node:       "R1",
		Interfaces: slices.Values(all),
		Interface: func(name string) (Interface, bool) {
			i := slices.IndexFunc(all, func(i Interface) bool { return i.Name == name })
			if i < 0 {
				return Interface{}, false
			}
			return all[i], true
		},
	}
}

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, t := range texts {
		all = append(all, netip.MustParsePrefix(t))
	}
	return all
}

// echo accepts everything, and answers with the flow.
func echo(Flow) (Handler, *Verdict) {
	return func(c Conn) { fmt.Fprintf(c, "%+v", c.Flow()) }, nil
}

func listen(t *testing.T, h *Host, port uint16, accept Accept) io.Closer {
	t.Helper()
	l, err := h.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: port}, accept)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A connection of the host arrives on the interface of its carrier, at the address of
// that interface, from the address it really has.
func TestHostArrival(t *testing.T) {
	defer goleak.VerifyNone(t)
	outside := Interface{Name: "outside", VRF: "blue", Addresses: prefixes("2001:db8::1/64", "198.51.100.1/24"), Up: true}
	inside := Interface{Name: "inside"}
	management := Interface{Name: "management", ManagementOnly: true}
	for _, tt := range []struct {
		why, carrier string
		settings     *Settings
		want         Flow // without Remote
	}{
		{"no configuration", "", &Settings{}, Flow{Local: netip.MustParseAddrPort("127.0.0.1:22")}},
		{"an interface that is not configured", "dmz", &Settings{}, Flow{Interface: "dmz", Local: netip.MustParseAddrPort("127.0.0.1:22")}},
		{"the first", "", interfaces(inside), Flow{Interface: "inside", Local: netip.MustParseAddrPort("127.0.0.1:22")}},
		{"the first with an address", "", interfaces(inside, outside), Flow{Interface: "outside", VRF: "blue", Local: netip.MustParseAddrPort("198.51.100.1:22")}},
		{"the management interface", "", interfaces(inside, outside, management), Flow{Interface: "management", Local: netip.MustParseAddrPort("127.0.0.1:22")}},
		{"the one of the carrier", "outside", interfaces(management, outside), Flow{Interface: "outside", VRF: "blue", Local: netip.MustParseAddrPort("198.51.100.1:22")}},
	} {
		h := NewHost(HostOptions{Carriers: Carriers{{Interface: tt.carrier, Port: 22, Address: "127.0.0.1:0"}}})
		h.Apply(tt.settings)
		got := make(chan Flow, 1)
		l := listen(t, h, 22, func(f Flow) (Handler, *Verdict) {
			got <- f
			return func(c Conn) { io.WriteString(c, "hello") }, nil
		})
		client, err := net.Dial("tcp", h.Addrs(22)[0].String())
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(client); string(text) != "hello" || err != nil {
			t.Errorf("%s: the client reads %q, %v", tt.why, text, err)
		}
		tt.want.Proto, tt.want.Remote = TCP, netip.MustParseAddrPort(client.LocalAddr().String())
		if f := <-got; f != tt.want {
			t.Errorf("%s: arrives as %+v, want %+v", tt.why, f, tt.want)
		}
		client.Close()
		l.Close()
		if len(h.Addrs(22)) != 0 {
			t.Errorf("%s: the port is closed, and has an address", tt.why)
		}
	}
}

// A connection that is refused is reset; one that is filtered is closed without a
// reset, which is as silent as a program can be.
func TestHostTurnsAway(t *testing.T) {
	defer goleak.VerifyNone(t)
	for outcome, want := range map[Outcome]error{Refused: syscall.ECONNRESET, Filtered: nil} {
		h := NewHost(HostOptions{Carriers: Carriers{{Port: 22, Address: "127.0.0.1:0"}}})
		l := listen(t, h, 22, func(Flow) (Handler, *Verdict) { return nil, &Verdict{Outcome: outcome, Line: "access-class 10 in"} })
		var text []byte
		client, err := net.Dial("tcp", h.Addrs(22)[0].String())
		if err == nil { // a reset may be there before Dial has returned
			text, err = io.ReadAll(client)
			client.Close()
		}
		if len(text) > 0 || !errors.Is(err, want) {
			t.Errorf("%v: the client reads %q, %v, want %v", outcome, text, err, want)
		}
		_, err = h.Connect("", there, here)
		var v *Verdict
		if !errors.As(err, &v) || v.Outcome != outcome || v.Line != "access-class 10 in" {
			t.Errorf("%v in memory: %v", outcome, err)
		}
		l.Close()
		if len(h.Flows()) > 0 {
			t.Errorf("%v: it lives: %v", outcome, h.Flows())
		}
	}
}

// A port opens at all of its carriers or at none, and has one listener.
func TestHostListenFails(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := NewHost(HostOptions{Carriers: Carriers{
		{Interface: "inside", Port: 22, Address: "127.0.0.1:0"},
		{Interface: "outside", Port: 22, Address: "nonsense:22:22"},
	}})
	if _, err := h.Listen(Port{Number: 22}, echo); err == nil || len(h.Addrs(22)) > 0 {
		t.Errorf("half a port: %v, %v", err, h.Addrs(22))
	}
	l := listen(t, h, 23, echo)
	if _, err := h.Listen(Port{Number: 23}, echo); err == nil || err.Error() != "network: port 23: in use" {
		t.Errorf("twice: %v", err)
	}
	l.Close()
	l.Close()
	listen(t, h, 23, echo).Close()
}

// Whose port it is: the VRF and the local address count, AllVRFs is every VRF.
func TestHostPortTakes(t *testing.T) {
	h := NewHost(HostOptions{})
	h.Apply(interfaces(Interface{Name: "Gi1", VRF: "blue", Addresses: prefixes("10.0.0.1/24")}))
	for _, tt := range []struct {
		why  string
		port Port
		ok   bool
	}{
		{"every VRF", Port{VRF: AllVRFs}, true},
		{"its VRF", Port{VRF: "blue"}, true},
		{"the global table", Port{}, false},
		{"its address", Port{VRF: "blue", Local: here.Addr()}, true},
		{"another address", Port{VRF: "blue", Local: there.Addr()}, false},
	} {
		tt.port.Proto, tt.port.Number = TCP, 22
		l, err := h.Listen(tt.port, echo)
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.Connect("Gi1", there, here)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.why, err)
		}
		if err == nil {
			io.Copy(io.Discard, c)
			c.Close()
		}
		l.Close()
	}
}

// Connect and Inject need no goroutine of the device: ten thousand hosts that listen
// have none.
func TestHostInMemory(t *testing.T) {
	defer goleak.VerifyNone(t)
	before := runtime.NumGoroutine()
	hosts := make([]*Host, 10_000)
	for i := range hosts {
		hosts[i] = NewHost(HostOptions{})
		listen(t, hosts[i], 22, echo)
	}
	if n := runtime.NumGoroutine() - before; n > 0 {
		t.Errorf("%d goroutines for hosts that nobody connects to", n)
	}
	h := hosts[4711]
	h.Apply(interfaces(Interface{Name: "Gi1", VRF: "blue"}))
	const want = "{Proto:6 VRF:blue Interface:Gi1 Local:10.0.0.1:22 Remote:10.0.0.9:40000}"
	c, err := h.Connect("", there, here)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); string(got) != want || err != nil {
		t.Errorf("Connect: got %q, %v, want %q", got, err, want)
	}
	c.Close()
	near, far := Pipe(there, here)
	if err := h.Inject("Gi1", 22, far); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(near); string(got) != want || err != nil {
		t.Errorf("Inject: got %q, %v, want %q", got, err, want)
	}
	near.Close()
	var v *Verdict
	if _, err := h.Connect("", there, netip.MustParseAddrPort("10.0.0.1:23")); !errors.As(err, &v) || v.Outcome != Refused {
		t.Errorf("a closed port: %v", err)
	}
	near, far = Pipe(there, here)
	if err := h.Inject("", 23, far); !errors.As(err, &v) || v.Outcome != Refused {
		t.Errorf("a closed port: %v", err)
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("whoever was injected there reads %v", err)
	}
}

// When Close has returned, no Accept runs and none will, and each handler that was
// promised has begun or will: the owner can wait for them.
func TestHostCloseIsFinal(t *testing.T) {
	defer goleak.VerifyNone(t)
	for range 200 {
		h := NewHost(HostOptions{})
		var closed atomic.Bool
		var promised, ran atomic.Int32
		var handlers, clients sync.WaitGroup
		l := listen(t, h, 22, func(Flow) (Handler, *Verdict) {
			if closed.Load() {
				t.Error("an Accept runs after Close")
			}
			handlers.Add(1)
			promised.Add(1)
			return func(Conn) { defer handlers.Done(); ran.Add(1) }, nil
		})
		for range 4 {
			clients.Go(func() {
				if c, err := h.Connect("", there, here); err == nil {
					c.Close()
				}
			})
		}
		l.Close()
		closed.Store(true)
		handlers.Wait()
		if promised.Load() != ran.Load() {
			t.Errorf("%d handlers ran of %d", ran.Load(), promised.Load())
		}
		clients.Wait()
	}
}

// Close waits for an Accept that is running, and not for a handler.
func TestHostCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHost(HostOptions{})
		end := make(chan struct{})
		l := listen(t, h, 22, func(Flow) (Handler, *Verdict) {
			time.Sleep(time.Second)
			return func(Conn) { <-end }, nil
		})
		began := time.Now()
		go h.Connect("", there, here)
		synctest.Wait()
		l.Close()
		if took := time.Since(began); took != time.Second {
			t.Errorf("Close returned after %v, want 1s", took)
		}
		synctest.Wait() // the connection lives once its Accept has returned
		if flows := h.Flows(); len(flows) != 1 || flows[0].Remote != there {
			t.Errorf("flows: %v", flows)
		}
		close(end)
		synctest.Wait()
		if flows := h.Flows(); len(flows) != 0 {
			t.Errorf("flows after the handler: %v", flows)
		}
	})
}

// poor is a listener that has no descriptor for the first n connections.
type poor struct {
	net.Listener
	n     int
	times []time.Time
	stop  chan struct{}
}

func (l *poor) Accept() (net.Conn, error) {
	l.times = append(l.times, time.Now())
	if l.n--; l.n >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	<-l.stop
	return nil, net.ErrClosed
}

func (l *poor) Close() error   { close(l.stop); return nil }
func (l *poor) Addr() net.Addr { return net.TCPAddrFromAddrPort(here) }

// After an Accept that failed there is a pause, which grows up to a second; the
// operator is told each time.
func TestHostAcceptPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &poor{n: 10, stop: make(chan struct{})}
		var problems []error
		h := NewHost(HostOptions{
			Carriers: Carriers{{Address: "memory:22"}},
			Listen:   func(context.Context, string, string) (net.Listener, error) { return l, nil },
			Problem:  func(err error) { problems = append(problems, err) },
		})
		port := listen(t, h, 22, echo)
		time.Sleep(time.Minute)
		synctest.Wait()
		port.Close()
		var pauses []time.Duration
		for i := range l.times[1:] {
			pauses = append(pauses, l.times[i+1].Sub(l.times[i]).Round(time.Millisecond))
		}
		if got, want := fmt.Sprint(pauses), "[5ms 10ms 20ms 40ms 80ms 160ms 320ms 640ms 1s 1s]"; got != want {
			t.Errorf("pauses %s, want %s", got, want)
		}
		if len(problems) != 10 || !errors.Is(problems[0], syscall.EMFILE) {
			t.Errorf("the operator is told %v", problems)
		}
	})
}

// Close does not wait for the end of a pause.
func TestHostClosesInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &poor{n: 1 << 30, stop: make(chan struct{})}
		h := NewHost(HostOptions{
			Carriers: Carriers{{Address: "memory:22"}},
			Listen:   func(context.Context, string, string) (net.Listener, error) { return l, nil },
		})
		port := listen(t, h, 22, echo)
		time.Sleep(time.Minute)
		synctest.Wait()
		began := time.Now()
		port.Close()
		if took := time.Since(began); took != 0 {
			t.Errorf("Close took %v", took)
		}
	})
}

// The traffic class reaches the socket, of either family; in memory there is none.
func TestTrafficClass(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		h := NewHost(HostOptions{Carriers: Carriers{{Address: address}}})
		got := make(chan int, 1)
		l, err := h.Listen(Port{Proto: TCP, Number: 22}, func(Flow) (Handler, *Verdict) {
			return func(c Conn) {
				if err := c.SetTrafficClass(0xb8); err != nil {
					t.Errorf("%s: %v", address, err)
				}
				socket := c.(*hostConn).Conn
				class, err := ipv4.NewConn(socket).TOS()
				if address != "127.0.0.1:0" {
					class, err = ipv6.NewConn(socket).TrafficClass()
				}
				if err != nil {
					t.Errorf("%s: %v", address, err)
				}
				got <- class
			}, nil
		})
		if err != nil {
			t.Logf("%s: %v", address, err)
			continue
		}
		client, err := net.Dial("tcp", h.Addrs(22)[0].String())
		if err != nil {
			t.Fatal(err)
		}
		if class := <-got; class != 0xb8 {
			t.Errorf("%s: class %#x, want 0xb8", address, class)
		}
		client.Close()
		l.Close()
	}
	_, memory := Pipe(there, here)
	if err := NewHost(HostOptions{}).conn(memory, Flow{}).SetTrafficClass(1); err != nil {
		t.Errorf("in memory: %v", err)
	}
}

// Half-close and reset of a connection of the host.
func TestConnEnds(t *testing.T) {
	defer goleak.VerifyNone(t)
	for why, end := range map[string]struct {
		by   func(Conn) error
		want error
	}{"half-close": {Conn.CloseWrite, nil}, "reset": {Conn.Reset, syscall.ECONNRESET}} {
		h := NewHost(HostOptions{Carriers: Carriers{{Address: "127.0.0.1:0"}}})
		var rest []byte
		done := make(chan struct{})
		l := listen(t, h, 22, func(Flow) (Handler, *Verdict) {
			return func(c Conn) {
				defer close(done)
				c.Read(make([]byte, 1)) // the client has connected
				if err := end.by(c); err != nil {
					t.Errorf("%s: %v", why, err)
				}
				rest, _ = io.ReadAll(c)
			}, nil
		})
		client, err := net.Dial("tcp", h.Addrs(22)[0].String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(client, "x")
		if _, err := io.ReadAll(client); !errors.Is(err, end.want) {
			t.Errorf("%s: the client reads %v, want %v", why, err, end.want)
		}
		if end.want == nil {
			io.WriteString(client, "still here")
		}
		client.Close()
		<-done
		if end.want == nil && string(rest) != "still here" {
			t.Errorf("%s: the other half carries %q", why, rest)
		}
		l.Close()
	}
	var unable net.Conn = struct{ net.Conn }{}
	if err := NewHost(HostOptions{}).conn(unable, Flow{}).CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("half-close of what cannot: %v", err)
	}
}

// What the device dials goes through the host, as far as the configuration and the
// uplink let it.
func TestHostDial(t *testing.T) {
	loopback := Interface{Name: "Loopback0", Addresses: prefixes("10.9.9.9/32"), Up: true, Line: "interface Loopback0"}
	shut := Interface{Name: "Gi1", Addresses: prefixes("10.1.1.1/24"), Line: "shutdown"}
	bare := Interface{Name: "Gi2", Up: true, Line: "interface Gi2"}
	blue := Interface{Name: "Gi3", VRF: "blue", Addresses: prefixes("10.3.3.3/24"), Up: true}
	red := Interface{Name: "Gi4", VRF: "red", Addresses: prefixes("10.4.4.4/24")}
	all := interfaces(loopback, shut, bare, blue, red)
	for _, tt := range []struct {
		why      string
		settings *Settings
		uplink   Uplink
		path     Path
		dialled  string
		flow     Flow // Remote is where the path goes
		outcome  Outcome
		text     string
	}{
		{"TCP", &Settings{}, UplinkAny, Path{Proto: TCP}, "tcp 192.0.2.1:514", Flow{Local: netip.MustParseAddrPort("10.0.0.9:40000")}, Delivered, ""},
		{"UDP", &Settings{}, UplinkAny, Path{Proto: UDP}, "udp 192.0.2.1:514", Flow{Local: netip.MustParseAddrPort("10.0.0.9:40000")}, Delivered, ""},
		{"loopback only", &Settings{}, UplinkLoopback, Path{Proto: TCP}, "", Flow{}, NoRoute, "network: uplink loopback: 192.0.2.1 is not loopback"},
		{"nowhere", &Settings{}, UplinkNone, Path{Proto: TCP}, "", Flow{}, NoRoute, "network: uplink none: 192.0.2.1 is beyond the device"},
		{"no interface has an address: everything goes", interfaces(bare), UplinkAny, Path{Proto: TCP, VRF: "blue", Source: "Gi1"}, "tcp 192.0.2.1:514",
			Flow{VRF: "blue", Local: netip.MustParseAddrPort("10.0.0.9:40000")}, Delivered, ""},
		{"the source interface gives its address", all, UplinkAny, Path{Proto: TCP, Source: "Loopback0"}, "tcp 192.0.2.1:514",
			Flow{Interface: "Loopback0", Local: netip.MustParseAddrPort("10.9.9.9:40000")}, Delivered, ""},
		{"and its VRF", all, UplinkAny, Path{Proto: TCP, Source: "Gi3"}, "tcp 192.0.2.1:514",
			Flow{Interface: "Gi3", VRF: "blue", Local: netip.MustParseAddrPort("10.3.3.3:40000")}, Delivered, ""},
		{"it is down", all, UplinkAny, Path{Proto: TCP, Source: "Gi1"}, "", Flow{}, Down, `network: R1 Gi1: the source interface is down, "shutdown"`},
		{"it has no address", all, UplinkAny, Path{Proto: TCP, Source: "Gi2"}, "", Flow{}, Down, `network: R1 Gi2: the source interface has no address to reach 192.0.2.1, "interface Gi2"`},
		{"there is none", all, UplinkAny, Path{Proto: TCP, Source: "Gi9"}, "", Flow{}, Down, "network: R1 Gi9: no such source interface"},
		{"it is in another VRF", all, UplinkAny, Path{Proto: TCP, VRF: "blue", Source: "Loopback0"}, "", Flow{}, NoRoute,
			`network: R1 Loopback0: the source interface is not in VRF blue, "interface Loopback0"`},
		{"a VRF", all, UplinkAny, Path{Proto: TCP, VRF: "blue"}, "tcp 192.0.2.1:514", Flow{VRF: "blue", Local: netip.MustParseAddrPort("10.0.0.9:40000")}, Delivered, ""},
		{"a VRF that is down", all, UplinkAny, Path{Proto: TCP, VRF: "red"}, "", Flow{}, NoRoute, "network: R1: no interface of VRF red is up and has an address"},
		{"neither TCP nor UDP", all, UplinkAny, Path{Proto: ICMP}, "", Flow{}, NoRoute, "network: the uplink carries TCP and UDP only"},
	} {
		dialled := ""
		h := NewHost(HostOptions{Uplink: tt.uplink, Dial: func(_ context.Context, network, address string) (net.Conn, error) {
			dialled = network + " " + address
			near, _ := Pipe(there, netip.MustParseAddrPort(address))
			return near, nil
		}})
		h.Apply(tt.settings)
		tt.path.To = netip.MustParseAddrPort("192.0.2.1:514")
		c, err := h.Dial(t.Context(), tt.path)
		if dialled != tt.dialled {
			t.Errorf("%s: dialled %q, want %q", tt.why, dialled, tt.dialled)
		}
		if tt.outcome != Delivered {
			var v *Verdict
			if !errors.As(err, &v) || v.Outcome != tt.outcome || err.Error() != tt.text {
				t.Errorf("%s: got %v, want %s", tt.why, err, tt.text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.why, err)
			continue
		}
		tt.flow.Proto, tt.flow.Remote = tt.path.Proto, tt.path.To
		if got := h.Flows(); len(got) != 1 || got[0] != tt.flow || c.Flow() != tt.flow {
			t.Errorf("%s: flows %+v, want %+v", tt.why, got, tt.flow)
		}
		c.Close()
		if got := h.Flows(); len(got) != 0 {
			t.Errorf("%s: flows after Close: %v", tt.why, got)
		}
	}
}

// The time of a path bounds how long the host may take.
func TestHostDialTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHost(HostOptions{Uplink: UplinkAny, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(time.Hour):
				return nil, syscall.ETIMEDOUT
			}
		}})
		for _, limit := range []time.Duration{5 * time.Second, 0} {
			began := time.Now()
			_, err := h.Dial(t.Context(), Path{Proto: TCP, To: netip.MustParseAddrPort("192.0.2.1:22"), Timeout: limit})
			want := limit
			if limit == 0 {
				want = time.Hour
			}
			var v *Verdict
			if took := time.Since(began); took != want || !errors.As(err, &v) || v.Outcome != TimedOut {
				t.Errorf("with %v it takes %v, want %v: %v", limit, took, want, err)
			}
		}
	})
}

// Without a way to dial nothing leaves the device.
func TestHostWithoutDial(t *testing.T) {
	_, err := NewHost(HostOptions{Uplink: UplinkAny}).Dial(t.Context(), Path{Proto: TCP, To: netip.MustParseAddrPort("127.0.0.1:1")})
	if err == nil || err.Error() != "network: uplink none: 127.0.0.1 is beyond the device" {
		t.Errorf("got %v", err)
	}
}

// What the host says of a connection becomes an outcome.
func TestHostDialErrors(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want Outcome
	}{
		{syscall.ECONNREFUSED, Refused},
		{syscall.ENETUNREACH, NoRoute},
		{syscall.EHOSTUNREACH, NoRoute},
		{syscall.EACCES, Filtered},
		{syscall.EMFILE, NoRoute},
		{syscall.ETIMEDOUT, TimedOut},
		{os.ErrDeadlineExceeded, TimedOut},
		{context.DeadlineExceeded, TimedOut},
		{context.Canceled, TimedOut},
	} {
		failure := &net.OpError{Op: "dial", Net: "tcp", Err: tt.err}
		h := NewHost(HostOptions{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, failure }})
		_, err := h.Dial(t.Context(), Path{Proto: TCP, To: here})
		var v *Verdict
		if !errors.As(err, &v) || v.Outcome != tt.want || !errors.Is(err, tt.err) || err.Error() != "network: "+failure.Error() {
			t.Errorf("%v: got %v, want %v", tt.err, err, tt.want)
		}
	}
}

// The device reaches its own ports at its own addresses.
func TestHostDialsItself(t *testing.T) {
	defer goleak.VerifyNone(t)
	h := NewHost(HostOptions{})
	h.Apply(interfaces(
		Interface{Name: "Gi1", Addresses: prefixes("10.0.0.1/24"), Up: true},
		Interface{Name: "Lo0", Addresses: prefixes("10.9.9.9/32"), Up: true},
		Interface{Name: "Gi2", Addresses: prefixes("10.2.2.2/24"), Line: "shutdown"},
		Interface{Name: "Gi3", VRF: "blue", Addresses: prefixes("10.0.0.1/24"), Up: true},
	))
	l := listen(t, h, 22, echo)
	defer l.Close()
	for _, tt := range []struct {
		why  string
		path Path
		want string
	}{
		{"from the same address", Path{Proto: TCP, To: here}, "{Proto:6 VRF: Interface:Gi1 Local:10.0.0.1:22 Remote:10.0.0.1:49152}"},
		{"from another one", Path{Proto: TCP, Source: "Lo0", To: here}, "{Proto:6 VRF: Interface:Gi1 Local:10.0.0.1:22 Remote:10.9.9.9:49153}"},
		{"in a VRF", Path{Proto: TCP, VRF: "blue", To: here}, "{Proto:6 VRF:blue Interface:Gi3 Local:10.0.0.1:22 Remote:10.0.0.1:49154}"},
		{"a closed port", Path{Proto: TCP, To: netip.MustParseAddrPort("10.0.0.1:23")}, "network: port 23 is closed"},
		{"an interface that is down", Path{Proto: TCP, To: netip.MustParseAddrPort("10.2.2.2:22")}, `network: R1 Gi2: the interface with this address is down, "shutdown"`},
		{"a datagram", Path{Proto: UDP, To: here}, "network: R1: no datagrams to the device itself"},
		{"an address of another VRF is not its own", Path{Proto: TCP, VRF: "blue", To: netip.MustParseAddrPort("10.9.9.9:22")}, "network: uplink none: 10.9.9.9 is beyond the device"},
	} {
		c, err := h.Dial(t.Context(), tt.path)
		if err != nil {
			if err.Error() != tt.want {
				t.Errorf("%s: %v, want %s", tt.why, err, tt.want)
			}
			continue
		}
		if got, _ := io.ReadAll(c); string(got) != tt.want {
			t.Errorf("%s: the other end sees %s, want %s", tt.why, got, tt.want)
		}
		c.Close()
	}
}

func TestHostWalk(t *testing.T) {
	all := interfaces(
		Interface{Name: "Gi1", Addresses: prefixes("10.0.0.1/24"), Up: true},
		Interface{Name: "Gi2", Addresses: prefixes("10.2.2.2/24"), Line: "shutdown"},
	)
	dial := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("dialled") }
	for _, tt := range []struct {
		why, to, source string
		uplink          Uplink
		want            Outcome
	}{
		{"its own address", "10.0.0.1", "", UplinkNone, Delivered},
		{"its own, down", "10.2.2.2", "", UplinkAny, Down},
		{"from an interface that is down", "192.0.2.1", "Gi2", UplinkAny, Down},
		{"beyond", "192.0.2.1", "", UplinkAny, TimedOut},
		{"out of reach", "192.0.2.1", "", UplinkLoopback, NoRoute},
		{"the host", "127.0.0.1", "Gi1", UplinkLoopback, TimedOut},
	} {
		h := NewHost(HostOptions{Dial: dial, Uplink: tt.uplink})
		h.Apply(all)
		v := h.Walk(Packet{Flow: Flow{Proto: ICMP, Remote: netip.AddrPortFrom(netip.MustParseAddr(tt.to), 0)}, Source: tt.source})
		if v.Outcome != tt.want {
			t.Errorf("%s: got %v, want %v", tt.why, v.Outcome, tt.want)
		}
	}
}

// A UDP port takes datagrams one at a time, and answers to where they came from.
func TestHostReceive(t *testing.T) {
	h := NewHost(HostOptions{})
	snmp := netip.MustParseAddrPort("10.0.0.1:161")
	open := func() (io.Closer, error) {
		return h.Receive(Port{Proto: UDP, VRF: AllVRFs, Number: 161}, func(d Datagram) {
			d.Reply([]byte(string(d.Data) + " from " + d.Flow.Remote.String()))
		})
	}
	r, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || err.Error() != "network: UDP port 161: in use" {
		t.Errorf("twice: %v", err)
	}
	answer := ""
	send := func() error {
		return h.Deliver("", there, snmp, []byte("get"), func(b []byte) error { answer = string(b); return nil })
	}
	if err := send(); err != nil || answer != "get from 10.0.0.9:40000" {
		t.Errorf("got %q, %v", answer, err)
	}
	r.Close()
	var v *Verdict
	if err := send(); !errors.As(err, &v) || v.Outcome != Refused {
		t.Errorf("after Close: %v", err)
	}
	if r, err = open(); err != nil {
		t.Errorf("opened anew: %v", err)
	}
	r.Close()
}

func TestVerdictText(t *testing.T) {
	for _, tt := range []struct {
		v    Verdict
		want string
	}{
		{Verdict{Outcome: TimedOut}, "network: timed out"},
		{Verdict{Outcome: Filtered, Node: "R1", Interface: "Gi1", Line: "access-list 10 deny any"}, `network: R1 Gi1: filtered, "access-list 10 deny any"`},
		{Verdict{Outcome: Outcome(99)}, "network: outcome 99"},
		{Verdict{Outcome: NoRoute, Reason: "uplink loopback: 10.0.0.5 is not loopback"}, "network: uplink loopback: 10.0.0.5 is not loopback"},
	} {
		if got := tt.v.Error(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
	if got := Uplink(9).String() + " " + UplinkLoopback.String(); got != "uplink 9 loopback" {
		t.Errorf("got %s", got)
	}
}
