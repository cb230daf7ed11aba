package network

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// ip is an interface that is up with these addresses. A cable is needed unless it is a
// loopback.
func ip(name string, addresses ...string) Interface {
	return Interface{Name: name, Addresses: prefixes(addresses...), Up: true, Virtual: strings.HasPrefix(name, "Lo"), Line: "interface " + name}
}

func (i Interface) in(vrf string) Interface             { i.VRF = vrf; return i }
func (i Interface) lists(in, out *List) Interface       { i.In, i.Out = in, out; return i }
func (i Interface) down() Interface                     { i.Up, i.Line = false, "shutdown of "+i.Name; return i }
func (i Interface) proxies() Interface                  { i.ProxyARP = true; return i }
func (i Interface) tagged(p string, v uint16) Interface { i.Parent, i.VLAN = p, v; return i }

// via is a static route: PREFIX NEXTHOP|INTERFACE, in a VRF after a blank.
func via(to, next string) Route {
	r := Route{To: netip.MustParsePrefix(to), Line: "ip route " + to + " " + next}
	var err error
	if r.Via, err = netip.ParseAddr(next); err != nil {
		r.Interface, r.Discard = next, next == "Null0"
	}
	return r
}

func (r Route) in(vrf string) Route       { r.VRF = vrf; return r }
func (r Route) at(distance int) Route     { r.Distance = distance; return r }
func (r Route) through(name string) Route { r.Interface = name; return r }

// lab is a fabric in a test.
type lab struct {
	testing.TB
	*Fabric
}

func newLab(t testing.TB) *lab { return &lab{t, NewFabric(FabricOptions{})} }

// node adds a node; what is an Interface is plugged into the segment of its name in
// cables, "Gi1=lan".
func (l *lab) node(name string, cables string, interfaces []Interface, routes ...Route) *Node {
	l.Helper()
	n, err := l.Add(name)
	if err != nil {
		l.Fatal(err)
	}
	n.Apply(NewSettings(name, interfaces, routes...))
	for _, c := range strings.Fields(cables) {
		iface, segment, _ := strings.Cut(c, "=")
		l.Connect(n, iface, l.Segment(segment))
	}
	return n
}

// chain is R1 - R2 - R3 with 10.0.12.0/24 and 10.0.23.0/24 between them, a loopback
// 10.0.0.N on each, and routes to all of it.
func (l *lab) chain() (r1, r2, r3 *Node) {
	r1 = l.node("R1", "Gi1=12", []Interface{ip("Gi1", "10.0.12.1/24", "2001:db8:12::1/64"), ip("Lo0", "10.0.0.1/32")}, via("0.0.0.0/0", "10.0.12.2"), via("::/0", "2001:db8:12::2"))
	r2 = l.node("R2", "Gi1=12 Gi2=23", []Interface{ip("Gi1", "10.0.12.2/24", "2001:db8:12::2/64"), ip("Gi2", "10.0.23.2/24", "2001:db8:23::2/64"), ip("Lo0", "10.0.0.2/32")},
		via("10.0.0.1/32", "10.0.12.1"), via("10.0.0.3/32", "10.0.23.3"))
	r3 = l.node("R3", "Gi1=23", []Interface{ip("Gi1", "10.0.23.3/24", "2001:db8:23::3/64"), ip("Lo0", "10.0.0.3/32")}, via("0.0.0.0/0", "10.0.23.2"), via("::/0", "2001:db8:23::2"))
	return r1, r2, r3
}

// ping is an echo request, for a node that has met its neighbours.
func ping(n *Node, to string, more ...func(*Packet)) Verdict {
	p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.AddrPortFrom(netip.MustParseAddr(to), 0)}}
	for _, m := range more {
		m(&p)
	}
	v := n.Walk(p)
	for tries := 0; v.Resolving && tries < 9; tries++ {
		v = n.Walk(p)
	}
	return v
}

func from(source string) func(*Packet) { return func(p *Packet) { p.Source = source } }
func vrf(name string) func(*Packet)    { return func(p *Packet) { p.Flow.VRF = name } }

// fate is what is decisive of a verdict, in words.
func fate(v Verdict) string {
	words := []string{v.Outcome.String()}
	if v.Back {
		words = append(words, "on the way back")
	}
	words = append(words, "at", strings.TrimSpace(v.Node+" "+v.Interface))
	if v.Hop.IsValid() {
		words = append(words, v.Hop.String())
	}
	if v.Line != "" {
		words = append(words, "by", v.Line)
	}
	if v.Reported {
		words = append(words, "(reported)")
	}
	return strings.Join(words, " ")
}

