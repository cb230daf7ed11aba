package exec

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/network"
)

var tracerouteCommands = []Command{
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
	port        int
	probes      int
	first, last int // time to live
	timeout     time.Duration
}

// traceroute has the defaults of IOS: three probes a hop to UDP port 33434 and up, 3 s
// each, 30 hops.
func traceroute(s *Session, a cli.Args) error {
	t := &trace{s: s, vrf: a.Get("vrf"), port: 33434, probes: 3, first: 1, last: 30, timeout: 3 * time.Second}
	for name, field := range map[string]*int{"port": &t.port, "probe": &t.probes, "first": &t.first, "last": &t.last} {
		if n, ok := a.Int(name); ok {
			*field = n
		}
	}
	if n, ok := a.Int("timeout"); ok {
		t.timeout = time.Duration(n) * time.Second
	}
	if !s.vrfExists(t.vrf) {
		s.Printf("%% VRF %s does not exist\n", t.vrf) // from memory
		return nil
	}
	to, known, err := s.host(t.vrf, a.Get("host"))
	if err != nil || !known {
		return err
	}
	from, ok := s.sourceOf(a.Get("source"))
	if !ok {
		s.Println("% Invalid source address") // from memory
		return nil
	}
	t.to, t.from = to, from
	s.Println("Type escape sequence to abort.", "Tracing the route to "+to.String())
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
				pause(ctx, t.timeout)
			}
			if ctx.Err() != nil {
				break
			}
			if hop.IsValid() && hop != at {
				at = hop
				t.s.Printf("%s", hop)
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
		pause(ctx, t.timeout)
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
