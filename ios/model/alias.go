package model

import "vtylab/config"

// Alias is `alias MODE NAME TEXT`.
type Alias struct{ Mode, Name, Text string }

type aliasID struct{ mode, name string }

var aliasRows = []row[Config]{
	{`alias "Create command alias" {configure "Global configuration mode" | exec "Exec mode"}$mode WORD$name "Alias name" / LINE$text "Command to be aliased"`,
		config.Setting[Config]{
			Set: func(c *config.Call, t, _ *Config) error {
				id := aliasOf(c)
				t.Aliases.Delete(id) // one that is replaced goes behind the others
				t.Aliases.Put(id, Alias{id.mode, id.name, c.Args.Get("text")})
				return nil
			},
			No: func(c *config.Call, t, _ *Config) error { t.Aliases.Delete(aliasOf(c)); return nil },
			Show: func(v *config.View, t, _ *Config) {
				for a := range t.Aliases.All() {
					v.Line("alias %s %s %s", a.Mode, a.Name, a.Text)
				}
			},
		}},
}

// ExecAlias is the text that a word of EXEC stands for.
func (c *Config) ExecAlias(word string) (text string, ok bool) {
	a, ok := c.Aliases.Get(aliasID{"exec", word})
	if !ok {
		return "", false
	}
	return a.Text, true
}

func aliasOf(c *config.Call) aliasID { return aliasID{c.Args.Get("mode"), c.Args.Get("name")} }