// Labs of one to three nodes with a fault each: what a ping finds.
func TestWalk(t *testing.T) {
	deny := func(name string, proto Proto, to string) *List {
		return &List{name, []Entry{{Proto: proto, To: Prefix(netip.MustParsePrefix(to)), Line: "deny " + to}, {Permit: true, Line: "permit any"}}}
	}
	two := func(l *lab, i, j []Interface, routes ...Route) *Node {
		n := l.node("R1", "Gi1=lan", i, routes...)
		l.node("R2", "Gi1=lan", j)
		return n
	}
	for _, tt := range []struct {
		why, want string
		walk      func(l *lab) Verdict
	}{
		{"neighbours", "delivered at R2 Gi1 10.0.0.2", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")}), "10.0.0.2")
		}},
		{"its own address", "delivered at R1 Lo0 10.0.0.1", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.0.1")
		}},
		{"across R2", "delivered at R3 Gi1 10.0.0.3", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.0.3", from("Lo0"))
		}},
		{"IPv6", "delivered at R3 Gi1 2001:db8:23::3", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "2001:db8:23::3")
		}},
		{"link-local", "delivered at R2 Gi1 fe80::a8bb:ccff:fe00:201", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "fe80::a8bb:ccff:fe00:201%Gi1")
		}},
		{"link-local without an interface", "no route at R1 (reported)", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "fe80::a8bb:ccff:fe00:201")
		}},
		{"a link-local next hop", "delivered at R2 Gi1 2001:db8:2::2", func(l *lab) Verdict {
			r1 := two(l, []Interface{ip("Gi1", "2001:db8::1/64")}, []Interface{ip("Gi1", "2001:db8::2/64", "fe80::2/64"), ip("Lo0", "2001:db8:2::2/128")},
				via("2001:db8:2::/64", "fe80::2").through("Gi1"))
			return ping(r1, "2001:db8:2::2")
		}},
		{"nobody there", "no such neighbour at R1 Gi1", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.12.9")
		}},
		{"nobody there, two hops away: no message, as with ARP", "no such neighbour at R2 Gi2 10.0.12.2", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.23.9")
		}},
		{"no route", "no route at R1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")}), "192.0.2.1")
		}},
		{"no route further on", "no route at R2 Gi1 10.0.12.2 (reported)", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "192.0.2.1")
		}},
		{"no route further on, and none back for the message", "no route at R2 Gi1 10.0.12.2", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24")}))
			return ping(r1, "192.0.2.1", from("Lo0"))
		}},
		{"the route back is missing", "no route on the way back at R3", func(l *lab) Verdict {
			r1, _, r3 := l.chain()
			r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"a mask that is too long", "no route on the way back at R2", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.200/25")}), "10.0.0.200")
		}},
		{"a mask that is too short", "no such neighbour at R1 Gi1", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/16")}))
			return ping(r1, "10.0.23.3")
		}},
		{"a mask that is too short, and proxy ARP", "delivered at R3 Gi1 10.0.23.3", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/16")}))
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").proxies(), ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"a default route by interface, and proxy ARP", "delivered at R3 Gi1 10.0.23.3", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, via("0.0.0.0/0", "Gi1")))
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").proxies(), ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"the same, where the router has no way either", "no such neighbour at R1 Gi1 by ip route 0.0.0.0/0 Gi1", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, via("0.0.0.0/0", "Gi1")))
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").proxies(), ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "192.0.2.1")
		}},
		{"its own interface is shut down", "down at R1 Gi1 by shutdown of Gi1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24").down()}, []Interface{ip("Gi1", "10.0.0.2/24")}), "10.0.0.2")
		}},
		{"that on the way to a next hop is", "down at R1 Gi1 by shutdown of Gi1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24").down()}, nil, via("0.0.0.0/0", "10.0.0.2")), "192.0.2.1")
		}},
		{"the neighbour's is", "no such neighbour at R1 Gi1", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24").down()}), "10.0.0.2")
		}},
		{"one behind R2 is", "down at R2 Gi2 10.0.12.2 by shutdown of Gi2 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24").down()}))
			return ping(r1, "10.0.23.3")
		}},
		{"no cable", "down at R1 Gi1 by interface Gi1 (reported)", func(l *lab) Verdict {
			return ping(l.node("R1", "", []Interface{ip("Gi1", "10.0.0.1/24")}), "10.0.0.2")
		}},
		{"the source interface is down", "down at R1 Gi2 by shutdown of Gi2 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24"), ip("Gi2", "10.9.0.1/24").down()}, nil), "10.0.0.2", from("Gi2"))
		}},
		{"the source interface does not exist", "down at R1 Gi7 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, nil), "10.0.0.2", from("Gi7"))
		}},
		{"a secondary address", "delivered at R2 Gi1 10.2.0.2", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24", "10.2.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24", "10.2.0.2/24")}), "10.2.0.2")
		}},
		{"a VRF", "delivered at R2 Gi1 10.0.0.2", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24").in("blue")}, []Interface{ip("Gi1", "10.0.0.2/24").in("red")}), "10.0.0.2", vrf("blue"))
		}},
		{"the VRF is forgotten", "no route at R1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24").in("blue")}, []Interface{ip("Gi1", "10.0.0.2/24")}), "10.0.0.2")
		}},
		{"no such VRF", "no route at R1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")}), "10.0.0.2", vrf("green"))
		}},
		{"an address of the node's other VRF", "no route at R1 (reported)", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24"), ip("Lo0", "10.1.1.1/32").in("blue")}, nil), "10.1.1.1")
		}},
		{"access-group in", "filtered at R2 Gi1 10.0.12.2 by deny 10.0.23.3/32 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").lists(deny("1", ICMP, "10.0.23.3/32"), nil), ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"access-group out", "filtered at R2 Gi2 10.0.12.2 by deny 10.0.23.3/32 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24").lists(nil, deny("1", ICMP, "10.0.23.3/32"))}))
			return ping(r1, "10.0.23.3")
		}},
		{"no ip unreachables", "filtered at R2 Gi1 10.0.12.2 by deny 10.0.23.3/32", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			quiet := ip("Gi1", "10.0.12.2/24").lists(deny("1", ICMP, "10.0.23.3/32"), nil)
			quiet.Silent = true
			r2.Apply(NewSettings("R2", []Interface{quiet, ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"access-group out is not for packets of its own", "delivered at R2 Gi1 10.0.0.2", func(l *lab) Verdict {
			return ping(two(l, []Interface{ip("Gi1", "10.0.0.1/24").lists(nil, deny("1", 0, "0.0.0.0/0"))}, []Interface{ip("Gi1", "10.0.0.2/24")}), "10.0.0.2")
		}},
		{"the answer is filtered", "filtered on the way back at R2 Gi1 by deny 10.0.12.1/32", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").lists(nil, deny("1", ICMP, "10.0.12.1/32")), ip("Gi2", "10.0.23.2/24")}))
			return ping(r1, "10.0.23.3")
		}},
		{"Null0", "no route at R2 Gi1 10.0.12.2 by ip route 10.0.23.3/32 Null0 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")}, via("10.0.23.3/32", "Null0")))
			return ping(r1, "10.0.23.3")
		}},
		{"a loop", "time to live expired at R2 Gi1 10.0.12.2 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24")}, via("0.0.0.0/0", "10.0.12.1")))
			return ping(r1, "192.0.2.1", func(p *Packet) { p.TTL = 9 })
		}},
		{"traceroute, first hop", "time to live expired at R2 Gi1 10.0.12.2 (reported)", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.0.3", func(p *Packet) { p.TTL = 1 })
		}},
		{"traceroute, second hop", "delivered at R3 Gi1 10.0.0.3", func(l *lab) Verdict {
			r1, _, _ := l.chain()
			return ping(r1, "10.0.0.3", func(p *Packet) { p.TTL = 2 })
		}},
		{"too big", "too big at R2 Gi2 10.0.12.2 by interface Gi2 (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			narrow := ip("Gi2", "10.0.23.2/24")
			narrow.MTU = 1400
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), narrow}))
			return ping(r1, "10.0.23.3", func(p *Packet) { p.Size, p.DF = 1500, true })
		}},
		{"an address twice: the first one answers", "delivered at R2 Gi1 10.0.0.2", func(l *lab) Verdict {
			r1 := two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")})
			l.node("R3", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.2/24")})
			return ping(r1, "10.0.0.2")
		}},
		{"when that one is unplugged, the other does", "delivered at R3 Gi1 10.0.0.2", func(l *lab) Verdict {
			r1 := two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")})
			l.node("R3", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.2/24")})
			l.Disconnect(l.Node("R2"), "Gi1")
			return ping(r1, "10.0.0.2")
		}},
		{"who has an address of somebody else gets no answers", "timed out on the way back at R1 Gi1 10.0.0.1", func(l *lab) Verdict {
			two(l, []Interface{ip("Gi1", "10.0.0.1/24")}, []Interface{ip("Gi1", "10.0.0.2/24")})
			return ping(l.node("R3", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.1/24")}), "10.0.0.2")
		}},
		{"a router on a stick", "delivered at B Gi1 10.2.0.9", func(l *lab) Verdict {
			a := l.node("A", "Gi1.10=trunk", []Interface{ip("Gi1.10", "10.1.0.9/24").tagged("Gi1", 10)}, via("0.0.0.0/0", "10.1.0.1"))
			l.node("R", "Gi1=trunk", []Interface{ip("Gi1"), ip("Gi1.10", "10.1.0.1/24").tagged("Gi1", 10), ip("Gi1.20", "10.2.0.1/24").tagged("Gi1", 20)})
			l.node("B", "Gi1=trunk", []Interface{{Name: "Gi1", VLAN: 20, Addresses: prefixes("10.2.0.9/24"), Up: true}}, via("0.0.0.0/0", "10.2.0.1"))
			return ping(a, "10.2.0.9")
		}},
		{"the wrong tag", "no such neighbour at A Gi1.10", func(l *lab) Verdict {
			a := l.node("A", "Gi1=trunk", []Interface{ip("Gi1"), ip("Gi1.10", "10.1.0.9/24").tagged("Gi1", 10)})
			l.node("R", "Gi1=trunk", []Interface{ip("Gi1"), ip("Gi1.20", "10.1.0.1/24").tagged("Gi1", 20)})
			return ping(a, "10.1.0.1")
		}},
		{"management-only", "filtered at R2 Gi2 10.0.12.2 by management-only (reported)", func(l *lab) Verdict {
			r1, r2, _ := l.chain()
			m := ip("Gi2", "10.0.23.2/24")
			m.ManagementOnly = true
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), m}))
			return ping(r1, "10.0.23.3")
		}},
	} {
		if got := fate(tt.walk(newLab(t))); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.why, got, tt.want)
		}
	}
}

