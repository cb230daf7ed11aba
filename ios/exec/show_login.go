package exec

import (
	"fmt"

	"vtylab/cli"
	"vtylab/config"
)

// The word is typed in full: `show log` is show logging on a device.
var loginCommands = []Command{
	{Syntax: `show "Show running system information" ~login "Display Secure Login Configurations and State"`, Level: 15, Filter: true, Run: showLogin},
	{Syntax: `show ~login failures "Display login failures"`, Level: 15, Filter: true, Run: showLoginFailures},
}

// loginGuard is `login block-for` and its kin, as configured.
type loginGuard struct {
	block, attempts, within int // 0: not watching
	delay, list             string
}

func loginGuardOf(lines *config.PassiveLines) (g loginGuard) {
	if text, ok := lines.Value("login block-for"); ok {
		fmt.Sscanf(text, "%d attempts %d within %d", &g.block, &g.attempts, &g.within)
	}
	g.delay, _ = lines.Value("login delay")
	g.list, _ = lines.Value("login quiet-mode access-class")
	return g
}

func showLogin(s *Session, _ cli.Args) error {
	c := s.Config()
	g := loginGuardOf(&c.Passive.Lines)
	g.printRules(s)
	if c.Login.LogSuccess {
		s.Println("     All successful login is logged.")
	}
	if c.Login.LogFailure {
		s.Println("     All failed login is logged.")
	}
	s.Println("")
	g.printWatch(s)
	return nil
}

func (g loginGuard) printRules(s *Session) {
	switch {
	case g.delay != "":
		s.Printf("     A login delay of %s seconds is applied.\n", g.delay)
	case g.block != 0:
		s.Println("     A default login delay of 1 seconds is applied.")
	default:
		s.Println("     No login delay has been applied.")
	}
	if g.list != "" {
		s.Printf("     Quiet-Mode access list %s is applied.\n", g.list)
	} else {
		s.Println("     No Quiet-Mode access list has been configured.")
	}
}

// printWatch tells of a watch that has nothing to watch here: there are no
// failures to count.
func (g loginGuard) printWatch(s *Session) {
	if g.within == 0 {
		s.Println("     Router NOT enabled to watch for login Attacks")
		return
	}
	booted, _ := s.Device.Booted()
	left := g.within - int(s.Device.Now().Sub(booted).Seconds())%g.within
	s.Printf(`     Router enabled to watch for login Attacks.
     If more than %d login failures occur in %d seconds or less,
     logins will be disabled for %d seconds.

     Router presently in Normal-Mode.
     Current Watch Window
         Time remaining: %d seconds.
         Login failures for current window: 0.
     Total login failures: 0.
`, g.attempts, g.within, g.block, left)
}

func showLoginFailures(s *Session, _ cli.Args) error {
	s.Println("*** No logged failed login attempts with the device.***")
	return nil
}
