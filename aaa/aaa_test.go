package aaa

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

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

func TestLogin(t *testing.T) {
	dead := func(context.Context, string) Result { return Error }
	rejects := func(context.Context, string) Result { return Fail }
	tests := []struct {
		why, list, user, password string
		group                     func(context.Context, string) Result
		want                      Result
	}{
		{"local user", "local", "Ann", "ann", nil, Pass},
		{"local ignores the case of names", "local", "ANN", "ann", nil, Pass},
		{"local-case does not", "local-case", "ANN", "ann", nil, Error},
		{"wrong password", "local", "Ann", "x", nil, Fail},
		{"a wrong password ends the list", "local none", "Ann", "x", nil, Fail},
		{"an unknown user moves on", "local none", "eve", "x", nil, Pass},
		{"an unknown user alone", "local", "eve", "x", nil, Error},
		{"nopassword", "local", "free", "", nil, Pass},
		{"empty password is none", "local", "Ann", "", nil, Fail},
		{"line password", "line", "", "line", nil, Pass},
		{"enable password", "enable", "", "enable", nil, Pass},
		{"a silent group moves on", "group:tacacs+ local", "Ann", "ann", dead, Pass},
		{"no servers at all", "group:tacacs+ local", "Ann", "ann", nil, Pass},
		{"a reject ends the list", "group:tacacs+ local", "Ann", "ann", rejects, Fail},
		{"nothing answers", "group:tacacs+", "Ann", "ann", dead, Error},
	}
	for _, tt := range tests {
		c, l := base()
		c.AAA.NewModel = true
		c.AAA.Login = map[string][]model.Method{"default": methods(tt.list)}
		a := Attempt{Config: c, Line: l, User: tt.user, Password: tt.password, Group: tt.group}
		if got := a.Login(t.Context()); got != tt.want {
			t.Errorf("%s: %s with %s/%s: got %d, want %d", tt.why, tt.list, tt.user, tt.password, got, tt.want)
		}
	}
}

// A login checks the same passwords, type by type, whoever is named: a user
// that exists, one that does not, one without a password.
func TestLoginsCostTheSame(t *testing.T) {
	var types []int
	verify = func(s secret.Secret, plain string) bool {
		types = append(types, s.Type)
		return s.Verify(plain)
	}
	defer func() { verify = secret.Secret.Verify }()
	for _, kinds := range [][]int{{}, {0}, {9}, {5, 5, 5}, {0, 9}, {9, 8, 5, 0, 7}} {
		c, l := model.New(), model.NewLine(model.VTY, 0)
		c.AAA.NewModel = true
		for i, kind := range kinds {
			s, err := secret.New(kind, "right", rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			u := model.User{Name: fmt.Sprint("user", i), Secret: s}
			if kind == 0 || kind == 7 {
				u.Password, u.Secret = u.Secret, u.Password
			}
			c.Users.Put(u.Name, u)
		}
		c.Users.Put("bare", model.User{Name: "bare"})
		c.Users.Put("free", model.User{Name: "free", NoPassword: true})
		want := slices.Compact(slices.Sorted(slices.Values(kinds)))
		for _, list := range []string{"local", "local-case"} {
			c.AAA.Login = map[string][]model.Method{"default": methods(list)}
			for _, user := range []string{"user0", "user1", "USER0", "bare", "free", "eve"} {
				for _, password := range []string{"wrong", "right"} {
					types = nil
					a := Attempt{Config: c, Line: l, SSH: true, User: user, Password: password}
					a.Login(t.Context())
					slices.Sort(types)
					if !slices.Equal(types, want) {
						t.Errorf("%s, users with types %v: %q/%q checks types %v, want %v", list, kinds, user, password, types, want)
					}
				}
			}
		}
	}
}

// Which list applies, with AAA off and on.
func TestLoginMethods(t *testing.T) {
	tests := []struct {
		why     string
		prepare func(*model.Config, *model.Line)
		ssh     bool
		want    string
	}{
		{"login", func(*model.Config, *model.Line) {}, false, "line"},
		{"login, over SSH: nobody", func(*model.Config, *model.Line) {}, true, ""},
		{"login local", func(_ *model.Config, l *model.Line) { l.Login = model.LoginLocal }, true, "local"},
		{"no login", func(_ *model.Config, l *model.Line) { l.Login = model.NoLogin }, false, "none"},
		{"no login, over SSH: nobody", func(_ *model.Config, l *model.Line) { l.Login = model.NoLogin }, true, ""},
		{"AAA without lists, vty", func(c *model.Config, _ *model.Line) { c.AAA.NewModel = true }, true, "local"},
		{"AAA without lists, console", func(c *model.Config, l *model.Line) { c.AAA.NewModel = true; l.Kind = model.Console }, false, "none"},
		{"named list", func(c *model.Config, l *model.Line) {
			c.AAA.NewModel, l.LoginList = true, "X"
			c.AAA.Login = map[string][]model.Method{"X": methods("enable"), "default": methods("line")}
		}, true, "enable"},
		{"undefined list acts as default", func(c *model.Config, l *model.Line) {
			c.AAA.NewModel, l.LoginList = true, "Y"
			c.AAA.Login = map[string][]model.Method{"default": methods("line")}
		}, true, "line"},
	}
	for _, tt := range tests {
		c, l := base()
		tt.prepare(c, &l)
		a := Attempt{Config: c, Line: l, SSH: tt.ssh}
		var names []string
		for _, m := range a.LoginMethods() {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.why, got, tt.want)
		}
	}
}

