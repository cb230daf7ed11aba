package exec

import (
	"strconv"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/device"
)

var reloadCommands = []Command{
	{Syntax: `reload "Halt and perform a cold restart" [LINE$reason "Reason for reload"]`, Level: 15, Run: reload},
	{Syntax: `reload in "Reload after a time interval" hhh:mm$delay "Delay before reload (mmm or hhh:mm)" [LINE$reason "Reason for reload"]`, Level: 15, Run: reloadIn},
	{Syntax: `reload at "Reload at a specific time/date" hh:mm$time "Time to reload (hh:mm)"
		[<1-31>$day "Day of the month" MONTH$month "Month of the year" | MONTH$month "Month of the year" <1-31>$day "Day of the month"]
		[LINE$reason "Reason for reload"]`, Level: 15, Run: reloadAt},
	{Syntax: `reload cancel "Cancel pending reload"`, Level: 15, Run: reloadCancel},
	{Syntax: `show "Show running system information" reload "Scheduled reload information"`, Level: 1, Filter: true, Run: showReload},
}

// reason is why the device is reloaded.
func reason(a cli.Args) string {
	if text := strings.TrimSpace(a.Get("reason")); text != "" {
		return text
	}
	return "Reload Command"
}

// saved offers to save a configuration that would be lost.
func saved(s *Session) error {
	if !s.Device.Unsaved() {
		return nil
	}
	keep, err := s.YesNo("System configuration has been modified. Save?")
	if err == nil && keep {
		err = save(s, nil)
	}
	return err
}

func reload(s *Session, a cli.Args) error {
	if err := saved(s); err != nil {
		return err
	}
	if a.Get("reason") != "" {
		s.Println("Reload reason: " + reason(a))
	}
	ok, err := s.Confirm("Proceed with reload?")
	if err != nil || !ok {
		return err
	}
	s.Device.Unschedule()
	s.Device.Reload(origin(s), reason(a))
	return s.Logout()
}

// origin is who reloads: console, or admin on vty0 (10.0.0.1).
func origin(s *Session) string { return s.Name() }

func reloadIn(s *Session, a cli.Args) error {
	hours, minutes, found := strings.Cut(a.Get("delay"), ":")
	if !found {
		hours, minutes = "0", hours
	}
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	return schedule(s, a, func() time.Time { return s.Device.Now().Add(time.Duration(60*h+m) * time.Minute) })
}

// reloadAt means the next time that it is that late, of any day or of the one
// given.
func reloadAt(s *Session, a cli.Args) error {
	now := s.Device.Local(s.Device.Now())
	clock, _ := time.Parse("15:4", a.Get("time"))
	year, month, day := now.Date()
	given, dated := a.Int("day")
	if dated {
		month, day = cli.Month(a.Get("month")), given
	}
	at := time.Date(year, month, day, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	switch {
	case at.After(now):
	case dated:
		at = time.Date(year+1, month, day, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	default:
		at = at.AddDate(0, 0, 1)
	}
	if dated && at.Month() != month { // the 31st of June
		return errLastWord
	}
	return schedule(s, a, func() time.Time { return at })
}

// schedule plans a reload; a delay counts from when nothing is left to save.
func schedule(s *Session, a cli.Args, at func() time.Time) error {
	if err := saved(s); err != nil {
		return err
	}
	r := device.Reboot{At: at(), By: origin(s), Reason: reason(a)}
	describeReload(s, r)
	ok, err := s.Confirm("Proceed with reload?")
	if err == nil && ok {
		s.Device.Schedule(r)
	}
	return err
}

func describeReload(s *Session, r device.Reboot) {
	s.Printf("Reload scheduled for %s (in %s) by %s\nReload reason: %s\n", s.Device.Stamp(r.At), span(r.At.Sub(s.Device.Now())), r.By, r.Reason)
}

// span is the time until a reload: its two largest units.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	var parts []string
	for _, u := range []struct {
		n    time.Duration
		name string
	}{{d / time.Hour, "hour"}, {d / time.Minute % 60, "minute"}, {d / time.Second % 60, "second"}} {
		if u.n > 0 && len(parts) < 2 {
			parts = append(parts, plural(int(u.n), u.name))
		}
	}
	if len(parts) == 0 {
		return "0 seconds"
	}
	return strings.Join(parts, " and ")
}

func reloadCancel(s *Session, _ cli.Args) error {
	if !s.Device.Unschedule() {
		s.Println(noReload)
		return nil
	}
	s.Device.Announce(Notice("SHUTDOWN ABORTED"))
	// Two spaces before Scheduled, as captured.
	s.Device.Log("SYS", 5, "SCHEDULED_RELOAD_CANCELLED", " Scheduled reload cancelled at %s", s.Device.Stamp(s.Device.Now()))
	return nil
}

// Notice is what everybody who is logged in is shown of a reload.
func Notice(what string) string { return "\n\n***\n*** --- " + what + " ---\n***\n" }

const noReload = "No reload is scheduled"

func showReload(s *Session, _ cli.Args) error {
	r, ok := s.Device.Scheduled()
	if !ok {
		s.Println(noReload)
		return nil
	}
	describeReload(s, r)
	return nil
}
