package exec

import (
	"fmt"
	"time"

	"vtylab/cli"
)

var userCommands = []Command{
	{Syntax: `show "Show running system information" users "Display information about terminal lines" [all "Include information about inactive ports"]`,
		Level: 1, Filter: true, Run: showUsers},
	{Syntax: `who "Show users"`, Level: 1, Filter: true, Run: showUsers},
	{Syntax: `systat "Display information about terminal lines" [all "Include information about inactive ports"]`, Level: 1, Filter: true, Run: showUsers},
}

func showUsers(s *Session, a cli.Args) error {
	s.Println("    Line       User       Host(s)              Idle       Location")
	for _, l := range s.Device.Lines() {
		x := l.Session()
		if x == nil && !a.Has("all") {
			continue
		}
		mark, user, host, idle := " ", "", "", "00:00:00"
		var more []string
		if x != nil {
			user, host, idle = x.User, "idle", clock(x.Idle())
			if hosts := x.Hosts(); len(hosts) > 0 {
				host, more = hosts[0], hosts[1:]
			}
		}
		if l == s.Line {
			mark = "*"
		}
		s.Printf("%s%3d %s %-5d %-10s %-20s %s %-2s\n", mark, l.TTY, l.Kind, l.Number, user, host, idle, l.Peer())
		for _, host := range more {
			s.Printf("%27s%-20s %s\n", "", host, idle)
		}
	}
	s.Printf("\n  Interface    User               Mode         Idle     Peer Address\n\n")
	return nil
}

// clock is a span as hh:mm:ss.
func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}
