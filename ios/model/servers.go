package model

import (
	"strings"

	"vtylab/config"
	"vtylab/secret"
)

// deprecated is the warning of the old way to name a server (ios-cli C5).
func deprecated(instead string) func(c *config.Call, v config.Form) (bool, error) {
	return func(c *config.Call, v config.Form) (bool, error) {
		if v == config.Set {
			words := strings.Fields(c.Args.String())
			c.UI.Say("Warning: The cli will be deprecated soon")
			c.UI.Say(" '" + strings.Join(words[:min(3, len(words))], " ") + "'")
			c.UI.Say(" Please move to '" + instead + " <name>' CLI")
		}
		return false, nil
	}
}

// protectKey applies `service password-encryption` to the key of a server.
func protectKey(c *config.Call, s secret.Secret) secret.Secret {
	if !root(c).Service.PasswordEncryption {
		return s
	}
	return config.EncryptKey(s, c.Rand)
}
