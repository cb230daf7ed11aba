package model

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/network"
)

// An access-class is as tight as the list it names, whatever kind that is.
func TestPermits(t *testing.T) {
	const ssh, telnet = 22, 23
	for _, tt := range []struct {
		name, entries string
		from          string
		port          uint16
		want          bool
	}{
		{"all denied", " deny ip any any", "10.0.0.1", ssh, false},
		{"implicit deny", " permit tcp host 10.0.0.2 any", "10.0.0.1", ssh, false},
		{"host", " permit tcp host 10.0.0.2 any", "10.0.0.2", ssh, true},
		{"wildcard", " permit tcp 10.0.0.0 0.0.0.255 any eq 22", "10.0.0.9", ssh, true},
		{"outside the wildcard", " permit tcp 10.0.0.0 0.0.0.255 any eq 22", "10.0.1.9", ssh, false},
		{"port denied first", " deny tcp any any eq 22\n permit ip any any", "10.0.0.1", ssh, false},
		{"another port", " deny tcp any any eq telnet\n permit ip any any", "10.0.0.1", ssh, true},
		{"several ports", " permit tcp any any eq telnet 22 log", "10.0.0.1", ssh, true},
		{"a range", " permit tcp any any range 20 30", "10.0.0.1", telnet, true},
		{"beyond the range", " permit tcp any any range 23 30", "10.0.0.1", ssh, false},
		{"greater", " permit tcp any any gt 22", "10.0.0.1", ssh, false},
		{"less", " permit tcp any lt 2000 any", "10.0.0.1", ssh, true},
		{"not equal", " permit tcp any neq 1024 any", "10.0.0.1", ssh, false},
		{"other protocols", " permit icmp any any\n permit udp any any eq 22", "10.0.0.1", ssh, false},
		{"protocol by number", " permit 6 any any", "10.0.0.1", ssh, true},
		{"an answer", " permit tcp any any established", "10.0.0.1", ssh, false},
		{"a beginning", " deny tcp any any syn\n permit ip any any", "10.0.0.1", ssh, false},
		{"flags", " deny tcp any any match-all +syn -ack\n permit ip any any", "10.0.0.1", ssh, false},
		{"ports the other way round", " deny tcp any any range 30 20\n permit ip any any", "10.0.0.1", ssh, false},
		{"an interface's address", " permit tcp any host 192.168.1.1 eq 22", "10.0.0.1", ssh, true},
		{"nobody's address", " permit tcp any host 192.168.1.2 eq 22", "10.0.0.1", ssh, false},
		{"sequence numbers", " 20 permit ip any any\n 10 deny ip host 10.0.0.1 any", "10.0.0.1", ssh, false},
		{"a remark alone", " remark nothing yet", "10.0.0.1", ssh, true},
		{"what is not understood permits nothing", " permit tcp any any time-range NIGHT", "10.0.0.1", ssh, false},
		{"what is not understood denies", " deny tcp any object-group X\n permit ip any any", "10.0.0.1", ssh, false},
		{"capitals", " deny IP any any\n permit ip any any", "10.0.0.1", ssh, false},
		{"capitals of a protocol", " deny TCP any any eq 22\n permit ip any any", "10.0.0.1", ssh, false},
		{"an abbreviation denies", " deny tc any any eq 22\n permit ip any any", "10.0.0.1", ssh, false},
		{"an abbreviation permits", " permit tc any any eq 22", "10.0.0.1", ssh, true},
		{"protocol 0 denies", " deny 0 any any\n permit ip any any", "10.0.0.1", ssh, false},
		{"a group of services denies", " deny object-group SVC any any\n permit ip any any", "10.0.0.1", ssh, false},
		{"another protocol", " deny udp any any\n permit ip any any", "10.0.0.1", ssh, true},
		{"any in wildcard bits", " deny ip any 0.0.0.0 255.255.255.255\n permit ip any any", "10.0.0.1", ssh, false},
		{"source any in wildcard bits", " permit tcp 1.2.3.4 255.255.255.255 0.0.0.0 255.255.255.255 eq 22", "10.0.0.1", ssh, true},
		{"the highest number counts", " 20 permit ip any any\n 10 permit ip any any\n deny ip any any", "10.0.0.1", ssh, true},
		{"IPv6", " permit tcp 10.0.0.0 0.255.255.255 any", "2001:db8::1", ssh, false},
	} {
		c := parse("interface GigabitEthernet0/0\n ip address 192.168.1.1 255.255.255.0\nip access-list extended A\n" + tt.entries).Config
		n := network.Flow{Proto: network.TCP, Remote: netip.AddrPortFrom(netip.MustParseAddr(tt.from), 1024), Local: netip.AddrPortFrom(netip.IPv6Loopback(), tt.port)}
		if got, _ := c.Permits("A", n); got != tt.want {
			t.Errorf("%s: %s to port %d: %v, want %v", tt.name, tt.from, tt.port, got, tt.want)
		}
		for _, list := range []string{"", "B"} {
			if permit, line := c.Permits(list, n); !permit || line != "" {
				t.Errorf("%s: list %q, which is not defined, denies by %q", tt.name, list, line)
			}
		}
	}
}

