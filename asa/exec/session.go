package exec

import (
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/tty"
)

// Help texts are from memory.
var sessionCommands = []Command{
	{Syntax: `enable "Turn on privileged commands" [<0-15>$level "Privilege level"]`, Run: enable},
	{Syntax: `disable "Exit from privileged mode" [<0-15>$level "Privilege level"]`, Level: 2, Run: disable},
	{Syntax: `login "Log in as a particular user"`, Run: login},
	{Syntax: `exit "Exit from the EXEC"`, Run: logout},
	{Syntax: `logout "Exit from the EXEC"`, Run: logout},
	{Syntax: `quit "Exit from the EXEC"`, Run: logout},
	{Syntax: `help "Interactive help for commands"`, Run: func(s *Session, _ cli.Args) error { s.Device.System.HelpCommand(s.Shell); return nil }},
	{Syntax: `show "Show running system information" curpriv "Current privilege level"`, Run: showPrivilege},
}

// logout ends the session wherever it is (asa-ssh-scp 2).
func logout(s *Session, _ cli.Args) error {
	s.Println("", "Logoff", "")
	return s.Logout()
}

// The users of who has not logged in, below and at level 15.
const (
	Anonymous  = "enable_1"
	Privileged = "enable_15"
)

// enableTries is how often `enable` asks for a password.
const enableTries = 3

// enable asks for a password, or for a new one while none is set.
func enable(s *Session, a cli.Args) error {
	level, given := a.Int("level")
	if !given {
		level = 15
	}
	switch c := s.Config(); {
	case level <= s.Privilege:
		s.Privilege = level
		return nil
	case !c.AAA.Enable && c.Enable.Password.IsZero():
		return firstPassword(s, level)
	}
	r := s.EnableRequest(s.Shell)
	for range enableTries {
		v := s.Authenticate(r)
		switch {
		case v.Err != nil:
			return v.Err
		case v.Result == aaa.Pass:
			s.promote(level)
			return nil
		}
		s.Println("Invalid password")
	}
	s.Println("Access denied.")
	s.slowDown()
	return nil
}

// slowDown is how long a refusal takes on a vty. No device is known to have it;
// without it a session over the network guesses as fast as it can type.
func (s *Session) slowDown() {
	if s.Line.Kind == tty.VTY {
		s.Wait(time.Second)
	}
}

// promote gives the session its level; who has not logged in is called after it.
func (s *Session) promote(level int) {
	s.Privilege = level
	if s.User == Anonymous {
		s.User = Privileged
	}
}

// firstPassword asks for the enable password that is missing.
func firstPassword(s *Session, level int) error {
	s.Println("The enable password is not set.  Please set it now.")
	for {
		first, err := s.Secret("Enter  Password: ")
		if err != nil {
			return err
		}
		again, err := s.Secret("Repeat Password: ")
		if err != nil {
			return err
		}
		switch {
		case first != again:
			s.Println("ERROR: passwords do not match") // from memory, like the next
			continue
		case len(strings.Fields(first)) != 1 || strings.Contains(first, "?"):
			s.Println("ERROR: password must have no spaces and no question marks")
			continue
		}
		if err := s.Configure("enable password " + first); err != nil {
			return err
		}
		s.Println("Note: Save your configuration so that the password persists across reboots",
			`("write memory" or "copy running-config startup-config").`)
		s.promote(level)
		return nil
	}
}

// disable leaves the configuration modes too.
func disable(s *Session, a cli.Args) error {
	level, given := a.Int("level")
	if !given {
		level = 1
	}
	if level < s.Privilege {
		s.Leave()
		s.Privilege = level
	}
	return nil
}

// login makes the session that of a user of the database, at the user's level.
func login(s *Session, _ cli.Args) error {
	v := s.Authenticate(s.LocalRequest())
	switch {
	case v.Err != nil:
		return v.Err
	case v.Result != aaa.Pass:
		s.slowDown()
		s.Println("Login incorrect") // from memory
		return nil
	}
	s.User, s.Privilege = v.User, v.Account.Privilege
	return nil
}

// showPrivilege is laid out as in a capture (asa-ssh-scp 2).
func showPrivilege(s *Session, _ cli.Args) error {
	mode := "P_UNPR"
	if s.Privilege > 1 {
		mode = "P_PRIV"
	}
	if s.Position != nil {
		mode += " P_CONF" // from memory
	}
	s.Printf("Username : %s\nCurrent privilege level : %d\nCurrent Mode/s : %s\n", s.User, s.Privilege, mode)
	return nil
}
