package model

import "vtylab/config"

// Telnet is what `ip telnet` says of the client.
type Telnet struct {
	SourceInterface string
}

var telnetRows = []row[Config]{
	{`ip telnet "Specify telnet options" source-interface "Specify interface for source address in telnet connections" INTERFACE$if "Interface"`,
		config.Text(func(c *Config) *string { return &c.Telnet.SourceInterface })},
}
