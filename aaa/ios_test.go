package aaa

import (
	"vtylab/ios/model"
	"vtylab/secret"
)

// What IOS makes of its configuration: settings, and the lists of a line. The tests
// hold the service against what IOS does.

func iosSettings(c *model.Config) *Settings {
	return &Settings{
		User: func(name string, exact bool) (User, bool) {
			u, ok := c.Users.Find(name, exact)
			if !ok {
				return User{}, false
			}
			return User{Name: u.Name, Secret: u.Stored(), NoPassword: u.NoPassword, Privilege: u.Privilege,
				AutoCommand: u.AutoCommand, AccessClass: u.AccessClass, MaxLinks: u.MaxLinks, OneTime: u.SingleUse}, true
		},
		Enable:         func(level int) (secret.Secret, bool, bool) { return c.EnablePassword(level) },
		UsernamePrompt: c.AAA.UsernamePrompt,
		PasswordPrompt: c.AAA.PasswordPrompt,
	}
}

func iosList(methods []model.Method) (l List) {
	for _, m := range methods {
		l.Methods = append(l.Methods, MethodRef{Name: m.Name, Group: m.Group})
	}
	return l
}

// iosLogin is the list that applies to a login on a line.
func iosLogin(c *model.Config, l model.Line, ssh bool) List {
	methods, from := c.LoginMethods(&l, ssh)
	list := iosList(methods)
	list.Line = from
	return list
}

// iosExec is the list that authorizes an EXEC on a line.
func iosExec(c *model.Config, l model.Line) List {
	methods, from := c.ExecMethods(&l)
	list := iosList(methods)
	list.Line = from
	return list
}

func iosLine(l model.Line) Line {
	return Line{Password: l.Password, Privilege: l.Privilege, AutoCommand: l.AutoCommand}
}
