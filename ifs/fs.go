// Package ifs is the IOS file system: files by prefix (flash:, nvram:, system:), with a quota, in
// memory or on a host directory.
//
// An [FS] is one file system. [NewMemory] and [OpenDir] make a [Volume], [NewVirtual] makes one whose
// files are rendered when they are opened. A [Set] mounts them under their prefixes and resolves
// what a user types.
//
// # Guarantees
//
// A file appears under its name, whole, when its [Writer] commits, and not before; until then, and
// after an abort, the file that had the name is untouched. A reader that is open keeps the content it
// opened. On a host directory the same holds across a crash of the program or of the host: old or
// new, never a part. Names never lead out of a volume. Symbolic links in a host directory are not
// followed, and stay: what would read or replace one is refused.
//
// Everything is bounded: bytes by the quota, which counts what is being written, and also the number of
// entries, the depth, the length of a name and the number of open writers.
//
// Names inside a file system are slash-separated without a leading slash; "" is its root. Names are
// case-sensitive. Directories list in the order of creation, by the index that `dir` prints first.
package ifs

import (
	"bytes"
	"fmt"
	"io"
	"time"
)

// FS is one file system of the device. Its errors are *Error. It is safe for concurrent use, and can be
// compared.
type FS interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// Create starts a new file or the replacement of an existing one.
	Create(name string) (Writer, error)
	// Remove deletes a file.
	Remove(name string) error
	// Rename moves a file or a directory; the new name must be free.
	Rename(old, new string) error
	// Mkdir makes a directory.
	Mkdir(name string) error
	// Rmdir removes an empty directory.
	Rmdir(name string) error
	// Stat describes a file or a directory.
	Stat(name string) (Entry, error)
	// ReadDir lists a directory in directory order.
	ReadDir(name string) ([]Entry, error)
	// Info is the line of `show file systems`.
	Info() Info
}

// File is an open file. One goroutine uses it at a time.
type File interface {
	io.ReadCloser
	// Stat describes the content that is being read.
	Stat() Entry
}

// Writer receives the content of a file. Exactly one of Commit and Abort takes effect, the first
// called; a deferred Abort is always right. One goroutine uses it at a time.
type Writer interface {
	io.Writer
	// Commit makes the content visible under its name. It fails, and aborts, after a failed Write.
	Commit() error
	// Abort forgets the content. The file that had the name stays.
	Abort() error
}

// Entry is one file or directory as `dir` lists it.
type Entry struct {
	Index   int
	Name    string // the last element; "" for the root
	Mode    Mode
	Size    int64
	ModTime time.Time // zero is printed as <no date>
}

// IsDir reports whether the entry is a directory.
func (e Entry) IsDir() bool { return e.Mode&Dir != 0 }

// Mode is what the permission column of `dir` shows.
type Mode uint8

// The letters of the permission column, in its order.
const (
	Dir Mode = 1 << iota
	Read
	Write
	Exec
)

// String is the permission column: -rw-, drwx, ----.
func (m Mode) String() string {
	s := []byte("----")
	for i, letter := range []byte("drwx") {
		if m&(1<<i) != 0 {
			s[i] = letter
		}
	}
	return string(s)
}

// Info is what `show file systems` and the last line of `dir` say of a file system.
type Info struct {
	Type  string // disk, nvram, opaque, network
	Flags string // rw, ro, wo
	Sized bool   // false prints "-" for both numbers
	Total int64
	Free  int64
}

// ReadFile reads a file of at most limit bytes; a longer one is ErrTooLarge.
func ReadFile(f FS, name string, limit int64) ([]byte, error) {
	r, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size := r.Stat().Size; size > limit {
		return nil, &Error{ErrTooLarge.Reason, fmt.Errorf("%d bytes", size)}
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = ErrTooLarge
	}
	return data, err
}

// WriteFile writes a whole file, or leaves the old one.
func WriteFile(f FS, name string, data []byte) error {
	w, err := f.Create(name)
	if err != nil {
		return err
	}
	defer w.Abort()
	if _, err := io.Copy(w, bytes.NewReader(data)); err != nil {
		return err
	}
	return w.Commit()
}
