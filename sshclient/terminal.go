package sshclient

import (
	"context"
	"errors"
	"io"

	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// Terminal is a shell or a command on the server, with a terminal of the server's. What
// a server without terminals writes to standard error is shown like the rest.
// Read and Write block as a socket does; Read ends with io.EOF when the server has
// closed the session or the connection.
type Terminal struct {
	session *ssh2.ClientSession
	conn    *Connection
}

// Open starts a shell, or a command unless it is "", on a terminal.
func (x *Connection) Open(ctx context.Context, p ssh.PTY, command string) (*Terminal, error) {
	s, err := x.engine.Open(ctx)
	if err == nil {
		s.Merge()
		err = s.RequestPTY(ctx, p)
	}
	if errors.Is(err, ssh2.ErrRequestRefused) && command != "" {
		err = nil // a server without terminals still runs a command
	}
	switch {
	case err != nil:
	case command != "":
		err = s.Exec(ctx, command)
	default:
		err = s.Shell(ctx)
	}
	if err != nil {
		x.Disconnect()
		return nil, err
	}
	return &Terminal{s, x}, nil
}

// Read reads what the server shows.
func (t *Terminal) Read(p []byte) (int, error) {
	n, err := t.session.Read(p)
	if n == 0 && err != nil {
		t.conn.Disconnect()
		err = io.EOF // how a connection ends makes no difference to who sits in front of it
	}
	return n, err
}

// Write sends what was typed.
func (t *Terminal) Write(p []byte) (int, error) { return t.session.Write(p) }

// Close ends the connection.
func (t *Terminal) Close() error {
	t.conn.Disconnect()
	return nil
}

// Resize tells the size of the user's terminal, in columns and rows; 0 is unknown.
func (t *Terminal) Resize(columns, rows int) {
	_ = t.session.WindowChange(ssh.Window{Columns: uint32(columns), Rows: uint32(rows)}) // its end shows in Read
}

// Special asks for a break of the line behind the session; SSH has nothing for other
// letters.
func (t *Terminal) Special(key byte) {
	if key == 'b' {
		_ = t.session.Break()
	}
}

// SpecialHelp lists what Special takes (from memory).
func (t *Terminal) SpecialHelp() string { return "[Special escape help]\n^^B  sends BREAK\n" }

// LocalEcho is never needed: the server has a terminal.
func (t *Terminal) LocalEcho() bool { return false }
