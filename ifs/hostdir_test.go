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
		if _, err := v.Open(name); !errors.Is(err, ErrPermission) {
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

// A symbolic link stays what it is, whatever is done to its name, and so does
// what it leads to.
func TestSymbolicLinksStay(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	links := map[string]string{"out": outside, "in": "plain", "nowhere": "missing", "loop": "loop", "outdir": filepath.Dir(outside), "later": outside}
	put := func(name string) {
		os.Remove(filepath.Join(dir, name))
		if err := os.Symlink(links[name], filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	for name := range links {
		put(name)
	}
	os.Remove(filepath.Join(dir, "later"))
	v, err := OpenDir(dir, testOptions(1000))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, name := range []string{"plain", "later"} {
		if err := WriteFile(v, name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	begun, err := v.Create("later")
	if err != nil {
		t.Fatal(err)
	}
	put("later")
	if err := begun.Commit(); !errors.Is(err, ErrPermission) {
		t.Errorf("Commit onto a link that came meanwhile = %v, want %v", err, ErrPermission)
	}
	for name, target := range links {
		if err := WriteFile(v, name, []byte("x")); !errors.Is(err, ErrPermission) {
			t.Errorf("write %s: %v, want %v", name, err, ErrPermission)
		}
		if _, err := ReadFile(v, name, 100); !errors.Is(err, ErrPermission) {
			t.Errorf("read %s: %v, want %v", name, err, ErrPermission)
		}
		for what, err := range map[string]error{"rename plain to": v.Rename("plain", name), "remove": v.Remove(name), "mkdir": v.Mkdir(name), "rmdir": v.Rmdir(name)} {
			if err == nil {
				t.Errorf("%s %s: done, want an error", what, name)
			}
		}
		if got, err := os.Readlink(filepath.Join(dir, name)); got != target {
			t.Errorf("%s leads to %q, %v; want %q", name, got, err, target)
		}
	}
	for _, name := range []string{outside, filepath.Join(dir, "plain")} {
		if text, err := os.ReadFile(name); string(text) != filepath.Base(name) {
			t.Errorf("%s holds %q, %v", name, text, err)
		}
	}
}

// A new name is a line more in the order file, which is written anew only when most
// of it is stale; it holds the order whatever happened to the names.
func TestOrderFileGrows(t *testing.T) {
	dir := t.TempDir()
	v, err := OpenDir(dir, testOptions(100))
	if err != nil {
		t.Fatal(err)
	}
	order := func() os.FileInfo {
		info, err := os.Stat(filepath.Join(dir, orderFile))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	before := order()
	for _, name := range []string{"c", "a", "b"} {
		put(t, v, name, "")
	}
	if err := errors.Join(v.Mkdir("sub"), v.Mkdir("sub/sub"), v.Rename("c", "d"), v.Remove("b"), v.Rename("sub", "new"), v.Rmdir("new/sub")); err != nil {
		t.Fatal(err)
	}
	put(t, v, "b", "")
	put(t, v, "c", "")
	if !os.SameFile(before, order()) {
		t.Error("the order file was written anew for nine names")
	}
	want := "1:d 2:a 4:new 5:b 6:c"
	if got := names(t, v, ""); got != want {
		t.Errorf("listed: %s, want %s", got, want)
	}
	v.Close()
	f, err := os.OpenFile(filepath.Join(dir, orderFile), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("9 d") // "9 dd", cut off
	f.Close()
	if v, err = OpenDir(dir, testOptions(100)); err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if got := names(t, v, ""); got != want {
		t.Errorf("listed after another start: %s, want %s", got, want)
	}
	full := int64(0)
	for range 3 * staleLines {
		v.store.order(v.root, v.root.child("b"), v.entries)
		full = max(full, order().Size())
	}
	if limit := int64((staleLines + 10) * len("5 b\n")); full > limit || order().Size() > limit {
		t.Errorf("the order file grew to %d bytes, want at most %d", full, limit)
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
