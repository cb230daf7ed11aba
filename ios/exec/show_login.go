package exec

import (
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
	if c.Login.LogSuccess {
		s.Println("     All successful login is logged.")
	}
	if c.Login.LogFailure {
		s.Println("     All failed login is logged.")
	}
	s.Println("")
	printLoginWatch(s, c.Login)
	return nil
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

// printLoginWatch shows a watch that counts nothing: no failure is counted here.
func printLoginWatch(s *Session, l model.LoginProtection) {
	if l.Within == 0 {
		s.Println("     Router NOT enabled to watch for login Attacks")
		return
	}
	booted, _ := s.Device.Booted()
	left := l.Within - int(s.Device.Now().Sub(booted).Seconds())%l.Within
	s.Printf(`     Router enabled to watch for login Attacks.
     If more than %d login failures occur in %d seconds or less,
     logins will be disabled for %d seconds.

     Router presently in Normal-Mode.
     Current Watch Window
         Time remaining: %d seconds.
         Login failures for current window: 0.
     Total login failures: 0.
`, l.Attempts, l.Within, l.BlockFor, left)
}

func showLoginFailures(s *Session, _ cli.Args) error {
	s.Println("*** No logged failed login attempts with the device.***")
	return nil
}
