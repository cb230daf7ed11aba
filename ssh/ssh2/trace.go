package ssh2

import (
	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// traced reports whether anybody wants events; without it none are made.
func (t *transport) traced() bool { return t.trace.On() }

// emit passes an event on.
func (t *transport) emit(e ssh.Event) { t.trace.Emit(e) }

var _ wire.Watcher = (*transport)(nil)

// LoggedIn reports whether a user has authenticated.
func (t *transport) LoggedIn() bool { return t.getPhase() == ssh.Connected }

// Watched reports whether reads make events, and how long they may be.
func (t *transport) Watched() (on bool, most int) { return t.traced(), t.trace.MaxRead() }

// SocketRead makes an event of a read.
func (t *transport) SocketRead(n int) {
	if !t.in.lost && t.traced() {
		t.emit(ssh.SocketRead{Bytes: n})
	}
}

// SetTrace replaces the Trace of the configuration; nil is none. While it
// listens, one read of the socket is at most maxRead bytes, which is what
// `ssh_receive` reports; zero is no bound. It may be called at any time.
func (s *Server) SetTrace(f ssh.Trace, maxRead int) { s.t.trace.Set(f, maxRead) }

// SetTrace is that of Server.
func (c *Client) SetTrace(f ssh.Trace, maxRead int) { c.t.trace.Set(f, maxRead) }
