package telnet

import (
	"io"
	"time"

	"vtylab/network"
)

// Connection is a client of the server, and the terminal that it sits at.
type Connection struct {
	stream
	// Flow is the connection as access lists see it.
	Flow network.Flow

	mode    Mode
	resized func(columns, rows int)
	broken  func()
}

// OnResize says who learns of the size of the client's terminal, OnBreak who is told of
// a BREAK; until then it is a Ctrl-C. Both are called from Read.
func (c *Connection) OnResize(f func(columns, rows int)) { c.resized = f }
func (c *Connection) OnBreak(f func())                   { c.broken = f }

// begin proposes the options, as IOS does (capture: ff fb 01 ff fb 03 ff fd 18 ff fd
// 1f).
func (c *Connection) begin() {
	c.in.sink, c.key, c.sub = &c.stream, c.pressed, c.told
	if c.mode == Raw {
		c.in.raw, c.encoder.raw = true, true
		return
	}
	own, peer := []byte{optEcho, optSGA}, []byte{optTTYPE, optNAWS}
	if c.mode == Binary {
		own, peer = append(own, optBinary), append(peer, optBinary)
	}
	c.own.allowed, c.peer.allowed = set(own...), set(append(peer, optSGA)...)
	c.propose(own, peer)
}

// Keys that commands stand for.
const (
	ctrlC     = 0x03
	ctrlU     = 0x15
	backspace = 0x7f
)

// pressed is the key that a command of the client stands for.
func (c *Connection) pressed(command byte) (byte, bool) {
	switch command {
	case cmdBRK:
		if c.broken != nil {
			c.broken()
			return 0, false
		}
		return ctrlC, true
	case cmdIP:
		return ctrlC, true
	case cmdEC:
		return backspace, true
	case cmdEL:
		return ctrlU, true
	case cmdAYT:
		_, _ = io.WriteString(c, "\r\n[Yes]\r\n") // from memory, of other servers: RFC 854 wants an answer
	}
	return 0, false
}

// told takes a subnegotiation. Only the size of the window says something.
func (c *Connection) told(data []byte) {
	if len(data) == 5 && data[0] == optNAWS && c.resized != nil {
		c.resized(int(data[1])<<8|int(data[2]), int(data[3])<<8|int(data[4]))
	}
}

// parting is how long a client that was hung up on may take to read what it was told.
const parting = 5 * time.Second

// Hangup makes reads end, now and from now on; what is written still arrives unless the
// client takes nothing.
func (c *Connection) Hangup() {
	if c.conn.SetReadDeadline(time.Unix(1, 0)) != nil || c.conn.SetWriteDeadline(time.Now().Add(parting)) != nil {
		c.conn.Close()
	}
}

// Close drops the connection.
func (c *Connection) Close() error { return c.conn.Close() }

// maxRest bounds what is read of a client that sends on after the end.
const maxRest = 64 << 10

// finish ends the connection so that the client reads all of it: closing a socket
// while something waits to be read would reset it.
func (c *Connection) finish() {
	defer c.conn.Close()
	if c.conn.SetDeadline(time.Now().Add(parting)) == nil && c.conn.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, c.conn, maxRest)
	}
}
