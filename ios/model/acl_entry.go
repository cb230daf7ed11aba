package model

import (
	"net/netip"
	"strconv"

	"vtylab/cli"
	"vtylab/network"
)

// extendedEntry reads what decides whether an entry of an extended or an IPv6 list
// fits. An entry that it does not understand whole is Unknown.
func extendedEntry(kind ACLKind, words cli.Args) network.Entry {
	r := entryReader{words}
	var e network.Entry
	e.Permit = r.take("permit")
	if !e.Permit && !r.take("deny") {
		e.Unknown = true // dynamic, evaluate
		return e
	}
	var known bool
	if e.Proto, known = protocolNames[kind][r.peek()]; !known {
		n, _ := strconv.ParseUint(r.peek(), 10, 8)
		if e.Proto = network.Proto(n); n == 0 {
			e.Unknown = true // a group of services; what 0 means to the device is not known
			return e
		}
	}
	r.next()
	ports := portNames[e.Proto]
	e.From, e.Unknown = r.addresses()
	e.FromPorts = r.ports(ports)
	to, unknown := r.addresses()
	e.To, e.Unknown = to, e.Unknown || unknown
	e.ToPorts = r.ports(ports)
	e.Messages = r.messages(messageNumbers[e.Proto])
	r.options(&e)
	return e
}

// entryReader takes the words of an entry one after the other.
type entryReader struct{ words cli.Args }

// peek is the next word, "" behind the last.
func (r *entryReader) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0].Text
}

func (r *entryReader) next() string {
	w := r.peek()
	r.words = r.words[min(1, len(r.words)):]
	return w
}

// take passes over a word if it is the next one.
func (r *entryReader) take(word string) bool {
	is := r.peek() == word
	if is {
		r.next()
	}
	return is
}

// addresses reads `any`, `host A`, an IPv4 address with its wildcard bits or an
// IPv6 prefix; a group of addresses is unknown.
func (r *entryReader) addresses() (set network.Addresses, unknown bool) {
	switch first := r.next(); first {
	case "any":
		return set, false
	case "host":
		a, err := netip.ParseAddr(r.next())
		if err != nil {
			return set, true
		}
		return network.Prefix(netip.PrefixFrom(a, a.BitLen())), false
	default:
		if p, err := netip.ParsePrefix(first); err == nil {
			return network.Prefix(p), false
		}
		address, wrong := netip.ParseAddr(first)
		free, err := netip.ParseAddr(r.next())
		if wrong != nil || err != nil {
			return set, true
		}
		if free == allFree {
			return set, false // any
		}
		return wildcard(address, free), false
	}
}

// ports reads a comparison of ports, if there is one.
func (r *entryReader) ports(names map[string]int) network.Ports {
	port := func() uint16 { n, _ := portNumber(names, r.next()); return n }
	switch {
	case r.take("eq"):
		set := network.Ports{one(port())}
		for n, ok := portNumber(names, r.peek()); ok; n, ok = portNumber(names, r.peek()) { // up to ten
			set = append(set, one(n))
			r.next()
		}
		return set
	case r.take("neq"):
		n := port()
		return network.Ports{below(n), above(n)}
	case r.take("gt"):
		return network.Ports{above(port())}
	case r.take("lt"):
		return network.Ports{below(port())}
	case r.take("range"):
		a, b := port(), port()
		return network.Ports{{First: min(a, b), Last: max(a, b)}}
	}
	return nil
}

// messages reads a kind of ICMP message, by name or by type and code, if there is one;
// nil is every message.
func (r *entryReader) messages(names map[string]network.Message) network.Messages {
	if names == nil {
		return nil
	}
	if m, ok := names[r.peek()]; ok {
		r.next()
		return network.Messages{m}
	}
	kind, err := strconv.ParseUint(r.peek(), 10, 8)
	if err != nil {
		return nil
	}
	r.next()
	m := network.Message{Type: uint8(kind), Code: -1}
	if code, err := strconv.ParseUint(r.peek(), 10, 8); err == nil {
		r.next()
		m.Code = int(code)
	}
	return network.Messages{m}
}

const lastPort = 65535

// noPort is a run of none.
var noPort = network.Span{First: 1, Last: 0}

func one(n uint16) network.Span { return network.Span{First: n, Last: n} }

func below(n uint16) network.Span {
	if n == 0 {
		return noPort
	}
	return network.Span{First: 0, Last: n - 1}
}

func above(n uint16) network.Span {
	if n == lastPort {
		return noPort
	}
	return network.Span{First: n + 1, Last: lastPort}
}

// options reads what stands behind the destination. A connection begins with SYN
// alone, and has ACK in all packets after that; the other flags are in few of them, so
// that an entry with one fits none.
func (r *entryReader) options(e *network.Entry) {
	for len(r.words) > 0 {
		switch word := r.next(); word {
		case "log", "log-input":
			e.Logs = network.LogFlow
			if word == "log-input" {
				e.Logs = network.LogInput
			}
			if len(r.words) > 0 && !r.words[0].Keyword {
				r.next() // a cookie
			}
		case "syn":
		case "established", "ack":
			e.Established = true
		case "fin", "psh", "rst", "urg":
			e.ToPorts = network.Ports{noPort}
		default:
			e.Unknown = true
		}
	}
}

// portNumber is a port by number or by the name that IOS gives it.
func portNumber(names map[string]int, word string) (n uint16, ok bool) {
	if n, ok := names[word]; ok {
		return uint16(n), true
	}
	number, err := strconv.ParseUint(word, 10, 16)
	return uint16(number), err == nil
}

// portNames are the ports that have a name, by protocol.
var portNames = map[network.Proto]map[string]int{network.TCP: tcpPorts, network.UDP: udpPorts}

// protocolNames are the protocols that have a name, 0 for all of them.
var protocolNames = map[ACLKind]map[string]network.Proto{
	ExtendedACL: {"ip": 0, "icmp": network.ICMP, "igmp": 2, "ipinip": 4, "tcp": network.TCP, "udp": network.UDP, "gre": 47, "esp": 50, "ahp": 51,
		"eigrp": 88, "ospf": 89, "nos": 94, "pim": 103, "pcp": 108, "sctp": 132},
	IPv6ACL: {"ipv6": 0, "tcp": network.TCP, "udp": network.UDP, "esp": 50, "ahp": 51, "icmp": 58, "pcp": 108, "sctp": 132},
}
