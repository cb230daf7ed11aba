package network

import (
	"net/netip"
	"testing"
)

func TestAddresses(t *testing.T) {
	wildcard := func(address, free string) Addresses {
		return Addresses{netip.MustParseAddr(address), netip.MustParseAddr(free)}
	}
	prefix := func(p string) Addresses { return Prefix(netip.MustParsePrefix(p)) }
	for _, tt := range []struct {
		name string
		set  Addresses
		addr string
		want bool
	}{
		{"all", Addresses{}, "10.0.0.1", true},
		{"all of IPv6", Addresses{}, "2001:db8::1", true},
		{"all of IPv4", wildcard("0.0.0.0", "255.255.255.255"), "10.0.0.1", true},
		{"no IPv6 among all of IPv4", wildcard("0.0.0.0", "255.255.255.255"), "2001:db8::1", false},
		{"a host", wildcard("10.0.0.1", "0.0.0.0"), "10.0.0.1", true},
		{"mapped", wildcard("10.0.0.1", "0.0.0.0"), "::ffff:10.0.0.1", true},
		{"another host", wildcard("10.0.0.1", "0.0.0.0"), "10.0.0.2", false},
		{"a wildcard with gaps", wildcard("10.0.0.1", "0.255.0.0"), "10.7.0.1", true},
		{"outside of it", wildcard("10.0.0.1", "0.255.0.0"), "10.7.1.1", false},
		{"prefix", prefix("10.1.16.0/20"), "10.1.31.255", true},
		{"behind the prefix", prefix("10.1.16.0/20"), "10.1.32.0", false},
		{"prefix of a host", prefix("10.1.16.1/20"), "10.1.17.9", true},
		{"prefix of IPv6", prefix("2001:db8:0:8::/61"), "2001:db8:0:f::1", true},
		{"behind the prefix of IPv6", prefix("2001:db8:0:8::/61"), "2001:db8:0:10::1", false},
		{"the prefix of everything", prefix("::/0"), "2001:db8::1", true},
		{"which is IPv6 only", prefix("::/0"), "10.0.0.1", false},
		{"zone", prefix("fe80::/64"), "fe80::1%eth0", true},
	} {
		if got := tt.set.Contain(netip.MustParseAddr(tt.addr)); got != tt.want {
			t.Errorf("%s: %s: %v, want %v", tt.name, tt.addr, got, tt.want)
		}
	}
	if prefix("0.0.0.0/0").Contain(netip.Addr{}) || !(Addresses{}).Contain(netip.Addr{}) {
		t.Error("no address is in a set that is not all")
	}
}

func TestPermits(t *testing.T) {
	flow := Flow{Proto: TCP, Remote: netip.MustParseAddrPort("10.0.0.1:1024"), Local: netip.MustParseAddrPort("192.168.1.1:22")}
	to := func(s string) Addresses { return Prefix(netip.MustParsePrefix(s)) }
	for _, tt := range []struct {
		name    string
		entries []Entry
		want    bool
		line    string
	}{
		{"no entry", nil, true, ""},
		{"none that fits", []Entry{{Permit: true, Proto: UDP}}, false, "access-list L (implicit deny)"},
		{"the first that fits", []Entry{{Proto: ICMP, Line: "a"}, {Permit: true, Line: "b"}, {Line: "c"}}, true, "b"},
		{"source", []Entry{{Permit: true, From: to("10.0.0.2/32")}, {Line: "deny"}}, false, "deny"},
		{"destination", []Entry{{Permit: true, To: to("192.168.1.0/24"), Line: "permit"}}, true, "permit"},
		{"port", []Entry{{Permit: true, ToPorts: Ports{{23, 23}, {22, 22}}, Line: "permit"}}, true, "permit"},
		{"port of the source", []Entry{{Permit: true, FromPorts: Ports{{1, 1023}}}}, false, "access-list L (implicit deny)"},
		{"no port", []Entry{{Permit: true, ToPorts: Ports{{1, 0}}}}, false, "access-list L (implicit deny)"},
		{"established", []Entry{{Established: true, Line: "no"}, {Permit: true, Line: "yes"}}, true, "yes"},
		{"unknown permits nothing", []Entry{{Permit: true, Unknown: true}, {Line: "deny"}}, false, "deny"},
		{"unknown denies", []Entry{{Unknown: true, From: to("1.1.1.1/32"), Line: "deny"}, {Permit: true}}, false, "deny"},
		{"unknown of another protocol", []Entry{{Unknown: true, Proto: UDP}, {Permit: true, Line: "permit"}}, true, "permit"},
	} {
		l := &List{"L", tt.entries}
		if got, line := l.Permits(flow); got != tt.want || line != tt.line {
			t.Errorf("%s: %v by %q, want %v by %q", tt.name, got, line, tt.want, tt.line)
		}
	}
	if permit, _ := (*List)(nil).Permits(flow); !permit {
		t.Error("a list that is not there denies")
	}
}
