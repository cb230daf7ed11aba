package model

import (
	"cmp"
	"fmt"
	"iter"
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// Interface is the configuration of one interface or subinterface.
type Interface struct {
	Name        string // GigabitEthernet0/0.10
	Link        string // point-to-point, multipoint
	Description string
	VRF         string
	OldVRF      bool // `ip vrf forwarding`
	Addressing  Addressing
	Method      AddressMethod                            // how the addressing was configured
	Address     netip.Prefix                             // primary, when it is Static
	Secondary   config.Table[netip.Prefix, netip.Prefix] // of IPv4
	IPv6        config.Table[string, IPv6Address]        // by their words
	MTU         int                                      // bytes; 0 is what its type has
	IPMTU       int                                      // `ip mtu`, in bytes; 0 is MTU
	Tag         VLANTag
	Shutdown    bool
	AccessIn    string // ip access-group NAME in
	AccessOut   string
	IPv6Enable  bool   // `ipv6 enable`
	FilterIn    string // ipv6 traffic-filter NAME in
	FilterOut   string
	// Redirects, Unreachables and ProxyARP are what IPv4 sends of its own accord.
	Redirects, Unreachables, ProxyARP bool
	CDP                               bool // `cdp enable`
	Passive                           config.PassiveLines
}

// Addressing is where the primary IPv4 address comes from.
type Addressing int

// The values of `ip address`; Unset is that of an interface whose configuration
// does not speak of it, NoAddress `no ip address`.
const (
	Unset Addressing = iota
	NoAddress
	Static
	DHCP
	Negotiated
)

// AddressMethod is how an interface got its addressing, as `show ip interface brief` has it.
type AddressMethod string

// The methods of configurations; "" is that of an interface without configuration.
const (
	NVRAM  AddressMethod = "NVRAM"  // by the start-up configuration
	Manual AddressMethod = "manual" // by a command
)

// methodOf is the method of a command. What a device is born with has none.
func methodOf(c *config.Call) AddressMethod {
	if c.Facts == nil {
		return ""
	}
	if starting(c) {
		return NVRAM
	}
	return Manual
}

// IPv6Address is `ipv6 address …`. Prefix is the address that it names, with 64 bits
// when that is link-local, and invalid when it comes from elsewhere.
type IPv6Address struct {
	Text      string
	Prefix    netip.Prefix
	LinkLocal bool
}

// RunsIPv6 reports whether an interface has IPv6, and with it a link-local address.
func (i *Interface) RunsIPv6() bool { return i.IPv6Enable || i.IPv6.Len() > 0 }

// Clone shares the addresses and the commands without behaviour.
func (i Interface) Clone() Interface {
	i.Secondary, i.IPv6, i.Passive = i.Secondary.Clone(), i.IPv6.Clone(), i.Passive.Clone()
	return i
}

// Addresses are those that the configuration names, with the length of their
// networks: of IPv4 the primary first, then those of IPv6, link-local ones last.
func (i *Interface) Addresses() iter.Seq[netip.Prefix] {
	return func(yield func(netip.Prefix) bool) {
		if i.Addressing == Static && !yield(i.Address) {
			return
		}
		for a := range i.Secondary.All() {
			if !yield(*a) {
				return
			}
		}
		for _, last := range []bool{false, true} {
			for a := range i.IPv6.All() {
				if a.Prefix.IsValid() && a.LinkLocal == last && !yield(a.Prefix) {
					return
				}
			}
		}
	}
}

// interfaceAt returns the interface of that name to be edited, made when there is
// none.
func (c *Config) interfaceAt(name string) *Interface {
	if i := c.Interfaces.Edit(name); i != nil {
		return i
	}
	return c.Interfaces.Put(name, newInterface(name))
}

// newInterface is an interface without configuration: one that is made by a
// configuration says that it has no address.
func newInterface(name string) Interface {
	i := Interface{Name: name, Redirects: true, Unreachables: true, ProxyARP: true, CDP: true}
	if slices.Contains(addressless, TypeOf(name)) && !strings.Contains(name, ".") {
		i.Addressing = NoAddress
	}
	return i
}

// addressless are the types of interfaces that print `no ip address` when they are
// new (Loopback: captures; the others from memory).
var addressless = []string{"Loopback", "Tunnel", "Vlan"}

var interfaceRows = []row[Config]{
	{`interface "Select an interface to configure" INTERFACE$name "Interface"
	  / [point-to-point "Treat as a point-to-point link" | multipoint "Treat as a multipoint link"]$link`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("name")
			if err := portExists(c, t); err != nil {
				return err
			}
			if link := c.Args.Get("link"); link != "" || !t.Interfaces.Has(name) {
				i := t.interfaceAt(name)
				i.Link = cmp.Or(link, i.Link)
			}
			c.Enter(interfaceModeOf(name), name)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("name")
			if err := portExists(c, t); err != nil {
				return err
			}
			if Physical(name) {
				return config.Refusal("% Removal of physical interfaces is not permitted")
			}
			t.Interfaces.Delete(name)
			return nil
		},
		Reset: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("name")
			if err := portExists(c, t); err != nil {
				return err
			}
			if i := t.Interfaces.Edit(name); i != nil {
				link := i.Link
				*i = newInterface(name)
				i.Link = link
			}
			c.UI.Say("Interface " + name + " set to default configuration") // from memory
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for _, i := range t.printedInterfaces() {
				v.Line("%s", strings.TrimRight("interface "+i.Name+" "+i.Link, " "))
				v.Body(interfaceMode.Name, i)
				v.Line("!")
			}
		},
	}},
}

