package model

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoutes(t *testing.T) {
	via := netip.MustParseAddr
	to := netip.MustParsePrefix
	for _, tt := range []struct {
		in   string
		want Route // without its text
	}{
		{"ip route 10.1.0.0 255.255.0.0 10.0.0.1", Route{To: to("10.1.0.0/16"), Via: via("10.0.0.1"), Distance: 1}},
		{"ip route 10.1.0.9 255.255.0.0 10.0.0.1 250 name N permanent tag 7 track 1", Route{To: to("10.1.0.0/16"), Via: via("10.0.0.1"), Distance: 250}},
		{"ip route vrf V 0.0.0.0 0.0.0.0 GigabitEthernet0/0 10.0.0.1 global", Route{VRF: "V", To: to("0.0.0.0/0"), Via: via("10.0.0.1"), Interface: "GigabitEthernet0/0", Distance: 1}},
		{"ip route 10.1.1.1 255.255.255.255 Null0", Route{To: to("10.1.1.1/32"), Interface: "Null0", Distance: 1}},
		{"ip route 10.1.1.1 255.0.255.0 Null0", Route{Interface: "Null0", Distance: 1}},
		{"ip route 0.0.0.0 0.0.0.0 Cellular0/1/0 200", Route{To: to("0.0.0.0/0"), Interface: "Cellular0/1/0", Distance: 200}},
		{"ip route 0.0.0.0 0.0.0.0 dhcp 254", Route{To: to("0.0.0.0/0"), Distance: 254}},
		{"ipv6 route 2001:DB8:1::/48 2001:DB8::1 200 tag 5", Route{To: to("2001:db8:1::/48"), Via: via("2001:db8::1"), Distance: 200}},
		{"ipv6 route vrf V ::/0 GigabitEthernet0/0 FE80::1", Route{VRF: "V", To: to("::/0"), Via: via("fe80::1"), Interface: "GigabitEthernet0/0", Distance: 1}},
	} {
		s := parse(tt.in)
		got, table := Route{}, &s.Config.Routes
		if strings.HasPrefix(tt.in, "ipv6") {
			table = &s.Config.IPv6Routes
		}
		if last := table.Last(); last != nil {
			got = *last
		}
		tt.want.Text = tt.in
		if d := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" || len(s.Rejected) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", tt.in, s.Rejected, d)
		}
		first := lang.Render(s.Config, false)
		if !strings.Contains(first, "\n"+tt.in+"\n") || lang.Render(parse(first).Config, false) != first {
			t.Errorf("%s is not printed, or not stable:\n%s", tt.in, first)
		}
	}
}

func TestRoutesInOrder(t *testing.T) {
	const all = "ip route 10.1.0.0 255.255.0.0 10.0.0.1\nip route 10.1.0.0 255.255.0.0 10.0.0.1 250\nip route 10.2.0.0 255.255.0.0 10.0.0.1\n"
	for _, tt := range []struct{ name, in, want string }{
		{"as typed, those of IPv6 behind", "ipv6 route ::/0 2001:DB8::1\n" + all, all + "ipv6 route ::/0 2001:DB8::1\n"},
		{"typed again", all + "ip route 10.1.0.0 255.255.0.0 10.0.0.1", all[strings.Index(all, "\n")+1:] + "ip route 10.1.0.0 255.255.0.0 10.0.0.1\n!"},
		{"removed", all + "no ip route 10.1.0.0 255.255.0.0 10.0.0.1 250", "ip route 10.1.0.0 255.255.0.0 10.0.0.1\nip route 10.2.0.0 255.255.0.0 10.0.0.1\n!"},
		{"those to one network removed", all + "no ip route 10.1.0.0 255.255.0.0", "!\nip route 10.2.0.0 255.255.0.0 10.0.0.1\n!"},
		{"a route without behaviour", "ip route static adjust-time 5\nipv6 route static resolve default", "ip route static adjust-time 5\nipv6 route static resolve default\n"},
		{"the gateway of a host", "ip default-gateway 10.0.0.9\nip classless\nip default-gateway 10.0.0.1", "ip default-gateway 10.0.0.1\nip classless\n"},
		{"no gateway", "ip default-gateway 10.0.0.9\nno ip default-gateway\nip classless", "!\nip classless\n"},
	} {
		s := parse(tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q: %v", tt.name, r.Line, r.Err)
		}
		if got := lang.Render(s.Config, false); !strings.Contains(got, tt.want) {
			t.Errorf("%s: lacks\n%s\nin\n%s", tt.name, tt.want, got)
		}
	}
}
