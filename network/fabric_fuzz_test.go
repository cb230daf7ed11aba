package network

import (
	"fmt"
	"net/netip"
	"testing"
)

// Random interfaces, routes and cables: a walk ends with a verdict, and a second one
// with the same.
func FuzzWalk(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"))
	f.Add([]byte("loop\x10\x10\x10\x80\x80\x80\xff\xff\xff\x01\x01\x01\x02\x02\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		}
		addr := func() netip.Addr {
			if next(5) == 0 {
				return netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 7: byte(next(3)), 15: byte(next(4))})
			}
			return netip.AddrFrom4([4]byte{10, 0, byte(next(3)), byte(next(4))})
		}
		prefix := func() netip.Prefix {
			a := addr()
			return netip.PrefixFrom(a, []int{0, 8, 23, 24, 25, 31, 32, 64, 128}[next(9)]%(a.BitLen()+1))
		}
		l := newLab(t)
		var nodes []*Node
		for i := range 2 + next(3) {
			n, _ := l.Add(fmt.Sprint("R", i))
			nodes = append(nodes, n)
		}
		for range 1 + next(3) {
			for _, n := range nodes {
				var interfaces []Interface
				for j := range next(4) {
					i := Interface{Name: fmt.Sprint("Gi", j), Addresses: []netip.Prefix{prefix(), prefix()}[:next(3)], Up: next(5) > 0, VRF: []string{"", "", "", "v"}[next(4)],
						Virtual: next(6) == 0, ProxyARP: next(2) == 0, VLAN: uint16(next(2)), Line: "line"}
					if next(6) == 0 {
						i.Parent = fmt.Sprint("Gi", next(4))
					}
					if next(6) == 0 {
						i.In = &List{"A", []Entry{{Permit: next(2) == 0, Established: next(2) == 0}}}
					}
					interfaces = append(interfaces, i)
				}
				var routes []Route
				for range next(5) {
					r := Route{To: prefix(), Distance: next(3), Line: "route"}
					if next(3) > 0 {
						r.Via = addr()
					}
					if next(3) == 0 {
						r.Interface = fmt.Sprint("Gi", next(4))
					}
					routes = append(routes, r)
				}
				n.Apply(NewSettings(n.Name(), interfaces, routes...))
				for range next(4) {
					if name := fmt.Sprint("Gi", next(4)); next(4) > 0 {
						l.Connect(n, name, l.Segment(fmt.Sprint(next(2))))
					} else {
						l.Disconnect(n, name)
					}
				}
			}
			for _, n := range nodes {
				p := Packet{Flow: Flow{Proto: ICMP, VRF: []string{"", "v"}[next(2)], Remote: netip.AddrPortFrom(addr(), 0)}, TTL: next(3) * 5}
				v := n.Walk(p)
				if v.Hops > defaultTTL || v.Outcome == Delivered && v.Node == "" {
					t.Fatalf("%+v", v)
				}
				if again := n.Walk(p); fate(again) != fate(v) {
					t.Fatalf("%s, then %s", fate(v), fate(again))
				}
			}
		}
		claims(t, l.Fabric)
	})
}

// claims holds the owners of addresses against the ports.
func claims(t *testing.T, f *Fabric) {
	want := 0
	for _, n := range f.nodes {
		for _, p := range n.ports {
			if p.segment == nil {
				continue
			}
			if !p.up {
				t.Errorf("%s %s is down, and on a segment", n.name, p.Name)
			}
			if want += len(p.Addresses); p.derived {
				want++
			}
		}
	}
	got := 0
	for _, s := range f.segments {
		got += len(s.owners)
		for _, o := range s.others {
			got += len(o)
		}
	}
	if got != want {
		t.Errorf("%d addresses are claimed, want %d", got, want)
	}
}