// The line that decided is one of the configuration.
func TestPermitsSaysWhichLine(t *testing.T) {
	const text = `access-list 150 deny tcp any any eq 22
access-list 150 permit ip any any
access-list 10 permit host 10.0.0.1
access-list 20 deny 10.0.0.0 0.0.0.255 log
ip access-list standard ADMIN
 remark people
 permit 10.0.0.0 0.0.0.255
ip access-list extended WEB
 permit tcp any any eq www
 deny tcp any any eq 22 log COOKIE
ip access-list standard NOBODY
`
	for _, tt := range []struct {
		list, from string
		permit     bool
		line       string
	}{
		{"150", "10.0.0.1", false, "access-list 150 deny tcp any any eq 22"},
		{"10", "10.0.0.1", true, "access-list 10 permit 10.0.0.1"},
		{"10", "10.0.0.2", false, "access-list 10 (implicit deny)"},
		{"10", "2001:db8::1", false, "access-list 10 (implicit deny)"},
		{"20", "10.0.0.2", false, "access-list 20 deny 10.0.0.0 0.0.0.255 log"},
		{"ADMIN", "10.0.0.2", true, "ip access-list standard ADMIN permit 10.0.0.0 0.0.0.255"},
		{"WEB", "10.0.0.2", false, "ip access-list extended WEB deny tcp any any eq 22 log COOKIE"},
		{"NOBODY", "10.0.0.2", true, ""},
		{"UNDEFINED", "10.0.0.2", true, ""},
	} {
		f := network.Flow{Proto: network.TCP, Remote: netip.AddrPortFrom(netip.MustParseAddr(tt.from), 1024), Local: netip.MustParseAddrPort("127.0.0.1:22")}
		c := parse(text).Config
		if permit, line := c.Permits(tt.list, f); permit != tt.permit || line != tt.line {
			t.Errorf("list %s, from %s: %v by %q, want %v by %q", tt.list, tt.from, permit, line, tt.permit, tt.line)
		}
		// A list that has been read does not show what is changed behind it.
		later := merge(c.Clone(), "access-list "+tt.list+" permit any\nip access-list standard "+tt.list+"\n permit any").Config
		if permit, line := c.Permits(tt.list, f); permit != tt.permit || line != tt.line {
			t.Errorf("list %s: a change shows in a snapshot: %v by %q", tt.list, permit, line)
		}
		if permit, _ := later.Permits(tt.list, f); !tt.permit && strings.HasSuffix(tt.line, "(implicit deny)") && strings.Contains(tt.from, ".") && !permit {
			t.Errorf("list %s: an entry that is added does not count", tt.list)
		}
	}
}

