package device

import (
	"errors"
	"io"
	"testing"

	"vtylab/ifs"
)

// broken is a file system whose files end with an error.
type broken struct {
	ifs.FS
	open, read error
}

func (b broken) Open(name string) (ifs.File, error) {
	if b.open != nil {
		return nil, b.open
	}
	f, err := b.FS.Open(name)
	return brokenFile{f, b.read}, err
}

type brokenFile struct {
	ifs.File
	err error
}

func (f brokenFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if err == io.EOF {
		err = f.err
	}
	return n, err
}

// Only a file that does not exist is no state.
func TestReadState(t *testing.T) {
	v := ifs.NewMemory(ifs.Options{Total: 16 << 20})
	for name, size := range map[string]int{"good": 100, "long": maxStartup + 1} {
		if err := ifs.WriteFile(v, name, make([]byte, size)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		line, file string
		nvram      ifs.FS
		want       error
		size       int
	}{
		{"a file", "good", v, nil, 100},
		{"no file", "none", v, nil, 0},
		{"a file too long", "long", v, ifs.ErrTooLarge, 0},
		{"a file that does not open", "good", broken{FS: v, open: ifs.ErrIO}, ifs.ErrIO, 0},
		{"a file that nobody may read", "good", broken{FS: v, open: ifs.ErrPermission}, ifs.ErrPermission, 0},
		{"a file that ends in an error", "good", broken{FS: v, read: ifs.ErrIO}, ifs.ErrIO, 0},
	} {
		data, err := readState(c.nvram, c.file)
		if !errors.Is(err, c.want) || len(data) != c.size {
			t.Errorf("%s: %d bytes, %v; want %d, %v", c.line, len(data), err, c.size, c.want)
		}
	}
}
