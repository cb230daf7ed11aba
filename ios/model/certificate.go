package model

import "vtylab/config"

// dataHook is for a command behind which the lines of a certificate or of a public
// key follow: it asks for them, and those that are there are replaced.
func dataHook(invitation string) config.Hook {
	return config.Hook{
		Ask: func(c *config.Call) error {
			if !c.Args.Has("no") {
				c.UI.Invite(invitation)
			}
			return nil
		},
		Edit: func(c *config.Call, f config.Form) (bool, error) {
			if f == config.Set {
				root(c).Passive.DropBlock(config.Inside(c.Key, config.Printed(c.Args)))
			}
			return false, nil
		},
	}
}
