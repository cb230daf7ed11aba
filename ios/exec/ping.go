package exec

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"strconv"
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
	to      netip.Addr
	vrf     string
	out     string // the interface to a link-local address
	source  string // an interface, or an address of the device
	repeat  int
	size    int // bytes
	timeout time.Duration
	df      bool

	answered int
	times    []int // milliseconds
}

// newPing has the defaults of IOS.
func newPing(s *Session) *ping {
	return &ping{s: s, repeat: 5, size: 100, timeout: 2 * time.Second}
}

func pingCommand(s *Session, a cli.Args) error {
	p := newPing(s)
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
	if protocol := q.text("Protocol [ip]: ", "ip"); protocol != "ip" && protocol != "ipv6" && q.err == nil {
		s.Printf("%% Unknown protocol - \"%s\", type \"ping ?\" for help\n", protocol)
		return nil
	}
	host := q.text("Target IP address: ", "")
	p.repeat = q.number("Repeat count [5]: ", 5)
	p.size = q.number("Datagram size [100]: ", 100)
	p.timeout = time.Duration(q.number("Timeout in seconds [2]: ", 2)) * time.Second
	if q.yes("Extended commands [n]: ") {
		p.source = q.text("Source address or interface: ", "")
		q.only("Type of service [0]: ", "0")
		p.df = q.yes("Set DF bit in IP header? [no]: ")
		q.only("Validate reply data? [no]: ", "no")
		q.only("Data pattern [0xABCD]: ", "0xABCD")
		q.only("Loose, Strict, Record, Timestamp, Verbose[none]: ", "none")
	}
	q.only("Sweep range of sizes [n]: ", "n")
	if q.refused {
		return nil
	}
	if q.err != nil {
		return q.err
	}
	if host == "" {
		s.Println("% Bad IP address") // from memory
		return nil
	}
	return p.host(host)
}

// questions are asked one after the other; after an error none is.
type questions struct {
	s       *Session
	err     error
	refused bool // an answer asks for what is not done here, and the user was told
}

// only takes the default: what another answer asks for is not done here.
func (q *questions) only(prompt, value string) {
	if q.refused {
		return
	}
	answer := strings.ToLower(q.text(prompt, value))
	if q.err == nil && !strings.HasPrefix(strings.ToLower(value), answer) {
		q.s.Printf("%% Not available: \"%s\"\n", answer)
		q.refused = true
	}
}

func (q *questions) text(prompt, value string) string {
	if q.err != nil {
		return value
	}
	var answer string
	if answer, q.err = q.s.Ask(prompt); strings.TrimSpace(answer) == "" {
		return value
	}
	return strings.TrimSpace(answer)
}

func (q *questions) number(prompt string, value int) int {
	for q.err == nil {
		n, err := strconv.Atoi(q.text(prompt, strconv.Itoa(value)))
		if err == nil && n >= 0 && n <= 1<<31-1 {
			return n
		}
		q.s.Println("% A decimal number between 0 and 2147483647.") // from memory
	}
	return value
}

func (q *questions) yes(prompt string) bool {
	answer := strings.ToLower(q.text(prompt, "n"))
	return answer != "" && strings.HasPrefix("yes", answer)
}

// host finds the host, and pings it.
func (p *ping) host(name string) error {
	if !p.s.vrfExists(p.vrf) {
		p.s.Printf("%% VRF %s does not exist\n", p.vrf) // from memory
		return nil
	}
	to, known, err := p.s.host(p.vrf, name)
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
			mark := p.one(ctx, from)
			if limited && (mark == 'U' || mark == 'M') {
				mark = '.'
			}
			limited = mark == 'U' || mark == 'M'
			if mark == '.' {
				pause(ctx, p.timeout)
			}
			if ctx.Err() != nil {
				return nil // a request that nobody waits for counts as not sent
			}
			p.s.Screen().Write([]byte{mark})
		}
		return nil
	})
	io.WriteString(p.s.Screen(), "\r\n")
	return sent, err
}

// one sends a request, and is the mark for what becomes of it.
func (p *ping) one(ctx context.Context, from netip.Addr) byte {
	ctx, cancel := context.WithTimeout(ctx, max(p.timeout, time.Millisecond))
	defer cancel()
	packet := network.Packet{
		Flow: network.Flow{Proto: network.ICMP, VRF: p.vrf, Local: netip.AddrPortFrom(from, 0), Remote: netip.AddrPortFrom(p.to.WithZone(p.out), 0)},
		Size: p.size, DF: p.df,
	}
	took, v := p.s.Device.Net.Echo(ctx, packet)
	mark := p.mark(took, &v)
	p.debug(mark, p.sender(from), &v)
	return mark
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
func (p *ping) mark(took time.Duration, v *network.Verdict) byte {
	switch {
	case v.Outcome == network.Delivered && !v.Resolving:
		p.answered++
		p.times = append(p.times, milliseconds(took, v.Hops))
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
	if len(p.times) > 0 {
		low, high, sum := p.times[0], p.times[0], 0
		for _, t := range p.times {
			low, high, sum = min(low, t), max(high, t), sum+t
		}
		text += fmt.Sprintf(", round-trip min/avg/max = %d/%d/%d ms", low, sum/len(p.times), high)
	}
	p.s.Println(text)
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
