package model

import (
	"strconv"

	"vtylab/config"
	"vtylab/secret"
)

// User is an entry of the local user database.
type User struct {
	Name       string
	Password   secret.Secret
	NoPassword bool
	Privilege  int
}

// DefaultPrivilege is what a user has whose level was never set.
const DefaultPrivilege = 2

// Help texts are from memory.
var userRows = []row[Config]{
	{`username "Configure user authentication local database" WORD$user "Name of the user" /
		{nopassword "Indicates that this user has no password" | password "The password for this user" WORD!$password "The password for this user" ` + passwordForm + `}
		[privilege "Set the privilege level for the user" <0-15>$level "The privilege level for the user"]`, userEntry},
	{`username WORD$user / privilege "Set the privilege level for the user" <0-15>$level "The privilege level for the user"`, config.Alternate(userEntry)},
}

var userEntry = config.Setting[Config]{
	Before: askPassword, Ahead: true,
	Set: func(c *config.Call, t, _ *Config) error {
		u := User{Name: c.Args.Get("user"), Privilege: DefaultPrivilege}
		if old, ok := t.Users.Get(u.Name); ok {
			u = *old
		}
		if s, given := c.Answer.(secret.Secret); given {
			u.Password, u.NoPassword = s, false
		}
		if c.Args.Has("nopassword") {
			u.Password, u.NoPassword = secret.Secret{}, true
		}
		if level, given := c.Args.Int("level"); given {
			u.Privilege = level
		}
		t.Users.Put(u.Name, u)
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error { t.Users.Delete(c.Args.Get("user")); return nil },
	Show: func(v *config.View, t, _ *Config) {
		for u := range t.Users.All() {
			v.Line("%s", u)
		}
	},
}

// String is the configuration line.
func (u *User) String() string {
	line := "username " + u.Name
	switch {
	case u.NoPassword:
		line += " nopassword"
	case !u.Password.IsZero():
		line += " password " + shownPassword(u.Password)
	}
	if u.Privilege != DefaultPrivilege || line == "username "+u.Name {
		line += " privilege " + strconv.Itoa(u.Privilege)
	}
	return line
}