// `established` fits answers and not what begins a connection, echo-reply fits the
// answer to a ping.
func TestWalkReplies(t *testing.T) {
	for _, tt := range []struct {
		why  string
		list []Entry
		tcp  string // what R1 finds when it connects
		echo string
	}{
		{"established", []Entry{{Permit: true, Proto: TCP, Established: true}}, "delivered", "filtered"},
		{"echo-reply", []Entry{{Permit: true, Proto: ICMP, Messages: Messages{{0, -1}}}}, "filtered", "delivered"},
		{"echo", []Entry{{Permit: true, Proto: ICMP, Messages: Messages{{8, 0}}}}, "filtered", "filtered"},
		{"the port of the answer", []Entry{{Permit: true, Proto: TCP, FromPorts: Ports{{22, 22}}}}, "delivered", "filtered"},
		{"unknown", []Entry{{Permit: true, Unknown: true}}, "filtered", "filtered"},
		{"unknown denies", []Entry{{Unknown: true, Proto: ICMP}, {Permit: true}}, "delivered", "filtered"},
		{"no entries", nil, "delivered", "delivered"},
	} {
		l := newLab(t)
		r1 := l.node("R1", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.1/24").lists(&List{"A", tt.list}, nil)})
		l.node("R2", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.2/24")})
		tcp := r1.Walk(Packet{Flow: Flow{Proto: TCP, Remote: netip.MustParseAddrPort("10.0.0.2:22")}})
		echo := ping(r1, "10.0.0.2")
		if tcp.Outcome.String() != tt.tcp || echo.Outcome.String() != tt.echo {
			t.Errorf("%s: TCP is %v, want %s; ping is %v, want %s", tt.why, tcp.Outcome, tt.tcp, echo.Outcome, tt.echo)
		}
	}
}

// The first packet to each new neighbour waits for ARP.
func TestWalkResolves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		r1, r2, r3 := l.chain()
		p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.MustParseAddrPort("10.0.23.3:0")}}
		for n, want := range []bool{true, true, false, false} {
			if v := r1.Walk(p); v.Resolving != want || v.Outcome != Delivered {
				t.Errorf("packet %d: %+v", n, v)
			}
			time.Sleep(time.Minute)
		}
		known := func(n *Node) (all []string) {
			for _, x := range n.Neighbours("") {
				age := "-"
				if !x.Since.IsZero() {
					age = time.Since(x.Since).String()
				}
				all = append(all, x.Addr.String()+" "+x.MAC.String()+" "+x.Interface+" "+age)
			}
			return all
		}
		for n, want := range map[*Node]string{
			r1: "10.0.12.1 aabb.cc00.0101 Gi1 -, 10.0.12.2 aabb.cc00.0201 Gi1 4m0s",
			r2: "10.0.12.1 aabb.cc00.0101 Gi1 4m0s, 10.0.12.2 aabb.cc00.0201 Gi1 -, 10.0.23.2 aabb.cc00.0202 Gi2 -, 10.0.23.3 aabb.cc00.0301 Gi2 3m0s",
			r3: "10.0.23.2 aabb.cc00.0202 Gi1 3m0s, 10.0.23.3 aabb.cc00.0301 Gi1 -",
		} {
			if got := strings.Join(known(n), ", "); got != want {
				t.Errorf("%s:\n got %s\nwant %s", n.Name(), got, want)
			}
		}
		l.Disconnect(r2, "Gi2")
		if got := len(known(r2)); got != 2 {
			t.Errorf("R2 has %d entries after Gi2 went down, want 2", got)
		}
	})
}

