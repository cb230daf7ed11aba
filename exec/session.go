package exec

import (
	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/device"
	"vtylab/ios/model"
)

var sessionCommands = []device.Command{
	{Syntax: `enable "Turn on privileged commands" [<0-15>$level "Enable level"]`, Run: enable},
	{Syntax: `disable "Turn off privileged commands" [<0-15>$level "Privilege level to go to"]`, Run: disable},
	{Syntax: `exit "Exit from the EXEC"`, Run: logout},
	{Syntax: `logout "Exit from the EXEC"`, Run: logout},
	{Syntax: `~quit`, Run: logout},
	{Syntax: `help "Description of the interactive help system"`, Run: func(s *device.Session, _ cli.Args) error { s.Help(); return nil }},
	{Syntax: `show "Show running system information" privilege "Show current privilege level"`, Level: 1, Filter: true, Run: showPrivilege},
	{Syntax: `show history "Display the session command history"`, Level: 1, Filter: true, Run: showHistory},
	{Syntax: `show aliases "Display alias commands" [exec "Exec mode"]`, Level: 1, Filter: true, Run: showAliases},
}

func logout(s *device.Session, _ cli.Args) error { return s.Logout() }

// enable asks for a password up to three times.
func enable(s *device.Session, a cli.Args) error {
	level, ok := a.Int("level")
	if !ok {
		level = 15
	}
	if level <= s.Privilege {
		s.Privilege = level
		return nil
	}
	try := &aaa.Attempt{Config: s.Device.Config(), Line: *s.Line.Config(), User: s.User}
	if !try.EnableAsks(level) {
		free := s.Line.Kind == model.Console && len(try.Config.Enable.Secrets)+len(try.Config.Enable.Passwords) == 0
		if !free && try.EnableMethods()[0].Name != "none" {
			s.Println("% No password set")
			return nil
		}
		s.Privilege = level
		return nil
	}
	for range 3 {
		var err error
		if try.Password, err = s.Secret("Password: "); err != nil {
			return err
		}
		if try.Enable(s.Context(), level) == aaa.Pass {
			s.Privilege = level
			return nil
		}
	}
	s.Println(enableRefusal(try, level))
	s.Println("")
	return nil
}

// enableRefusal is what a wrong password leads to in the end (ios-cli A3).
func enableRefusal(a *aaa.Attempt, level int) string {
	_, isSecret, _ := a.Config.EnablePassword(level)
	switch {
	case a.Config.AAA.NewModel:
		return "% Access denied"
	case isSecret:
		return "% Bad secrets"
	}
	return "% Bad passwords"
}

func disable(s *device.Session, a cli.Args) error {
	level, ok := a.Int("level")
	if !ok {
		level = 1
	}
	if level > s.Privilege {
		s.Printf("%% Invalid input detected at '^' marker.\n\n")
		return nil
	}
	s.Privilege = level
	return nil
}

func showPrivilege(s *device.Session, _ cli.Args) error {
	s.Printf("Current privilege level is %d\n", s.Privilege)
	return nil
}

func showHistory(s *device.Session, _ cli.Args) error {
	for _, line := range s.History().Lines() {
		s.Printf("  %s\n", line)
	}
	return nil
}

func showAliases(s *device.Session, _ cli.Args) error {
	s.Println("Exec mode aliases:")
	for _, a := range s.Aliases() {
		s.Printf("  %-22s%s\n", a.Name, a.Text)
	}
	return nil
}
