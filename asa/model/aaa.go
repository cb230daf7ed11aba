package model

import "vtylab/config"

// AAA is the `aaa` configuration. Only the local database exists.
type AAA struct {
	SSH, Serial, Enable bool // `aaa authentication WHAT console LOCAL`
	AutoEnable          bool // `aaa authorization exec LOCAL auto-enable`
	LoginHistory        bool
}

// NewAAA is what a 9.20 begins with.
func NewAAA() AAA { return AAA{LoginHistory: true} }

const consoleLocal = ` console "Specify this keyword to identify a server group for administrative authentication"
	=LOCAL "Predefined server tag for AAA protocol 'local'"`

// Help texts are from memory.
var aaaRows = []row[Config]{
	{`aaa "Enable, disable, or view user authentication, authorization and accounting" authentication "Configure user authentication parameters"
		ssh "SSH"` + consoleLocal, authentication(func(a *AAA) *bool { return &a.SSH })},
	{`aaa authentication serial "Serial"` + consoleLocal, authentication(func(a *AAA) *bool { return &a.Serial })},
	{`aaa authentication enable "Enable"` + consoleLocal, authentication(func(a *AAA) *bool { return &a.Enable })},
	{`aaa authorization "Configure user authorization parameters" exec "Enable EXEC authorization" =LOCAL "Predefined server tag for AAA protocol 'local'"
		auto-enable "Enter privileged EXEC mode at login"`, config.Flag(func(c *Config) *bool { return &c.AAA.AutoEnable })},
	{`aaa authentication login-history "Enable reporting of login history to administrators"`,
		config.Always(config.Flag(func(c *Config) *bool { return &c.AAA.LoginHistory }))},
}

// authentication is a flag that warns while nobody could log in.
func authentication(field func(*AAA) *bool) config.Setting[Config] {
	s := config.Flag(func(c *Config) *bool { return field(&c.AAA) })
	set := s.Set
	s.Set = func(c *config.Call, t, fresh *Config) error {
		if t.Users.Len() == 0 {
			say(c, "WARNING: local database is empty! Use 'username' command to define local users.")
		}
		return set(c, t, fresh)
	}
	return s
}

// Local reports which line makes a login on the console or over SSH ask the local
// database.
func (a *AAA) Local(ssh bool) (line string, ok bool) {
	if ssh {
		return "aaa authentication ssh console LOCAL", a.SSH
	}
	return "aaa authentication serial console LOCAL", a.Serial
}
