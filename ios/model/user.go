package model

import (
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/secret"
)

// Users are the local users. Names that differ in case only are different users;
// method `local` finds the first of them.
type Users struct {
	config.Table[string, User]
	folded config.Table[string, string] // lower case → the first such name
}

func (u Users) clone() Users { return Users{u.Table.Clone(), u.folded.Clone()} }

// Put adds or replaces a user.
func (u *Users) Put(name string, v User) {
	u.Table.Put(name, v)
	if lower := strings.ToLower(name); !u.folded.Has(lower) {
		u.folded.Put(lower, name)
	}
}

// Delete removes a user.
func (u *Users) Delete(name string) {
	lower := strings.ToLower(name)
	if !u.Table.Delete(name) {
		return
	}
	if first, _ := u.folded.Get(lower); *first != name {
		return
	}
	u.folded.Delete(lower)
	for other := range u.All() {
		if strings.EqualFold(other.Name, name) {
			u.folded.Put(lower, other.Name)
			return
		}
	}
}

// Find returns the user of a name. With exact false the case of the name does not
// matter.
func (u *Users) Find(name string, exact bool) (*User, bool) {
	if !exact {
		first, ok := u.folded.Get(strings.ToLower(name))
		if !ok {
			return nil, false
		}
		name = *first
	}
	return u.Get(name)
}

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

var userRows = []row[Config]{
	{`username "Establish User Name Authentication" WORD$user "User name" / ` + userOptions, userEntry(nil)},
	{`username WORD$user / ` + userOptions + ` password "Specify the password for the user" ` + passwordGrammar("user"),
		config.Alternate(userEntry(askSecret(false)))},
	{`username WORD$user / ` + userOptions + ` secret "Specify the secret for the user" ` + secretGrammar("user"),
		config.Alternate(ahead(userEntry(askSecret(true))))},
	{`username WORD$user / ` + userOptions + ` ` + algorithmGrammar + ` secret "Specify the secret for the user" LINE!$text "The UNENCRYPTED (cleartext) user secret"`,
		config.Alternate(ahead(userEntry(askSecret(true))))},
	{`username WORD$user / ` + userOptions + ` @masked-secret`, config.Alternate(userEntry(askMasked))},
	{`username WORD$user / ` + userOptions + ` autocommand "Automatically issue a command after the user logs in" LINE$autocommand "Command to be automatically issued after the user logs in"`,
		config.Alternate(userEntry(nil))},
}

// userEntry merges what was typed into the user of that name.
func userEntry(before func(*config.Call) error) config.Setting[Config] {
	return config.Setting[Config]{
		Before: func(c *config.Call) error {
			if c.Args.Has("no") {
				return confirmNoUsername(c)
			}
			if before == nil {
				return nil
			}
			return before(c)
		},
		Set: setUser,
		No: func(c *config.Call, t, _ *Config) error {
			if c.Answer == false {
				return nil
			}
			name := c.Args.Get("user")
			t.Users.Delete(name)
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for u := range t.Users.All() {
				u.show(v)
			}
		},
	}
}

// askMasked asks for a secret twice, without echo.
func askMasked(c *config.Call) error {
	first, err := c.UI.Secret("Enter secret: ")
	if err != nil {
		return err
	}
	again, err := c.UI.Secret("Confirm secret: ")
	if err != nil {
		return err
	}
	if first != again || first == "" {
		return config.Refusal("% Password mismatch") // from memory
	}
	s, err := given(c, first, true)
	c.Answer = s
	return err
}

func confirmNoUsername(c *config.Call) error {
	if !root(c).Release.Traits.ConfirmNoUsername {
		return nil
	}
	ok, err := c.UI.Confirm("This operation will remove all username related configurations with same name.Do you want to continue?")
	c.Answer = ok
	return err
}

func setUser(c *config.Call, t, _ *Config) error {
	name := c.Args.Get("user")
	u := User{Name: name, Privilege: 1}
	if old, ok := t.Users.Get(name); ok {
		u = *old
	}
	u.merge(c.Args)
	if root(c).Release.Traits.LogsUsers {
		c.Note(config.Notice{Facility: "AAA", Severity: 6, Mnemonic: "USERNAME_CONFIGURATION", Text: "user with username: " + name + " configured"})
	}
	if s, given := c.Answer.(secret.Secret); given {
		if err := u.guard(c, s); err != nil {
			return err
		}
	}
	t.Users.Put(name, u)
	return nil
}

// guard gives the user a password or secret, which exclude each other.
func (u *User) guard(c *config.Call, s secret.Secret) error {
	hash := c.Args.Has("secret") || c.Args.Has("masked-secret")
	if (hash && u.Password.Text != "") || (!hash && u.Secret.Text != "") {
		return config.Refusal("ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.")
	}
	if hash {
		u.Secret = s
	} else {
		deprecatedType(c, s, root(c).Release.Traits.Type0Warning)
		u.Password = protect(c, s)
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
func (u User) show(v *config.View) {
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
