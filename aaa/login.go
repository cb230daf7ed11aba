package aaa

import (
	"context"
	"slices"

	"vtylab/ios/model"
	"vtylab/secret"
)

// Result is what a method or a list of them comes to.
type Result int

// The answers of a method.
const (
	Pass Result = iota
	Fail
	Error
)

// Attempt is one try to log in on a line.
type Attempt struct {
	Config *model.Config
	Line   model.Line
	// SSH is set for connections that bring a user name with them: without AAA
	// they only know `login local`, whatever the line says.
	SSH            bool
	User, Password string
	// Group asks a server group; nil is a group that does not answer.
	Group func(ctx context.Context, group string) Result
}

// LoginMethods is the list that applies to the line, also when AAA is off.
func (a *Attempt) LoginMethods() []model.Method {
	c := a.Config
	if !c.AAA.NewModel {
		switch {
		case a.Line.Login == model.LoginLocal:
			return []model.Method{{Name: "local"}}
		case a.SSH:
			return nil
		case a.Line.Login == model.LoginPassword && a.Line.Kind == model.Console && a.Line.Password.Text == "":
			// "Login disabled", as the device said: nobody is locked out.
			return []model.Method{{Name: "none"}}
		case a.Line.Login == model.LoginPassword:
			return []model.Method{{Name: "line"}}
		}
		return []model.Method{{Name: "none"}}
	}
	if list, ok := c.AAA.Login[a.Line.LoginList]; ok {
		return list
	}
	if list, ok := c.AAA.Login["default"]; ok {
		return list
	}
	if a.Line.Kind == model.Console {
		return []model.Method{{Name: "none"}}
	}
	return []model.Method{{Name: "local"}}
}

// Asks tells what a prompt on the line must ask for.
func (a *Attempt) Asks() (user, password bool) {
	for _, m := range a.LoginMethods() {
		switch m.Name {
		case "none":
			return user, password
		case "line", "enable":
			password = true
		default:
			return true, true
		}
	}
	return user, password
}

// Login checks the user name and password. It takes the same time for a user
// that does not exist as for a wrong password.
func (a *Attempt) Login(ctx context.Context) Result {
	return each(a.LoginMethods(), func(m model.Method) Result { return a.method(ctx, m) })
}

// each runs a list: the first method that decides, decides.
func each(list []model.Method, try func(model.Method) Result) Result {
	for _, m := range list {
		if r := try(m); r != Error {
			return r
		}
	}
	return Error
}

func (a *Attempt) method(ctx context.Context, m model.Method) Result {
	switch m.Name {
	case "none", "if-authenticated":
		return Pass
	case "local":
		return a.local(false)
	case "local-case":
		return a.local(true)
	case "line":
		return check(a.Line.Password, a.Password)
	case "enable":
		s, _, _ := a.Config.EnablePassword(15)
		return check(s, a.Password)
	case "group":
		if a.Group != nil {
			return a.Group(ctx, m.Group)
		}
	}
	return Error
}

// local is the user database: somebody it does not know is no decision. Whoever
// is named, one password of each type in the database is checked, so that the
// time does not tell a user from nobody, nor the type of a user's password.
func (a *Attempt) local(exact bool) Result {
	u, known := a.Config.Users.Find(a.User, exact)
	var own secret.Secret
	ok := false
	if known {
		own = u.Stored()
	}
	var checked []int
	if !own.IsZero() {
		ok, checked = verify(own, a.Password), append(checked, own.Type)
	}
	for other := range a.Config.Users.All() {
		if s := other.Stored(); !s.IsZero() && !slices.Contains(checked, s.Type) {
			verify(s, a.Password)
			checked = append(checked, s.Type)
		}
	}
	switch {
	case !known:
		return Error
	case ok || u.NoPassword:
		return Pass
	}
	return Fail
}

// verify is where passwords are compared; a test counts.
var verify = secret.Secret.Verify

func check(s secret.Secret, typed string) Result {
	switch {
	case s.IsZero():
		return Error
	case verify(s, typed):
		return Pass
	}
	return Fail
}
