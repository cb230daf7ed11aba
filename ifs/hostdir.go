package ifs

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"time"
)

// OpenDir makes a volume of a host directory, which it creates when missing. Files already there are
// files of the volume; symbolic links, special files and names no device file can have are neither
// listed nor touched: a name that one of them has cannot be read or written, ErrPermission. The caller sees to it that one program at a time uses the directory.
func OpenDir(dir string, opts Options) (*Volume, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening volume: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening volume: %w", err)
	}
	h := &hostDir{root: root}
	v := newVolume(opts)
	v.store = h
	if err := h.load(v); err != nil {
		root.Close()
		return nil, fmt.Errorf("opening volume %s: %w", dir, err)
	}
	return v, nil
}

// hostDir is the store of a volume on a host directory. Files are 0600, directories 0700.
type hostDir struct {
	root  *os.Root
	folds bool // the host does not tell names apart that differ in case
	log   orderLog
}

func (h *hostDir) foldsCase() bool { return h.folds }

func (h *hostDir) close() error {
	h.closeOrder()
	return h.root.Close()
}

// host is the host's spelling of a name.
func host(name string) string {
	if name == "" {
		return "."
	}
	return name
}

// plain refuses a name that is, or leads through, something other than what the volume made: a
// symbolic link put there in the meantime.
func (h *hostDir) plain(name string) (fs.FileInfo, error) {
	for dir, _ := split(name); dir != ""; dir, _ = split(dir) {
		if info, err := h.root.Lstat(dir); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return nil, notOurs(dir, info)
		}
	}
	info, err := h.root.Lstat(host(name))
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = notOurs(name, info)
	}
	return info, err
}

// notOurs is the error of a name under which the host has something that the volume did not make.
func notOurs(name string, info fs.FileInfo) error {
	return &Error{ErrPermission.Reason, fmt.Errorf("%s is %v", name, info.Mode())}
}

func (h *hostDir) foreign(name string) error {
	info, err := h.root.Lstat(name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return notOurs(name, info)
	}
	return nil
}

func (h *hostDir) open(n *node) (io.ReadCloser, int64, error) {
	name := n.path()
	want, err := h.plain(name)
	if err != nil {
		return nil, 0, err
	}
	f, err := h.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && (!os.SameFile(want, info) || info.IsDir()) {
		err = notOurs(name, info)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// remove is content when the file is gone already.
func (h *hostDir) remove(name string) error {
	_, err := h.plain(name)
	if err == nil {
		err = h.root.Remove(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (h *hostDir) rmdir(name string) error { return h.remove(name) }

func (h *hostDir) rename(old, new string) error {
	if _, err := h.plain(old); err != nil {
		return err
	}
	if _, err := h.root.Lstat(new); err == nil {
		return ErrExist
	}
	return h.root.Rename(old, new)
}

func (h *hostDir) mkdir(name string) error {
	if _, err := h.plain(name); err == nil {
		return ErrCreateExist
	}
	return h.root.Mkdir(name, 0o700)
}

// sync makes the names in a directory durable. Windows has no such call and does not need it.
func (h *hostDir) sync(dir string) func() error {
	if runtime.GOOS == "windows" {
		return func() error { return nil }
	}
	d, err := h.root.Open(host(dir))
	if err != nil {
		return func() error { return err }
	}
	return func() error { return errors.Join(d.Sync(), d.Close()) }
}

// hostStage is a file under a hidden name, in the directory where it will appear.
type hostStage struct {
	h      *hostDir
	file   *os.File
	hidden string
}

func (h *hostDir) stage(dir string) (stage, error) {
	if _, err := h.plain(dir); err != nil {
		return nil, err
	}
	s := &hostStage{h: h, hidden: hidden + randomName()}
	f, err := h.root.OpenFile(path.Join(dir, s.hidden), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	s.file = f
	return s, nil
}

func randomName() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func (s *hostStage) Write(p []byte) (int, error) { return s.file.Write(p) }

func (s *hostStage) hole(n int64) error { return s.file.Truncate(n) }

func (s *hostStage) seal() error {
	return errors.Join(s.file.Sync(), s.file.Close())
}

func (s *hostStage) publish(dir, base string, mod time.Time) (*content, error) {
	from, to := path.Join(dir, s.hidden), path.Join(dir, base)
	if _, err := s.h.plain(from); err != nil {
		return nil, err
	}
	if err := s.h.root.Chtimes(from, mod, mod); err != nil {
		return nil, err
	}
	return nil, s.h.root.Rename(from, to)
}

func (s *hostStage) discard(dir string) {
	s.file.Close()
	s.h.root.Remove(path.Join(dir, s.hidden))
}

// load reads the tree of an existing directory and removes what a crash left behind.
func (h *hostDir) load(v *Volume) error {
	order := h.readOrder()
	var found []*node
	if err := h.scan(v, v.root, &found); err != nil {
		return err
	}
	number(found, order)
	for _, n := range found {
		n.parent.add(n)
	}
	v.top = v.root.top()
	if _, err := h.root.Lstat(orderFile); errors.Is(err, fs.ErrNotExist) {
		h.writeOrder(v.root)
	} // else the first change writes it: to look at a directory changes nothing there
	h.folds = h.probeFolding()
	return nil
}

// scan collects what is below a directory, with parents set but not yet in the order.
func (h *hostDir) scan(v *Volume, dir *node, found *[]*node) error {
	list, err := fs.ReadDir(h.root.FS(), host(dir.path()))
	if err != nil {
		return err
	}
	for _, e := range list {
		n := &node{name: e.Name(), parent: dir, dir: e.IsDir()}
		if isLeftover(e) {
			if err := h.root.Remove(n.path()); err != nil {
				return fmt.Errorf("removing leftover: %w", err)
			}
			continue
		}
		info, err := e.Info()
		if err != nil || checkElement(n.name) != nil || !n.dir && !e.Type().IsRegular() || n.depth() > MaxDepth {
			continue
		}
		if v.entries++; v.entries > v.opts.MaxEntries {
			return fmt.Errorf("more than %d entries", v.opts.MaxEntries)
		}
		n.mod = info.ModTime().Truncate(time.Second)
		*found = append(*found, n)
		if !n.dir {
			n.size = info.Size()
			v.used += n.size
		} else if err := h.scan(v, n, found); err != nil {
			return err
		}
	}
	return nil
}

// isLeftover recognises the hidden file of a writer that never ended.
func isLeftover(e fs.DirEntry) bool {
	tail, ok := strings.CutPrefix(e.Name(), hidden)
	return ok && e.Type().IsRegular() && len(tail) == len(randomName())
}
