package exec

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/network"
)

var pingCommands = []Command{
	{Syntax: `ping "Send echo messages"`, Level: 15, Run: pingDialogue},
	{Syntax: `ping [ip "IP echo" | ipv6 "IPv6 echo"]$protocol [vrf "Select VPN routing instance" WORD$vrf "VPN Routing/Forwarding instance name"]
		WORD$host "Ping destination address or hostname"
		[df-bit "enable do not fragment bit in IP header"
		| repeat "specify repeat count" <1-2147483647>$repeat "repeat count"
		| size "specify datagram size" <36-18024>$size "Datagram size"
		| source "specify source address or name" {A.B.C.D "Source address" | X:X:X:X::X "Source address" | INTERFACE "Source interface"}$source
		| timeout "specify timeout interval" <0-3600>$timeout "Timeout in seconds"]*`, Level: 1, Run: pingCommand},
}

// ping is one command's worth of echo requests.
type ping struct {
	s       *Session
	family  func(netip.Addr) bool // nil for any
	to      netip.Addr
	vrf     string
	out     string // the interface to a link-local address
	source  string // an interface, or an address of the device
	repeat  int
	size    int // bytes
	timeout time.Duration
	df      bool

	answered       int
	low, high, sum int // round trips, milliseconds
}

// newPing has the defaults of IOS.
func newPing(s *Session) *ping {
	return &ping{s: s, repeat: 5, size: 100, timeout: 2 * time.Second}
}

func pingCommand(s *Session, a cli.Args) error {
	p := newPing(s)
	p.family = families[a.Get("protocol")]
	p.vrf, p.source, p.df = a.Get("vrf"), a.Get("source"), a.Has("df-bit")
	if n, ok := a.Int("repeat"); ok {
		p.repeat = n
	}
	if n, ok := a.Int("size"); ok {
		p.size = n
	}
	if n, ok := a.Int("timeout"); ok {
		p.timeout = time.Duration(n) * time.Second
	}
	return p.host(a.Get("host"))
}

// pingDialogue asks for what the command line leaves out (gaps: captured questions; what
// Extended commands asks is from memory).
func pingDialogue(s *Session, _ cli.Args) error {
	p := newPing(s)
	q := &questions{s: s}
	protocol := q.text("Protocol [ip]: ", "ip")
	if p.family = families[protocol]; p.family == nil && q.err == nil {
		s.Printf("%% Unknown protocol - \"%s\", type \"ping ?\" for help\n", protocol)
		return nil
	}
	host := q.text("Target IP address: ", "")
	p.repeat = q.number("Repeat count [5]: ", 5, 1, 1<<31-1)
	p.size = q.number("Datagram size [100]: ", 100, 36, 18024)
	p.timeout = time.Duration(q.number("Timeout in seconds [2]: ", 2, 0, 3600)) * time.Second
	if q.yes("Extended commands [n]: ") {
		p.source = q.text("Source address or interface: ", "")
		q.only("Type of service [0]: ", "0")
		p.df = q.yes("Set DF bit in IP header? [no]: ")
		q.only("Validate reply data? [no]: ", "no")
		q.only("Data pattern [0xABCD]: ", "0xABCD")
		q.only("Loose, Strict, Record, Timestamp, Verbose[none]: ", "none")
	}
	q.only("Sweep range of sizes [n]: ", "n")
	if q.refused || q.err != nil {
		return q.err
	}
	if host == "" {
		s.Println("% Bad IP address") // from memory
		return nil
	}
	return p.host(host)
}

// host finds the host, and pings it.
func (p *ping) host(name string) error {
	if !p.s.vrfExists(p.vrf) {
		p.s.Printf("%% VRF %s does not exist\n", p.vrf) // from memory
		return nil
	}
	to, known, err := p.s.host(p.vrf, name, p.family)
	if err != nil || !known {
		return err
	}
	if to.Is6() && to.IsLinkLocalUnicast() {
		if p.out, err = p.s.outputInterface(); err != nil {
			return err
		}
	}
	p.to = to
	from, ok := p.s.sourceOf(p.source)
	if !ok {
		p.s.Println("% Invalid source address- IP address not on any of our up interfaces") // from memory
		return nil
	}
	p.s.Println("Type escape sequence to abort.")
	p.s.Printf("Sending %d, %d-byte ICMP Echos to %s, timeout is %d seconds:\n", p.repeat, p.size, capitals(p.to), int(p.timeout.Seconds()))
	if p.df {
		p.s.Println("Packet sent with the DF bit set")
	}
	if from.IsValid() {
		p.s.Printf("Packet sent with a source address of %s \n", capitals(from))
	}
	p.s.Flush()
	sent, err := p.run(from)
	if p.s.Lost() != nil {
		return err
	}
	p.summary(sent)
	return nil
}

// outputInterface asks for the interface to a link-local address until the answer is one
// (from memory).
func (s *Session) outputInterface() (string, error) {
	for {
		answer, err := s.Ask("Output Interface: ")
		if err != nil {
			return "", err
		}
		for i := range s.Config().Interfaces.Keys() {
			if strings.EqualFold(i, strings.TrimSpace(answer)) {
				return i, nil
			}
		}
		s.Println("% Invalid interface. Use full interface name without spaces (e.g. Serial0/1)")
	}
}

