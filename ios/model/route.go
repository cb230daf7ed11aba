package model

import (
	"math/bits"
	"net/netip"
	"strings"

	"vtylab/config"
)

// Route is a static route, of IPv4 or of IPv6.
type Route struct {
	VRF string
	To  netip.Prefix // invalid when the mask has gaps: it leads nowhere
	// Via is the next hop, invalid for whoever is behind the interface. Without both
	// the next hop comes from DHCP.
	Via       netip.Addr
	Interface string
	Distance  int
	Text      string // as it prints
}

var ipRouteRows = []row[Config]{
	{`ip "Global IP configuration subcommands" route "Establish static routes"
	  [vrf "Configure static route for a VPN Routing/Forwarding instance" WORD$vrf "VPN Routing/Forwarding instance name"]
	  A.B.C.D$to "Destination prefix" A.B.C.D$mask "Destination prefix mask" /
	  {A.B.C.D$via "Forwarding router's address" | INTERFACE$interface "Interface" [A.B.C.D$via "Forwarding router's address"]
	   | WORD$interface "Interface of another kind" [A.B.C.D$via "Forwarding router's address"] | dhcp "Default gateway obtained from DHCP"}
	  [<1-255>$distance "Distance metric for this route"]
	  [global "Next hop address is global" | multicast "multicast route" | name "Specify name of the next hop" WORD "Name of the next hop" | permanent "permanent route"
	   | tag "Set tag for this route" <1-4294967295> "Tag value" | track "Install route depending on tracked item" <1-1000> "tracked object number"]*`,
		routes(func(c *Config) *config.Table[string, Route] { return &c.Routes })},
	{`ipv6 "Global IPv6 configuration commands" route "Configure static routes" [vrf "IPv6 VRF" WORD$vrf "VRF name"]
	  X:X:X:X::X/<0-128>$to "IPv6 prefix" /
	  {X:X:X:X::X$via "IPv6 address of next-hop" | INTERFACE$interface "Interface" [X:X:X:X::X$via "IPv6 address of next-hop"]
	   | WORD$interface "Interface of another kind" [X:X:X:X::X$via "IPv6 address of next-hop"]}
	  [<1-254>$distance "Administrative distance"]
	  [multicast "Route only usable by multicast" | name "Specify name of the next hop" WORD "Name of the next hop" | nexthop-vrf "Nexthop IPv6 VRF" {default "Default VRF" | WORD "VRF name"}
	   | permanent "Permanent route" | tag "Tag value" <1-4294967295> "Tag value" | track "Install route depending on tracked item" <1-1000> "tracked object number"
	   | unicast "Route only usable by unicast"]*`,
		routes(func(c *Config) *config.Table[string, Route] { return &c.IPv6Routes })},
}

// routes are kept by their text. `no` of the first words of one takes all that
// begin so.
func routes(field func(*Config) *config.Table[string, Route]) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			r := routeOf(c)
			field(t).Delete(r.Text) // one that is typed again goes behind the others
			field(t).Put(r.Text, r)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			words := config.Printed(c.Args)
			field(t).DeleteFunc(func(text string, _ *Route) bool { return text == words || strings.HasPrefix(text, words+" ") })
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for r := range field(t).All() {
				v.Line("%s", r.Text)
			}
		},
	}
}

// routeOf is a route as typed.
func routeOf(c *config.Call) Route {
	r := Route{VRF: c.Args.Get("vrf"), Interface: c.Args.Get("interface"), Distance: 1, Text: config.Printed(c.Args)}
	r.Via, _ = netip.ParseAddr(c.Args.Get("via"))
	if n, ok := c.Args.Int("distance"); ok {
		r.Distance = n
	}
	to := c.Args.Get("to")
	if typed := c.Args.Get("mask"); typed != "" {
		m := ipv4(netip.MustParseAddr(typed))
		if length := bits.LeadingZeros32(^m); m == mask(length) {
			r.To = netip.PrefixFrom(netip.MustParseAddr(to), length).Masked()
		}
	} else {
		r.To = netip.MustParsePrefix(to).Masked()
	}
	return r
}

var defaultGatewayRows = []row[Config]{
	{`ip default-gateway "Specify default gateway (if not routing IP)" A.B.C.D$address "IP address of default gateway"`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			t.DefaultGateway = netip.MustParseAddr(c.Args.Get("address"))
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { t.DefaultGateway = netip.Addr{}; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if t.DefaultGateway.IsValid() {
				v.Line("ip default-gateway %s", t.DefaultGateway)
			}
		},
	}},
}
