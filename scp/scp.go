// Package scp speaks the dialogue that rcp left to ssh: one side sends files, the other receives
// them, over any reader and writer. It is both ends: the engine behind `ip scp server enable`, when a
// client runs `scp -t` or `scp -f` here, and the one behind `copy … scp:`, when the device runs that
// command elsewhere. The dialogue does not differ, so [Peer.Send] and [Peer.Receive] serve both.
//
// The sending side speaks in records; the receiving side answers each with a zero byte, or with a
// byte 1 (warning, the file is skipped) or 2 (fatal) and a line of text:
//
//	receiver                       sender
//	0
//	                               T<mtime> 0 <atime> 0     with -p
//	0
//	                               C0644 1381 r1.cfg
//	0
//	                               1381 bytes, then 0
//	0
//	                               D0755 0 dir … E          with -r
//
// There is no standard; OpenSSH's scp.c is what everybody follows, and what comments refer to.
//
// # Guarantees
//
// A received file is committed only after all its bytes and the sender's closing status have
// arrived; in every other case its Writer is aborted. What a Flusher could not commit is told at the end
// of the directory it is in. Names with a slash, control characters, "." and
// ".." never reach a Sink. Lines, sizes and depth are bounded. Nothing is allocated per chunk.
package scp

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// FileInfo is what a record says of a file or directory.
type FileInfo struct {
	Name       string
	Dir        bool
	Mode       uint32 // permission bits, up to 07777
	Size       int64
	ModTime    time.Time // these two are zero unless times are preserved
	AccessTime time.Time
}

// File is what a Source opens.
type File struct {
	FileInfo
	Body     io.ReadCloser // of a file, Size bytes; nil for a directory
	Children []string      // of a directory, as paths for Open
}

// Source is where Send finds files. Its errors are told to the peer with Peer.ErrorText.
type Source interface {
	Open(path string) (*File, error)
}

// Sink is where Receive puts files. Its errors are told to the peer with Peer.ErrorText.
type Sink interface {
	IsDir(path string) bool
	// Create begins a file, which must not be visible before Commit.
	Create(path string, info FileInfo) (Writer, error)
	Mkdir(path string, info FileInfo) error
}

// Flusher is a Sink that may go on with a Commit after it has returned. Flush waits for that and
// returns what went wrong. Receive calls it before it answers a file that is in no directory, before it
// answers the end of a directory, and before it returns.
type Flusher interface{ Flush() error }

// Writer takes the content of one file. Receive calls either Commit or Abort.
type Writer interface {
	io.Writer
	Commit() error
	Abort() error
}

// Peer is the other end of the dialogue. It serves one Send or Receive.
type Peer struct {
	In  io.Reader
	Out io.Writer

	Trace *Trace
	// ErrorText words an error of the Source or Sink for the peer, without control characters.
	// The default is like OpenSSH's: "scp: PATH: No such file or directory".
	ErrorText func(path string, err error) string
	// MaxSize refuses larger files; 0 is no limit of our own.
	MaxSize int64
}

// Stats is what a dialogue came to.
type Stats struct {
	Files  int   // transferred whole
	Bytes  int64 // of content, in transit
	Errors int   // complaints of either side
}

// PeerError is a complaint of the other side.
type PeerError struct {
	Fatal bool
	Text  string // without control characters; not to be trusted
}

// Error quotes the peer.
func (e *PeerError) Error() string { return "scp: peer says: " + e.Text }

// ExitStatus is what the remote command ends with, given what Send or Receive returned.
func ExitStatus(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// Refuse answers a command with an error in place of the dialogue. The exit status to give is 1.
func Refuse(out io.Writer, trace *Trace, text string) error {
	w := wire{out: out, trace: trace}
	return w.warn(text, errors.New(text))
}

// refusal is a complaint of our own about what the peer does, worded as OpenSSH words it.
type refusal string

func (r refusal) Error() string { return "scp: " + string(r) }

func protocolError(format string, args ...any) error {
	return refusal("protocol error: " + fmt.Sprintf(format, args...))
}

var reasons = []struct {
	err  error
	text string
}{
	{fs.ErrNotExist, "No such file or directory"},
	{fs.ErrPermission, "Permission denied"},
	{fs.ErrExist, "File exists"},
}

// text words an error for the peer. What we do not know is not told.
func (p *Peer) text(path string, err error) string {
	var r refusal
	switch {
	case errors.As(err, &r):
		return r.Error()
	case p.ErrorText != nil:
		return p.ErrorText(path, err)
	}
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return "scp: " + path + ": " + r.text
		}
	}
	return "scp: " + path + ": Undefined error"
}
