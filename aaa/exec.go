package aaa

import (
	"context"
	"vtylab/ios/model"
)

// Grant is what an authorised user gets.
type Grant struct {
	Privilege   int
	AutoCommand string
}

// AuthorizeExec decides whether the user gets an EXEC, and at which level.
func (a *Attempt) AuthorizeExec(ctx context.Context) (Grant, Result) {
	grant := Grant{Privilege: a.Line.Privilege, AutoCommand: a.Line.AutoCommand}
	if !a.Config.AAA.NewModel {
		if len(a.LoginMethods()) > 0 && a.LoginMethods()[0].Name == "local" {
			grant.local(a.Config, a.User)
		}
		return grant, Pass
	}
	list, ok := a.execMethods()
	if !ok {
		return grant, Pass
	}
	r := each(list, func(m model.Method) Result {
		switch m.Name {
		case "local":
			if !grant.local(a.Config, a.User) {
				return Error
			}
			return Pass
		case "if-authenticated", "none":
			return Pass
		case "group":
			if a.Group != nil {
				return a.Group(ctx, m.Group)
			}
		}
		return Error
	})
	return grant, r
}

// execMethods is the exec authorization list of the line. The console has none
// until `aaa authorization console`.
func (a *Attempt) execMethods() ([]model.Method, bool) {
	if a.Line.Kind == model.Console && !a.Config.AAA.Console {
		return nil, false
	}
	if list, ok := a.Config.AAA.Exec[a.Line.AuthorExec]; ok {
		return list, true
	}
	list, ok := a.Config.AAA.Exec["default"]
	return list, ok
}

// local takes level and autocommand from the user database; a level that was
// never set leaves the line's.
func (g *Grant) local(c *model.Config, user string) bool {
	u, ok := c.Users.Find(user, false)
	if !ok {
		return false
	}
	if u.Privilege != 1 {
		g.Privilege = u.Privilege
	}
	if u.AutoCommand != "" {
		g.AutoCommand = u.AutoCommand
	}
	return true
}
