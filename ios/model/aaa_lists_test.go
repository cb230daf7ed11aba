package model

import (
	"strings"
	"testing"

	"vtylab/secret"
)

// Which list applies, with AAA off and on.
func TestLoginMethods(t *testing.T) {
	methods := func(names ...string) (list []Method) {
		for _, n := range names {
			list = append(list, Method{Name: n})
		}
		return list
	}
	tests := []struct {
		why     string
		prepare func(*Config, *Line)
		ssh     bool
		want    string
		from    string
	}{
		{"login", func(*Config, *Line) {}, false, "line", "login"},
		{"login, over SSH: nobody", func(*Config, *Line) {}, true, "", "login"},
		{"login local", func(_ *Config, l *Line) { l.Login = LoginLocal }, true, "local", "login local"},
		{"no login", func(_ *Config, l *Line) { l.Login = NoLogin }, false, "none", "no login"},
		{"no login, over SSH: nobody", func(_ *Config, l *Line) { l.Login = NoLogin }, true, "", "login"},
		{"login without a password, console", func(_ *Config, l *Line) { l.Kind, l.Password = Console, secret.Secret{} }, false, "none", "login"},
		{"AAA without lists, vty", func(c *Config, _ *Line) { c.AAA.NewModel = true }, true, "local", "aaa new-model"},
		{"AAA without lists, console", func(c *Config, l *Line) { c.AAA.NewModel = true; l.Kind = Console }, false, "none", "aaa new-model"},
		{"named list", func(c *Config, l *Line) {
			c.AAA.NewModel, l.LoginList = true, "X"
			c.AAA.Login.Put("X", methods("enable"))
			c.AAA.Login.Put("default", methods("line"))
		}, true, "enable", "aaa authentication login X"},
		{"undefined list acts as default", func(c *Config, l *Line) {
			c.AAA.NewModel, l.LoginList = true, "Y"
			c.AAA.Login.Put("default", methods("line", "none"))
		}, true, "line none", "aaa authentication login default"},
	}
	for _, tt := range tests {
		c, l := New(), NewLine(VTY, 0)
		l.Password = secret.Secret{Text: "line"}
		tt.prepare(c, &l)
		var names []string
		list, from := c.LoginMethods(&l, tt.ssh)
		for _, m := range list {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != tt.want || from != tt.from {
			t.Errorf("%s: got %q from %q, want %q from %q", tt.why, got, from, tt.want, tt.from)
		}
	}
}
