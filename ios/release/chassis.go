package release

import (
	"fmt"
	"strings"

	"vtylab/cli"
)

// Chassis is hardware that a release runs on. What is not here, such as its file
// systems, is that of the release's first chassis.
type Chassis struct {
	Name    string // "7206"
	Summary string // a few words for the operator
	// Types are the interfaces that `interface ?` lists, with their help.
	Types string
	// Ports is the configuration of the ports of a new device.
	Ports     string
	Inventory string // text of show inventory
	Model     string // what CDP calls it
	ObjectID  uint32 // below Cisco's products (aaa-snmp D5), 0 for none
	// Capabilities are the letters of CDP; "" is those of a router, "R B".
	Capabilities string
	// Software, ROM and Processor are parts of show version: the family in its first
	// line, the bootstrap program, and the lines from the processor to the ports.
	Software, ROM, Processor string
}

// On is the release on another chassis; ok is false when it runs on none of that
// name.
func (r Release) On(name string) (on Release, ok bool) {
	for _, plain := range releases {
		for _, c := range plain.Chassis {
			if plain.Name == r.Name && c.Name == name {
				return plain.in(c), true
			}
		}
	}
	return Release{}, false
}

// in puts a release in a chassis.
func (r Release) in(c Chassis) Release {
	r.Hardware = c
	r.Config.Words = with(r.Config.Words, cli.Vocabulary{"INTERFACE": c.Types + unlisted(c.Types)})
	r.Config.Factory = strings.Replace(r.Config.Factory, "{ports}\n", c.Ports, 1)
	r.Show.Inventory = c.Inventory
	r.Show.ObjectID, r.Show.Services = c.ObjectID, router
	if c.Capabilities != "" {
		r.Show.Services = lanSwitch
	}
	r.Show.Version = strings.NewReplacer("{software}", c.Software, "{rom}", c.ROM, "{processor}\n", c.Processor).Replace(r.Show.Version)
	return r
}

// sysServices of a router and of a switch (from memory).
const router, lanSwitch = 78, 6

// otherTypes are types of interfaces that configurations of other hardware name.
var otherTypes = strings.Fields(`FastEthernet GigabitEthernet TenGigabitEthernet TwentyFiveGigE FortyGigabitEthernet
	HundredGigE AppGigabitEthernet TwoGigabitEthernet Ethernet Loopback Vlan Serial Port-channel Tunnel ATM POS BVI BDI
	Dialer Null Async Virtual-PPP Virtual-Template Multilink BRI Hssi TokenRing Fddi Group-Async Embedded-Service-Engine nve`)

// unlisted are the types that a chassis lacks: a start-up configuration may have
// them.
func unlisted(types string) string {
	var b strings.Builder
	has := map[string]bool{}
	listed, _ := cli.Vocabulary{"INTERFACE": types}.ListedInterfaces()
	for _, t := range listed {
		has[t.Name] = true
	}
	for _, name := range otherTypes {
		if !has[name] {
			b.WriteString(" ~" + name)
		}
	}
	return b.String()
}

// Types of interfaces with the help of `interface ?`; help from memory.
const (
	virtualTypes = ` BVI "Bridge-Group Virtual Interface" Dialer "Dialer interface" Group-Async "Async Group interface" Loopback "Loopback interface"
		Multilink "Multilink-group interface" Null "Null interface" Port-channel "Ethernet Channel of interfaces" Tunnel "Tunnel interface"
		Virtual-PPP "Virtual PPP interface" Virtual-Template "Virtual Template interface"`
	fastEthernet = `FastEthernet "FastEthernet IEEE 802.3"`
	gigabit      = `GigabitEthernet "GigabitEthernet IEEE 802.3z"`
	ethernet     = `Ethernet "IEEE 802.3"`
	tenGigabit   = `TenGigabitEthernet "Ten Gigabit Ethernet"`
	vlanType     = ` Vlan "Catalyst Vlans"`
)

// ports is the configuration of ports that a new device has shut; more are further
// lines of each.
func ports(first, last int, format string, more ...string) string {
	var b strings.Builder
	for i := first; i <= last; i++ {
		fmt.Fprintf(&b, "interface "+format+"\n no ip address\n shutdown\n", i)
		for _, line := range more {
			b.WriteString(" " + line + "\n")
		}
	}
	return b.String()
}

