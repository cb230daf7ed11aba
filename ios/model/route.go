package model

import (
	"iter"
	"math/bits"
	"net/netip"
	"strings"

	"vtylab/config"
)

// Route is a static route, of IPv4 or of IPv6.
type Route struct {
	VRF string
	To  netip.Prefix // invalid when the mask has gaps: it leads nowhere
	// Via is the next hop, invalid for what is behind the interface. Without both
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
			if r.To.IsValid() && r.To.Bits() == 0 && r.To.Addr().Is4() && r.Interface != "" && !r.Via.IsValid() && !starting(c) {
				c.UI.Say("%Default route without gateway, if not a point-to-point interface, may impact performance")
			}
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

// Toggle is a command of which both forms print, and none until it is typed.
type Toggle int

// The states of a Toggle.
const (
	ByDefault Toggle = iota
	TypedOn
	TypedOff
)

// toggled is a setting that is on or off once it has been typed.
func toggled(field func(*Config) *Toggle) config.Setting[Config] {
	return config.Setting[Config]{
		Set:   func(_ *config.Call, t, _ *Config) error { *field(t) = TypedOn; return nil },
		No:    func(_ *config.Call, t, _ *Config) error { *field(t) = TypedOff; return nil },
		Reset: func(_ *config.Call, t, fresh *Config) error { *field(t) = *field(fresh); return nil },
		Show: func(v *config.View, t, _ *Config) {
			switch *field(t) {
			case TypedOn:
				v.Line("%s", v.Words)
			case TypedOff:
				v.Line("no %s", v.Words)
			}
		},
	}
}

// ipRoutingRows are whether the device routes IPv4. That of a switch, which does not
// until it is told, is not kept apart.
var ipRoutingRows = []row[Config]{
	{`ip routing "Enable IP routing"`, toggled(func(c *Config) *Toggle { return &c.IPRouting })},
}

// RoutesIPv4 reports whether the device routes packets of IPv4.
func (c *Config) RoutesIPv4() bool { return c.IPRouting != TypedOff }

// IPv4Routes are the static routes of IPv4 that count: without IP routing the default
// gateway alone.
func (c *Config) IPv4Routes() iter.Seq[*Route] {
	if c.RoutesIPv4() {
		return c.Routes.All()
	}
	return func(yield func(*Route) bool) {
		if c.DefaultGateway.IsValid() {
			yield(&Route{To: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Via: c.DefaultGateway, Distance: 1, Text: "ip default-gateway " + c.DefaultGateway.String()})
		}
	}
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