// serves opens a port that sends a text and ends.
func (l *lab) serves(n *Node, port uint16, text string) io.Closer {
	l.Helper()
	c, err := n.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: port}, func(Flow) (Handler, *Verdict) {
		return func(c Conn) { io.WriteString(c, text) }, nil
	})
	if err != nil {
		l.Fatal(err)
	}
	return c
}

func to(text string) Path { return Path{Proto: TCP, To: netip.MustParseAddrPort(text)} }

// A connection is made there and back, and both ends see it.
func TestNodeDial(t *testing.T) {
	defer goleak.VerifyNone(t)
	l := newLab(t)
	r1, _, r3 := l.chain()
	accept := func(f Flow) (Handler, *Verdict) { return echo(f) }
	d, err := r3.Listen(Port{Proto: TCP, Number: 22, VRF: AllVRFs}, accept)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, tt := range []struct {
		why   string
		node  *Node
		path  Path
		there string
	}{
		{"across R2", r1, to("10.0.23.3:22"), "{Proto:6 VRF: Interface:Gi1 Local:10.0.23.3:22 Remote:10.0.12.1:49152}"},
		{"to the loopback, from the loopback", r1, Path{Proto: TCP, Source: "Lo0", To: netip.MustParseAddrPort("10.0.0.3:22")}, "{Proto:6 VRF: Interface:Gi1 Local:10.0.0.3:22 Remote:10.0.0.1:49153}"},
		{"IPv6", r1, to("[2001:db8:23::3]:22"), "{Proto:6 VRF: Interface:Gi1 Local:[2001:db8:23::3]:22 Remote:[2001:db8:12::1]:49154}"},
		{"itself", r3, to("10.0.0.3:22"), "{Proto:6 VRF: Interface:Lo0 Local:10.0.0.3:22 Remote:10.0.0.3:49152}"},
	} {
		c, err := tt.node.Dial(t.Context(), tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.why, err)
			continue
		}
		if got, err := io.ReadAll(c); string(got) != tt.there || err != nil {
			t.Errorf("%s: arrives as %s, %v, want %s", tt.why, got, err, tt.there)
		}
		if len(tt.node.Flows()) == 0 || tt.node.Flows()[0].Remote != tt.path.To {
			t.Errorf("%s: flows %v", tt.why, tt.node.Flows())
		}
		c.Close()
		if n := len(r1.Flows()); n != 0 {
			t.Errorf("%s: %d flows after Close", tt.why, n)
		}
	}
}

