package model

import "vtylab/config"

// What has no behaviour yet is shown in its place, because every configuration has
// it. Help texts are from memory.

var namesRows = []row[Config]{
	{`names "Enable/Disable IP address to name mapping"`, shownOnly("names\n")},
}

var promptRows = []row[Config]{
	{`prompt "Configure session prompt display" hostname "Configure session prompt display" context "Display the current context in the session prompt"`, shownOnly("prompt hostname context")},
}

// shownOnly is a line that stands in every configuration.
func shownOnly(line string) config.Setting[Config] {
	return config.Setting[Config]{
		Set:  func(*config.Call, *Config, *Config) error { return nil },
		Show: func(v *config.View, _, _ *Config) { v.Line("%s", line) },
	}
}

var pagerRows = []row[Config]{
	{`pager "Control page length for pagination" lines "The number of lines per page" <0-2147483647>$lines "Page length, 0 is no paging"`, pager},
	{`pager <0-2147483647>$lines "Page length, 0 is no paging"`, config.Alternate(pager)},
}

// pager is `pager lines N`; `no pager` is none.
var pager = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error { t.Pager, _ = c.Args.Int("lines"); return nil },
	No:  func(_ *config.Call, t, _ *Config) error { t.Pager = 0; return nil },
	Show: func(v *config.View, t, _ *Config) {
		if t.Pager == 0 {
			v.Line("no pager")
			return
		}
		v.Line("pager lines %d", t.Pager)
	},
}

var consoleRows = []row[Config]{
	{`console "Serial console functions" timeout "Configure the idle timeout of the serial console" <0-60>$minutes "Idle time in minutes, 0 is for ever"`,
		config.Always(config.Int(func(c *Config) *int { return &c.Console.Timeout }))},
}
