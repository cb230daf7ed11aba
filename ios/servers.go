package ios

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/ios/model"
)

// defaultTimeout is how long a server has to answer (aaa-snmp A5, B3).
const defaultTimeout = 5

// groupOf is a server group by its name: those that every device has are of all servers of
// a protocol.
func groupOf(c *model.Config, name string) (aaa.Group, bool) {
	if name == aaa.TACACS || name == aaa.RADIUS {
		all := serversOf(c, name)
		g := aaa.Group{Protocol: name, Name: name, DeadTime: time.Duration(all.DeadTime) * time.Minute}
		for s := range all.All.All() {
			g.Servers = append(g.Servers, serverOf(c, all, s, all.SourceVRF, all.Source))
		}
		return g, true
	}
	for _, protocol := range []string{aaa.TACACS, aaa.RADIUS} {
		if g, ok := c.AAA.Group(protocol, name); ok {
			return configured(c, g), true
		}
	}
	return aaa.Group{}, false
}

func serversOf(c *model.Config, protocol string) *model.Servers {
	if protocol == aaa.RADIUS {
		return &c.Radius
	}
	return &c.Tacacs
}

// configured is a group of `aaa group server`.
func configured(c *model.Config, g *model.ServerGroup) aaa.Group {
	all := serversOf(c, g.Protocol)
	x := aaa.Group{Protocol: g.Protocol, Name: g.Name, DeadTime: time.Duration(cmp.Or(g.DeadTime, all.DeadTime)) * time.Minute}
	source := g.Source
	if source == "" && g.VRF == all.SourceVRF {
		source = all.Source
	}
	for _, m := range g.Members {
		s := &m.Host
		if !m.Private {
			var known bool
			if s, known = all.Find(m); !known {
				continue
			}
		}
		server := serverOf(c, all, s, g.VRF, source)
		server.Private = m.Private
		x.Servers = append(x.Servers, server)
	}
	return x
}

// serverOf is a server with what holds for all where it has nothing of its own.
func serverOf(c *model.Config, all *model.Servers, s *model.Server, vrf, source string) aaa.Server {
	x := aaa.Server{
		Name: s.Name, Host: s.Address, VRF: vrf, Source: source, Single: s.Single, Key: s.Key,
		Timeout: time.Duration(cmp.Or(s.Timeout, all.Timeout, defaultTimeout)) * time.Second, Retransmit: s.Retransmit,
	}
	auth, acct := s.UsedPorts(all == &c.Radius)
	x.Port, x.AcctPort = uint16(auth), uint16(acct)
	if x.Key.IsZero() {
		x.Key = all.Key
	}
	if x.Retransmit < 0 {
		x.Retransmit = all.Retransmit
	}
	return x
}

// serversText says of TACACS+ servers what the connections to them depend on.
func serversText(c *model.Config) string {
	var all strings.Builder
	fmt.Fprintln(&all, c.Tacacs.Source, c.Tacacs.SourceVRF, c.Tacacs.Key.Text)
	for s := range c.Tacacs.All.All() {
		fmt.Fprintln(&all, s.Address, s.Port, s.Ports, s.Single, s.Key.Text)
	}
	for g := range c.AAA.Groups.All() {
		fmt.Fprintln(&all, g.Name, g.VRF, g.Source)
		for _, m := range g.Members {
			fmt.Fprintln(&all, m.Name, m.Host.Address, m.Host.Port, m.Host.Single, m.Host.Key.Text)
		}
	}
	return all.String()
}