// interfaceModeOf is the mode of an interface or of a subinterface.
func interfaceModeOf(name string) string {
	if strings.Contains(name, ".") {
		return "subif"
	}
	return interfaceMode.Name
}

// interfaceMode edits one interface; where its lines print is in passive.txt.
var interfaceMode = &config.Mode[*Config, Interface]{
	Name: "interface", Suffix: "config-if", Heading: "Interface configuration commands:",
	At: func(c *Config, key string) (all []*Interface) {
		for name := range strings.SplitSeq(key, ",") {
			all = append(all, c.interfaceAt(name))
		}
		return all
	},
	Fresh: func(*Config) *Interface { i := newInterface(""); return &i },
	Keeps: func(i *Interface) *config.PassiveLines { return &i.Passive },
	Groups: []config.Group[Interface]{group("interface", []row[Interface]{
		{`encapsulation "Set encapsulation type for an interface"
		  {dot1q "IEEE 802.1Q Virtual LAN" <1-4094>$vlan "IEEE 802.1Q VLAN ID required"
		    [native "Make this as native vlan" | second-dot1q "Configure this subinterface as a 1Q-in-1Q subinterface" {<1-4094> "Second (inner) VLAN ID" | any "Match any VLAN ID"}$inner]
		   | isl "Inter Switch Link - Virtual LAN encapsulation" <1-1000>$vlan "ISL Virtual LAN Identifier required"}`, vlanTag},
		{`description "Interface specific description" LINE$text "Up to 240 characters describing this interface"`, trimmed(config.Text(func(i *Interface) *string { return &i.Description }))},
		{`vrf "VPN Routing/Forwarding parameters" forwarding "Configure forwarding table" WORD$vrf "Table name"`, vrfForwarding(false)},
		{`ip "Interface Internet Protocol config commands" vrf "VPN Routing/Forwarding parameters on the interface" forwarding "Configure forwarding table" WORD$vrf "Table name"`, vrfForwarding(true)},
		{`ip address "Set the IP address of an interface" {A.B.C.D$address "IP address" A.B.C.D$mask "IP subnet mask" [secondary "Make this IP address a secondary address"]
		  | dhcp "IP Address negotiated via DHCP" | ~negotiated}`, ipAddress},
		{`ip access-group "Specify access control for packets" {<1-199>$acl "IP access list" | WORD$acl "Access-list name"} / {in "inbound packets" | out "outbound packets"}`,
			perDirection(func(i *Interface) *string { return &i.AccessIn }, func(i *Interface) *string { return &i.AccessOut })},
		{`ip redirects "Enable sending ICMP Redirect messages"`, onByDefault(func(i *Interface) *bool { return &i.Redirects })},
		{`ip unreachables "Enable sending ICMP Unreachable messages"`, onByDefault(func(i *Interface) *bool { return &i.Unreachables })},
		{`ip proxy-arp "Enable proxy ARP"`, onByDefault(func(i *Interface) *bool { return &i.ProxyARP })},
		{`ip mtu "Set IP Maximum Transmission Unit" <68-1500>$bytes "MTU (bytes)"`, config.Unlisted(config.Int(func(i *Interface) *int { return &i.IPMTU }))},
		{`ipv6 "IPv6 interface subcommands" address "Configure IPv6 address on interface"
		  {X:X:X:X::X/<0-128>$prefix "IPv6 prefix" [anycast "Configure as an anycast" | eui-64 "Use eui-64 interface identifier"]
		   | X:X:X:X::X$link "IPv6 link-local address" link-local "Use link-local address" | autoconfig "Obtain address using autoconfiguration" [default "Insert default route"]
		   | dhcp "Obtain IPv6 address from DHCP server" [rapid-commit "Enable Rapid-Commit"] | WORD "General prefix name" X:X:X:X::X/<0-128> "IPv6 prefix" [eui-64 "Use eui-64 interface identifier"]}`, ipv6Address},
		{`ipv6 enable "Enable IPv6 on interface"`, config.Flag(func(i *Interface) *bool { return &i.IPv6Enable })},
		{`ipv6 traffic-filter "Access control list for packets" WORD$acl "Access-list name" / {in "inbound packets" | out "outbound packets"}`,
			perDirection(func(i *Interface) *string { return &i.FilterIn }, func(i *Interface) *string { return &i.FilterOut })},
		{`cdp "CDP interface subcommands" enable "Enable CDP on interface"`, onByDefault(func(i *Interface) *bool { return &i.CDP })},
		{`mtu "Set the interface Maximum Transmission Unit (MTU)" <64-9216>$bytes "MTU size in bytes"`, interfaceMTU},
		{`shutdown "Shutdown the selected interface"`, shutdown},
	}...)},
}

