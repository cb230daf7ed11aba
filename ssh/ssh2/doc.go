// Package ssh2 is an SSH-2 engine for both roles, made to look like Cisco IOS
// on the wire and to tell everything it does.
//
//	RFC 4251-4254  architecture, authentication, transport, connection
//	RFC 4256       keyboard-interactive
//	RFC 4344       CTR modes, rekeying
//	RFC 4419       Diffie-Hellman group exchange
//	RFC 5647       AES-GCM (the OpenSSH variant, PROTOCOL 1.6)
//	RFC 5656, 8731 elliptic curve key exchange
//	RFC 8332       RSA with SHA-2
//	RFC 8268       group 14 and 16 with SHA-2
//
// # Guarantees
//
// One goroutine reads a connection: the caller of Server.Serve, or the one that
// NewClient's Handshake leaves behind. It decrypts in place, hands data to the
// channel's buffer and, once authentication is over, never waits for the
// socket to accept a write: what it has to say is queued and a goroutine that
// lives as long as the queue sends it. So two engines that both write without
// reading cannot lock up.
//
// Authentication is straight-line code in that goroutine. A key exchange is
// transparent to it: no message moves the connection on but the one that the
// program counter waits for, and a message that does not belong ends the
// connection with an *UnexpectedError.
//
// Padding is minimal, languages are empty, no extension is announced, and
// names are on the wire exactly as configured, because IOS does it so. Strict
// key exchange (OpenSSH PROTOCOL 1.10) is there for who asks for it.
//
// After the last USERAUTH_FAILURE that MaxAuthFailures allows, the server
// closes the TCP connection without SSH_MSG_DISCONNECT.
package ssh2
