package model

import (
	"maps"
	"slices"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/secret"
)

// Enable holds what guards the privilege levels, by level.
type Enable struct {
	Secrets, Passwords map[int]secret.Secret
}

var enableRows = []row[Config]{
	{`enable "Modify enable password parameters" secret "Assign the privileged level secret (MAX of 25 characters)"
	  / [level "Set exec level password" <1-15>$level "Level number"] ` + secretGrammar("'enable'"), ahead(enableGuard(true))},
	{`enable ` + algorithmGrammar + ` secret "Assign the privileged level secret"
	  [level "Set exec level password" <1-15>$level "Level number"] LINE!$text "The UNENCRYPTED (cleartext) 'enable' secret"`,
		config.Alternate(ahead(enableGuard(true)))},
	{`enable [` + algorithmGrammar + `] @masked-secret`, config.Alternate(maskedEnable())},
	{`enable password "Assign the privileged level password (MAX of 25 characters)"
	  / [level "Set exec level password" <1-15>$level "Level number"] ` + passwordGrammar("'enable'"), enableGuard(false)},
}

// maskedEnable is `enable secret` with the secret asked for.
func maskedEnable() config.Setting[Config] {
	s := enableGuard(true)
	s.Before = askMasked
	return s
}

// enableGuard is `enable secret` or `enable password`.
func enableGuard(hash bool) config.Setting[Config] {
	field := func(c *Config) *map[int]secret.Secret {
		if hash {
			return &c.Enable.Secrets
		}
		return &c.Enable.Passwords
	}
	return config.Setting[Config]{
		Before: askSecret(hash),
		Set: func(c *config.Call, t, _ *Config) error {
			s := c.Answer.(secret.Secret)
			level := guardedLevel(c.Args)
			if other, ok := t.Enable.Secrets[level]; !hash && ok {
				if plain, known := s.Reveal(); known && other.Verify(plain) {
					c.UI.Say("The enable password you have chosen is the same as your enable secret.")
					c.UI.Say("This is not recommended.  Re-enter the enable password.")
				}
			}
			deprecatedType(c, s, root(c).Release.Traits.EnableType0Warning)
			m := maps.Clone(*field(t))
			if m == nil {
				m = map[int]secret.Secret{}
			}
			m[level] = protect(c, s)
			*field(t) = m
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			m := maps.Clone(*field(t))
			delete(m, guardedLevel(c.Args))
			*field(t) = m
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for _, level := range slices.Sorted(maps.Keys(*field(t))) {
				at := ""
				if level != 15 {
					at = "level " + itoa(level) + " "
				}
				v.Line("%s %s%s", v.Words, at, storedText((*field(t))[level], true))
			}
		},
	}
}

func guardedLevel(a cli.Args) int {
	if n, ok := a.Int("level"); ok {
		return n
	}
	return 15
}