var iosv = Chassis{
	Name:      "iosv",
	Summary:   "4 Gigabit Ethernet ports",
	Model:     "Cisco ", // as captured: the emulator has no name
	Types:     gigabit + virtualTypes,
	Ports:     ports(0, 3, "GigabitEthernet0/%d", "duplex auto", "speed auto", "media-type rj45"),
	Inventory: inventory155,
	Software:  "IOSv Software (VIOS-ADVENTERPRISEK9-M)",
	ROM:       "IOSv",
	Processor: `Cisco IOSv (revision 1.0) with  with 460137K/62464K bytes of memory.
Processor board ID 9VTYLAB0000000000155
4 Gigabit Ethernet interfaces
`,
}

// The routers of the documents' sample configurations; their cards
// are chosen so that they carry the ports named there. What they print of
// themselves is from memory, serial numbers are made up.
var (
	c7206 = Chassis{
		Name:     "7206",
		Model:    "Cisco 7206VXR",
		ObjectID: 222,
		Summary:  "7206VXR: FastEthernet0/0, Ethernet1/0 to 1/3",
		Types:    fastEthernet + ethernet + virtualTypes,
		Ports:    ports(0, 0, "FastEthernet0/%d", "duplex auto", "speed auto") + ports(0, 3, "Ethernet1/%d", "duplex half"),
		Software: "7200 Software (C7200-ADVENTERPRISEK9-M)",
		ROM:      "7200",
		Inventory: `NAME: "Chassis", DESCR: "Cisco 7206VXR, 6-slot chassis"
PID: CISCO7206VXR      , VID:    , SN: 0000007206 
`,
		Processor: `Cisco 7206VXR (NPE400) processor (revision A) with 491520K/32768K bytes of memory.
Processor board ID 0000007206
R7000 CPU at 350MHz, Implementation 39, Rev 3.3, 256KB L2 Cache
6 slot VXR midplane, Version 2.1

Last reset from power-on
1 FastEthernet interface
4 Ethernet interfaces
`,
	}
	c7507 = Chassis{
		Name:     "7507",
		Model:    "cisco RSP4",
		ObjectID: 45,
		Summary:  "7507: Ethernet0/0/0 to 0/0/3, Ethernet1/0 to 1/5, Serial2/0 to 2/3",
		Types:    ethernet + ` Serial "Serial"` + virtualTypes,
		Ports:    ports(0, 3, "Ethernet0/0/%d") + ports(0, 5, "Ethernet1/%d") + ports(0, 3, "Serial2/%d"),
		Software: "RSP Software (RSP-ADVENTERPRISEK9-M)",
		ROM:      "RSP",
		Inventory: `NAME: "Chassis", DESCR: "Cisco 7507, 7-slot chassis"
PID: CISCO7507         , VID:    , SN: 0000007507 
`,
		Processor: `Cisco RSP4+ (R5000) processor with 262144K/2072K bytes of memory.
Processor board ID 0000007507
R5000 CPU at 200MHz, Implementation 35, Rev 2.1, 512KB L2 Cache
10 Ethernet interfaces
4 Serial interfaces
`,
	}
	c12008 = Chassis{
		Name:     "12008",
		Model:    "cisco 12008/GRP",
		ObjectID: 182,
		Summary:  "12008 GSR: Ethernet0, ATM0/0, POS1/0 to 1/3, POS2/0",
		Types:    ethernet + ` ATM "ATM interface" POS "Packet over Sonet"` + virtualTypes,
		Ports:    ports(0, 0, "ATM0/%d") + ports(0, 3, "POS1/%d") + ports(0, 0, "POS2/%d") + ports(0, 0, "Ethernet%d"),
		Software: "GS Software (GSR-P-M)",
		ROM:      "GSR",
		Inventory: `NAME: "Chassis", DESCR: "Cisco 12008, 8-slot chassis"
PID: GSR8              , VID:    , SN: 0000012008 
`,
		Processor: `Cisco 12008/GRP (R5000) processor (revision 0x05) with 262144K bytes of memory.
R5000 CPU at 200MHz, Implementation 35, Rev 2.1, 512KB L2 Cache
Last reset from power-on

1 Ethernet interface
1 ATM interface
5 Packet over SONET interfaces
`,
	}
)