// trimmed is a setting whose last word keeps no blanks behind it.
func trimmed[T any](s config.Setting[T]) config.Setting[T] {
	set := s.Set
	s.Set = func(c *config.Call, t, fresh *T) error {
		c.Args = slices.Clone(c.Args) // texts share them
		last := &c.Args[len(c.Args)-1]
		last.Text = strings.TrimRight(last.Text, " \t")
		return set(c, t, fresh)
	}
	return s
}

// ipAddress is the primary address, of which there is one, or a secondary one.
var ipAddress = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		if c.Args.Has("dhcp") {
			i.Addressing, i.Method = DHCP, methodOf(c)
			return nil
		}
		if c.Args.Has("negotiated") {
			i.Addressing, i.Method = Negotiated, methodOf(c)
			return nil
		}
		p, err := hostAddress(c.Args)
		if err == nil {
			err = checkOverlap(c, i, p)
		}
		if err == nil {
			err = checkLength(c, i, p)
		}
		switch {
		case err != nil:
			return err
		case !c.Args.Has("secondary"):
			i.Addressing, i.Address, i.Method = Static, p, methodOf(c)
			return nil
		case i.Addressing == NoAddress:
			i.Addressing = Unset
		}
		i.Secondary.Put(p, p)
		return nil
	},
	// `no ip address` alone takes the secondary addresses too.
	No: func(c *config.Call, i, _ *Interface) error {
		if c.Args.Has("secondary") {
			if p, err := hostAddress(c.Args); err == nil {
				i.Secondary.Delete(p)
			}
			return nil
		}
		if c.Args.Get("address") != "" && i.Secondary.Len() > 0 {
			return config.Refusal("Must delete secondary before deleting primary") // from memory
		}
		i.Addressing, i.Secondary, i.Method = NoAddress, config.Table[netip.Prefix, netip.Prefix]{}, methodOf(c)
		return nil
	},
	Reset: func(_ *config.Call, i, fresh *Interface) error {
		i.Addressing, i.Secondary, i.Method = newInterface(i.Name).Addressing, config.Table[netip.Prefix, netip.Prefix]{}, ""
		return nil
	},
	Show: func(v *config.View, i, _ *Interface) {
		for p := range i.Secondary.All() {
			v.Line("ip address %s secondary", withMask(*p))
		}
		switch i.Addressing {
		case NoAddress:
			v.Line("no ip address")
		case Static:
			v.Line("ip address %s", withMask(i.Address))
		case DHCP:
			v.Line("ip address dhcp")
		case Negotiated:
			v.Line("ip address negotiated")
		}
	},
}

