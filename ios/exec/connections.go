package exec

import (
	"errors"
	"io"

	"vtylab/cli"
	"vtylab/tty"
)

// connectionCommands are about the connections that a session has to other hosts
// (ios-ssh-scp 4).
var connectionCommands = []Command{
	{Syntax: `<1-16>$n "Session number to resume"`, Run: resume},
	{Syntax: `resume "Resume an active network connection" [<1-16>$n "Connection number" | WORD$name "The name assigned to the connection"]`, Run: resume},
	{Syntax: `disconnect "Disconnect an existing network connection" [<1-16>$n "The number of an active network connection"]`, Run: disconnect},
	{Syntax: `where "List active connections"`, Level: 1, Run: showSessions},
	{Syntax: `show "Show running system information" sessions "Information about Telnet connections"`, Level: 1, Filter: true, Run: showSessions},
	{Syntax: `exit "Exit from the EXEC"`, Run: logout},
	{Syntax: `logout "Exit from the EXEC"`, Run: logout},
	{Syntax: `~quit`, Run: logout},
}

func showSessions(s *Session, _ cli.Args) error {
	all := s.Connections()
	if len(all) == 0 {
		s.Println("% No connections open")
		return nil
	}
	s.Println("Conn Host                Address             Byte  Idle Conn Name")
	for _, c := range all {
		mark := " "
		if c == s.Current() {
			mark = "*"
		}
		s.Printf("%s%3d %-20s%-20s%4d%6d %s\n", mark, c.Number, c.Host, c.Address, c.Unread(), int(c.Idle().Minutes()), c.Name)
	}
	return nil
}

// named is the connection that a command means, by default the current one; it prints
// why there is none.
func (s *Session) named(a cli.Args) *tty.Connection {
	c := s.Current()
	if n, ok := a.Int("n"); ok {
		c = s.Connection(n)
	} else if name := a.Get("name"); name != "" {
		c = nil
		for _, o := range s.Connections() {
			if o.Name == name {
				c = o
			}
		}
	}
	if c == nil && len(a) > 0 && len(s.Connections()) > 0 {
		s.Println("% Unknown connection") // from memory, as below
	} else if c == nil {
		s.Println("% No current connection")
	}
	return c
}

func resume(s *Session, a cli.Args) error {
	c := s.named(a)
	if c == nil {
		return nil
	}
	s.Printf("[Resuming connection %d to %s ... ]\n", c.Number, c.Host)
	return s.goOn(c)
}

// goOn puts a connection in the foreground until it ends or is suspended.
func (s *Session) goOn(c *tty.Connection) error {
	switch err := s.Foreground(c); {
	case errors.Is(err, tty.ErrSuspended):
		return nil
	case errors.Is(err, io.EOF) && s.Lost() == nil:
		if !c.Quiet {
			s.closedBy(c.Host)
		}
		return nil
	default:
		return err
	}
}

// closedBy says that a server has ended a connection.
func (s *Session) closedBy(host string) {
	s.Printf("\n[Connection to %s closed by foreign host]\n", host)
}

func disconnect(s *Session, a cli.Args) error {
	c := s.named(a)
	if c == nil {
		return nil
	}
	ok, err := s.Confirm("Closing connection to " + c.Host)
	if ok {
		s.Disconnect(c)
	}
	return err
}

// logout ends the session; connections are asked about first (from memory).
func logout(s *Session, _ cli.Args) error {
	if all := s.Connections(); len(all) > 0 {
		ok, err := s.Confirm(" (You have open connections)")
		if err != nil || !ok {
			return err
		}
		for _, c := range all {
			s.Printf(" Closing: %s !\n", c.Host)
			s.Disconnect(c)
		}
	}
	return s.Logout()
}
