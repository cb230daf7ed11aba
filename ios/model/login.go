package model

import (
	"vtylab/cli"
	"vtylab/config"
)

// LoginProtection is the `login …` family: which logins are logged, and what
// failures lead to.
type LoginProtection struct {
	LogSuccess, LogFailure bool
	// More than Attempts failures Within so many seconds make the device refuse
	// logins for BlockFor seconds, its quiet mode. BlockFor 0: nothing is counted.
	BlockFor, Attempts, Within int
	Delay                      int    // seconds between logins, 0: the device's own
	QuietList                  string // access list of who may log in all the same
}

var loginRows = []row[Config]{
	{`login "Enable secure login checking" on-failure "Set options for failed login attempt" log "Generate syslogs on failure logins"`,
		config.Flag(func(c *Config) *bool { return &c.Login.LogFailure })},
	{`login on-success "Set options for successful login attempt" log "Generate syslogs on successful logins"`,
		config.Flag(func(c *Config) *bool { return &c.Login.LogSuccess })},
	{`login block-for "Set quiet-mode active time period" <1-65535>$block "Time period in seconds" attempts "Set max number of fail attempts" <1-65535>$attempts "Fail attempts max value"
	  within "Watch period for fail attempts" <1-65535>$within "Time period in seconds"`, blockFor},
	{`login delay "Set delay between successive fail login" <1-10>$delay "Time period in seconds"`,
		config.Unlisted(config.Int(func(c *Config) *int { return &c.Login.Delay }))},
	{`login quiet-mode "Set quiet-mode options" access-class "Set access class to be applied" WORD$acl "Access list"`,
		config.Text(func(c *Config) *string { return &c.Login.QuietList })},
}

var blockFor = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.Login.watch(c.Args)
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error { t.Login.watch(nil); return nil },
	Show: func(v *config.View, t, _ *Config) {
		if l := t.Login; l.BlockFor != 0 {
			v.Line("login block-for %d attempts %d within %d", l.BlockFor, l.Attempts, l.Within)
		}
	},
}

func (l *LoginProtection) watch(a cli.Args) {
	l.BlockFor, _ = a.Int("block")
	l.Attempts, _ = a.Int("attempts")
	l.Within, _ = a.Int("within")
}
