package sshserver

import "vtylab/ssh"

// Event is something that the server did and that a device may log.
type Event interface{ event() }

type (
	// Enabled and Disabled say that SSH came up or went down.
	Enabled  struct{ Version string }
	Disabled struct{ Version string }
	// Keyed is the end of a key exchange, Authenticated that of a login; Err says why
	// it failed. The user of a failed login is "".
	Keyed struct {
		Connection *Connection
		Info       ssh.ConnInfo
		Err        error
	}
	Authenticated struct {
		Connection *Connection
		Info       ssh.ConnInfo
		Err        error
	}
	// Ended is the end of a connection, Keyed whether it got as far as a key
	// exchange, Shell whether there was a shell.
	Ended struct {
		Connection   *Connection
		Info         ssh.ConnInfo
		Keyed, Shell bool
		Err          error
	}
)

func (Enabled) event()       {}
func (Disabled) event()      {}
func (Keyed) event()         {}
func (Authenticated) event() {}
func (Ended) event()         {}
