package network

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// show is a table as `show ip route` has it, one entry in a field.
func show(t *Table) string {
	var all []string
	for e := range t.All() {
		text := string("CLS"[e.Kind]) + " " + e.To.String()
		if e.Kind == Static {
			text += fmt.Sprintf(" [%d]", e.Distance)
		}
		if e.Via.IsValid() {
			text += " via " + e.Via.String()
		}
		if e.Interface != "" {
			text += " " + e.Interface
		}
		if e.Via.IsValid() && e.NextHop != e.Via || e.Interface != e.Egress && e.Egress != "" {
			text += fmt.Sprintf(" (%s %s)", e.Egress, e.NextHop)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestTables(t *testing.T) {
	gi := ip("Gi1", "10.0.0.1/24")
	for _, tt := range []struct {
		why        string
		interfaces []Interface
		routes     []Route
		want       string
	}{
		{"nothing", nil, nil, ""},
		{"connected and local, a loopback has one address", []Interface{ip("Lo0", "10.1.1.1/32"), ip("Gi1", "10.0.0.1/24", "10.2.0.1/24")}, nil,
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; C 10.1.1.1/32 Lo0; C 10.2.0.0/24 Gi1; L 10.2.0.1/32 Gi1"},
		{"an interface that is down", []Interface{gi.down()}, []Route{via("0.0.0.0/0", "10.0.0.9"), via("10.9.0.0/16", "Gi1")}, ""},
		{"IPv6 behind IPv4, no link-local networks", []Interface{ip("Gi1", "2001:db8::1/64", "fe80::1/64", "10.0.0.1/24")}, []Route{via("::/0", "2001:db8::9"), via("2001:db8:2::/64", "fe80::2").through("Gi1")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S ::/0 [1] via 2001:db8::9 (Gi1 2001:db8::9); C 2001:db8::/64 Gi1; L 2001:db8::1/128 Gi1; S 2001:db8:2::/64 [1] via fe80::2 Gi1"},
		{"a next hop behind another", []Interface{gi}, []Route{via("10.9.0.0/16", "10.8.0.1"), via("10.8.0.0/16", "10.0.0.8")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S 10.8.0.0/16 [1] via 10.0.0.8 (Gi1 10.0.0.8); S 10.9.0.0/16 [1] via 10.8.0.1 (Gi1 10.0.0.8)"},
		{"a next hop that nothing leads to", []Interface{gi}, []Route{via("10.9.0.0/16", "10.8.0.1")}, "C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1"},
		{"next hops that lead to each other", []Interface{gi}, []Route{via("0.0.0.0/0", "10.0.0.9"), via("10.9.0.0/16", "10.8.0.1"), via("10.8.0.0/16", "10.9.0.1")},
			"S 0.0.0.0/0 [1] via 10.0.0.9 (Gi1 10.0.0.9); C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1"},
		{"a next hop within its own network", []Interface{gi}, []Route{via("10.9.0.0/16", "10.9.0.1"), via("0.0.0.0/0", "10.0.0.9")},
			"S 0.0.0.0/0 [1] via 10.0.0.9 (Gi1 10.0.0.9); C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1"},
		{"a next hop of its own", []Interface{gi}, []Route{via("10.9.0.0/16", "10.0.0.1")}, "C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1"},
		{"the nearest route", []Interface{gi}, []Route{via("10.9.0.0/16", "10.0.0.8").at(200), via("10.9.0.0/16", "10.0.0.9")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S 10.9.0.0/16 [1] via 10.0.0.9 (Gi1 10.0.0.9)"},
		{"a floating one when it cannot be reached", []Interface{gi}, []Route{via("10.9.0.0/16", "10.0.0.8").at(200), via("10.9.0.0/16", "10.7.0.9")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S 10.9.0.0/16 [200] via 10.0.0.8 (Gi1 10.0.0.8)"},
		{"two that share", []Interface{gi}, []Route{via("10.9.0.0/16", "10.0.0.8"), via("10.9.0.0/16", "10.0.0.9")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S 10.9.0.0/16 [1] via 10.0.0.8 (Gi1 10.0.0.8); S 10.9.0.0/16 [1] via 10.0.0.9 (Gi1 10.0.0.9)"},
		{"255 is never used", []Interface{gi}, []Route{via("10.9.0.0/16", "10.0.0.8").at(255)}, "C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1"},
		{"Null0 and an interface", []Interface{gi}, []Route{via("10.9.0.0/16", "Null0"), via("10.8.0.0/16", "Gi1")},
			"C 10.0.0.0/24 Gi1; L 10.0.0.1/32 Gi1; S 10.8.0.0/16 [1] Gi1; S 10.9.0.0/16 [1] Null0"},
		{"another VRF", []Interface{gi.in("blue")}, []Route{via("0.0.0.0/0", "10.0.0.9")}, ""},
	} {
		s := NewSettings("R1", tt.interfaces, tt.routes...)
		if got := show(s.Tables(func(i Interface) bool { return i.Up })[""]); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.why, got, tt.want)
		}
		h := NewHost(HostOptions{})
		h.Apply(s)
		if got := show(h.Table("")); got != tt.want {
			t.Errorf("%s: a host has %s", tt.why, got)
		}
	}
}

// The longest prefix wins, also where there are many.
func TestTableLookup(t *testing.T) {
	for _, more := range []int{0, 100, 1000} {
		routes := []Route{via("0.0.0.0/0", "10.0.0.9"), via("10.0.0.0/8", "10.0.0.8"), via("10.7.0.0/16", "10.0.0.7"), via("::/0", "2001:db8::9")}
		for i := range more {
			routes = append(routes, via(fmt.Sprintf("172.%d.%d.0/24", 16+i>>8, i&255), "10.0.0.6"))
		}
		table := NewSettings("R1", []Interface{ip("Gi1", "10.0.0.1/24", "2001:db8::1/64")}, routes...).Tables(func(Interface) bool { return true })[""]
		for to, want := range map[string]string{
			"10.0.0.5": "Gi1 invalid IP", "10.0.0.1": "Gi1 invalid IP", "10.7.1.1": "Gi1 10.0.0.7", "10.8.1.1": "Gi1 10.0.0.8", "192.0.2.1": "Gi1 10.0.0.9", "2001:db8:1::1": "Gi1 2001:db8::9",
		} {
			e, ok := table.Lookup(netip.Addr{}, netip.MustParseAddr(to))
			if got := e.Egress + " " + e.NextHop.String(); !ok || got != want {
				t.Errorf("%d routes more: %s by %s, want %s", more, to, got, want)
			}
		}
		if e, _ := table.Lookup(netip.Addr{}, netip.MustParseAddr("172.16.7.1")); more > 0 && e.To.Bits() != 24 {
			t.Errorf("%d routes more: 172.16.7.1 by %v", more, e)
		}
	}
}
