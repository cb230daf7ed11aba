package ifs

import (
	"io"
	"testing"
)

// A hole is a file like any other, but for the space it takes of the host.
func TestHole(t *testing.T) {
	onDisk, err := OpenDir(t.TempDir(), Options{Total: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	defer onDisk.Close()
	for name, v := range map[string]*Volume{"memory": NewMemory(Options{Total: 1 << 30}), "directory": onDisk} {
		const size = 200<<20 + 1
		if err := v.Hole("image.bin", size); err != nil {
			t.Fatal(name, err)
		}
		if e, err := v.Stat("image.bin"); err != nil || e.Size != size {
			t.Errorf("%s: %+v %v", name, e, err)
		}
		if free := v.Info().Free; free != 1<<30-size {
			t.Errorf("%s: %d bytes free", name, free)
		}
		f, err := v.Open("image.bin")
		if err != nil {
			t.Fatal(name, err)
		}
		if n, err := io.Copy(io.Discard, f); n != size || err != nil {
			t.Errorf("%s: read %d, %v", name, n, err)
		}
		f.Close()
		if err := v.Hole("second.bin", 1<<30); err == nil {
			t.Errorf("%s: beyond the quota", name)
		}
	}
}
