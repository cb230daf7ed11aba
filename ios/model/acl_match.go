package model

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"vtylab/network"
)

// connection is a TCP connection to the device, as an access list sees it.
type connection struct {
	From netip.AddrPort
	Port uint16 // of the device
}

// Permits reports whether an access list, standard or extended, lets a connection
// pass, and which line says so. A list that is not defined permits, as "" does.
func (c *Config) Permits(list string, f network.Flow) (ok bool, line string) {
	if list == "" {
		return true, ""
	}
	n := connection{f.Remote, f.Local.Port()}
	if a, ok := c.ACL(list); ok {
		return a.Permits(n.From.Addr()), "access-list " + list
	}
	a, ok := c.Extended.Get(list)
	return !ok || a.permits(n, c.addresses()), "access-list " + list
}

// addresses are those of the device's interfaces.
func (c *Config) addresses() []netip.Addr {
	var all []netip.Addr
	for b := range c.Passive.Of("interface") {
		for l := range b.Lines.All() {
			words := strings.Fields(l.Text)
			if len(words) < 3 || words[0] != "ip" || words[1] != "address" {
				continue
			}
			if a, err := netip.ParseAddr(words[2]); err == nil {
				all = append(all, a)
			}
		}
	}
	return all
}

// permits reports whether the list lets a connection to one of the device's
// addresses pass; a list without entries permits.
func (a ExtendedACL) permits(n connection, device []netip.Addr) bool {
	empty := true
	for e := range a.Entries.All() {
		words := strings.Fields(strings.ToLower(e.Text))
		if len(words) == 0 || words[0] == "remark" {
			continue
		}
		empty = false
		permit := words[0] == "permit"
		r := rule{words: words[1:]}
		if r.matches(n, device) && r.known || !permit && !r.known {
			return permit
		}
	}
	return empty
}

// rule reads what stands behind permit or deny. One that it does not understand
// is not known: then it permits nothing, and denies.
type rule struct {
	words []string
	known bool
}

func (r *rule) next() string {
	if len(r.words) == 0 {
		return ""
	}
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

func (r *rule) matches(n connection, device []netip.Addr) bool {
	protocol := r.next()
	r.known = protocol == "ip" || protocol == "tcp" || protocol == "6" || slices.Contains(otherProtocols, protocol)
	if !r.known || slices.Contains(otherProtocols, protocol) {
		return false
	}
	from := r.address(n.From.Addr())
	from = r.port(n.From.Port()) && from
	to := r.destination(device)
	to = r.port(n.Port) && to
	for _, option := range r.words {
		switch option {
		case "log", "log-input", "syn": // of a connection that begins
		case "established", "ack", "fin", "psh", "rst", "urg":
			return false
		default:
			r.known = false
		}
	}
	return from && to
}

// destination matches any of the device's own addresses.
func (r *rule) destination(device []netip.Addr) bool {
	matched, words := false, r.words
	for _, a := range append(device, netip.Addr{}) {
		r.words = words
		matched = r.address(a) || matched
	}
	return matched
}

// address reads `any`, `host A`, or an address with its wildcard bits, and
// matches an address, of which the zero one only fits `any`.
func (r *rule) address(a netip.Addr) bool {
	first := r.next()
	if first == "any" {
		return true
	}
	wildcard := "0.0.0.0" // bits that do not matter
	if first == "host" {
		first = r.next()
	} else {
		wildcard = r.next()
	}
	want, err := netip.ParseAddr(first)
	free, wrong := netip.ParseAddr(wildcard)
	if err != nil || wrong != nil || !want.Is4() || !free.Is4() {
		r.known = false
		return false
	}
	if ipv4(free) == ^uint32(0) {
		return true // any
	}
	a = a.Unmap()
	return a.Is4() && (ipv4(a)^ipv4(want))&^ipv4(free) == 0
}

// port reads a comparison of ports, if there is one.
func (r *rule) port(n uint16) bool {
	if len(r.words) == 0 {
		return true
	}
	switch r.words[0] {
	case "eq":
		r.next()
		matched := r.number() == int(n)
		for len(r.words) > 0 && portNumber(r.words[0]) >= 0 { // up to ten
			matched = r.number() == int(n) || matched
		}
		return matched
	case "neq":
		r.next()
		return r.number() != int(n)
	case "gt":
		r.next()
		return int(n) > r.number()
	case "lt":
		r.next()
		return int(n) < r.number()
	case "range":
		r.next()
		one, other := r.number(), r.number()
		return min(one, other) <= int(n) && int(n) <= max(one, other)
	}
	return true
}

func (r *rule) number() int {
	n := portNumber(r.next())
	r.known = r.known && n >= 0
	return n
}

// otherProtocols are those that a connection is not of.
var otherProtocols = []string{"ahp", "eigrp", "esp", "gre", "icmp", "igmp", "ipinip", "nos", "ospf", "pcp", "pim", "sctp", "udp",
	"1", "2", "17", "47", "50", "51", "88", "89", "103", "132"}

// portNumber is a port by number or by the name that IOS gives it for TCP, -1
// for neither.
func portNumber(word string) int {
	if n, ok := tcpPorts[word]; ok {
		return n
	}
	n, err := strconv.ParseUint(word, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

var tcpPorts = map[string]int{
	"bgp": 179, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53, "echo": 7, "exec": 512, "finger": 79,
	"ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543, "kshell": 544,
	"login": 513, "lpd": 515, "nntp": 119, "pop2": 109, "pop3": 110, "smtp": 25, "sunrpc": 111, "syslog": 514, "tacacs": 49,
	"talk": 517, "telnet": 23, "time": 37, "uucp": 540, "whois": 43, "www": 80,
}
