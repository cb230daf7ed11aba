package ifs

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options describe a volume.
type Options struct {
	Type     string // of `show file systems`: disk, nvram; default disk
	Total    int64  // quota in bytes
	ReadOnly bool
	Budget   *Budget // of memory, for a volume there; nil for as much as its quota

	MaxEntries int              // files and directories; default 4096
	MaxWriters int              // files being written at once; default 256
	Private    []string         // files listed as ---- that only Internal reads and writes
	DirMode    Mode             // of directories; default drwx, IOSv shows drw-
	DirSize    int64            // what directories show as their size
	NoDates    bool             // nvram: keeps no dates
	Now        func() time.Time // default time.Now
}

func (o Options) withDefaults() Options {
	if o.Type == "" {
		o.Type = "disk"
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = 4096
	}
	if o.MaxWriters == 0 {
		o.MaxWriters = 256
	}
	if o.DirMode == 0 {
		o.DirMode = Dir | Read | Write | Exec
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// store keeps what the files of a volume hold. Names are clean and have been checked against the tree.
type store interface {
	// stage begins a file that has no name yet, in a directory.
	stage(dir string) (stage, error)
	open(n *node) (io.ReadCloser, int64, error)
	remove(name string) error
	rename(old, new string) error
	mkdir(name string) error
	rmdir(name string) error
	// sync returns what makes the names that a directory has now durable, wherever it has moved by then.
	sync(dir string) func() error
	// foreign refuses a name under which the host has what no volume makes, such as a symbolic link.
	foreign(name string) error
	// order is told that n is new or has a new name, in a volume of so many entries.
	order(root, n *node, entries int)
	foldsCase() bool
	close() error
}

// stage is a file without a name.
type stage interface {
	Write(p []byte) (int, error)
	// hole makes an empty file n bytes long without storing them.
	hole(n int64) error
	// seal makes the content durable; nothing is written afterwards.
	seal() error
	// publish gives the file its name. The directory may have been renamed since the stage began.
	publish(dir, base string, mod time.Time) (*content, error)
	discard(dir string)
}

// Volume is a file system with a quota, in memory or on a host directory. What the names are and
// what each operation answers is decided here, the same for both; a store only keeps the bytes.
type Volume struct {
	opts  Options
	store store

	mu      sync.Mutex // guards the rest, and the tree
	root    *node
	entries int
	top     int // the highest index in use
	writers int
	closed  bool
	used    int64 // bytes of files, and of what is being written beyond the space lent to it
}

func newVolume(opts Options) *Volume {
	return &Volume{opts: opts.withDefaults(), root: &node{dir: true}}
}

// private reports whether a file is one that users can see but not open.
func (v *Volume) private(name string) bool { return slices.Contains(v.opts.Private, name) }

// Close releases what the volume holds of the host, and its budget. Its files stay.
func (v *Volume) Close() error {
	v.mu.Lock()
	v.closed = true
	v.root.walk(func(n *node) { n.content.refund() })
	v.mu.Unlock()
	return v.store.close()
}

// Info is the line of `show file systems`.
func (v *Volume) Info() Info {
	v.mu.Lock()
	defer v.mu.Unlock()
	flags := "rw"
	if v.opts.ReadOnly {
		flags = "ro"
	}
	return Info{v.opts.Type, flags, true, v.opts.Total, max(0, v.opts.Total-v.used)}
}

func (v *Volume) entry(n *node) Entry {
	e := Entry{Index: n.index, Name: n.name, Mode: Read | Write, Size: n.size, ModTime: n.mod}
	switch {
	case n.dir:
		e.Mode, e.Size = v.opts.DirMode, v.opts.DirSize
	case v.private(n.path()):
		e.Mode = 0
	}
	if v.opts.NoDates {
		e.ModTime = time.Time{}
	}
	return e
}

// Stat describes a file or a directory.
func (v *Volume) Stat(name string) (Entry, error) {
	name, err := Clean(name)
	if err != nil {
		return Entry{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	n, err := v.root.find(name)
	if err != nil {
		return Entry{}, err
	}
	return v.entry(n), nil
}

// ReadDir lists a directory in directory order.
func (v *Volume) ReadDir(name string) ([]Entry, error) {
	name, err := Clean(name)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	n, err := v.root.find(name)
	if err != nil {
		return nil, err
	}
	if !n.dir {
		return nil, ErrNotDir
	}
	list := make([]Entry, len(n.children))
	for i, c := range n.children {
		list[i] = v.entry(c)
	}
	return list, nil
}

// file is an open file of a volume.
type file struct {
	io.ReadCloser
	entry Entry
}

func (f *file) Stat() Entry { return f.entry }

func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = fromHost(err)
	}
	return n, err
}

// openInternal opens a file, private or not.
func (v *Volume) openInternal(name string) (File, error) {
	name, err := Clean(name)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	n, err := v.root.find(name)
	if err != nil {
		return nil, cmp.Or(v.store.foreign(name), err)
	}
	if n.dir {
		return nil, ErrIsDir
	}
	r, size, err := v.store.open(n)
	if err != nil {
		return nil, fromHost(err)
	}
	e := v.entry(n)
	e.Size = size
	return &file{r, e}, nil
}

func (v *Volume) removeInternal(name string) error {
	return v.change(name, func(name string) error {
		n, err := v.root.find(name)
		switch {
		case err != nil:
			return err
		case n.dir:
			return ErrIsDir
		}
		if err := v.store.remove(name); err != nil {
			return err
		}
		v.used -= n.size
		n.content.release()
		v.unlink(n)
		return v.store.sync(n.parent.path())()
	})
}

// Mkdir makes a directory.
func (v *Volume) Mkdir(name string) error {
	return v.change(name, func(name string) error {
		dir, base, err := v.root.findDir(name)
		switch {
		case err != nil:
			return err
		case base == "" || v.taken(dir, base):
			return ErrCreateExist
		case v.entries >= v.opts.MaxEntries:
			return ErrNoSpace
		}
		if err := v.store.mkdir(name); err != nil {
			return err
		}
		v.link(dir, &node{name: base, dir: true, mod: v.now()})
		return v.store.sync(dir.path())()
	})
}

// Rmdir removes an empty directory.
func (v *Volume) Rmdir(name string) error {
	return v.change(name, func(name string) error {
		n, err := v.root.find(name)
		switch {
		case err != nil:
			return err
		case !n.dir:
			return ErrNotDir
		case n.parent == nil:
			return ErrInvalid
		case len(n.children) > 0 || n.pending > 0:
			return ErrNotEmpty
		}
		if err := v.store.rmdir(name); err != nil {
			return err
		}
		v.unlink(n)
		return v.store.sync(n.parent.path())()
	})
}

func (v *Volume) renameInternal(old, new string) error {
	new, err := Clean(new)
	if err != nil {
		return err
	}
	return v.change(old, func(old string) error {
		n, err := v.root.find(old)
		if err != nil {
			return err
		}
		dir, base, err := v.root.findDir(new)
		switch {
		case err != nil:
			return err
		case n.parent == nil || strings.HasPrefix(new, old+"/"):
			return ErrInvalid
		case base == "" || v.taken(dir, base):
			return ErrExist
		case dir.depth()+1+n.height() > MaxDepth:
			return ErrNameTooLong
		}
		if err := v.store.rename(old, new); err != nil {
			return err
		}
		from := n.parent
		from.drop(n)
		n.name = base
		dir.add(n)
		v.store.order(v.root, n, v.entries)
		if err := v.store.sync(from.path())(); err != nil {
			return err
		}
		return v.store.sync(dir.path())()
	})
}

// change runs an operation on names under the lock.
func (v *Volume) change(name string, op func(clean string) error) error {
	name, err := Clean(name)
	if err != nil {
		return err
	}
	if v.opts.ReadOnly {
		return ErrReadOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return fromHost(op(name))
}

// taken reports whether a directory has a name, or one that the host cannot tell from it.
func (v *Volume) taken(dir *node, base string) bool {
	if dir.child(base) != nil {
		return true
	}
	if !v.store.foldsCase() {
		return false
	}
	for _, c := range dir.children {
		if strings.EqualFold(c.name, base) {
			return true
		}
	}
	return false
}

// link adds a node under the next index, which is one more than the highest in use.
func (v *Volume) link(dir, n *node) {
	v.top++
	n.index = v.top
	v.entries++
	dir.add(n)
	v.store.order(v.root, n, v.entries)
}

func (v *Volume) unlink(n *node) {
	v.entries--
	n.parent.drop(n)
	if n.index == v.top {
		v.top = v.root.top()
	}
}

// now is the time a file gets: whole seconds, which every host can keep.
func (v *Volume) now() time.Time { return v.opts.Now().Truncate(time.Second) }
