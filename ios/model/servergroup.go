package model

import (
	"slices"
	"strings"

	"vtylab/config"
	"vtylab/secret"
)

// ServerGroup is `aaa group server`: servers that are asked one after the other.
type ServerGroup struct {
	Protocol string // tacacs+ or radius
	Name     string
	Members  []GroupMember // replaced, never edited in place
	VRF      string
	Source   string // interface
	DeadTime int    // minutes; 0 is what holds for all
	Passive  config.PassiveLines
}

// GroupMember is a server of a group: one of all by its name or its address, or one that
// belongs to the group alone.
type GroupMember struct {
	Name    string
	Host    Server // where Name is ""
	Private bool
}

// Clone shares the commands without behaviour.
func (g ServerGroup) Clone() ServerGroup {
	g.Passive = g.Passive.Clone()
	return g
}

// serverGroupID is the name of a group, which both protocols may have.
func serverGroupID(protocol, name string) string { return protocol + " " + name }

// Group is a group of a protocol by its name.
func (a *AAA) Group(protocol, name string) (*ServerGroup, bool) {
	return a.Groups.Get(serverGroupID(protocol, name))
}

var serverGroupRows = []row[Config]{
	{`aaa group "AAA group definitions" server "AAA Server group definitions" tacacs+ "Tacacs+ server-group definition" WORD$name "Server-group name" /`,
		groupSetting("tacacs+", tacacsGroupMode.Name)},
	{`aaa group server radius "Radius server-group definition" WORD$name "Server-group name" /`, groupSetting("radius", radiusGroupMode.Name)},
}

func groupSetting(protocol, mode string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			id := serverGroupID(protocol, c.Args.Get("name"))
			if t.AAA.Groups.Edit(id) == nil {
				t.AAA.Groups.Put(id, ServerGroup{Protocol: protocol, Name: c.Args.Get("name")})
			}
			c.Enter(mode, id)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			t.AAA.Groups.Delete(serverGroupID(protocol, c.Args.Get("name")))
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for g := range t.AAA.Groups.All() {
				if g.Protocol == protocol {
					v.Line("%s %s", v.Words, g.Name)
					v.Body(mode, g)
					v.Line("!")
				}
			}
		},
	}
}

var (
	tacacsGroupMode = groupMode("sg-tacacs", "config-sg-tacacs+", "TACACS+ Server-group commands:", "tacacs", "TACACS+ server", "TACACS+", tacacsLine)
	radiusGroupMode = groupMode("sg-radius", "config-sg-radius", "RADIUS Server-group commands:", "radius", "RADIUS server", "RADIUS", radiusLine)
)

// groupMode edits one group; the texts are the words that its help has.
func groupMode(name, suffix, heading, protocol, a, label, options string) *config.Mode[*Config, ServerGroup] {
	return &config.Mode[*Config, ServerGroup]{
		Name: name, Suffix: suffix, Heading: heading,
		At: func(c *Config, key string) []*ServerGroup {
			if g := c.AAA.Groups.Edit(key); g != nil {
				return []*ServerGroup{g}
			}
			return nil
		},
		Fresh: func(*Config) *ServerGroup { return &ServerGroup{} },
		Keeps: func(g *ServerGroup) *config.PassiveLines { return &g.Passive },
		Groups: []config.Group[ServerGroup]{group(name, []row[ServerGroup]{
			{`server "Specify a ` + a + `" name "Specify the ` + label + ` server by name" WORD$name "Name"`, members},
			{`server WORD$server "Server IP address"` + strings.ReplaceAll(options, " / ", " "), config.Alternate(memberAddress)},
			{`server-private "Define a private ` + a + ` (per group)" WORD$server "IP address of the ` + a + `"` + options, privateMember},
			{`ip "Internet Protocol config commands" vrf "Specify parameters for a VPN Routing/Forwarding instance" forwarding "Configure forwarding table" WORD$vrf "VRF name"`,
				config.Text(func(g *ServerGroup) *string { return &g.VRF })},
			{`ip ` + protocol + ` "` + label + ` commands" source-interface "Specify interface for source address in ` + label + ` packets" INTERFACE$if "Interface"`,
				config.Text(func(g *ServerGroup) *string { return &g.Source })},
			{`deadtime "Specify time in minutes to ignore an unresponsive server" <1-1440>$n "time in minutes"`,
				config.IntOrNone(func(g *ServerGroup) *int { return &g.DeadTime }, 0)},
		}...)},
	}
}

// members prints all of a group, in order: those of its own come last.
var members = func() config.Setting[ServerGroup] {
	s := memberSetting(func(c *config.Call) GroupMember { return GroupMember{Name: c.Args.Get("name")} })
	s.Show = func(v *config.View, g, _ *ServerGroup) {
		for _, m := range g.Members {
			switch {
			case m.Name != "":
				v.Line("server name %s", m.Name)
			case !m.Private:
				v.Line("server %s", m.Host.words())
			}
		}
		for _, m := range g.Members {
			if m.Private {
				v.Line("server-private %s", m.Host.words())
			}
		}
	}
	return s
}()

var (
	memberAddress = memberSetting(func(c *config.Call) GroupMember { return GroupMember{Host: typedServer(c)} })
	privateMember = memberSetting(func(c *config.Call) GroupMember { return GroupMember{Host: typedServer(c), Private: true} })
)

func memberSetting(of func(*config.Call) GroupMember) config.Setting[ServerGroup] {
	return config.Setting[ServerGroup]{
		Set: func(c *config.Call, g, _ *ServerGroup) error {
			m := of(c)
			g.Members = append(without(g.Members, m), m)
			return nil
		},
		No:   func(c *config.Call, g, _ *ServerGroup) error { g.Members = without(g.Members, of(c)); return nil },
		Show: func(*config.View, *ServerGroup, *ServerGroup) {},
	}
}

// without is a copy of members without one of the same name or address.
func without(all []GroupMember, m GroupMember) []GroupMember {
	var kept []GroupMember
	for _, x := range all {
		if x.Name != m.Name || x.Private != m.Private || x.Host.Address != m.Host.Address || m.Host.Ports && x.Host.portWords() != m.Host.portWords() {
			kept = append(kept, x)
		}
	}
	return kept
}

// encryptKeys turns the keys of the servers that belong to a group into type 7.
func (a *AAA) encryptKeys(turn func(secret.Secret) secret.Secret) {
	for g := range a.Groups.All() {
		members := slices.Clone(g.Members)
		for i := range members {
			members[i].Host.Key = turn(members[i].Host.Key)
		}
		if !slices.EqualFunc(members, g.Members, func(a, b GroupMember) bool { return a.Host.Key == b.Host.Key }) {
			a.Groups.Edit(serverGroupID(g.Protocol, g.Name)).Members = members
		}
	}
}
