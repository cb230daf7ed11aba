package exec

import (
	"fmt"
	"strings"
	"time"

	"vtylab/cli"
)

var versionCommands = []Command{
	{Syntax: `show "Show running system information" version "System hardware and software status"`, Level: 1, Filter: true, Run: showVersion},
	{Syntax: `show inventory "Show the physical inventory" [raw "Show all physical inventory"]`, Level: 1, Filter: true, Run: showInventory},
}

func showInventory(s *Session, _ cli.Args) error {
	s.Printf("%s\n", s.Release.Show.Inventory)
	return nil
}

// showVersion fills in the release's text.
func showVersion(s *Session, _ cli.Args) error {
	booted, reason := s.Device.Booted()
	at := s.Device.Stamp(booted)
	s.Println(strings.TrimSuffix(strings.NewReplacer(
		"{hostname}", s.Config().Hostname,
		"{uptime}", spell(s.Device.Now().Sub(booted)),
		"{reason}", reason,
		"{restarted}", at,
	).Replace(s.Release.Show.Version), "\n"))
	return nil
}

// spell is an uptime in words: 2 weeks, 2 days, 18 hours, 23 minutes.
func spell(d time.Duration) string {
	var parts []string
	left := int(d / time.Minute)
	for _, u := range []struct {
		name    string
		minutes int
	}{{"year", 365 * 24 * 60}, {"week", 7 * 24 * 60}, {"day", 24 * 60}, {"hour", 60}} {
		if n := left / u.minutes; n > 0 {
			parts = append(parts, plural(n, u.name))
			left %= u.minutes
		}
	}
	return strings.Join(append(parts, plural(left, "minute")), ", ")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
