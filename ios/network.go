package ios

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vtylab/ios/model"
	"vtylab/network"
)

// networkSettings are the interfaces and static routes of a configuration.
func (s *System) networkSettings(c *model.Config) network.Settings {
	return network.Settings{
		Node:  c.Hostname,
		Hello: func(iface string) any { return s.hello(c, iface) },
		Interfaces: func(yield func(network.Interface) bool) {
			for i := range c.Interfaces.All() {
				if !yield(interfaceOf(c, i)) {
					return
				}
			}
		},
		Interface: func(name string) (network.Interface, bool) {
			i, ok := c.Interfaces.Get(c.Release.Words.InterfaceName(name))
			if !ok {
				return network.Interface{}, false
			}
			return interfaceOf(c, i), true
		},
		Routes: func(yield func(network.Route) bool) {
			for r := range c.Routes.All() {
				if !yield(routeOf(r)) {
					return
				}
			}
			for r := range c.IPv6Routes.All() {
				if !yield(routeOf(r)) {
					return
				}
			}
		},
	}
}

func interfaceOf(c *model.Config, i *model.Interface) network.Interface {
	n := network.Interface{Name: i.Name, VRF: i.VRF, Addresses: slices.Collect(i.Addresses()), Up: !i.Shutdown, Line: "interface " + i.Name,
		Virtual: strings.HasPrefix(i.Name, "Loopback"), ProxyARP: true, MTU: c.MTUOf(i)}
	if i.Shutdown {
		n.Line = "shutdown of " + i.Name
	}
	if parent, _, sub := strings.Cut(i.Name, "."); sub {
		n.Parent = parent
	}
	if i.AccessIn != "" {
		n.In = c.List(i.AccessIn)
	}
	if i.AccessOut != "" {
		n.Out = c.List(i.AccessOut)
	}
	for a := range i.IPv6.All() {
		if text, ok := strings.CutSuffix(a.Text, " link-local"); ok {
			if own, err := netip.ParseAddr(text); err == nil {
				n.Addresses = append(n.Addresses, netip.PrefixFrom(own, 64))
			}
		}
	}
	for l := range i.Passive.All() {
		passive(c, &n, strings.Fields(l.Text))
	}
	return n
}

// passive is what the network takes of the lines of an interface that act nowhere else.
func passive(c *model.Config, n *network.Interface, words []string) {
	is := func(line ...string) bool { return len(words) >= len(line) && slices.Equal(words[:len(line)], line) }
	switch {
	case len(words) > 2 && is("encapsulation") && strings.EqualFold(words[1], "dot1q"):
		if !slices.Contains(words, "native") {
			vlan, _ := strconv.ParseUint(words[2], 10, 16)
			n.VLAN = uint16(vlan)
		}
	case is("no", "ip", "unreachables"):
		n.Silent = true
	case is("no", "ip", "proxy-arp"):
		n.ProxyARP = false
	case is("ip", "mtu") && len(words) > 2:
		n.MTU, _ = strconv.Atoi(words[2])
	case is("ipv6", "traffic-filter") && len(words) > 3:
		list, ok := c.ACLs.Get(model.ACLID{Kind: model.IPv6ACL, Name: words[2]})
		switch {
		case !ok: // one that is not defined permits
		case words[3] == "in":
			n.In6 = list.List()
		default:
			n.Out6 = list.List()
		}
	}
}

func routeOf(r *model.Route) network.Route {
	return network.Route{VRF: r.VRF, To: r.To, Via: r.Via, Interface: r.Interface, Distance: r.Distance, Discard: strings.HasPrefix(r.Interface, "Null"), Line: r.Text}
}
