package scp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree is a Source and a Sink in memory: directories end in a slash.
type tree struct {
	files   map[string]string
	infos   map[string]FileInfo
	refuse  map[string]error // Create and Open of these fail
	full    int              // a Write beyond so many bytes of a file fails; 0 never
	commit  error
	aborted int
}

func newTree(files map[string]string) *tree {
	return &tree{files: files, infos: map[string]FileInfo{}, refuse: map[string]error{}}
}

func (t *tree) IsDir(name string) bool {
	_, ok := t.files[strings.TrimSuffix(name, "/")+"/"]
	return ok
}

func (t *tree) Open(name string) (*File, error) {
	if err := t.refuse[name]; err != nil {
		return nil, err
	}
	info := t.infos[name]
	info.Name = path.Base(name)
	if t.IsDir(name) {
		info.Dir = true
		f := &File{FileInfo: info}
		for child := range t.files {
			if rest, ok := strings.CutPrefix(child, name+"/"); ok && rest != "" && strings.Count(strings.TrimSuffix(rest, "/"), "/") == 0 {
				f.Children = append(f.Children, strings.TrimSuffix(child, "/"))
			}
		}
		slices.Sort(f.Children)
		return f, nil
	}
	data, ok := t.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	if info.Size == 0 {
		info.Size = int64(len(data))
	}
	return &File{FileInfo: info, Body: io.NopCloser(strings.NewReader(data))}, nil
}

func (t *tree) Create(name string, info FileInfo) (Writer, error) {
	if err := t.refuse[name]; err != nil {
		return nil, err
	}
	return &treeWriter{t: t, name: name, info: info}, nil
}

func (t *tree) Mkdir(name string, info FileInfo) error {
	if err := t.refuse[name]; err != nil {
		return err
	}
	t.files[name+"/"], t.infos[name] = "", info
	return nil
}

type treeWriter struct {
	t    *tree
	name string
	info FileInfo
	data bytes.Buffer
	done bool
}

func (w *treeWriter) Write(p []byte) (int, error) {
	if w.t.full > 0 && w.data.Len()+len(p) > w.t.full {
		return 0, errors.New("full")
	}
	return w.data.Write(p)
}

func (w *treeWriter) end() {
	if w.done {
		panic("both Commit and Abort, or one twice")
	}
	w.done = true
}

func (w *treeWriter) Commit() error {
	w.end()
	if w.t.commit != nil {
		return w.t.commit
	}
	w.t.files[w.name], w.t.infos[w.name] = w.data.String(), w.info
	return nil
}

func (w *treeWriter) Abort() error {
	w.end()
	w.t.aborted++
	return nil
}

// hostTree is a directory of this machine, for the tests against other programs.
type hostTree struct{}

func (hostTree) IsDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func (hostTree) Open(name string) (*File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	f := &File{FileInfo: FileInfo{Name: filepath.Base(name), Dir: info.IsDir(), Mode: uint32(info.Mode().Perm()), Size: info.Size(), ModTime: info.ModTime(), AccessTime: info.ModTime()}}
	if !f.Dir {
		f.Body, err = os.Open(name)
		return f, err
	}
	list, err := os.ReadDir(name)
	for _, e := range list {
		f.Children = append(f.Children, filepath.Join(name, e.Name()))
	}
	return f, err
}

func (hostTree) Create(name string, info FileInfo) (Writer, error) {
	f, err := os.OpenFile(name+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, fs.FileMode(info.Mode).Perm())
	return hostWriter{f, name, info}, err
}

func (hostTree) Mkdir(name string, info FileInfo) error {
	return os.Mkdir(name, fs.FileMode(info.Mode).Perm())
}

type hostWriter struct {
	*os.File
	name string
	info FileInfo
}

func (w hostWriter) Commit() error {
	err := errors.Join(w.Close(), os.Rename(w.Name(), w.name))
	if !w.info.ModTime.IsZero() {
		err = errors.Join(err, os.Chtimes(w.name, w.info.AccessTime, w.info.ModTime))
	}
	return err
}

func (w hostWriter) Abort() error { return errors.Join(w.Close(), os.Remove(w.Name())) }

// plant makes files on this machine and gives their directory.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(data), 0o640), os.Chtimes(name, someTime, someTime)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// harvest lists the files below a directory of this machine, with their modes and times.
func harvest(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, _ := d.Info()
		data, err := os.ReadFile(name)
		all = append(all, fmt.Sprintf("%s %v %d %x", strings.TrimPrefix(name, dir), info.Mode(), info.ModTime().Unix(), data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var someTime = time.Unix(1183828267, 0)
