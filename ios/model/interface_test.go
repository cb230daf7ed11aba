package model

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInterfaces(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a second primary address", "ip address 10.0.0.1 255.0.0.0\nip address 10.0.0.2 255.255.255.0", " ip address 10.0.0.2 255.255.255.0\n"},
		{"secondary ones", "ip address 10.0.0.1 255.0.0.0\nip address 10.1.0.1 255.255.0.0 secondary\nip address 10.2.0.1 255.255.0.0 sec\nno ip address 10.1.0.1 255.255.0.0 secondary",
			" ip address 10.2.0.1 255.255.0.0 secondary\n ip address 10.0.0.1 255.0.0.0\n"},
		{"no address", "ip address 10.0.0.1 255.0.0.0\nip address 10.1.0.1 255.255.0.0 secondary\nno ip address", " no ip address\n"},
		{"no primary address", "ip address 10.0.0.1 255.0.0.0\nno ip address 10.0.0.1 255.0.0.0", " no ip address\n"},
		{"no address, then a secondary one", "no ip address\nip address 10.1.0.1 255.255.0.0 secondary", " ip address 10.1.0.1 255.255.0.0 secondary\n"},
		{"address by default", "no ip address\ndefault ip address", ""},
		{"negotiated", "ip address 10.0.0.1 255.0.0.0\nip address negotiated", " ip address negotiated\n"},
		{"an ordinary MTU", "mtu 1400\nmtu 1500", ""},
		{"point to point", "ip address 10.0.0.0 255.255.255.254", " ip address 10.0.0.0 255.255.255.254\n"},
		{"IPv6", "ipv6 address 2001:db8:0:0::1/64\nipv6 enable\nipv6 address FE80::1 link-local\nipv6 address autoconfig default\nipv6 address GP ::1:0:0:0:1/64",
			" ipv6 address 2001:DB8::1/64\n ipv6 address FE80::1 link-local\n ipv6 address autoconfig default\n ipv6 address GP ::1:0:0:0:1/64\n ipv6 enable\n"},
		{"an address of IPv6 removed", "ipv6 address 2001:DB8::1/64\nipv6 address 2001:DB8:1::1/64 eui-64\nno ipv6 address 2001:DB8::1/64", " ipv6 address 2001:DB8:1::1/64 eui-64\n"},
		{"all of them", "ipv6 address 2001:DB8::1/64\nipv6 address 2001:DB8:1::1/64\nno ipv6 address", ""},
		{"vrf in the other spelling", "vrf forwarding A\nip vrf forwarding B", " ip vrf forwarding B\n"},
		{"another VRF takes the addresses", "ip address 10.0.0.1 255.0.0.0\nip address 10.1.0.1 255.255.0.0 secondary\nipv6 enable\nipv6 address 2001:DB8::1/64\nvrf forwarding A", " vrf forwarding A\n no ip address\n"},
		{"the same leaves them", "vrf forwarding A\nip address 10.0.0.1 255.0.0.0\nvrf forwarding A", " vrf forwarding A\n ip address 10.0.0.1 255.0.0.0\n"},
		{"no VRF takes them", "vrf forwarding A\nip address 10.0.0.1 255.0.0.0\nno vrf forwarding", " no ip address\n"},
		{"no vrf", "vrf forwarding A\nno vrf forwarding", ""},
		{"a list for each direction", "ip access-group A out\nip access-group 10 in\nip access-group B in", " ip access-group B in\n ip access-group A out\n"},
		{"a list for both, removed from one", "ip access-group A in\nip access-group A out\nno ip access-group A in", " ip access-group A out\n"},
		{"a list removed from both", "ip access-group A in\nip access-group A out\nno ip access-group A", ""},
		{"order", "shutdown\nmtu 1400\nno ip redirects\nip access-group 1 in\nvrf forwarding V\nip address 10.0.0.1 255.0.0.0\ndescription  to R2 \nswitchport",
			" description to R2\n switchport\n vrf forwarding V\n ip address 10.0.0.1 255.0.0.0\n ip access-group 1 in\n no ip redirects\n mtu 1400\n shutdown\n"},
	} {
		s := parse("interface Serial0/7\n" + tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q: %v", tt.name, r.Line, r.Err)
		}
		first := lang.Render(s.Config, false)
		_, got, _ := strings.Cut(first, "interface Serial0/7\n")
		got, _, _ = strings.Cut(got, "!\n")
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
		if d := cmp.Diff(first, lang.Render(parse(first).Config, false)); d != "" {
			t.Errorf("%s: not stable (-first +again):\n%s", tt.name, d)
		}
	}
}

func TestInterfaceHeaders(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"the kind of link is kept", "interface Serial0/0.1 point-to-point\ninterface Serial0/0.1\n ip unnumbered", "interface Serial0/0.1 point-to-point\n!\n"},
		{"removed without it", "interface Serial0/0.1 point-to-point\nno interface Serial0/0.1\ninterface Serial0/0.2 multipoint", "!\ninterface Serial0/0.2 multipoint\n!\n"},
		{"by default it keeps it", "interface Serial0/0.1 point-to-point\n shutdown\ndefault interface Serial0/0.1", "interface Serial0/0.1 point-to-point\n!\n"},
	} {
		if got := lang.Render(parse(tt.in).Config, false); !strings.Contains(got, tt.want) {
			t.Errorf("%s: lacks\n%s\nin\n%s", tt.name, tt.want, got)
		}
	}
}

func TestInterfaceRefusals(t *testing.T) {
	const addresses = "interface Loopback7\n ip address 10.0.0.1 255.0.0.0\n ip address 10.1.0.1 255.255.0.0 secondary\n"
	for _, tt := range []struct{ in, want string }{
		{addresses + "no ip address 10.0.0.1 255.0.0.0", "Must delete secondary before deleting primary"},
		{addresses + "ip address 10.1.0.0 255.255.0.0 secondary", "Bad mask /16 for address 10.1.0.0"},
		{"no interface GigabitEthernet0/0", "% Removal of physical interfaces is not permitted"},
	} {
		if s := parse(tt.in); len(s.Rejected) != 1 || s.Rejected[0].Err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.in, s.Rejected, tt.want)
		}
	}
}

func TestInterfaceAddresses(t *testing.T) {
	c := parse("interface Loopback7\n ip address 10.1.0.1 255.255.0.0 secondary\n ipv6 address 2001:DB8::1/64\n ipv6 address 2001:DB8:2::/64 eui-64\n ipv6 address FE80::1 link-local\n ip address 10.0.0.1 255.0.0.0").Config
	i, ok := c.Interfaces.Get("Loopback7")
	if !ok {
		t.Fatal("no interface")
	}
	var want []netip.Prefix
	for _, p := range []string{"10.0.0.1/8", "10.1.0.1/16", "2001:db8::1/64", "fe80::1/64"} {
		want = append(want, netip.MustParsePrefix(p))
	}
	if got := slices.Collect(i.Addresses()); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Loopbacks print before ports, and a new one says that it has no address;
// subinterfaces follow their interface.
func TestInterfaceOrder(t *testing.T) {
	got := lang.Render(parse("interface Serial0/1\ninterface Loopback3\ninterface Serial0/0\ninterface Serial0/1.20\ninterface Serial0/1.3\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.255").Config, false)
	want := "interface Loopback3\n no ip address\n!\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.255\n!\ninterface Serial0/1\n!\ninterface Serial0/1.3\n!\ninterface Serial0/1.20\n!\ninterface Serial0/0\n!\n"
	if !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
