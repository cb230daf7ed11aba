package aaa

import (
	"strings"

	"vtylab/ios/model"
	"vtylab/secret"
)

func clear(text string) secret.Secret { return secret.Secret{Type: 0, Text: text} }

func methods(list string) []model.Method {
	var all []model.Method
	for _, m := range strings.Fields(list) {
		name, group, _ := strings.Cut(m, ":")
		all = append(all, model.Method{Name: name, Group: group})
	}
	return all
}

// base has a user Ann at level 15, a line password and an enable secret.
func base() (*model.Config, model.Line) {
	c := model.New()
	for _, u := range []model.User{
		{Name: "Ann", Privilege: 15, Password: clear("ann")},
		{Name: "bob", Privilege: 1, Password: clear("bob"), AutoCommand: "show users"},
		{Name: "free", Privilege: 3, NoPassword: true},
	} {
		c.Users.Put(u.Name, u)
	}
	c.Enable.Secrets = map[int]secret.Secret{15: clear("enable")}
	l := model.NewLine(model.VTY, 0)
	l.Password = clear("line")
	return c, l
}
