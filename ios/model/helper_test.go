package model

import "vtylab/config"

// parsed is a configuration and what its text led to.
type parsed struct {
	*config.Script
	Config *Config
}

// parse applies a text to the factory configuration of the test's release.
func parse(text string) parsed {
	c, s := lang.Parse(text)
	return parsed{s, c}
}

// merge applies a text on top of a configuration.
func merge(c *Config, text string) parsed { return parsed{lang.Merge(c, text), c} }
