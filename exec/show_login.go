package exec

import (
	"fmt"
	"strings"

	"vtylab/cli"
	"vtylab/device"
)

var loginCommands = []device.Command{
	{Syntax: `show "Show running system information" login "Display Secure Login Configurations and State"`, Level: 15, Filter: true, Run: showLogin},
	{Syntax: `show login failures "Display login failures"`, Level: 15, Filter: true, Run: showLoginFailures},
}

// showLogin tells of `login block-for` and its kin, which watch nothing here:
// there are no failures to count.
func showLogin(s *device.Session, _ cli.Args) error {
	c := s.Device.Config().Login
	block, within, attempts := 0, 0, 0
	delay, list := "", ""
	for line := range strings.Lines(s.Device.RunningConfig(false)) {
		line = strings.TrimSpace(line)
		fmt.Sscanf(line, "login block-for %d attempts %d within %d", &block, &attempts, &within)
		if text, ok := strings.CutPrefix(line, "login delay "); ok {
			delay = text
		}
		if text, ok := strings.CutPrefix(line, "login quiet-mode access-class "); ok {
			list = text
		}
	}
	switch {
	case delay != "":
		s.Printf("     A login delay of %s seconds is applied.\n", delay)
	case block != 0:
		s.Println("     A default login delay of 1 seconds is applied.")
	default:
		s.Println("     No login delay has been applied.")
	}
	if list != "" {
		s.Printf("     Quiet-Mode access list %s is applied.\n", list)
	} else {
		s.Println("     No Quiet-Mode access list has been configured.")
	}
	if c.LogSuccess {
		s.Println("     All successful login is logged.")
	}
	if c.LogFailure {
		s.Println("     All failed login is logged.")
	}
	s.Println("")
	if block == 0 {
		s.Println("     Router NOT enabled to watch for login Attacks")
		return nil
	}
	booted, _ := s.Device.Booted()
	left := within - int(s.Device.Now().Sub(booted).Seconds())%within
	s.Printf(`     Router enabled to watch for login Attacks.
     If more than %d login failures occur in %d seconds or less,
     logins will be disabled for %d seconds.

     Router presently in Normal-Mode.
     Current Watch Window
         Time remaining: %d seconds.
         Login failures for current window: 0.
     Total login failures: 0.
`, attempts, within, block, left)
	return nil
}

func showLoginFailures(s *device.Session, _ cli.Args) error {
	s.Println("*** No logged failed login attempts with the device.***")
	return nil
}
