package network

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"testing"
)

// heap is what is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// spokes are nodes on segments of 100, with two interfaces, a route and a listener
// each. The settings are made before.
func spokes(b testing.TB, n int) (*Fabric, func()) {
	f := NewFabric(FabricOptions{})
	all := make([]*Settings, n)
	for i := range all {
		a := netip.AddrFrom4([4]byte{10, byte(i / 100 >> 8), byte(i / 100), byte(i%100 + 1)})
		lo := netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)})
		all[i] = NewSettings(fmt.Sprint("R", i), []Interface{
			{Name: "GigabitEthernet0/0", Addresses: []netip.Prefix{netip.PrefixFrom(a, 24)}, Up: true, Line: "interface GigabitEthernet0/0"},
			{Name: "Loopback0", Addresses: []netip.Prefix{netip.PrefixFrom(lo, 32)}, Up: true, Virtual: true, Line: "interface Loopback0"},
		}, Route{To: netip.MustParsePrefix("0.0.0.0/0"), Via: a.Prev(), Line: "ip route"})
	}
	return f, func() {
		for i, s := range all {
			node, err := f.Add(s.Node)
			if err != nil {
				b.Fatal(err)
			}
			f.Connect(node, "GigabitEthernet0/0", f.Segment(fmt.Sprint(i/100)))
			node.Apply(s)
			node.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: 22}, echo)
		}
	}
}

// 10,000 nodes: time and memory of each beside its settings, and goroutines.
func BenchmarkFabricNodes(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				goroutines := runtime.NumGoroutine()
				f, build := spokes(b, n)
				before := heap()
				b.StartTimer()
				build()
				b.StopTimer()
				b.ReportMetric(float64(heap()-before)/float64(n), "B/node")
				b.ReportMetric(float64(runtime.NumGoroutine()-goroutines), "goroutines")
				runtime.KeepAlive(f)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*b.N), "ns/node")
		})
	}
}

// An idle connection, both ends and what the nodes keep of it.
func BenchmarkFabricIdleConnection(b *testing.B) {
	const n = 10_000
	l := newLab(b)
	r1, _, r3 := l.chain()
	park := make(chan struct{})
	defer close(park)
	started := make(chan struct{})
	r3.Listen(Port{Proto: TCP, Number: 22}, func(Flow) (Handler, *Verdict) {
		return func(Conn) { started <- struct{}{}; <-park }, nil
	})
	for b.Loop() {
		before := heap()
		for range n { // what the goroutine of a handler takes of the heap is not the connection's
			go func() { started <- struct{}{}; <-park }()
			<-started
		}
		goroutines := heap() - before
		before = heap()
		all := make([]Conn, n)
		for i := range all {
			c, err := r1.Dial(context.Background(), to("10.0.23.3:22"))
			if err != nil {
				b.Fatal(err)
			}
			all[i] = c
			<-started
		}
		b.ReportMetric((float64(heap()-before)-float64(goroutines))/n, "B/conn")
		for _, c := range all {
			c.Close()
		}
	}
}

// routed is a chain whose nodes have this many routes more.
func routed(b *testing.B, routes int) *Node {
	l := newLab(b)
	r1, r2, r3 := l.chain()
	more := func(next string) (all []Route) {
		for i := range routes {
			all = append(all, via(fmt.Sprintf("172.%d.%d.0/24", 16+i>>8, i&255), next))
		}
		return all
	}
	r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, append(more("10.0.12.2"), via("0.0.0.0/0", "10.0.12.2"))...))
	r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")}, more("10.0.23.3")...))
	r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}, append(more("10.0.23.2"), via("0.0.0.0/0", "10.0.23.2"))...))
	return r1
}

// A packet there and back over three nodes.
func BenchmarkFabricWalk(b *testing.B) {
	for _, routes := range []int{0, 50, 100, 1_000} {
		b.Run(fmt.Sprint(routes, " routes"), func(b *testing.B) {
			r1 := routed(b, routes)
			p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.MustParseAddrPort("10.0.23.3:0")}}
			for b.Loop() {
				if v := r1.Walk(p); v.Outcome != Delivered {
					b.Fatal(fate(v))
				}
			}
		})
	}
}

// A table with many routes, made anew.
func BenchmarkTable(b *testing.B) {
	for _, routes := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(routes, " routes"), func(b *testing.B) {
			var all []Route
			for i := range routes {
				all = append(all, via(fmt.Sprintf("172.%d.%d.0/24", 16+i>>8, i&255), "10.0.12.2"))
			}
			s := NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, all...)
			for b.Loop() {
				s.Tables(func(Interface) bool { return true })
			}
		})
	}
}

// pair are the ends of a connection of each kind.
var pair = map[string]func(b *testing.B) (net.Conn, net.Conn){
	"fabric": func(b *testing.B) (net.Conn, net.Conn) {
		l := newLab(b)
		r1, _, r3 := l.chain()
		return l.held(r1, r3)
	},
	"Pipe":     func(*testing.B) (net.Conn, net.Conn) { a, b := Pipe(there, here); return a, b },
	"net.Pipe": func(*testing.B) (net.Conn, net.Conn) { return net.Pipe() },
	"host TCP": func(b *testing.B) (net.Conn, net.Conn) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		defer l.Close()
		near, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		far, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		return near, far
	},
}

var kinds = []string{"fabric", "Pipe", "net.Pipe", "host TCP"}

// A stream in writes of 32 KiB.
func BenchmarkFabricStream(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			near, far := pair[kind](b)
			buf := make([]byte, 32<<10)
			b.SetBytes(int64(len(buf)))
			done := make(chan struct{})
			go func() {
				defer close(done)
				in := make([]byte, 32<<10)
				for {
					if _, err := far.Read(in); err != nil {
						far.Close()
						return
					}
				}
			}()
			for b.Loop() {
				near.Write(buf)
			}
			near.Close()
			<-done
		})
	}
}

// One byte there and back.
func BenchmarkFabricRoundTrip(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			near, far := pair[kind](b)
			done := make(chan struct{})
			go func() {
				defer close(done)
				io.Copy(onlyWriter{far}, onlyReader{far})
				far.Close()
			}()
			buf := make([]byte, 1)
			for b.Loop() {
				near.Write(buf)
				io.ReadFull(near, buf)
			}
			near.Close()
			<-done
		})
	}
}

type onlyWriter struct{ io.Writer }
type onlyReader struct{ io.Reader }

// The same packet where each node asks an access list, whose entry counts it.
func BenchmarkFabricWalkFiltered(b *testing.B) {
	l := newLab(b)
	r1, r2, _ := l.chain()
	list := func() *List { return &List{Name: "A", Entries: []Entry{{Permit: true, Hits: new(Hits)}}} }
	in, out := ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")
	in.In, out.Out = list(), list()
	r2.Apply(NewSettings("R2", []Interface{in, out}))
	p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.MustParseAddrPort("10.0.23.3:0")}}
	for b.Loop() {
		if v := r1.Walk(p); v.Outcome != Delivered {
			b.Fatal(fate(v))
		}
	}
}