// run sends the requests, and shows a mark for each. It returns how many were sent.
func (p *ping) run(from netip.Addr) (sent int, err error) {
	err = p.s.Breakable(func(ctx context.Context) error {
		var limited bool // the last answer said unreachable or too big: the next is not sent (from memory: one in 500 ms)
		for ; sent < p.repeat && ctx.Err() == nil; sent++ {
			if sent > 0 && sent%70 == 0 {
				io.WriteString(p.s.Screen(), "\r\n")
			}
			begin := time.Now()
			mark, takes := p.one(ctx, from)
			if limited && (mark == 'U' || mark == 'M') {
				mark = '.'
			}
			limited = mark == 'U' || mark == 'M'
			if mark == '.' {
				takes = max(p.timeout, leastPause)
			}
			pause(ctx, takes-time.Since(begin))
			if ctx.Err() != nil {
				return nil // a request that was broken off counts as not sent
			}
			p.s.Screen().Write([]byte{mark})
		}
		return nil
	})
	io.WriteString(p.s.Screen(), "\r\n")
	return sent, err
}

// one sends a request, and is the mark for what becomes of it, and the time that an
// answer takes.
func (p *ping) one(ctx context.Context, from netip.Addr) (mark byte, takes time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, max(p.timeout, time.Millisecond))
	defer cancel()
	packet := network.Packet{
		Flow: network.Flow{Proto: network.ICMP, VRF: p.vrf, Local: netip.AddrPortFrom(from, 0), Remote: netip.AddrPortFrom(p.to.WithZone(p.out), 0)},
		Size: p.size, DF: p.df,
	}
	took, v := p.s.Device.Net.Echo(ctx, packet)
	ms := milliseconds(took, v.Hops)
	mark = p.mark(ms, &v)
	p.debug(mark, p.sender(from), &v)
	return mark, time.Duration(ms) * time.Millisecond
}

// sender is the address that the requests carry.
func (p *ping) sender(from netip.Addr) netip.Addr {
	if from.IsValid() {
		return from
	}
	if e, ok := p.s.Device.Net.Table(p.vrf).Lookup(netip.Addr{}, p.to); ok {
		if i, ok := p.s.Config().Interfaces.Get(e.Egress); ok {
			for a := range i.Addresses() {
				if a.Addr().Is4() == p.to.Is4() {
					return a.Addr()
				}
			}
		}
	}
	return from
}

// mark counts an answer, and is what is shown of it.
func (p *ping) mark(ms int, v *network.Verdict) byte {
	switch {
	case v.Outcome == network.Delivered && !v.Resolving:
		if p.answered == 0 || ms < p.low {
			p.low = ms
		}
		p.answered++
		p.high, p.sum = max(p.high, ms), p.sum+ms
		return '!'
	case v.Resolving, !v.Reported, v.Hops == 0 && v.Outcome != network.TooBig:
		return '.'
	case v.Outcome == network.TooBig:
		return 'M'
	case v.Outcome == network.TTLExpired:
		return '&'
	}
	return 'U'
}

// DebugICMP is the switch of `debug ip icmp`.
const DebugICMP = "ip icmp"

// EchoLine is a line of `debug ip icmp` about an echo reply that was sent or received
// (rcvd); from memory, like the others.
func EchoLine(what string, src, dst netip.Addr) string {
	return fmt.Sprintf("ICMP: echo reply %s, src %s, dst %s, topology BASE, dscp 0 topoid 0", what, src, dst)
}

// debug tells what came back.
func (p *ping) debug(mark byte, from netip.Addr, v *network.Verdict) {
	switch {
	case !p.s.Device.Debug.On(DebugICMP):
	case mark == '!':
		p.s.Device.PrintDebug(EchoLine("rcvd", p.to, from))
	case mark == 'U' && v.Outcome == network.Filtered:
		p.s.Device.PrintDebug(fmt.Sprintf("ICMP: dst (%s) administratively prohibited unreachable rcv from %s", from, v.Hop))
	case mark == 'U':
		p.s.Device.PrintDebug(fmt.Sprintf("ICMP: dst (%s) host unreachable rcv from %s", from, v.Hop))
	case mark == '&':
		p.s.Device.PrintDebug(fmt.Sprintf("ICMP: time exceeded rcvd from %s", v.Hop))
	}
}

// milliseconds is how long a packet took there and back. Within the program nothing takes
// time: each link counts as one.
func milliseconds(took time.Duration, hops int) int {
	return max(1, hops, int(took.Round(time.Millisecond).Milliseconds()))
}

func (p *ping) summary(sent int) {
	percent := 0
	if sent > 0 {
		percent = p.answered * 100 / sent
	}
	text := fmt.Sprintf("Success rate is %d percent (%d/%d)", percent, p.answered, sent)
	if p.answered > 0 {
		text += fmt.Sprintf(", round-trip min/avg/max = %d/%d/%d ms", p.low, p.sum/p.answered, p.high)
	}
	p.s.Println(text)
}

// leastPause is how long a packet without an answer takes at least: `timeout 0` would keep
// a processor busy.
const leastPause = time.Millisecond

// pause waits for a time, if it is more than none, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
