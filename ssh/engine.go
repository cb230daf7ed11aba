package ssh

import "context"

// Engine serves one connection in one version of the protocol. It is made of a
// connection on which the identification lines have been exchanged, by Greet:
//
//	lines, err := ssh.Greet(ctx, conn, "SSH-1.99-Cisco-1.25", "\n", trace)
//	…
//	if ssh.Speaks2(lines.Remote) {
//		server := ssh2.NewServer(conn, config)
//		server.Identified(lines)
//		engine = server
//	}
type Engine interface {
	// Serve runs the connection until it ends: key exchange, authentication, sessions.
	// When it returns, every goroutine of the connection has ended. The error is nil
	// after a session that ended in order, and the context's cause where that ended it.
	Serve(ctx context.Context) error
	// Info is what is known of the connection by now.
	Info() ConnInfo
	// SetTrace replaces who receives the engine's events; nil is nobody. While somebody
	// does, one read of the socket is at most maxRead bytes, 0 for no bound. It may be
	// called at any time.
	SetTrace(f Trace, maxRead int)
	// Close drops the connection; Serve returns soon after.
	Close() error
}
