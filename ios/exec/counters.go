package exec

import (
	"vtylab/cli"
)

var counterCommands = []Command{
	{Syntax: `clear "Reset functions" counters "Clear counters on one or all interfaces" [INTERFACE$name "Interface"]`, Level: 15, Run: clearCounters},
}

// clearCounters asks, and logs; there are no counters.
func clearCounters(s *Session, a cli.Args) error {
	asked, logged := "all interfaces", "all interfaces"
	if name := a.Get("name"); name != "" {
		asked, logged = "this interface", "interface "+name
	}
	ok, err := s.Confirm(`Clear "show interface" counters on ` + asked)
	if err == nil && ok {
		s.Device.Log("CLEAR", 5, "COUNTERS", "Clear counter on %s by %s", logged, origin(s))
	}
	return err
}
