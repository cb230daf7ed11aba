package model

import (
	"time"

	"vtylab/cli"
	"vtylab/config"
)

// Clock is `clock timezone`: a name and the distance from UTC. Summer time is
// kept and has no effect.
type Clock struct {
	Zone           string // "" for UTC
	Hours, Minutes int
}

// Location is the zone for times that are shown.
func (c Clock) Location() *time.Location {
	if c.Zone == "" {
		return time.UTC
	}
	minutes := c.Minutes
	if c.Hours < 0 {
		minutes = -minutes
	}
	return time.FixedZone(c.Zone, (c.Hours*60+minutes)*60)
}

// maxZone bounds the name of a zone, which goes into time stamps.
const maxZone = 7

var clockRows = []row[Config]{
	{`clock "Configure time-of-day clock" timezone "Configure time zone" WORD$zone "name of time zone"
	  <-23-23>$hours "Hours offset from UTC" [<0-59>$minutes "Minutes offset from UTC"]`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			if len(c.Args.Get("zone")) > maxZone {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[2].Pos + maxZone}
			}
			t.Clock.Zone = c.Args.Get("zone")
			t.Clock.Hours, _ = c.Args.Int("hours")
			t.Clock.Minutes, _ = c.Args.Int("minutes")
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { t.Clock = Clock{}; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if k := t.Clock; k.Zone != "" {
				v.Line("clock timezone %s %d %d", k.Zone, k.Hours, k.Minutes)
			}
		},
	}},
}