// What fails at once, and what takes its time.
func TestNodeDialFails(t *testing.T) {
	for _, tt := range []struct {
		why     string
		to      string
		fault   func(l *lab, r1, r2, r3 *Node)
		outcome Outcome
		cause   Outcome
		took    time.Duration
	}{
		{"a closed port", "10.0.23.3:23", nil, Refused, 0, 0},
		{"refused", "10.0.23.3:24", nil, Refused, 0, 0},
		{"filtered by the listener", "10.0.23.3:25", nil, TimedOut, Filtered, synwait},
		{"nobody on the link", "10.0.12.9:22", nil, TimedOut, NoARP, synwait},
		{"no route, known from R2", "192.0.2.1:22", nil, NoRoute, 0, 0},
		{"no route of its own", "10.0.23.3:22", func(l *lab, r1, _, _ *Node) {
			r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}))
		}, NoRoute, 0, 0},
		{"no route back", "10.0.23.3:22", func(l *lab, _, _, r3 *Node) {
			r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}))
		}, TimedOut, NoRoute, synwait},
		{"an access list on the way", "10.0.23.3:22", func(l *lab, _, r2, _ *Node) {
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").lists(&List{"1", []Entry{{Line: "deny any"}}}, nil), ip("Gi2", "10.0.23.2/24")}))
		}, Filtered, 0, 0},
		{"unplugged", "10.0.12.2:22", func(l *lab, r1, _, _ *Node) { l.Disconnect(r1, "Gi1") }, Down, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t)
			r1, r2, r3 := l.chain()
			defer l.serves(r3, 22, "hello").Close()
			for port, o := range map[uint16]Outcome{24: Refused, 25: Filtered} {
				c, _ := r3.Listen(Port{Proto: TCP, Number: port}, func(Flow) (Handler, *Verdict) { return nil, &Verdict{Outcome: o, Line: "access-class 1"} })
				defer c.Close()
			}
			if tt.fault != nil {
				tt.fault(l, r1, r2, r3)
			}
			began := time.Now()
			_, err := r1.Dial(t.Context(), to(tt.to))
			var v *Verdict
			if !errors.As(err, &v) || v.Outcome != tt.outcome || v.Cause != tt.cause || time.Since(began) != tt.took {
				t.Errorf("%s: %v (%+v) after %v, want %v by %v after %v", tt.why, err, v, time.Since(began), tt.outcome, tt.cause, tt.took)
			}
			if tt.outcome == TimedOut && !errors.Is(err, syscall.ETIMEDOUT) {
				t.Errorf("%s: %v is not ETIMEDOUT", tt.why, err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began = time.Now()
			if _, err = r1.Dial(ctx, to(tt.to)); tt.took > 0 && (!errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second) {
				t.Errorf("%s: %v after %v, want the end of the context after 1 s", tt.why, err, time.Since(began))
			}
		})
	}
}