// withMask is a prefix as an address and its mask.
func withMask(p netip.Prefix) string {
	return p.Addr().String() + " " + dotted(mask(p.Bits())).String()
}

// mask is the mask of a length.
func mask(length int) uint32 { return ^uint32(0) << (32 - length) }

// checkLength refuses a network of one address on a LAN, and warns of one of two: both
// in what is typed only (captures of 12.4 and 15.x).
func checkLength(c *config.Call, i *Interface, p netip.Prefix) error {
	switch {
	case starting(c) || !lan(i.Name):
	case p.Bits() == 32:
		return config.Refusal("Bad mask /32 for address " + p.Addr().String())
	case p.Bits() == 31:
		c.UI.Say("% Warning: use /31 mask on non point-to-point interface cautiously")
	}
	return nil
}

// hostAddress reads an address with its mask. It refuses masks with gaps, and
// addresses that name a network or its broadcast.
func hostAddress(a cli.Args) (netip.Prefix, error) {
	typed := netip.MustParseAddr(a.Get("address"))
	address, host := ipv4(typed), ^ipv4(netip.MustParseAddr(a.Get("mask")))
	length := bits.LeadingZeros32(host)
	switch {
	case host&(host+1) != 0:
		return netip.Prefix{}, config.Refusal(fmt.Sprintf("Bad mask 0x%X for address %s", ^host, typed))
	case length == 0:
		return netip.Prefix{}, config.Refusal("Bad mask /0 for address " + typed.String())
	case length < 31 && (address&host == 0 || address&host == host):
		return netip.Prefix{}, config.Refusal(fmt.Sprintf("Bad mask /%d for address %s", length, typed))
	}
	return netip.PrefixFrom(typed, length), nil
}

var ipv6Address = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		a := IPv6Address{Text: config.Printed(c.Args[2:])}
		if text := c.Args.Get("prefix"); text != "" && !c.Args.Has("eui-64") {
			a.Prefix = netip.MustParsePrefix(text)
		}
		if text := c.Args.Get("link"); text != "" {
			a.Prefix, a.LinkLocal = netip.PrefixFrom(netip.MustParseAddr(text), 64), true
		}
		i.IPv6.Put(a.Text, a)
		return nil
	},
	No: func(c *config.Call, i, _ *Interface) error {
		if text := config.Printed(c.Args[2:]); text != "" {
			i.IPv6.Delete(text)
		} else {
			i.IPv6 = config.Table[string, IPv6Address]{}
		}
		return nil
	},
	Show: func(v *config.View, i, _ *Interface) {
		for a := range i.IPv6.All() {
			v.Line("ipv6 address %s", a.Text)
		}
	},
}

// noShutdown brings up every interface.
func (c *Config) noShutdown() {
	for i := range c.Interfaces.All() {
		if i.Shutdown {
			c.Interfaces.Edit(i.Name).Shutdown = false
		}
	}
}
