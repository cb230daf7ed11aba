package exec

import (
	"slices"
	"time"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/ios/model"
	"vtylab/tty"
)

var sessionCommands = []Command{
	{Syntax: `enable "Turn on privileged commands" [<0-15>$level "Enable level"]`, Run: enable},
	{Syntax: `disable "Turn off privileged commands" [<0-15>$level "Privilege level to go to"]`, Run: disable},
	{Syntax: `help "Description of the interactive help system"`, Run: func(s *Session, _ cli.Args) error { s.PrintHelp(); return nil }},
	{Syntax: `show "Show running system information" privilege "Show current privilege level"`, Level: 1, Filter: true, Run: showPrivilege},
	{Syntax: `show history "Display the session command history"`, Level: 1, Filter: true, Run: showHistory},
	{Syntax: `show aliases "Display alias commands" [exec "Exec mode"]`, Level: 1, Filter: true, Run: showAliases},
}

// enableTries is how often `enable` asks for a password; with AAA that is `aaa
// authentication attempts login`.
const enableTries = 3

// enablePause is how long a refusal takes on a vty once all tries are used up. No
// device is known to have one; without it a session over the network guesses as
// fast as it can type.
const enablePause = time.Second

// enable asks for a password.
func enable(s *Session, a cli.Args) error {
	level, ok := a.Int("level")
	if !ok {
		level = 15
	}
	if level <= s.Privilege {
		s.Privilege = level
		return nil
	}
	if err := raise(s, level); err != nil {
		return err
	}
	if s.Privilege == level {
		s.View = "" // a level takes the place of a view
	}
	return nil
}

// raise leads to a higher level.
func raise(s *Session, level int) error {
	c := s.Config()
	if !c.EnableAsks(level) {
		list, _ := c.EnableMethods()
		free := s.Line.Kind == tty.Console && len(c.Enable.Secrets)+len(c.Enable.Passwords) == 0
		none := slices.ContainsFunc(list, func(m model.Method) bool { return m.Name == "none" }) // nothing in front of it asks
		if !free && !none {
			s.Println("% No password set")
			return nil
		}
		s.Privilege = level
		return nil
	}
	return authenticateEnable(s, level)
}

func authenticateEnable(s *Session, level int) error {
	r := s.EnableRequest(s.Line, s.User, level)
	tries := enableTries
	if c := s.Config(); c.AAA.NewModel {
		tries = c.AAA.Attempts
	}
	for range tries {
		v := s.Authenticate(r)
		if v.Err != nil {
			return v.Err
		}
		if v.Result == aaa.Pass {
			s.Privilege = level
			return nil
		}
	}
	if s.Line.Kind == tty.VTY {
		s.Wait(enablePause)
	}
	s.Println(enableRefusal(s.Config(), level), "")
	return nil
}

// enableRefusal is what a wrong password leads to in the end (ios-cli A3).
func enableRefusal(c *model.Config, level int) string {
	_, isSecret, _ := c.EnablePassword(level)
	switch {
	case c.AAA.NewModel:
		return "% Access denied"
	case isSecret:
		return "% Bad secrets"
	}
	return "% Bad passwords"
}

func disable(s *Session, a cli.Args) error {
	level, ok := a.Int("level")
	if !ok {
		level = 1
	}
	if level > s.Privilege {
		s.Printf("%% Invalid input detected at '^' marker.\n\n")
		return nil
	}
	s.Privilege, s.View = level, ""
	return nil
}

func showPrivilege(s *Session, _ cli.Args) error {
	if s.View != "" {
		s.Printf("Currently in View Context with view '%s'\n", s.View)
		return nil
	}
	s.Printf("Current privilege level is %d\n", s.Privilege)
	return nil
}

func showHistory(s *Session, _ cli.Args) error {
	for _, line := range s.History().Lines() {
		s.Printf("  %s\n", line)
	}
	return nil
}

func showAliases(s *Session, _ cli.Args) error {
	s.Println("Exec mode aliases:")
	for _, a := range s.aliases() {
		s.Printf("  %-22s%s\n", a.Name, a.Text)
	}
	return nil
}
