package ssh2

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"vtylab/ssh"
)

// Algorithms are the name-lists of a KEXINIT, in order of preference. Both
// directions use the same lists. Names this package does not implement are
// left out of what is sent.
type Algorithms struct {
	Kex     []string
	HostKey []string
	Ciphers []string
	MACs    []string
	// PublicKey lists the signature algorithms that users may authenticate
	// with.
	PublicKey []string
}

// Config is what both roles have in common. It may be shared by connections
// and must not change while one uses it. Zero fields take the values of
// NewConfig.
type Config struct {
	// Version is the identification line, VersionEnd its line end: "\n" as on
	// IOS unless set.
	Version, VersionEnd string
	Algorithms          Algorithms
	// MinDHBits is `ip ssh dh min size`; a server offers the group sizes 1024,
	// 2048 and 4096 from there up to MaxDHBits.
	MinDHBits, MaxDHBits int
	// Window and MaxPacket go into a channel's open or confirmation; MaxData
	// bounds the payload of the CHANNEL_DATA we send.
	Window, MaxPacket, MaxData uint32
	// MaxWindow is how far a window grows while the peer uses it up; one that
	// begins larger stays as it is.
	MaxWindow uint32
	// FirstChannelID is the number of a connection's first channel; IOS seems
	// to count from 3.
	FirstChannelID uint32
	// MaxChannels is how many sessions a peer may have open at a time.
	MaxChannels int
	// RekeyInterval and RekeyBytes (both directions together) start a new key
	// exchange; zero is never.
	RekeyInterval time.Duration
	RekeyBytes    int64
	// LoginTimeout bounds everything up to the end of authentication, zero is
	// no bound. FailureDelay precedes the answer to a refused attempt.
	LoginTimeout, FailureDelay time.Duration
	// MaxAuthFailures is how many refused attempts end the connection.
	MaxAuthFailures int
	// StrictKex announces and honours kex-strict (OpenSSH PROTOCOL 1.10).
	StrictKex bool
	// ExtInfo makes a server send server-sig-algs (RFC 8308) to a client that
	// asks for it; IOS was never seen to. Without it recent clients sign with RSA
	// keys only as "ssh-rsa", or not at all.
	ExtInfo bool
	Trace   ssh.Trace
	// Rand feeds cookies, padding and Diffie-Hellman exponents; nil is
	// crypto/rand.
	Rand io.Reader
}

// NewConfig returns the engine's own defaults: what a recent device offers,
// with windows for speed. A platform replaces what it knows better.
func NewConfig() Config {
	return Config{
		Version:    "SSH-2.0-Cisco-1.25",
		VersionEnd: "\n",
		Algorithms: Algorithms{
			Kex: []string{"curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
				"ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512"},
			HostKey: []string{ssh.KeyRSASHA512, ssh.KeyRSASHA256, ssh.KeyRSA, ssh.KeyECDSA256, ssh.KeyECDSA384, ssh.KeyECDSA521},
			Ciphers: []string{"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
				"aes128-ctr", "aes192-ctr", "aes256-ctr"},
			MACs: []string{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha1"},
			PublicKey: []string{ssh.KeyRSASHA512, ssh.KeyRSASHA256, ssh.KeyRSA, ssh.KeyECDSA256, ssh.KeyECDSA384,
				ssh.KeyECDSA521, ssh.KeyEd25519},
		},
		MinDHBits:       2048,
		MaxDHBits:       4096,
		Window:          2 << 20,
		MaxWindow:       1 << 20,
		MaxPacket:       32 << 10,
		MaxData:         32 << 10,
		MaxChannels:     1,
		MaxAuthFailures: 3,
		Rand:            rand.Reader,
	}
}

// withDefaults fills zero fields.
func (c Config) withDefaults() Config {
	d := NewConfig()
	fill(&c.Version, d.Version)
	fill(&c.VersionEnd, d.VersionEnd)
	fillList(&c.Algorithms.Kex, d.Algorithms.Kex)
	fillList(&c.Algorithms.HostKey, d.Algorithms.HostKey)
	fillList(&c.Algorithms.Ciphers, d.Algorithms.Ciphers)
	fillList(&c.Algorithms.MACs, d.Algorithms.MACs)
	fillList(&c.Algorithms.PublicKey, d.Algorithms.PublicKey)
	fill(&c.MinDHBits, d.MinDHBits)
	fill(&c.MaxDHBits, d.MaxDHBits)
	fill(&c.Window, d.Window)
	fill(&c.MaxWindow, d.MaxWindow)
	fill(&c.MaxPacket, d.MaxPacket)
	fill(&c.MaxData, d.MaxData)
	fill(&c.MaxChannels, d.MaxChannels)
	fill(&c.MaxAuthFailures, d.MaxAuthFailures)
	if c.Rand == nil {
		c.Rand = d.Rand
	}
	c.MaxPacket = min(c.MaxPacket, maxChannelPacket)
	c.MaxData = min(c.MaxData, maxChannelPacket)
	return c
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func fillList(field *[]string, value []string) {
	if len(*field) == 0 {
		*field = value
	}
}

// ServerConfig is what a Server needs besides.
type ServerConfig struct {
	Config
	HostKeys []ssh.Signer
	Auth     ssh.Authenticator
	// Handle runs one session, in its own goroutine. A session it leaves open
	// is closed without a status.
	Handle func(ssh.Session)
	// Subsystem tells whether a subsystem exists; nil refuses all, which ends
	// the connection as on IOS.
	Subsystem func(name string) bool
	// OnKex is called once, after the first key exchange or its failure;
	// OnAuth once, after authentication or its failure; both from the reader
	// and whatever Trace is, for the messages that syslog always gets. OnEnd is
	// the last: the sessions are over, but Serve may still wait a moment for the
	// client to close.
	OnKex  func(ssh.ConnInfo, error)
	OnAuth func(ssh.ConnInfo, error)
	OnEnd  func(ssh.ConnInfo, error)
}

// ClientConfig is what a Client needs besides. The methods of Auth are tried in
// order, after "none".
type ClientConfig struct {
	Config
	User string
	Auth []ClientAuth
	// HostKey decides whether the server is the right one; nil accepts nobody.
	HostKey func(ctx context.Context, algorithm string, blob []byte) error
	// Farewell is how long after a refusal the end of the connection is waited for before
	// a method asks again: a server that has had enough closes it then.
	Farewell time.Duration
	// Banner receives USERAUTH_BANNER texts.
	Banner func(text string)
}
