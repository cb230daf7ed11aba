package config

import "slices"

var aliasRows = []Row[Config]{
	{`alias "Create command alias" {configure "Global configuration mode" | exec "Exec mode"}$mode WORD$name "Alias name" / LINE$text "Command to be aliased"`,
		Setting[Config]{
			Set: func(c *Call, t, _ *Config) error {
				t.dropAlias(c)
				t.Aliases = append(t.Aliases, Alias{c.Args.Get("mode"), c.Args.Get("name"), c.Args.Get("text")})
				return nil
			},
			No: func(c *Call, t, _ *Config) error { t.dropAlias(c); return nil },
			Show: func(v *View, t, _ *Config) {
				for _, a := range t.Aliases {
					v.Line("alias %s %s %s", a.Mode, a.Name, a.Text)
				}
			},
		}},
}

func (c *Config) dropAlias(call *Call) {
	c.Aliases = slices.DeleteFunc(slices.Clone(c.Aliases), func(a Alias) bool {
		return a.Mode == call.Args.Get("mode") && a.Name == call.Args.Get("name")
	})
}
