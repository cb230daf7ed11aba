package model

import "vtylab/config"

// CDP is the configuration of the Cisco Discovery Protocol. Times are in seconds.
type CDP struct {
	Run             bool
	Timer, HoldTime int
}

// NewCDP is CDP as a device begins with it.
func NewCDP() CDP { return CDP{Run: true, Timer: 60, HoldTime: 180} }

var cdpRows = []row[Config]{
	{`cdp "Global CDP configuration subcommands" timer "Specify the rate at which CDP packets are sent (in sec)" <5-254>$seconds "Rate at which CDP packets are sent (in sec)"`,
		config.Unlisted(config.Int(func(c *Config) *int { return &c.CDP.Timer }))},
	{`cdp holdtime "Specify the holdtime (in sec) to be sent in packets" <10-255>$seconds "Length of time (in sec) that receiver must keep this packet"`,
		config.Unlisted(config.Int(func(c *Config) *int { return &c.CDP.HoldTime }))},
	{`cdp run "Enable CDP"`, config.Unlisted(config.Flag(func(c *Config) *bool { return &c.CDP.Run }))},
}

// RunsCDP reports whether an interface says who the device is: it does unless `no cdp
// run` or its `no cdp enable` says otherwise.
func (c *Config) RunsCDP(i *Interface) bool {
	return c.CDP.Run && i.CDP && Physical(i.Name)
}