var c3650 = Chassis{
	Name:         "3650",
	Model:        "cisco WS-C3650-48PD",
	Capabilities: "R S I",
	Summary:      "WS-C3650-24TS: GigabitEthernet0/0, 1/0/1 to 1/0/24, 1/1/1 to 1/1/4",
	Types:        gigabit + tenGigabit + ` Group-Async "Async Group interface" Loopback "Loopback interface" Null "Null interface" Port-channel "Ethernet Channel of interfaces" Tunnel "Tunnel interface"` + vlanType,
	Ports:        ports3650(),
	Inventory:    inventory3se,
}

// ports3650 are the ports of a Catalyst 3650, which a new switch has not shut.
func ports3650() string {
	var b strings.Builder
	b.WriteString("interface GigabitEthernet0/0\n vrf forwarding Mgmt-vrf\n no ip address\n negotiation auto\n")
	for i := range 24 {
		fmt.Fprintf(&b, "interface GigabitEthernet1/0/%d\n", i+1)
	}
	for i := range 4 {
		fmt.Fprintf(&b, "interface GigabitEthernet1/1/%d\n", i+1)
	}
	b.WriteString("interface Vlan1\n no ip address\n shutdown\n")
	return b.String()
}

var iol = Chassis{
	Name:      "iol",
	Model:     "Linux Unix",
	Summary:   "4 Ethernet ports",
	Types:     ethernet + virtualTypes + ` BDI "Bridge-Domain interface" nve "Network virtualization endpoint interface"` + vlanType,
	Ports:     ports(0, 3, "Ethernet0/%d"),
	Inventory: inventory1715,
	Software:  "Linux Software (X86_64BI_LINUX-ADVENTERPRISEK9-M)",
	ROM:       "Bootstrap program is Linux",
	Processor: `Linux Unix (i686) processor with 800932K bytes of memory.
Processor board ID 100001715
4 Ethernet interfaces
`,
}

// The virtual router and the virtual switch that topology files name. What they say of
// themselves is from memory, serial numbers are made up.
var (
	c8000v = Chassis{
		Name:     "c8000v",
		Summary:  "Catalyst 8000V: GigabitEthernet1 to 4",
		Model:    "cisco C8000V",
		ObjectID: 3004,
		Types:    gigabit + virtualTypes + ` BDI "Bridge-Domain interface" nve "Network virtualization endpoint interface"` + vlanType,
		Ports:    ports(1, 4, "GigabitEthernet%d", "negotiation auto"),
		Inventory: `NAME: "Chassis", DESCR: "Cisco C8000V Chassis"
PID: C8000V            , VID: V00  , SN: 9VTYLAB1715
`,
		Software: "Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M)",
		ROM:      "IOS-XE ROMMON",
		Processor: `cisco C8000V (VXE) processor (revision VXE) with 2026875K/3075K bytes of memory.
Processor board ID 9VTYLAB1715
Router operating mode: Autonomous
4 Gigabit Ethernet interfaces
`,
	}
	cat9kv = Chassis{
		Name:         "cat9kv",
		Summary:      "Catalyst 9000V: GigabitEthernet0/0, 1/0/1 to 1/0/8",
		Model:        "cisco C9KV-UADP-8P",
		Capabilities: "R S I",
		Types:        gigabit + virtualTypes + ` nve "Network virtualization endpoint interface"` + vlanType,
		Ports:        "interface GigabitEthernet0/0\n no ip address\n shutdown\n negotiation auto\n" + ports(1, 8, "GigabitEthernet1/0/%d"),
		Inventory: `NAME: "c93xxL Stack", DESCR: "c93xxL Stack"
PID: C9KV-UADP-8P      , VID: V01  , SN: 9VTYLAB9000
`,
		Software: "Catalyst L3 Switch Software (CAT9K_IOSXE)",
		ROM:      "IOS-XE ROMMON",
		Processor: `cisco C9KV-UADP-8P (VXE) processor with 1854735K/3075K bytes of memory.
Processor board ID 9VTYLAB9000
9 Gigabit Ethernet interfaces
`,
	}
)
