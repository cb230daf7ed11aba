package aaa

import (
	"context"
	"slices"
	"strings"
)

// group asks the servers of a group.
var group = &Method{Name: "group", AsksUser: true, AsksPassword: true,
	Authenticate: func(ctx context.Context, d *Dialogue) Verdict {
		p, g := d.group()
		if p == nil {
			// RADIUS wants the password before it tries a server.
			if _, err := d.Password(ctx); err != nil {
				return ended(err)
			}
			return Verdict{Result: Error, Reason: ReasonNoServer}
		}
		return p.authenticate(ctx, d, g)
	},
	AuthorizeExec: func(ctx context.Context, d *Dialogue) Verdict {
		p, g := d.group()
		if p == nil {
			return Verdict{Result: Error, Reason: ReasonNoServer}
		}
		return p.authorizeExec(ctx, d, g)
	},
	AuthorizeCommand: func(ctx context.Context, d *Dialogue) Verdict {
		p, g := d.group()
		if p == nil || p.authorizeCommand == nil {
			return Verdict{Result: Error, Reason: ReasonNoServer}
		}
		return p.authorizeCommand(ctx, d, g)
	},
}

// protocol is how the servers of a group are asked. Without authorizeCommand it cannot be
// asked about commands.
type protocol struct {
	// asksUser is set when a server asks for the name of the user itself.
	asksUser         bool
	authenticate     func(context.Context, *Dialogue, *Group) Verdict
	authorizeExec    func(context.Context, *Dialogue, *Group) Verdict
	authorizeCommand func(context.Context, *Dialogue, *Group) Verdict
	account          func(context.Context, *Dialogue, *Group, *Record) Verdict
}

// protocolOf is nil for a protocol that is not spoken here.
func protocolOf(name string) *protocol {
	switch name {
	case TACACS:
		return tacacsProtocol
	case RADIUS:
		return radiusProtocol
	}
	return nil
}

// group is the group of the method that runs, and its protocol: nil for one that there is
// not, that has no servers, or that nobody can ask.
func (d *Dialogue) group() (*protocol, *Group) {
	if d.Settings.Group == nil || d.service.outside.Network == nil {
		return nil, nil
	}
	g, ok := d.Settings.Group(d.Ref.Group)
	if !ok || len(g.Servers) == 0 {
		return nil, nil
	}
	return protocolOf(g.Protocol), &g
}

// serverAsks reports whether the first method of the list asks for the name itself.
func (d *Dialogue) serverAsks() bool {
	if d.Settings.Group == nil || len(d.Request.List.Methods) == 0 || d.Request.List.Methods[0].Name != group.Name {
		return false
	}
	g, ok := d.Settings.Group(d.Request.List.Methods[0].Group)
	p := protocolOf(g.Protocol)
	return ok && len(g.Servers) > 0 && p != nil && p.asksUser && d.service.outside.Network != nil
}

// ordered are the servers of a group as a request asks them, and the name of the user: the
// one server that the user names (user@server), else the one that has let the user in, and
// the others in order.
func (d *Dialogue) ordered(g *Group) (servers []Server, user string) {
	user = d.Request.User
	if at := strings.LastIndexByte(user, '@'); at >= 0 && d.Settings.Directed {
		name, host := user[:at], user[at+1:]
		for _, s := range g.Servers {
			if s.Host == host || s.Name == host {
				return []Server{s}, name
			}
		}
		if d.Settings.Restricted {
			return nil, user
		}
	}
	servers = slices.Clone(g.Servers)
	if i := slices.IndexFunc(servers, func(s Server) bool { return s.id(g.Protocol) == d.Request.Login.from }); i > 0 {
		first := servers[i]
		servers = slices.Insert(slices.Delete(servers, i, i+1), 0, first)
	}
	return servers, user
}
