package config

import (
	"slices"
	"strconv"

	"vtylab/cli"
	"vtylab/secret"
)

// User is one `username` entry.
type User struct {
	Name       string
	Privilege  int
	NoPassword bool
	Password   secret.Secret
	Secret     secret.Secret
	// AutoCommand runs after login in place of a shell.
	AutoCommand                   string
	AccessClass, View, Policy     string
	NoHangup, NoEscape, SingleUse bool
	MaxLinks                      int
}

// Stored is the user's password in either form, the zero Secret for none.
func (u User) Stored() secret.Secret {
	if u.Secret.Text != "" {
		return u.Secret
	}
	return u.Password
}

const userOptions = `[privilege "Set user privilege level" <0-15>$privilege "User privilege level"
	| view "Set view name" WORD$view "View name"
	| common-criteria-policy "Enter the common-criteria policy name" WORD$policy "Policy name"
	| nopassword "No password is required for the user to log in"
	| nohangup "Do not disconnect after an automatic command"
	| noescape "Prevent the user from using an escape character"
	| one-time "Specify that the username/password is valid for only one time"
	| access-class "Restrict access by access-class" WORD$acl "Access-list number or name"
	| user-maxlinks "Limit the user's number of inbound links" <1-255>$links "User's maximum number of inbound links"]*`

var userRows = []Row[Config]{
	{`username "Establish User Name Authentication" WORD$user "User name" / ` + userOptions, userEntry(nil)},
	{`username WORD$user / ` + userOptions + ` password "Specify the password for the user" ` + passwordGrammar("user"),
		Alternate(userEntry(askSecret(false)))},
	{`username WORD$user / ` + userOptions + ` secret "Specify the secret for the user" ` + secretGrammar("user"),
		Alternate(userEntry(askSecret(true)))},
	{`username WORD$user / ` + userOptions + ` ` + algorithmGrammar + ` secret "Specify the secret for the user" LINE$text "The UNENCRYPTED (cleartext) user secret"`,
		Alternate(userEntry(askSecret(true)))},
	{`username WORD$user / ` + userOptions + ` @masked-secret`, Alternate(userEntry(askMasked))},
	{`username WORD$user / ` + userOptions + ` autocommand "Automatically issue a command after the user logs in" LINE$autocommand "Command to be automatically issued after the user logs in"`,
		Alternate(userEntry(nil))},
}

// userEntry merges what was typed into the user of that name.
func userEntry(before func(*Call) error) Setting[Config] {
	return Setting[Config]{
		Before: func(c *Call) error {
			if c.Args.Has("no") {
				return confirmNoUsername(c)
			}
			if before == nil {
				return nil
			}
			return before(c)
		},
		Set: setUser,
		No: func(c *Call, t, _ *Config) error {
			if c.Answer == false {
				return nil
			}
			name := c.Args.Get("user")
			t.Users = slices.DeleteFunc(slices.Clone(t.Users), func(u User) bool { return u.Name == name })
			return nil
		},
		Show: func(v *View, t, _ *Config) {
			for _, u := range t.Users {
				u.show(v)
			}
		},
	}
}

// askMasked asks for a secret twice, without echo.
func askMasked(c *Call) error {
	first, err := c.UI.Secret("Enter secret: ")
	if err != nil {
		return err
	}
	again, err := c.UI.Secret("Confirm secret: ")
	if err != nil {
		return err
	}
	if first != again || first == "" {
		return Refusal("% Password mismatch") // from memory
	}
	s, err := c.given(first, true)
	c.Answer = s
	return err
}

func confirmNoUsername(c *Call) error {
	if !c.Traits.ConfirmNoUsername {
		return nil
	}
	ok, err := c.UI.Confirm("This operation will remove all username related configurations with same name.Do you want to continue?")
	c.Answer = ok
	return err
}

func setUser(c *Call, t, _ *Config) error {
	name := c.Args.Get("user")
	i := slices.IndexFunc(t.Users, func(u User) bool { return u.Name == name })
	u := User{Name: name, Privilege: 1}
	if i >= 0 {
		u = t.Users[i]
	}
	u.merge(c.Args)
	if c.Traits.LogsUsers {
		c.Note(Notice{"AAA", 6, "USERNAME_CONFIGURATION", "user with username: " + name + " configured"})
	}
	if s, given := c.Answer.(secret.Secret); given {
		if err := u.guard(c, s); err != nil {
			return err
		}
	}
	if i < 0 {
		t.Users = append(t.Users, u)
	} else {
		t.Users[i] = u
	}
	return nil
}

// guard gives the user a password or secret; nobody has both.
func (u *User) guard(c *Call, s secret.Secret) error {
	hash := c.Args.Has("secret") || c.Args.Has("masked-secret")
	if (hash && u.Password.Text != "") || (!hash && u.Secret.Text != "") {
		return Refusal("ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.")
	}
	if hash {
		u.Secret = s
	} else {
		c.deprecated(s, c.Traits.Type0Warning)
		u.Password = c.protect(s)
	}
	u.NoPassword = false
	return nil
}

func (u *User) merge(a cli.Args) {
	if n, ok := a.Int("privilege"); ok {
		u.Privilege = n
	}
	if n, ok := a.Int("links"); ok {
		u.MaxLinks = n
	}
	if s := a.Get("acl"); s != "" {
		u.AccessClass = s
	}
	if s := a.Get("view"); s != "" {
		u.View = s
	}
	if s := a.Get("policy"); s != "" {
		u.Policy = s
	}
	if s := a.Get("autocommand"); s != "" {
		u.AutoCommand = s
	}
	u.NoHangup = u.NoHangup || a.Has("nohangup")
	u.NoEscape = u.NoEscape || a.Has("noescape")
	u.SingleUse = u.SingleUse || a.Has("one-time")
	if a.Has("nopassword") {
		u.NoPassword, u.Password, u.Secret = true, secret.Secret{}, secret.Secret{}
	}
}

// show prints the entry; autocommand takes the rest of a line, so it has its own.
func (u User) show(v *View) {
	line := "username " + u.Name
	if u.Privilege != 1 {
		line += " privilege " + strconv.Itoa(u.Privilege)
	}
	for _, o := range []struct {
		on   bool
		text string
	}{
		{u.View != "", " view " + u.View}, {u.Policy != "", " common-criteria-policy " + u.Policy},
		{u.NoPassword, " nopassword"}, {u.NoHangup, " nohangup"}, {u.NoEscape, " noescape"}, {u.SingleUse, " one-time"},
		{u.AccessClass != "", " access-class " + u.AccessClass},
		{u.MaxLinks != 0, " user-maxlinks " + strconv.Itoa(u.MaxLinks)},
		{u.Secret.Text != "", " secret " + storedText(u.Secret, false)},
		{u.Password.Text != "", " password " + storedText(u.Password, false)},
	} {
		if o.on {
			line += o.text
		}
	}
	v.Line("%s", line)
	if u.AutoCommand != "" {
		v.Line("username %s autocommand %s", u.Name, u.AutoCommand)
	}
}
