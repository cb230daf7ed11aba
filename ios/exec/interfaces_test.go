package exec_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/internal/devicetest"
)

// Lines of show commands about interfaces, most of them from memory: what matters is
// that they tell of the configuration. A line in front of which stands "!" must not
// be there.
func TestInterfaceShows(t *testing.T) {
	const startup = `
vrf definition CUST
 rd 65000:1
 address-family ipv4
interface Loopback0
 ip address 10.255.0.1 255.255.255.255
interface GigabitEthernet0/0
 description to R2
 mtu 1400
 delay 7
 ip address 10.0.0.1 255.255.255.0
 ip address 10.0.1.1 255.255.255.0 secondary
 ip access-group 10 in
 no ip redirects
 ipv6 address 2001:db8::1/64
interface GigabitEthernet0/0.10
 encapsulation dot1Q 10
 ip address 10.0.10.1 255.255.255.0
interface GigabitEthernet0/1
 vrf forwarding CUST
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/2
 ipv6 enable
 ipv6 address FE80::7 link-local
 shutdown
ipv6 unicast-routing
`
	synctest.Test(t, func(t *testing.T) {
		d := devicetest.New(t, devicetest.Product(t, "ios-15.5"), startup)
		for command, want := range map[string][]string{
			"show interfaces":                     {"Loopback0 is up, line protocol is up ", "  Hardware is Loopback", "  MTU 1400 bytes, BW 1000000 Kbit/sec, DLY 70 usec, ", "  Encapsulation 802.1Q Virtual LAN, Vlan ID  10."},
			"show interfaces Loopback0":           {"  MTU 1514 bytes, BW 8000000 Kbit/sec, DLY 5000 usec, ", "!GigabitEthernet0/0 is up, line protocol is up "},
			"show interfaces description":         {"Gi0/0                          up             up       to R2", "Gi0/2                          admin down     down     "},
			"show interfaces gi0/0 summary":       {"* GigabitEthernet0/0             0         0         0         0         0         0         0         0         0"},
			"show ip interface gi0/0":             {"  Internet address is 10.0.0.1/24", "  Address determined by non-volatile memory", "  MTU is 1400 bytes", "  Secondary address 10.0.1.1/24", "  Inbound  access list is 10", "  ICMP redirects are never sent"},
			"show ip interface gi0/1":             {`  VPN Routing/Forwarding "CUST"`},
			"show ip interface gi0/3":             {"  Internet protocol processing disabled"},
			"show protocols":                      {"  Internet Protocol routing is enabled", "  IPv6 routing is enabled", "  Secondary address is 10.0.1.1/24", "GigabitEthernet0/2 is administratively down, line protocol is down"},
			"show protocols gi0/0":                {"!Global values:", "  Internet address is 10.0.0.1/24"},
			"show ipv6 interface brief":           {"GigabitEthernet0/0     [up/up]", "    FE80::5EFF:FE00:5300", "    2001:DB8::1", "GigabitEthernet0/2     [administratively down/down]", "    FE80::7", "    unassigned"},
			"show ipv6 interface gi0/0":           {"  IPv6 is enabled, link-local address is FE80::5EFF:FE00:5300 ", "    2001:DB8::1, subnet is 2001:DB8::/64 ", "    FF02::1:FF00:1"},
			"show ipv6 interface gi0/3":           {"!GigabitEthernet0/3 is up, line protocol is up"},
			"show arp gi0/0.10":                   {"Internet  10.0.10.1               -   0200.5e00.5300  ARPA   GigabitEthernet0/0.10", "!Internet  10.0.0.1                -   0200.5e00.5300  ARPA   GigabitEthernet0/0"},
			"show ip arp vrf CUST":                {"Internet  10.0.0.1                -   0200.5e00.5301  ARPA   GigabitEthernet0/1"},
			"show ip arp 10.0.1.1":                {"Internet  10.0.1.1                -   0200.5e00.5300  ARPA   GigabitEthernet0/0", "!Internet  10.0.0.1                -   0200.5e00.5300  ARPA   GigabitEthernet0/0"},
			"show ip route summary":               {"IP routing table name is default (0x0)"},
			"show ip vrf":                         {"  CUST                             65000:1               Gi0/1"},
			"show vrf detail":                     {"VRF CUST (VRF Id = 1); default RD 65000:1; default VPNID <not set>", "    Gi0/1"},
			"show interfaces gi0/9":               {"% Invalid input detected at '^' marker."},
			"show interfaces gi0/9 description":   {"% Invalid input detected at '^' marker."},
			"show interfaces status":              {"% Invalid input detected at '^' marker."},
			"show ip interface gi0/9 brief":       {"% Invalid input detected at '^' marker."},
			"show ipv6 interface Loopback9 brief": {"% Invalid input detected at '^' marker."},
		} {
			got, _ := d.Run(t.Context(), command)
			lines := strings.Split(got, "\n")
			for _, w := range want {
				line, absent := strings.CutPrefix(w, "!")
				if slices.Contains(lines, line) == absent {
					t.Errorf("%s: %q is there: %v\n%s", command, line, !absent, got)
				}
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		d := devicetest.New(t, devicetest.Product(t, "iosxe-3se"), "interface GigabitEthernet1/0/3\n description printer\n switchport access vlan 7\ninterface GigabitEthernet1/0/4\n shutdown")
		for command, want := range map[string]string{
			"show interfaces status":          "Gi1/0/3   printer            connected    7            auto   auto 10/100/1000BaseTX",
			"show interfaces gi1/0/4 status":  "Gi1/0/4                      disabled     1            auto   auto 10/100/1000BaseTX",
			"show interfaces counters":        "Gi1/0/3                  0              0              0              0 ",
			"show interfaces gi1/0/3":         "GigabitEthernet1/0/3 is up, line protocol is up (connected) ",
			"show ip interface gi1/0/3 brief": "GigabitEthernet1/0/3   unassigned      YES unset  up                    up      ",
		} {
			if got, _ := d.Run(t.Context(), command); !slices.Contains(strings.Split(got, "\n"), want) {
				t.Errorf("%s lacks %q:\n%s", command, want, got)
			}
		}
	})
}
