package exec

import (
	"vtylab/cli"
)

var clockCommands = []Command{
	{Syntax: `show "Show running system information" clock "Display the system clock" [detail "Display detailed information"]`,
		Level: 1, Filter: true, Run: showClock},
}

func showClock(s *Session, a cli.Args) error {
	m := s.Device.Moment()
	s.Printf("%s%s\n", m.Mark, m.Time.Format("15:04:05.000 MST Mon Jan 2 2006"))
	if a.Has("detail") {
		s.Println(timeSource(m))
	}
	return nil
}
