package model

import (
	"vtylab/config"
	"vtylab/secret"
)

// Enable is what guards privilege level 15.
type Enable struct{ Password secret.Secret } // zero: none is set

var enableRows = []row[Config]{
	{`enable "Configure password for the enable command" password "Configure password for the enable command" /
		WORD!$password "The password for this privilege level" ` + passwordForm, config.Setting[Config]{
		Before: askPassword, Ahead: true,
		Set: func(c *config.Call, t, _ *Config) error { t.Enable.Password = c.Answer.(secret.Secret); return nil },
		No:  func(_ *config.Call, t, _ *Config) error { t.Enable.Password = secret.Secret{}; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if !t.Enable.Password.IsZero() {
				v.Line("enable password %s", shownPassword(t.Enable.Password))
			}
		},
	}},
}