// A dial that nobody answers succeeds when the way comes back in time.
func TestNodeDialWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		r1, _, r3 := l.chain()
		defer l.serves(r3, 22, "hello").Close()
		l.Disconnect(r3, "Gi1")
		time.AfterFunc(10*time.Second, func() { l.Connect(r3, "Gi1", l.Segment("23")) })
		began := time.Now()
		c, err := r1.Dial(t.Context(), to("10.0.23.3:22"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if took := time.Since(began); took != 10*time.Second && took != 15*time.Second {
			t.Errorf("after %v", took)
		}
		io.Copy(io.Discard, c)
	})
}

// held opens a connection from R1 to R3, and returns both ends.
func (l *lab) held(r1, r3 *Node) (near, far Conn) {
	l.Helper()
	came := make(chan Conn)
	d, err := r3.Listen(Port{Proto: TCP, Number: 22}, func(Flow) (Handler, *Verdict) {
		return func(c Conn) {
			done := make(chan struct{})
			came <- &ended{c, done}
			<-done
		}, nil
	})
	if err != nil {
		l.Fatal(err)
	}
	defer d.Close()
	near, err = r1.Dial(context.Background(), to("10.0.23.3:22"))
	if err != nil {
		l.Fatal(err)
	}
	return near, <-came
}

// ended is a connection whose handler waits for its Close.
type ended struct {
	Conn
	done chan struct{}
}

func (e *ended) Close() error {
	defer close(e.done)
	return e.Conn.Close()
}

// reads is what can be read of a connection within a second.
func reads(c net.Conn) (string, error) {
	c.SetReadDeadline(time.Now().Add(time.Second))
	defer c.SetReadDeadline(time.Time{})
	buf := make([]byte, 100)
	n, err := c.Read(buf)
	return string(buf[:n]), err
}

