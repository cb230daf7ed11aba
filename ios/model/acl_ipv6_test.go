package model

import (
	"net/netip"
	"strings"
	"testing"

	"vtylab/network"
)

// The list that IOS XE is born with (a capture of 16.12) and what else an entry may
// have come back as typed.
func TestIPv6Lists(t *testing.T) {
	const text = `ipv6 access-list preauth_v6
 permit udp any any eq domain
 permit tcp any any eq domain
 permit icmp any any nd-ns
 permit icmp any any router-solicitation
 permit udp any eq 547 any eq 546
 deny ipv6 any any
!
ipv6 access-list A
 remark people
 permit tcp 2001:DB8::/64 gt 1023 host 2001:DB8::1 range 22 23 established log
 deny icmp any any 128 0 time-range NIGHT
 permit esp any any dscp ef flow-label 7 log COOKIE
 evaluate FOO
 sequence 90 permit ipv6 any any
!
`
	s := parse(text)
	for _, r := range s.Rejected {
		t.Errorf("line %d, %q: %v", r.Number, r.Line, r.Err)
	}
	first := lang.Render(s.Config, false)
	if !strings.Contains(first, "\n"+text) {
		t.Errorf("lacks\n%s\nin\n%s", text, first)
	}
	if again := lang.Render(parse(first).Config, false); again != first {
		t.Errorf("not stable:\n%s\nthen\n%s", first, again)
	}
	numbering := testRelease()
	numbering.Traits.NumbersEntries = true
	numbers := NewLanguage(numbering, nil)
	c, _ := numbers.Parse(text)
	for _, want := range []string{"\n sequence 10 permit udp any any eq domain\n", "\n sequence 10 remark people\n", "\n sequence 90 permit ipv6 any any\n"} {
		if got := numbers.Render(c, false); !strings.Contains(got, want) {
			t.Errorf("with numbers: lacks %q in\n%s", want, got)
		}
	}
}

func TestIPv6Entries(t *testing.T) {
	const head = "ipv6 access-list A\n"
	for _, tt := range []struct{ name, in, want string }{
		{"a number in front", "sequence 5 permit tcp any any", " sequence 5 permit tcp any any\n"},
		{"a number behind", "permit tcp any any sequence 5", " sequence 5 permit tcp any any\n"},
		{"the number it would get", "sequence 10 permit tcp any any\npermit udp any any sequence 20", " permit tcp any any\n permit udp any any\n"},
		{"inserted", "permit tcp any any\npermit udp any any\nsequence 15 deny esp any any", " permit tcp any any\n sequence 15 deny esp any any\n sequence 20 permit udp any any\n"},
		{"removed by number", "permit tcp any any\npermit udp any any\nno sequence 10", " sequence 20 permit udp any any\n"},
		{"removed by text", "permit tcp any any\npermit udp any any\nno permit udp any any", " permit tcp any any\n"},
		{"list removed", "permit tcp any any\nno ipv6 access-list A\nipv6 access-list A", ""},
	} {
		s := parse(head + tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q: %v", tt.name, r.Line, r.Err)
		}
		if got := lang.Render(s.Config, false); !strings.Contains(got, head+tt.want+"!\n") {
			t.Errorf("%s: lacks\n%s%s\nin\n%s", tt.name, head, tt.want, got)
		}
	}
	for _, entry := range []string{"permit tcp 10.0.0.1 0.0.0.255 any", "permit tcp any any eq", "permit ipv6 2001:DB8::1 any", "permit tcp 2001:DB8::/129 any", "sequence 5"} {
		if s := parse(head + entry); len(s.Rejected) != 1 {
			t.Errorf("%q is taken", entry)
		}
	}
}

func TestIPv6Permits(t *testing.T) {
	for _, tt := range []struct {
		name, entries, from string
		want                bool
	}{
		{"prefix", "permit tcp 2001:DB8::/64 any eq 22", "2001:db8::9", true},
		{"outside the prefix", "permit tcp 2001:DB8::/64 any eq 22", "2001:db8:1::9", false},
		{"host", "permit ipv6 host 2001:DB8::9 any", "2001:db8::9", true},
		{"destination", "permit ipv6 any 2001:DB8:F::/48", "2001:db8::9", true},
		{"another destination", "permit ipv6 any 2001:DB8:E::/48", "2001:db8::9", false},
		{"icmp is that of IPv6", "permit icmp any any", "2001:db8::9", false},
		{"what is not understood permits nothing", "permit tcp any any time-range NIGHT", "2001:db8::9", false},
		{"what is not understood denies", "deny tcp any any routing\npermit ipv6 any any", "2001:db8::9", false},
	} {
		a, ok := parse("ipv6 access-list A\n" + tt.entries).Config.ACLs.Get(ACLID{IPv6ACL, "A"})
		if !ok {
			t.Fatalf("%s: no list", tt.name)
		}
		f := network.Flow{Proto: network.TCP, Remote: netip.AddrPortFrom(netip.MustParseAddr(tt.from), 1024), Local: netip.MustParseAddrPort("[2001:db8:f::1]:22")}
		if got, line := a.List().Permits(f); got != tt.want {
			t.Errorf("%s: %v by %q, want %v", tt.name, got, line, tt.want)
		}
	}
}
