package sshserver

import (
	"errors"
	"time"

	"vtylab/ssh"
)

// errVersion1 ends a connection to a server that has SSH-1 only.
var errVersion1 = errors.New("sshserver: SSH-1 is not spoken")

// version1 answers for a server that has SSH-1 only, by configuration or for
// want of a longer key: the identification says so, and a client that speaks it
// is told nothing more.
func (s *Server) version1(c *Connection, cfg *Settings) {
	tell, _ := s.host.Trace(c.Slot)
	if tell == nil {
		tell = func(ssh.Event) {}
	}
	tell(ssh.Started{})
	c.conn.SetDeadline(time.Now().Add(cfg.TimeOut))
	err := c.identify1("SSH-1.5-"+cfg.Software, tell)
	tell(ssh.Disconnected{Phase: ssh.Identification, Err: err})
}

func (c *Connection) identify1(line string, tell ssh.Trace) error {
	if err := ssh.WriteIdent(c.conn, line, "\n"); err != nil {
		return err
	}
	tell(ssh.VersionSent{Line: line})
	theirs, _, err := ssh.ReadIdent(c.conn, false)
	if err != nil {
		return err
	}
	tell(ssh.VersionReceived{Line: theirs})
	return errVersion1
}