// A living connection falls silent when its way breaks, in whichever direction, and
// goes on when it is mended.
func TestLivingConnection(t *testing.T) {
	shut := &List{"A", []Entry{{Line: "deny any"}}}
	for _, tt := range []struct {
		why         string
		broke, mend func(l *lab, r2, r3 *Node)
	}{
		{"a cable is pulled", func(l *lab, r2, _ *Node) { l.Disconnect(r2, "Gi2") }, func(l *lab, r2, _ *Node) { l.Connect(r2, "Gi2", l.Segment("23")) }},
		{"a cable is moved", func(l *lab, r2, _ *Node) { l.Connect(r2, "Gi2", l.Segment("other")) }, func(l *lab, _, r3 *Node) { l.Connect(r3, "Gi1", l.Segment("other")) }},
		{"shutdown", func(l *lab, r2, _ *Node) {
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24").down()}))
		}, func(l *lab, r2, _ *Node) {
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")}))
		}},
		{"an access list", func(l *lab, r2, _ *Node) {
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24").lists(shut, nil), ip("Gi2", "10.0.23.2/24")}))
		}, func(l *lab, r2, _ *Node) {
			r2.Apply(NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")}))
		}},
		{"the route back", func(l *lab, _, r3 *Node) {
			r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}))
		}, func(l *lab, _, r3 *Node) {
			r3.Apply(NewSettings("R3", []Interface{ip("Gi1", "10.0.23.3/24")}, via("10.0.12.0/24", "10.0.23.2")))
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t)
			r1, r2, r3 := l.chain()
			near, far := l.held(r1, r3)
			io.WriteString(near, "before")
			tt.broke(l, r2, r3)
			near.Write([]byte(" and after"))
			far.Write([]byte("answer"))
			if got, err := reads(far); got != "before" || err != nil {
				t.Errorf("%s: R3 reads %q, %v, want what came before", tt.why, got, err)
			}
			if got, err := reads(far); got != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: R3 reads %q, %v, want silence", tt.why, got, err)
			}
			if got, err := reads(near); got != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: R1 reads %q, %v, want silence", tt.why, got, err)
			}
			time.Sleep(5 * time.Minute)
			tt.mend(l, r2, r3)
			if got, err := reads(far); got != " and after" || err != nil {
				t.Errorf("%s: mended, R3 reads %q, %v", tt.why, got, err)
			}
			if got, err := reads(near); got != "answer" || err != nil {
				t.Errorf("%s: mended, R1 reads %q, %v", tt.why, got, err)
			}
			time.Sleep(time.Hour)
			near.Close()
			if got, err := reads(far); got != "" || err != io.EOF {
				t.Errorf("%s: closed, R3 reads %q, %v", tt.why, got, err)
			}
			far.Close()
			if n := len(l.stalled.all); n != 0 {
				t.Errorf("%s: %d connections wait", tt.why, n)
			}
		})
	}
}

// A connection that sends in vain ends after nine minutes. The other end finds out
// when it sends and is heard again.
func TestLivingConnectionTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		r1, r2, r3 := l.chain()
		near, far := l.held(r1, r3)
		defer far.Close()
		defer near.Close()
		l.Disconnect(r2, "Gi1")
		began := time.Now()
		near.Write([]byte("lost"))
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, syscall.ETIMEDOUT) || time.Since(began) != retransmission {
			t.Errorf("R1 reads %v after %v", err, time.Since(began))
		}
		if _, err := near.Write([]byte("x")); !errors.Is(err, syscall.ETIMEDOUT) {
			t.Errorf("R1 writes: %v", err)
		}
		if _, err := reads(far); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("R3 reads %v, want silence", err)
		}
		l.Connect(r2, "Gi1", l.Segment("12"))
		if _, err := reads(far); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("R3 reads %v, want silence: it has sent nothing", err)
		}
		if _, err := far.Write([]byte("are you there?")); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("R3 writes: %v", err)
		}
		if _, err := reads(far); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("R3 reads %v", err)
		}
	})
}

// The end of a connection does not arrive either while the way is broken.
func TestLivingConnectionEnds(t *testing.T) {
	for _, tt := range []struct {
		why  string
		end  func(Conn) error
		want error
	}{
		{"half-close", Conn.CloseWrite, io.EOF},
		{"close", func(c Conn) error { return c.Close() }, io.EOF},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t)
			r1, r2, r3 := l.chain()
			near, far := l.held(r1, r3)
			defer far.Close()
			defer near.Close()
			l.Disconnect(r2, "Gi1")
			near.Write([]byte("last"))
			tt.end(near)
			if _, err := reads(far); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: R3 reads %v, want silence", tt.why, err)
			}
			l.Connect(r2, "Gi1", l.Segment("12"))
			if got, err := reads(far); got != "last" || err != nil {
				t.Errorf("%s: mended, R3 reads %q, %v", tt.why, got, err)
			}
			if _, err := reads(far); err != tt.want {
				t.Errorf("%s: then R3 reads %v", tt.why, err)
			}
		})
	}
}

// A writer that fills the window waits, and goes on when the way is mended.
func TestLivingConnectionBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		r1, r2, r3 := l.chain()
		near, far := l.held(r1, r3)
		defer far.Close()
		l.Disconnect(r2, "Gi1")
		go func() {
			near.Write(make([]byte, 3*window))
			near.Close()
		}()
		synctest.Wait()
		l.Connect(r2, "Gi1", l.Segment("12"))
		if n, err := io.Copy(io.Discard, far); n != 3*window || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// The line protocol follows cable and configuration, and watchers hear of it.
