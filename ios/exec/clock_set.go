package exec

import (
	"time"

	"vtylab/cli"
)

var clockSetCommands = []Command{
	{Syntax: `clock "Manage the system clock" set "Set the time and date" hh:mm:ss$time "Current Time"
		{<1-31>$day "Day of the month" MONTH$month "Month of the year" | MONTH$month "Month of the year" <1-31>$day "Day of the month"}
		<1993-2035>$year "Year"`, Level: 15, Run: setClock},
}

func setClock(s *Session, a cli.Args) error {
	clock, err := time.Parse("15:4:5", a.Get("time"))
	if err != nil {
		return errLastWord
	}
	day, _ := a.Int("day")
	year, _ := a.Int("year")
	month := cli.Month(a.Get("month"))
	at := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), 0, s.Config().Clock.Location())
	if at.Month() != month { // the 31st of June
		return errLastWord
	}
	s.Device.SetClock(at, "console by "+s.Name())
	return nil
}
