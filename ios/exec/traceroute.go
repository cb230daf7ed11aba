package exec

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/network"
)

var tracerouteCommands = []Command{
	{Syntax: `traceroute "Trace route to destination"`, Level: 15, Run: tracerouteDialogue},
	{Syntax: `traceroute "Trace route to destination" [ip "IP Trace" | ipv6 "IPv6 Trace"]$protocol
		[vrf "Select VPN routing instance" WORD$vrf "VPN Routing/Forwarding instance name"]
		WORD$host "Trace route to destination address or hostname"
		[numeric "display numeric address"
		| port "specify port number" <1-65535>$port "Port number"
		| probe "specify number of probes per hop" <1-65535>$probe "Number of probes per hop"
		| source "specify source address or name" {A.B.C.D "Source address" | X:X:X:X::X "Source address" | INTERFACE "Source interface"}$source
		| timeout "specify time out" <0-3600>$timeout "Timeout in seconds"
		| ttl "specify minimum and maximum ttl" <1-255>$first "Minimum ttl" <1-255>$last "Maximum ttl"]*`, Level: 1, Run: traceroute},
}

// trace is one traceroute.
type trace struct {
	s           *Session
	to, from    netip.Addr
	vrf         string
	numeric     bool // shows no names
	port        int
	probes      int
	first, last int // time to live
	timeout     time.Duration
}

// newTrace has the defaults of IOS: three probes a hop to UDP port 33434 and up, 3 s
// each, 30 hops.
func newTrace(s *Session) *trace {
	return &trace{s: s, port: 33434, probes: 3, first: 1, last: 30, timeout: 3 * time.Second}
}

func traceroute(s *Session, a cli.Args) error {
	t := newTrace(s)
	t.vrf, t.numeric = a.Get("vrf"), a.Has("numeric")
	for name, field := range map[string]*int{"port": &t.port, "probe": &t.probes, "first": &t.first, "last": &t.last} {
		if n, ok := a.Int(name); ok {
			*field = n
		}
	}
	if n, ok := a.Int("timeout"); ok {
		t.timeout = time.Duration(n) * time.Second
	}
	return t.host(a.Get("host"), a.Get("source"), families[a.Get("protocol")])
}

// tracerouteDialogue asks for what the command line leaves out (Cisco document 13730,
// The Extended traceroute Command).
func tracerouteDialogue(s *Session, _ cli.Args) error {
	t := newTrace(s)
	q := &questions{s: s}
	protocol := q.text("Protocol [ip]: ", "ip")
	family := families[protocol]
	if family == nil && q.err == nil {
		s.Printf("%% Unknown protocol - \"%s\", type \"trace ?\" for help\n", protocol) // from memory
		return nil
	}
	host := q.text("Target IP address: ", "")
	source := q.text("Source address: ", "")
	t.numeric = q.yes("Numeric display [n]: ")
	t.timeout = time.Duration(q.number("Timeout in seconds [3]: ", 3, 0, 3600)) * time.Second
	t.probes = q.number("Probe count [3]: ", 3, 1, 65535)
	t.first = q.number("Minimum Time to Live [1]: ", 1, 1, 255)
	t.last = q.number("Maximum Time to Live [30]: ", max(30, t.first), t.first, 255)
	t.port = q.number("Port Number [33434]: ", 33434, 1, 65535)
	q.only("Loose, Strict, Record, Timestamp, Verbose[none]: ", "none")
	if q.refused || q.err != nil {
		return q.err
	}
	if host == "" {
		s.Println("% Bad IP address") // from memory
		return nil
	}
	return t.host(host, source, family)
}

// host finds the host, and traces the route to it.
func (t *trace) host(name, source string, family func(netip.Addr) bool) error {
	s := t.s
	if !s.vrfExists(t.vrf) {
		s.Printf("%% VRF %s does not exist\n", t.vrf) // from memory
		return nil
	}
	to, known, err := s.host(t.vrf, name, family)
	if err != nil || !known {
		return err
	}
	from, ok := s.sourceOf(source)
	if !ok {
		s.Println("% Invalid source address") // from memory
		return nil
	}
	t.to, t.from = to, from
	s.Println("Type escape sequence to abort.", "Tracing the route to "+t.named(to))
	s.Println("VRF info: (vrf in name/id, vrf out name/id)")
	return s.Breakable(t.run)
}

// run prints a line for each hop, until the host has answered.
func (t *trace) run(ctx context.Context) error {
	port := t.port
	for ttl := t.first; ttl <= t.last && ctx.Err() == nil; ttl++ {
		t.s.Printf("%3d ", ttl)
		var at netip.Addr
		there := false
		for n := range t.probes {
			hop, mark, arrived := t.probe(ctx, ttl, port)
			if arrived && n == 1 {
				hop, mark = netip.Addr{}, lost // one unreachable in 500 ms is all that a host of Cisco's sends
				pause(ctx, max(t.timeout, leastPause))
			}
			if ctx.Err() != nil {
				break
			}
			if hop.IsValid() && hop != at {
				at = hop
				t.s.Printf("%s", t.named(hop))
			}
			t.s.Printf("%s", mark)
			t.s.Flush()
			there = there || arrived || strings.HasPrefix(mark, " !")
			port++
		}
		t.s.Println("")
		t.s.Flush()
		if there {
			break
		}
	}
	return nil
}

// named is an address behind the name that `ip host` has for it. A device would ask its
// name servers, too.
func (t *trace) named(a netip.Addr) string {
	for h := range t.s.Config().Domain.Hosts.All() {
		if !t.numeric && slices.Contains(h.Addresses, a.String()) {
			return h.Name + " (" + capitals(a) + ")"
		}
	}
	return capitals(a)
}

// lost is the mark of a packet without an answer.
const lost = " * "

// probe sends one packet: where it ended, what is printed of it, and whether that is the
// host.
func (t *trace) probe(ctx context.Context, ttl, port int) (hop netip.Addr, mark string, arrived bool) {
	v := t.s.Device.Net.Walk(network.Packet{
		Flow: network.Flow{Proto: network.UDP, VRF: t.vrf, Local: netip.AddrPortFrom(t.from, 0), Remote: netip.AddrPortFrom(t.to, uint16(port))},
		TTL:  ttl,
	})
	took := fmt.Sprintf(" %d msec", milliseconds(0, v.Hops))
	switch {
	case v.Resolving, v.Outcome != network.Delivered && (!v.Reported || v.Hops == 0):
		pause(ctx, max(t.timeout, leastPause))
		return hop, lost, false
	case v.Outcome == network.Delivered:
		return t.to, took, true
	case v.Outcome == network.TTLExpired:
		return v.Hop, took, false
	case v.Outcome == network.Filtered:
		return v.Hop, " !A", false
	}
	return v.Hop, " !H", false
}
