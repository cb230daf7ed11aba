package model

import (
	"vtylab/cli"
	"vtylab/config"
)

// LoginProtection is the `login …` family: which logins are logged, and what
// failures lead to.
type LoginProtection struct {
	LogSuccess, LogFailure int // each login is logged, or each so manieth; 0: none
	// Attempts failures Within so many seconds make the device refuse logins over the
	// network for BlockFor seconds, its quiet mode. BlockFor 0: there is none.
	BlockFor, Attempts, Within int
	Delay                      int    // seconds that a refusal takes, 0: see Pause
	QuietList                  string // access list of who may log in all the same
}

// Pause is how many seconds a refusal takes: `login delay`, which is 1 under `login
// block-for` (ios-cli C4).
func (l *LoginProtection) Pause() int {
	if l.Delay == 0 && l.BlockFor != 0 {
		return 1
	}
	return l.Delay
}

// The traps of `login on-failure trap` are not emulated, so the word is refused.
var loginRows = []row[Config]{
	{`login "Enable secure login checking" on-failure "Set options for failed login attempt" log "Generate syslogs on failure logins" / [every "Periodicity of logging" <1-65535>$every "Periodicity of logging"]`,
		loginLog(func(l *LoginProtection) *int { return &l.LogFailure })},
	{`login on-success "Set options for successful login attempt" log "Generate syslogs on successful logins" / [every "Periodicity of logging" <1-65535>$every "Periodicity of logging"]`,
		loginLog(func(l *LoginProtection) *int { return &l.LogSuccess })},
	{`login block-for "Set quiet-mode active time period" <1-65535>$block "Time period in seconds" attempts "Set max number of fail attempts" <1-65535>$attempts "Fail attempts max value"
	  within "Watch period for fail attempts" <1-65535>$within "Time period in seconds"`, blockFor},
	{`login delay "Set delay between successive fail login" <1-10>$delay "Time period in seconds"`,
		config.Unlisted(config.Int(func(c *Config) *int { return &c.Login.Delay }))},
	{`login quiet-mode "Set quiet-mode options" access-class "Set access class to be applied" WORD$acl "Access list"`,
		config.Text(func(c *Config) *string { return &c.Login.QuietList })},
}

// loginLog is `log [every N]`.
func loginLog(field func(*LoginProtection) *int) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			*field(&t.Login) = 1
			if n, ok := c.Args.Int("every"); ok {
				*field(&t.Login) = n
			}
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { *field(&t.Login) = 0; return nil },
		Reset: func(_ *config.Call, t, fresh *Config) error {
			*field(&t.Login) = *field(&fresh.Login)
			return nil
		},
		Show: func(v *config.View, t, fresh *Config) {
			switch n := *field(&t.Login); {
			case !v.All && n == *field(&fresh.Login):
			case n == 0:
				v.Line("no %s", v.Words)
			case n == 1:
				v.Line("%s", v.Words)
			default:
				v.Line("%s every %d", v.Words, n)
			}
		},
	}
}

// blockFor is `login block-for`; without it nothing of the family is left (ios-cli C4).
var blockFor = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.Login.watch(c.Args)
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error { t.Login = LoginProtection{}; return nil },
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
