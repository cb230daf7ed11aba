// Package transfer copies one file to or from a server: `copy scp:`, `tftp:`, `ftp:`,
// `http:`, `https:` and `sftp:`. A
// protocol is a file of this package; where the file is on the device, what is asked and
// what is printed is the caller's.
package transfer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshclient"
)

// URL is a file on a server: PROTOCOL://USER:PASSWORD@HOST:PORT/PATH.
type URL struct {
	User, Password string
	Host           string
	Port           uint16 // 0 is that of the protocol
	Path           string // without the slash that ends the host
}

// Job is one copy. Its functions are called from the goroutine that copies, and may
// block as long as the context that they are given lasts.
type Job struct {
	URL URL
	// Server is the address of the host, VRF the routing table, "" for the global one or
	// that of the source interface.
	Server netip.Addr
	VRF    string
	// Source is the interface whose address connections carry, "" for that of the route.
	// SSH has its own in the settings of the client.
	Source string
	// BlockSize is the size of blocks that TFTP asks for, in bytes; 0 asks for none.
	BlockSize int
	// Network carries the connections, Client those over SSH.
	Network network.Stack
	Client  *sshclient.Client
	// Ask puts a question of the server, as sshclient.Request.Answer does; nil, for a
	// copy without a user, leaves it at the password of the URL.
	Ask func(ctx context.Context, before string, p ssh.Prompt) (string, error)
	// Moved is told of each piece of the file that has arrived or gone, in bytes; Note of
	// what the server has to say, without control characters. Either may be nil. Note may
	// be called from another goroutine.
	Moved func(bytes int)
	Note  func(text string)
	// Begun is told that the server has answered, and through which interface where that
	// is known; Missed of each time that an answer has not come. Either may be nil.
	Begun  func(via string)
	Missed func()
}

func (j *Job) begun(via string) {
	if j.Begun != nil {
		j.Begun(via)
	}
}

func (j *Job) missed() {
	if j.Missed != nil {
		j.Missed()
	}
}

// Protocol is a way to copy files. Both functions block until the file has arrived whole,
// and return what is wrong otherwise: a *network.Verdict, an *Error, the cause of ctx,
// what reading or writing returned.
type Protocol struct {
	Port uint16
	// Get copies from the server. Create is called once, before the first byte; size is
	// -1 where the server does not say.
	Get func(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error
	// Put copies to the server, nil where the protocol cannot.
	Put func(ctx context.Context, j *Job, r io.Reader, size int64) error
}

// Protocols are all, by the prefix of their URLs.
var Protocols = map[string]Protocol{
	"scp:":   {Port: 22, Get: getSCP, Put: putSCP},
	"sftp:":  {Port: 22, Get: getSFTP, Put: putSFTP},
	"tftp:":  {Port: 69, Get: getTFTP, Put: putTFTP},
	"ftp:":   {Port: 21, Get: getFTP, Put: putFTP},
	"http:":  web("http", 80),
	"https:": web("https", 443),
}

// Error is what a server has against a copy, in the words that devices have for it:
// `No such file or directory`.
type Error struct {
	Reason string
	Err    error // what the server said
}

// Error is for the operator; Unwrap returns what the server said.
func (e *Error) Error() string {
	if e.Err == nil {
		return "transfer: " + e.Reason
	}
	return "transfer: " + e.Reason + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// address is where the server is.
func (j *Job) address(port uint16) netip.AddrPort {
	if j.URL.Port != 0 {
		port = j.URL.Port
	}
	return netip.AddrPortFrom(j.Server, port)
}

// moved counts what is written through it.
type moved struct {
	io.Writer
	job *Job
}

func (m moved) Write(p []byte) (int, error) {
	n, err := m.Writer.Write(p)
	if m.job.Moved != nil {
		m.job.Moved(n)
	}
	return n, err
}

// counted counts what is read through it.
type counted struct {
	io.Reader
	job *Job
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.job.Moved != nil && n > 0 {
		c.job.Moved(n)
	}
	return n, err
}

// broken prefers why a copy was given up to what that did to its connection.
func broken(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// timedOut reports whether a connection was given up because nothing came.
func timedOut(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
