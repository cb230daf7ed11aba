// Package ssh holds what both protocol versions share: identification lines,
// host keys, the Session an engine hands to the device, the Authenticator an
// engine asks, and the typed Events that tell what an engine did.
//
// The engines themselves are ssh2 (RFC 4251-4254, 4419, 5656, 8308, 8731) and,
// later, ssh1. Neither knows a configuration: they receive plain values.
package ssh

import (
	"context"
	"io"
	"net"
	"time"
)

// Kind says what a Session was opened for.
type Kind int

// The three programs RFC 4254 section 6.5 lets a client start.
const (
	Shell Kind = iota
	Exec
	Subsystem
)

// Window is a terminal's size in characters.
type Window struct{ Columns, Rows uint32 }

// PTY is what a client asked for in a pty-req (RFC 4254 section 6.2).
type PTY struct {
	Term   string
	Window Window
	Modes  map[byte]uint32
}

// Session is one shell, exec or subsystem of an authenticated connection,
// whichever protocol version carries it. Reads return what the peer typed,
// io.EOF after its EOF; writes go to the peer and block while its window is
// closed. A Session is safe for one reader and many writers.
type Session interface {
	io.ReadWriter
	// Kind and Command tell what to run; Command is the exec command line or
	// the subsystem name.
	Kind() Kind
	Command() string
	// PTY is nil when the client asked for none.
	PTY() *PTY
	// OnWindowChange sets what is called from the engine's reader for each
	// window-change; it must not block.
	OnWindowChange(func(Window))
	// OnBreak sets what a request for a break is told (RFC 4335), under the same terms;
	// until then it is refused.
	OnBreak(func())
	// Stderr writes extended data (SSH-1: STDERR_DATA).
	Stderr() io.Writer
	// Untraced writes like Write, but the packets make no events: for what tells
	// of events, which would otherwise tell of itself without end.
	Untraced() io.Writer
	// Exit reports the status and ends the session the way the server's
	// configuration says: exit-status, EOF, CLOSE, then the connection.
	Exit(status int) error
	// Close drops the connection without ceremony.
	Close() error
	// Context is cancelled when the connection is gone.
	Context() context.Context
}

// Prompt is one question of keyboard-interactive authentication (RFC 4256).
type Prompt struct {
	Text string
	Echo bool
}

// Challenge puts a round of questions to the peer and returns its answers.
type Challenge func(name, instruction string, prompts []Prompt) ([]string, error)

// PublicKey is a key a client offers, as blob (RFC 4253 section 6.6) and the
// signature algorithm it offers it with.
type PublicKey struct {
	Algorithm string
	Blob      []byte
	// Proved is set once its signature has been verified: the answer decides the
	// login. Before that the question is whether a signature would be worth it.
	Proved bool
}

// Authenticator is what an engine asks the device. All methods may block (a
// TACACS+ server, a failure delay) and must return when ctx ends.
//
// The engine verifies public-key signatures itself; the Authenticator only
// says whether a key is authorised for a user. It is asked for each key that is
// offered, and again when the signature is right.
type Authenticator interface {
	// Methods lists what can continue for user, in the order to advertise.
	Methods(user string) []string
	// Banner is the text of USERAUTH_BANNER, "" for none.
	Banner() string
	None(ctx context.Context, user string) bool
	Password(ctx context.Context, user, password string) bool
	KeyboardInteractive(ctx context.Context, user string, ask Challenge) bool
	PublicKey(ctx context.Context, user string, key PublicKey) bool
}

// ConnInfo is what both ends of an established connection know of it.
type ConnInfo struct {
	User                  string
	LocalAddr, RemoteAddr net.Addr
	ClientVersion         string // identification line without line end
	ServerVersion         string
	SessionID             []byte
	Kex, HostKey          string
	In, Out               Direction // as seen from this end
	Started               time.Time
}

// Direction names the algorithms of one direction.
type Direction struct{ Cipher, MAC string }
