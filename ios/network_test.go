package ios

import (
	"net/netip"
	"slices"
	"testing"

	"vtylab/ios/model"
	"vtylab/ios/release"
	"vtylab/network"
)

// The network takes what a configuration says of interfaces and routes, also where no
// row but a passive one knows it.
func TestNetworkSettings(t *testing.T) {
	const text = `interface Loopback0
 ip address 10.1.1.1 255.255.255.255
interface GigabitEthernet0/1
 mtu 1600
 ip mtu 1400
 no ip unreachables
 no ip proxy-arp
 ip address 10.0.0.1 255.255.255.0
 ip address 10.9.0.1 255.255.255.0 secondary
 ipv6 address FE80::1 link-local
 ipv6 traffic-filter SIX in
 ip access-group 1 out
 no shutdown
interface GigabitEthernet0/1.10
 encapsulation dot1Q 10
 ip vrf forwarding blue
 ipv6 enable
interface GigabitEthernet0/1.20
 encapsulation dot1Q 20 native
access-list 1 permit any
ipv6 access-list SIX
 permit icmp any any echo-reply
ip route vrf blue 0.0.0.0 0.0.0.0 10.0.0.9 250
ip route 10.0.0.0 255.0.0.0 Null0
`
	c, _ := model.NewLanguage(&release.All()[0].Config, nil).Parse(text)
	s := new(System).networkSettings(c)
	find := func(name string) network.Interface { i, _ := s.Interface(name); return i }
	if i := find("Loopback0"); !i.Virtual || !i.ProxyARP || i.Parent != "" || i.IPv6 || i.MTU != 1514 {
		t.Errorf("loopback: %+v", i)
	}
	i := find("GigabitEthernet0/1")
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.1/24"), netip.MustParsePrefix("10.9.0.1/24"), netip.MustParsePrefix("fe80::1/64")}
	if i.Virtual || i.ProxyARP || !i.Silent || i.MTU != 1400 || i.In != nil || i.Out == nil || i.In6 == nil || i.Out6 != nil || !i.IPv6 || !slices.Equal(i.Addresses, want) {
		t.Errorf("interface: %+v", i)
	}
	if i := find("GigabitEthernet0/1.10"); i.Parent != "GigabitEthernet0/1" || i.VLAN != 10 || i.VRF != "blue" || !i.IPv6 || i.MTU != 1600 {
		t.Errorf("subinterface: %+v", i)
	}
	if i := find("GigabitEthernet0/1.20"); i.Parent != "GigabitEthernet0/1" || i.VLAN != 0 {
		t.Errorf("native VLAN: %+v", i)
	}
	routes := slices.Collect(s.Routes)
	if len(routes) != 2 || routes[0].Distance != 250 || routes[0].VRF != "blue" || routes[0].Discard || !routes[1].Discard || routes[1].Distance != 1 {
		t.Errorf("routes: %+v", routes)
	}
}
