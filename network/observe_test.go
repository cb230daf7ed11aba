package network

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Entries count the packets that arrive at their node, and what is logged of them.
func TestHits(t *testing.T) {
	l := newLab(t)
	r1, r2, r3 := l.chain()
	hits := map[string]*Hits{}
	list := func(name string, logs Logging) *List {
		hits[name] = new(Hits)
		return &List{name, []Entry{{Permit: true, Sequence: 10, Logs: logs, Hits: hits[name]}}}
	}
	in, out := ip("Gi1", "10.0.12.2/24"), ip("Gi2", "10.0.23.2/24")
	r2.Apply(NewSettings("R2", []Interface{in.lists(list("in", LogInput), nil), out.lists(nil, list("out", LogNothing))}))
	r3.Listen(Port{Proto: TCP, Number: 22}, func(Flow) (Handler, *Verdict) {
		return func(c Conn) { io.Copy(io.Discard, c) }, nil
	})
	var logged []string
	stop := r2.Observe(Observer{Match: func(m Match) {
		logged = append(logged, fmt.Sprint(m.List, " ", m.Flow.Remote.Addr(), " ", m.Flow.Local, " ", m.Message, " ", m.Flow.Interface, " ", m.Sender))
	}})
	counted := func(what string, in, out uint64) {
		t.Helper()
		if got := [2]uint64{hits["in"].Count(), hits["out"].Count()}; got != [2]uint64{in, out} {
			t.Errorf("%s: in and out count %v packets, want %d and %d", what, got, in, out)
		}
	}
	p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.MustParseAddrPort("10.0.23.3:0")}}
	r1.Walk(p)
	counted("a packet that R1 loses to ARP", 0, 0)
	r1.Walk(p)
	counted("one that R2 loses to ARP", 1, 1)
	r1.Walk(p)
	counted("one that arrives", 2, 2)
	c, err := r1.Dial(context.Background(), to("10.0.23.3:22"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	counted("a connection", 3, 3)
	r1.Apply(NewSettings("R1", []Interface{ip("Gi1", "10.0.12.1/24")}, via("0.0.0.0/0", "10.0.12.2")))
	if _, err := c.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	counted("what a connection carries over a way that has changed", 3, 3)
	stop()
	r1.Walk(p)
	counted("one that is not observed", 4, 4)
	hits["in"].Clear()
	counted("after Clear", 0, 4)
	mac := r1.Link("Gi1").MAC.String()
	want := slices.Repeat([]string{"in 10.0.12.1 10.0.23.3:0 {8 0} Gi1 " + mac}, 2)
	want = append(want, "in 10.0.12.1 10.0.23.3:22 {0 0} Gi1 "+mac)
	if diff := cmp.Diff(want, logged); diff != "" {
		t.Error(diff)
	}
}

// The owner of an address and who claims it too learn of each other: once for each claim,
// however many have the address, and not when something else of an interface changes.
func TestDuplicates(t *testing.T) {
	l := newLab(t)
	var seen []string
	watch := func(name string) *Node {
		n := l.node(name, "Gi1=lan", nil)
		n.Observe(Observer{Duplicate: func(d Duplicate) {
			seen = append(seen, fmt.Sprint(name, " ", d.Addr, " ", d.Interface, " ", d.MAC))
		}})
		return n
	}
	nodes := []*Node{watch("R1"), watch("R2"), watch("R3")}
	for _, n := range nodes {
		n.Apply(NewSettings(n.Name(), []Interface{ip("Gi1", "10.0.0.1/24", "fe80::1/64")}))
	}
	want := []string{"R1 10.0.0.1 Gi1 " + nodes[1].Link("Gi1").MAC.String(), "R2 10.0.0.1 Gi1 " + nodes[0].Link("Gi1").MAC.String(),
		"R1 10.0.0.1 Gi1 " + nodes[2].Link("Gi1").MAC.String(), "R3 10.0.0.1 Gi1 " + nodes[0].Link("Gi1").MAC.String()}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	seen = nil
	deny := ip("Gi1", "10.0.0.1/24", "fe80::1/64").lists(&List{}, nil)
	nodes[0].Apply(NewSettings("R1", []Interface{deny}))
	nodes[1].Apply(NewSettings("R2", []Interface{deny}))
	if n, _ := l.Find(netip.MustParseAddr("10.0.0.1")); n != nodes[0] || seen != nil {
		t.Errorf("after other changes %s has the address, want R1; reported %q", n.Name(), seen)
	}
}

// A node that queues loses no packet while it asks for the address of a neighbour: not its
// own, and not the answer by another router than the one that asks. Routers lose theirs.
func TestQueues(t *testing.T) {
	for _, queues := range []bool{false, true} {
		l := newLab(t)
		r1 := l.node("R1", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.1/24"), ip("Lo0", "1.1.1.1/32")})
		l.node("R2", "Gi1=lan", []Interface{ip("Gi1", "10.0.0.2/24")}, via("1.1.1.1/32", "10.0.0.1"))
		pc := l.node("PC", "eth1=lan", nil)
		s := NewSettings("PC", []Interface{ip("eth1", "10.0.0.9/24")}, via("0.0.0.0/0", "10.0.0.2"))
		s.Queues = queues
		pc.Apply(s)
		lost := func(n *Node, to string, more ...func(*Packet)) (lost int) {
			p := Packet{Flow: Flow{Proto: ICMP, Remote: netip.AddrPortFrom(netip.MustParseAddr(to), 0)}}
			for _, m := range more {
				m(&p)
			}
			for n.Walk(p).Resolving {
				lost++
			}
			return lost
		}
		// R1 asks for PC, PC for R2, R2 for R1; then PC has met everybody.
		got := [2]int{lost(r1, "10.0.0.9", from("Lo0")), lost(pc, "10.0.0.2")}
		if want := map[bool][2]int{false: {3, 0}, true: {2, 0}}[queues]; got != want {
			t.Errorf("queues %t: lost %v, want %v", queues, got, want)
		}
	}
}
