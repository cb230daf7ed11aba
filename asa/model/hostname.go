package model

import (
	"strings"

	"vtylab/config"
)

// Hostname is what a device is called that nobody has named.
const Hostname = "ciscoasa"

var hostnameRows = []row[Config]{
	{`hostname "Change host name of the system" WORD$name "New host name for this system"`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			if !validHostname(c.Value()) {
				return config.Refusal("ERROR: % Invalid Hostname")
			}
			t.Hostname = c.Value()
			return nil
		},
		No:   func(_ *config.Call, t, _ *Config) error { t.Hostname = Hostname; return nil },
		Show: func(v *config.View, t, _ *Config) { v.Line("hostname %s", t.Hostname) },
	}},
}

// validHostname holds a name to at most 63 letters, digits and hyphens, with a
// letter or digit at both ends.
func validHostname(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	return name != "" && len(name) <= 63 && strings.Trim(name, letters+"-") == "" && strings.Trim(name, "-") == name
}
