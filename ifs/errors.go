package ifs

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Error is a failed operation. Reason is Cisco's text, for the parentheses of
// `%Error opening flash:/x (No such file or directory)`.
type Error struct {
	Reason string
	Err    error // what the host said, for our own log; nil when the device itself refused
}

// The reasons a file system gives. Compare with errors.Is.
var (
	ErrNotExist    = &Error{Reason: "No such file or directory"}
	ErrExist       = &Error{Reason: "File exists"}
	ErrCreateExist = &Error{Reason: "Can't create a file that exists"} // what mkdir says
	ErrIsDir       = &Error{Reason: "Is a directory"}
	ErrNotDir      = &Error{Reason: "Not a directory"}
	ErrNotEmpty    = &Error{Reason: "Directory not empty"}
	ErrNoSpace     = &Error{Reason: "No space left on device"}
	ErrPermission  = &Error{Reason: "Permission denied"}
	ErrReadOnly    = &Error{Reason: "Read-only file system"}
	ErrInvalid     = &Error{Reason: "Invalid argument"}
	ErrNameTooLong = &Error{Reason: "File name too long"}
	ErrTooLarge    = &Error{Reason: "File too large"}
	ErrTooManyOpen = &Error{Reason: "Too many open files"}
	ErrClosed      = &Error{Reason: "Bad file number"}
	ErrNoDevice    = &Error{Reason: "No such device"}    // unknown prefix
	ErrCrossDevice = &Error{Reason: "Cross-device link"} // text from memory
	ErrIO          = &Error{Reason: "I/O error"}
)

// standard gives some reasons their name in io/fs, so that code that does not know this package can
// ask for them.
var standard = map[string]error{
	ErrNotExist.Reason:    fs.ErrNotExist,
	ErrExist.Reason:       fs.ErrExist,
	ErrCreateExist.Reason: fs.ErrExist,
	ErrPermission.Reason:  fs.ErrPermission,
	ErrReadOnly.Reason:    fs.ErrPermission,
	ErrInvalid.Reason:     fs.ErrInvalid,
	ErrClosed.Reason:      fs.ErrClosed,
}

// Error is the text for our own log.
func (e *Error) Error() string {
	if e.Err != nil {
		return "ifs: " + e.Reason + ": " + e.Err.Error()
	}
	return "ifs: " + e.Reason
}

// Unwrap gives the error of the host.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors of one reason equal, and equal to the same error of io/fs.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Reason == e.Reason || !ok && target == standard[e.Reason]
}

// Reason is the text for the user: what an error prints in parentheses.
func Reason(err error) string {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Reason
	}
	return "Undefined error"
}

// hostReasons translates what the host's file system says, first match wins.
var hostReasons = []struct {
	host   error
	reason *Error
}{
	{fs.ErrNotExist, ErrNotExist},
	{syscall.ENOTEMPTY, ErrNotEmpty},
	{fs.ErrExist, ErrExist},
	{fs.ErrPermission, ErrPermission},
	{syscall.ENOSPC, ErrNoSpace},
	{syscall.EDQUOT, ErrNoSpace},
	{syscall.EISDIR, ErrIsDir},
	{syscall.ENOTDIR, ErrNotDir},
	{syscall.ENAMETOOLONG, ErrNameTooLong},
	{syscall.EROFS, ErrReadOnly},
	{syscall.EMFILE, ErrTooManyOpen},
	{os.ErrClosed, ErrClosed},
}

// fromHost wraps an error of the host.
func fromHost(err error) error {
	if err == nil {
		return nil
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	for _, h := range hostReasons {
		if errors.Is(err, h.host) {
			return &Error{h.reason.Reason, err}
		}
	}
	return &Error{ErrIO.Reason, err}
}
