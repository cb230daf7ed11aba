package ifs

import (
	"bytes"
	"io"
	"slices"
)

// VirtualFile is a file that is made when it is opened, like system:running-config.
type VirtualFile struct {
	Name    string
	Index   int // 0: the place in the list, from 1
	Render  func() ([]byte, error)
	Commit  func([]byte) error // takes what was written to the file; nil when it cannot be written
	MaxSize int64              // of what is written; default 4 MiB
}

// NewVirtual makes a file system of rendered files, without directories, of type opaque. An
// error of Render or Commit reaches the caller of Open, Stat or Writer.Commit as it is.
func NewVirtual(files ...VirtualFile) FS {
	for i := range files {
		if files[i].Index == 0 {
			files[i].Index = i + 1
		}
		if files[i].MaxSize == 0 {
			files[i].MaxSize = 4 << 20
		}
	}
	return &virtual{files}
}

type virtual struct{ files []VirtualFile }

func (v *virtual) Info() Info { return Info{Type: "opaque", Flags: "rw"} }

func (v *virtual) find(name string) (*VirtualFile, error) {
	name, err := Clean(name)
	if err != nil {
		return nil, err
	}
	if name == "" {
		return nil, ErrIsDir
	}
	i := slices.IndexFunc(v.files, func(f VirtualFile) bool { return f.Name == name })
	if i < 0 {
		return nil, ErrNotExist
	}
	return &v.files[i], nil
}

func (v *virtual) Open(name string) (File, error) {
	f, err := v.find(name)
	if err != nil {
		return nil, err
	}
	data, err := f.Render()
	if err != nil {
		return nil, err
	}
	return &virtualReader{*bytes.NewReader(data), f.entry(len(data))}, nil
}

func (f *VirtualFile) entry(size int) Entry {
	e := Entry{Index: f.Index, Name: f.Name, Mode: Read, Size: int64(size)}
	if f.Commit != nil {
		e.Mode |= Write
	}
	return e
}

type virtualReader struct {
	bytes.Reader
	entry Entry
}

func (r *virtualReader) Stat() Entry  { return r.entry }
func (r *virtualReader) Close() error { return nil }

func (v *virtual) Create(name string) (Writer, error) {
	f, err := v.find(name)
	switch {
	case err == ErrNotExist:
		return nil, ErrPermission
	case err != nil:
		return nil, err
	case f.Commit == nil:
		return nil, ErrPermission
	}
	return &virtualWriter{file: f}, nil
}

type virtualWriter struct {
	file *VirtualFile
	data []byte
	err  error
	done bool
}

func (w *virtualWriter) Write(p []byte) (int, error) {
	switch {
	case w.done:
		return 0, ErrClosed
	case w.err == nil && int64(len(p)) > w.file.MaxSize-int64(len(w.data)):
		w.err = ErrTooLarge
	}
	if w.err != nil {
		return 0, w.err
	}
	w.data = append(w.data, p...)
	return len(p), nil
}

func (w *virtualWriter) Commit() error {
	if w.done {
		return ErrClosed
	}
	w.done = true
	if w.err != nil {
		return w.err
	}
	return w.file.Commit(w.data)
}

func (w *virtualWriter) Abort() error {
	w.done, w.data = true, nil
	return nil
}

func (v *virtual) Stat(name string) (Entry, error) {
	f, err := v.find(name)
	if err == ErrIsDir {
		return Entry{Mode: Dir | Read | Exec}, nil
	}
	if err != nil {
		return Entry{}, err
	}
	data, err := f.Render()
	return f.entry(len(data)), err
}

func (v *virtual) ReadDir(name string) ([]Entry, error) {
	if _, err := v.find(name); err == nil {
		return nil, ErrNotDir
	} else if err != ErrIsDir {
		return nil, err
	}
	var list []Entry
	for i := range v.files {
		data, err := v.files[i].Render()
		if err != nil {
			return nil, err
		}
		list = append(list, v.files[i].entry(len(data)))
	}
	return list, nil
}

func (v *virtual) Remove(string) error         { return ErrPermission }
func (v *virtual) Rename(string, string) error { return ErrPermission }
func (v *virtual) Mkdir(string) error          { return ErrPermission }
func (v *virtual) Rmdir(string) error          { return ErrPermission }

// Null is null: — what is written to any name is forgotten, and every name reads as empty.
var Null FS = &null{NewVirtual()}

type null struct{ FS }

func (*null) Open(string) (File, error) {
	return &virtualReader{entry: Entry{Mode: Read | Write}}, nil
}

func (*null) Create(string) (Writer, error) {
	forget := func([]byte) error { return nil }
	return &nullWriter{virtualWriter{file: &VirtualFile{Commit: forget}}}, nil
}

type nullWriter struct{ virtualWriter }

func (w *nullWriter) Write(p []byte) (int, error) { return io.Discard.Write(p) }
