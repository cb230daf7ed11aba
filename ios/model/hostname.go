package model

import (
	"strings"

	"vtylab/config"
)

// versionRows take the `version` line of a configuration that is pasted back;
// the release prints its own.
var versionRows = []row[Config]{
	{`version "Set the configuration version" WORD "Version of the configuration"`, config.Setting[Config]{
		Set:  func(*config.Call, *Config, *Config) error { return nil },
		No:   func(*config.Call, *Config, *Config) error { return nil },
		Show: func(v *config.View, t, _ *Config) { v.Line("version %s", t.Release.Version) },
	}},
}

// hostnameRows name the device.
var hostnameRows = []row[Config]{
	{`hostname "Set system's network name"
	  WORD$name "This system's network name"`,
		config.Setting[Config]{
			Set: func(c *config.Call, t, _ *Config) error {
				name := c.Value()
				if !validHostname(name) {
					return config.Refusal("% Hostname contains one or more illegal characters.")
				}
				t.Hostname = name
				return nil
			},
			No: func(c *config.Call, t, _ *Config) error {
				t.Hostname = root(c).Release.Traits.FactoryHostname
				return nil
			},
			Show: func(v *config.View, t, _ *Config) { v.Line("hostname %s", t.Hostname) },
		}},
	{`prompt "Set system's prompt" LINE$text "Name of the prompt"`, config.Text(func(c *Config) *string { return &c.Prompt })},
}

// FullName is the host name with the domain, where there is one.
func (c *Config) FullName() string {
	if c.Domain.Name == "" {
		return c.Hostname
	}
	return c.Hostname + "." + c.Domain.Name
}

// validHostname holds a name to RFC 1123: at most 63 letters, digits, hyphens
// (IOS also lets dots and underscores pass), beginning with a letter or a digit:
// there are captures of a 3560CX and of 4a3750g-confg.
func validHostname(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return name != "" && len(name) <= 63 && strings.ContainsRune(letters+"0123456789", rune(name[0])) &&
		strings.Trim(name, letters+"0123456789-._") == ""
}