// What is no entry is refused; `no` needs the number of the list only.
func TestExtendedEntries(t *testing.T) {
	for _, entry := range []string{
		"permit 127.0.0.1", "permit tpc any any", "permit tcp any any eq 99999", "permit tcp any any eq foo", "permit tcp any any eq",
		"permit tcp host 1.1.1.1", "permit tcp", "permit", "permit tcp any any eq ssh", "permit udp any any established", "permit ip any any eq 22",
	} {
		for _, in := range []string{"access-list 110 " + entry, "ip access-list extended A\n " + entry, "ip access-list extended A\n 10 " + entry} {
			if s := parse(in); len(s.Rejected) == 0 {
				t.Errorf("%q is taken", in)
			}
		}
	}
	for _, entry := range []string{
		"permit tcp any any syn", "permit tcp any any match-all +syn -ack", "permit tcp any any ack rst log", "permit tcp any any eq telnet 22",
		"permit icmp any any parameter-problem", "permit igmp any any pim", "permit ip any any option any-options", "permit ip any any ttl range 1 5",
		"permit ip any any log COOKIE", "evaluate FOO", "dynamic D timeout 5 permit ip any any", "permit tcp any any dscp ef time-range NIGHT log",
	} {
		s := parse("ip access-list extended A\n " + entry)
		if got := lang.Render(s.Config, false); len(s.Rejected) > 0 || !strings.Contains(got, "\n "+entry+"\n") {
			t.Errorf("%q: %v", entry, s.Rejected)
		}
	}
	const text = "access-list 110 remark from outside\naccess-list 110 permit tcp 10.0.0.0 0.0.0.255 gt 1023 any range ftp 22 established log\n" +
		"access-list 110 permit icmp any any echo-reply\naccess-list 110 deny udp any eq ntp host 1.1.1.1 lt 5\naccess-list 110 permit ip object-group A any time-range NIGHT\n"
	s := parse(text + "access-list 110 permit icmp any any echo-reply\naccess-list 111 permit ip any any")
	if got := lang.Render(s.Config, false); len(s.Rejected) > 0 || !strings.Contains(got, text+"access-list 111") {
		t.Errorf("%v, rendered\n%s", s.Rejected, got)
	}
	if got := lang.Render(merge(s.Config, "no access-list 110").Config, false); strings.Contains(got, "access-list 110") || !strings.Contains(got, "access-list 111") {
		t.Errorf("without list 110:\n%s", got)
	}
}

// What an entry says of ICMP and of connections is understood, and fits no connection
// that is about to begin.
func TestPacketsOfEntries(t *testing.T) {
	for text, want := range map[string]network.Entry{
		"permit icmp any any":                       {Permit: true, Proto: network.ICMP},
		"permit icmp any any echo-reply":            {Permit: true, Proto: network.ICMP, Messages: network.Messages{{Type: 0, Code: -1}}},
		"deny icmp any any 3 13 log":                {Proto: network.ICMP, Messages: network.Messages{{Type: 3, Code: 13}}, Logs: network.LogFlow},
		"permit icmp any any 11":                    {Permit: true, Proto: network.ICMP, Messages: network.Messages{{Type: 11, Code: -1}}},
		"permit tcp any any established":            {Permit: true, Proto: network.TCP, Established: true},
		"permit tcp any any rst":                    {Permit: true, Proto: network.TCP, ToPorts: network.Ports{noPort}},
		"permit icmp any any echo time-range NIGHT": {Permit: true, Proto: network.ICMP, Messages: network.Messages{{Type: 8, Code: -1}}, Unknown: true},
		"permit igmp any any pim":                   {Permit: true, Proto: 2, Unknown: true},
	} {
		list := parse("ip access-list extended A\n " + text).Config.List("A")
		if len(list.Entries) != 1 {
			t.Errorf("%s: %d entries", text, len(list.Entries))
			continue
		}
		got := list.Entries[0]
		got.Line, got.Sequence, got.Hits = "", 0, nil
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b network.Addresses) bool { return a == b })); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for name := range strings.FieldsSeq(icmpMessages) {
		if _, ok := messageNumbers[network.ICMP][name]; !ok {
			t.Errorf("%s has no number", name)
		}
	}
}
