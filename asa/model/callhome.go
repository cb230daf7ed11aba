package model

import "vtylab/config"

// Reporting is what was said to anonymous reporting: nothing yet, yes, or no.
type Reporting int

// The answers.
const (
	Unasked Reporting = iota
	Reports
	Silent
)

var callHomeRows = []row[Config]{
	{`call-home "Smart Call-Home Configuration" reporting "Configure reporting" anonymous "Enable anonymous reporting"`, config.Setting[Config]{
		Set: func(_ *config.Call, t, _ *Config) error { t.CallHome = Reports; return nil },
		No:  func(_ *config.Call, t, _ *Config) error { t.CallHome = Silent; return nil },
		Show: func(v *config.View, t, _ *Config) {
			switch t.CallHome {
			case Reports:
				v.Line("call-home reporting anonymous")
			case Silent:
				v.Line("no call-home reporting anonymous")
			}
		},
	}},
}
