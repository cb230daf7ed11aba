package ifs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestHostModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "flash")
	v, err := OpenDir(dir, testOptions(100))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	put(t, v, "file", "x")
	if err := v.Mkdir("sub"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"": 0o700, "file": 0o600, "sub": 0o700, orderFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

func TestHostDirectoryOfStrangers(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret")
	for name, data := range map[string]string{secret: "secret", dir + "/plain": "plain", dir + "/with:colon": "x", dir + "/" + hidden + randomName(): "left behind"} {
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(secret, dir+"/link"); err != nil {
		t.Skip(err)
	}
	os.Symlink("plain", dir+"/inside")
	os.Symlink(filepath.Dir(secret), dir+"/linkdir")
	v, err := OpenDir(dir, testOptions(100))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if got := names(t, v, ""); got != "1:plain" {
		t.Errorf("listed: %s", got)
	}
	if left, _ := filepath.Glob(dir + "/" + hidden + "????*????????"); len(left) != 0 {
		t.Errorf("leftovers: %v", left)
	}
	// A link put in the place of a file or directory later is not followed either.
	if err := v.Mkdir("sub"); err != nil {
		t.Fatal(err)
	}
	put(t, v, "sub/secret", "own")
	os.RemoveAll(dir + "/sub")
	os.Symlink(filepath.Dir(secret), dir+"/sub")
	os.Remove(dir + "/plain")
	os.Symlink("inside", dir+"/plain")
	for _, name := range []string{"sub/secret", "plain"} {
		if _, err := v.Open(name); !errors.Is(err, ErrNotExist) {
			t.Errorf("Open(%q) = %v", name, err)
		}
	}
	if w, err := v.Create("sub/new"); err == nil {
		t.Errorf("Create through a link: %v", w.Commit())
	}
	v.Remove("sub/secret")
	if _, err := os.Stat(secret); err != nil {
		t.Errorf("the file behind the link: %v", err)
	}
}

func TestOrderFileLost(t *testing.T) {
	dir := t.TempDir()
	v, _ := OpenDir(dir, testOptions(100))
	for _, name := range []string{"c", "a", "b"} {
		put(t, v, name, "")
	}
	v.Close()
	for _, garbage := range []string{"1 b\n1 c\n-3 a\nx\n99999999999 a\n7 missing\n", "", "\x00\xff"} {
		os.WriteFile(filepath.Join(dir, orderFile), []byte(garbage), 0o600)
		v, err := OpenDir(dir, testOptions(100))
		if err != nil {
			t.Fatal(err)
		}
		if list, err := v.ReadDir(""); err != nil || len(list) != 3 || list[0].Index == list[1].Index {
			t.Errorf("with order %q: %v, %v", garbage, list, err)
		}
		v.Close()
	}
}
