package config

import "strings"

// versionRows take the `version` line of a configuration that is pasted back;
// the release prints its own.
var versionRows = []Row[Config]{
	{`version "Set the configuration version" WORD "Version of the configuration"`, Setting[Config]{
		Set: func(*Call, *Config, *Config) error { return nil },
		No:  func(*Call, *Config, *Config) error { return nil },
	}},
}

// hostnameRows name the device.
var hostnameRows = []Row[Config]{
	{`hostname "Set system's network name"
	  WORD$name "This system's network name"`,
		Setting[Config]{
			Set: func(c *Call, t, _ *Config) error {
				name := c.Value()
				if !validHostname(name) {
					return Refusal("% Hostname contains one or more illegal characters.")
				}
				t.Hostname = name
				return nil
			},
			No:   func(c *Call, t, _ *Config) error { t.Hostname = c.Traits.FactoryHostname; return nil },
			Show: func(v *View, t, _ *Config) { v.Line("hostname %s", t.Hostname) },
		}},
	{`prompt "Set system's prompt" LINE$text "Name of the prompt"`, Text(func(c *Config) *string { return &c.Prompt })},
}

// validHostname holds a name to RFC 1123: at most 63 letters, digits, hyphens
// (IOS also lets dots and underscores pass), beginning with a letter or a digit:
// there are captures of a 3560CX and of 4a3750g-confg.
func validHostname(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return name != "" && len(name) <= 63 && strings.ContainsRune(letters+"0123456789", rune(name[0])) &&
		strings.Trim(name, letters+"0123456789-._") == ""
}