func TestLink(t *testing.T) {
	l := newLab(t)
	r1 := l.node("R1", "", []Interface{ip("Gi1", "10.0.0.1/24"), ip("Gi1.5", "10.5.0.1/24").tagged("Gi1", 5), ip("Lo0", "10.1.1.1/32")})
	l.node("R2", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.2/24")})
	l.node("R3", "Gi1=lan", []Interface{ip("Gi1").down()})
	var heard []string
	stop := r1.Watch(func(c LinkChange) {
		state := " down"
		if c.Up {
			state = " up"
		}
		heard = append(heard, c.Interface+state)
	})
	if got := r1.Link("Gi1"); got.Up || got.Cable {
		t.Errorf("without a cable: %+v", got)
	}
	if got := r1.Link("Lo0"); !got.Up {
		t.Errorf("a loopback: %+v", got)
	}
	l.Connect(r1, "Gi1", l.Segment("lan"))
	if got := r1.Link("Gi1"); !got.Up || !got.Cable || len(got.Peers) != 1 || got.Peers[0] != (Peer{Node: "R2", Interface: "Gi1"}) {
		t.Errorf("with a cable: %+v", got)
	}
	if got := r1.Link("Gi1.5").Peers; len(got) != 1 || got[0].Node != "R2" {
		t.Errorf("on the cable of its parent: %+v", got)
	}
	r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.0.1/24").down(), ip("Lo0", "10.1.1.1/32")}))
	if got := r1.Link("Gi1"); got.Up || !got.Cable {
		t.Errorf("shut down: %+v", got)
	}
	if got := l.Node("R2").Link("Gi1"); len(got.Peers) != 0 {
		t.Errorf("R2 sees %+v", got)
	}
	stop()
	l.Disconnect(r1, "Gi1")
	r1.Apply(NewSettings("R1", []Interface{ip("Gi2")}))
	if got := strings.Join(heard, ", "); got != "Gi1 up, Gi1.5 up, Gi1.5 down, Gi1 down" {
		t.Errorf("heard %s", got)
	}
}

// A cable is found again under every name of its interface, whichever comes first.
func TestCableNames(t *testing.T) {
	l := newLab(t)
	asa, _ := l.Add("asa")
	l.Connect(asa, "GigabitEthernet0/0", l.Segment("outside"))
	if got := asa.Link("GigabitEthernet0/0"); got.Up || !got.Cable {
		t.Errorf("without a name: %+v", got)
	}
	outside := ip("outside", "10.0.0.1/24")
	outside.Hardware = "GigabitEthernet0/0"
	asa.Apply(NewSettings("asa", []Interface{outside}))
	for _, name := range []string{"GigabitEthernet0/0", "outside"} {
		if got := asa.Link(name); !got.Up {
			t.Errorf("%s: %+v", name, got)
		}
	}
	l.Connect(asa, "outside", l.Segment("inside"))
	if n := len(l.Segment("outside").ends) + len(asa.cables); n != 1 {
		t.Errorf("%d cables", n)
	}
}

// Settings that say the same change nothing.
func TestApplyIsIdempotent(t *testing.T) {
	l := newLab(t)
	_, r2, _ := l.chain()
	before := l.generation.Load()
	same := NewSettings("R2", []Interface{ip("Gi1", "10.0.12.2/24", "2001:db8:12::2/64"), ip("Gi2", "10.0.23.2/24", "2001:db8:23::2/64"), ip("Lo0", "10.0.0.2/32")},
		via("10.0.0.1/32", "10.0.12.1"), via("10.0.0.3/32", "10.0.23.3"))
	r2.Apply(same)
	l.Connect(r2, "Gi1", l.Segment("12"))
	l.Disconnect(r2, "Gi9")
	if got := l.generation.Load(); got != before {
		t.Errorf("%d changes", got-before)
	}
	same.Node = "R2a"
	r2.Apply(NewSettings("R2", nil))
	if got := l.generation.Load(); got != before+1 {
		t.Errorf("%d changes, want 1", got-before)
	}
}

// A host drops what is for others without a word, answers at all of its addresses, and
// forwards IPv6.
func TestHostForwardsNothing(t *testing.T) {
	l := newLab(t)
	r1, r2, _ := l.chain()
	s := *r2.settings
	s.Host = true
	r2.Apply(&s)
	for _, tt := range []struct {
		to       string
		outcome  Outcome
		reported bool
	}{
		{"10.0.23.3", NoRoute, false},
		{"10.0.23.2", Delivered, false},
		{"2001:db8:23::3", Delivered, false},
	} {
		if v := ping(r1, tt.to); v.Outcome != tt.outcome || v.Reported != tt.reported {
			t.Errorf("%s: %+v, want %s, reported: %v", tt.to, v, tt.outcome, tt.reported)
		}
	}
}
