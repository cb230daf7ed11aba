package exec

import (
	"time"

	"vtylab/cli"
	"vtylab/ios/model"
)

// The word is typed in full: `show log` is show logging on a device.
var loginCommands = []Command{
	{Syntax: `show "Show running system information" ~login "Display Secure Login Configurations and State"`, Level: 15, Filter: true, Run: showLogin},
	{Syntax: `show ~login failures "Display login failures"`, Level: 15, Filter: true, Run: showLoginFailures},
}

func showLogin(s *Session, _ cli.Args) error {
	c := s.Config()
	printLoginRules(s, c.Login)
	printLoginLog(s, c.Login.LogSuccess, "successful")
	printLoginLog(s, c.Login.LogFailure, "failed")
	s.Println("")
	printLoginWatch(s, c.Login)
	return nil
}

// printLoginLog says which logins are logged; the line for every so many is from memory.
func printLoginLog(s *Session, every int, which string) {
	switch every {
	case 0:
	case 1:
		s.Printf("     All %s login is logged.\n", which)
	default:
		s.Printf("     Every %d %s login is logged.\n", every, which)
	}
}

func printLoginRules(s *Session, l model.LoginProtection) {
	switch {
	case l.Delay != 0:
		s.Printf("     A login delay of %d seconds is applied.\n", l.Delay)
	case l.BlockFor != 0:
		s.Println("     A default login delay of 1 seconds is applied.")
	default:
		s.Println("     No login delay has been applied.")
	}
	if l.QuietList != "" {
		s.Printf("     Quiet-Mode access list %s is applied.\n", l.QuietList)
	} else {
		s.Println("     No Quiet-Mode access list has been configured.")
	}
}

func printLoginWatch(s *Session, l model.LoginProtection) {
	if l.Within == 0 {
		s.Println("     Router NOT enabled to watch for login Attacks")
		return
	}
	s.Printf(`     Router enabled to watch for login Attacks.
     If more than %d login failures occur in %d seconds or less,
     logins will be disabled for %d seconds.

`, l.Attempts, l.Within, l.BlockFor)
	at := s.Device.Moment().Uptime
	if left := s.LoginWatch().Quiet(l, at); left > 0 {
		printQuietMode(s, l, left)
		return
	}
	count, left := s.LoginWatch().InWindow(l, at)
	_, total := s.LoginWatch().Failures()
	s.Printf(`     Router presently in Normal-Mode.
     Current Watch Window
         Time remaining: %d seconds.
         Login failures for current window: %d.
     Total login failures: %d.
`, wholeSeconds(left), count, total)
}

// printQuietMode shows quiet mode; the line of one with an access list is from memory.
func printQuietMode(s *Session, l model.LoginProtection, left time.Duration) {
	s.Printf("     Router presently in Quiet-Mode.\n     Will remain in Quiet-Mode for %d seconds.\n", wholeSeconds(left))
	if l.QuietList != "" {
		s.Printf("     Restricted logins filtered by applied ACL %s.\n", l.QuietList)
	} else {
		s.Println("     Denying logins from all sources.")
	}
}

// wholeSeconds rounds up: what is left is never 0.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func showLoginFailures(s *Session, _ cli.Args) error {
	last, total := s.LoginWatch().Failures()
	if total == 0 {
		s.Println("*** No logged failed login attempts with the device.***")
		return nil
	}
	s.Printf("Total failed logins: %d\nDetailed information about last %d failures\n\n", total, maxLoginFailures)
	s.Println("Username        SourceIPAddr    lPort Count TimeStamp")
	for _, f := range last {
		s.Printf("%-15s %-15s %-5d %-5d %s\n", f.User, f.Source, f.Port, f.Count, s.Device.Stamp(f.Last))
	}
	return nil
}