func TestAuthorizeExec(t *testing.T) {
	tests := []struct {
		why, list, user string
		prepare         func(*model.Config, *model.Line)
		level           int
		want            Result
	}{
		{"AAA off, login local", "", "Ann", func(c *model.Config, l *model.Line) { c.AAA.NewModel, l.Login = false, model.LoginLocal }, 15, Pass},
		{"AAA on, no list: level 1", "", "Ann", nil, 1, Pass},
		{"AAA on, no list: the line's level", "", "Ann", func(_ *model.Config, l *model.Line) { l.Privilege = 7 }, 7, Pass},
		{"local", "local", "Ann", nil, 15, Pass},
		{"local, unknown user", "local", "eve", nil, 1, Error},
		{"if-authenticated gives no level", "if-authenticated", "Ann", nil, 1, Pass},
		{"dead servers and no fallback", "group:tacacs+", "Ann", nil, 1, Error},
		{"dead servers, then local", "group:tacacs+ local", "Ann", nil, 15, Pass},
		{"the console is left alone", "group:tacacs+", "Ann", func(_ *model.Config, l *model.Line) { l.Kind = model.Console }, 1, Pass},
		{"unless told otherwise", "local", "Ann", func(c *model.Config, l *model.Line) { l.Kind, c.AAA.Console = model.Console, true }, 15, Pass},
	}
	for _, tt := range tests {
		c, l := base()
		c.AAA.NewModel = true
		if tt.list != "" {
			c.AAA.Exec = map[string][]model.Method{"default": methods(tt.list)}
		}
		if tt.prepare != nil {
			tt.prepare(c, &l)
		}
		a := Attempt{Config: c, Line: l, User: tt.user}
		grant, got := a.AuthorizeExec(t.Context())
		if got != tt.want || grant.Privilege != tt.level {
			t.Errorf("%s: got level %d, %d, want %d, %d", tt.why, grant.Privilege, got, tt.level, tt.want)
		}
	}
	c, l := base()
	c.AAA.NewModel, c.AAA.Exec = true, map[string][]model.Method{"default": methods("local")}
	if grant, _ := (&Attempt{Config: c, Line: l, User: "bob"}).AuthorizeExec(t.Context()); grant.AutoCommand != "show users" {
		t.Errorf("autocommand: got %q", grant.AutoCommand)
	}
}

func TestEnable(t *testing.T) {
	c, l := base()
	try := func(password string, level int) Result {
		return (&Attempt{Config: c, Line: l, Password: password}).Enable(t.Context(), level)
	}
	if try("enable", 15) != Pass || try("x", 15) != Fail || try("enable", 7) != Error {
		t.Error("enable secret of level 15")
	}
	if (&Attempt{Config: c}).EnableAsks(7) || !(&Attempt{Config: c}).EnableAsks(15) {
		t.Error("a level without a password is not asked for one")
	}
	c.AAA.NewModel, c.AAA.Enable = true, map[string][]model.Method{"default": methods("none")}
	if (&Attempt{Config: c}).EnableAsks(15) || try("", 15) != Pass {
		t.Error("method none asks for nothing")
	}
}
