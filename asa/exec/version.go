package exec

import (
	"fmt"
	"strings"
	"time"

	"vtylab/cli"
)

var versionCommands = []Command{
	{Syntax: `show "Show running system information" version "Display software version"`, Run: showVersion},
}

// showVersion fills in the release's text.
func showVersion(s *Session, _ cli.Args) error {
	r := s.Release()
	booted, _ := s.Device.Booted()
	modified := "Configuration has not been modified since last system restart."
	if c := s.Device.LastChange(); !c.At.IsZero() {
		modified = "Configuration last modified by " + c.By + " at " + Stamp(s.Device.Local(c.At))
	}
	s.Printf("%s", strings.NewReplacer(
		"{hostname}", s.Config().Hostname,
		"{uptime}", uptime(s.Device.Now().Sub(booted)),
		"{serial}", r.Serial,
		"{modified}", modified,
	).Replace(r.ShowVersion))
	return nil
}

// Stamp is a time as ASA writes it: 14:16:30.137 UTC Tue Feb 7 2023.
func Stamp(t time.Time) string { return t.Format("15:04:05.000 MST Mon Jan 2 2006") }

// uptime names the two largest units: 15 days 22 hours, 9 mins 50 secs.
func uptime(d time.Duration) string {
	units := []struct {
		name string
		span time.Duration
	}{{"year", 365 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}, {"min", time.Minute}, {"sec", time.Second}}
	var parts []string
	for _, u := range units {
		n := int(d / u.span)
		d -= time.Duration(n) * u.span
		if n > 0 || len(parts) == 1 || u.name == "sec" && len(parts) == 0 {
			parts = append(parts, counted(n, u.name))
		}
		if len(parts) == 2 {
			break
		}
	}
	return strings.Join(parts, " ")
}

func counted(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
