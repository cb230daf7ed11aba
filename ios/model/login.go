package model

import "vtylab/config"

// LoginProtection is the `login on-…` family: which logins are logged.
type LoginProtection struct{ LogSuccess, LogFailure bool }

var loginRows = []row[Config]{
	{`login "Enable secure login checking" on-failure "Set options for failed login attempt" log "Generate syslogs on failure logins"`,
		config.Flag(func(c *Config) *bool { return &c.Login.LogFailure })},
	{`login on-success "Set options for successful login attempt" log "Generate syslogs on successful logins"`,
		config.Flag(func(c *Config) *bool { return &c.Login.LogSuccess })},
}
