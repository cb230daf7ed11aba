package keyring

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// A pool is made once and read from then on: a device gets the same key again.
func TestPoolIsMadeAtFirstUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "pool.pem")
	first, err := OpenPool(path, 3, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || (info.Mode().Perm() != 0o600 && runtime.GOOS != "windows") {
		t.Errorf("the pool's file: %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside the pool there is %v, %v", left, err)
	}
	again, err := OpenPool(path, 50, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(again.pairs); n != 3 {
		t.Errorf("a pool of 3 pairs is read as one of %d", n)
	}
	used := map[string]bool{}
	for _, name := range []string{"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"} {
		a, b := first.Pair(name, name+".example.com"), again.Pair(name, name+".lab")
		if a.Public() == nil || string(a.Public()) != string(b.Public()) {
			t.Errorf("%s has another key the second time", name)
		}
		if a.Label != name+".example.com" || b.Label != name+".lab" || a.Saved || a.Bits != 1024 {
			t.Errorf("%s draws %+v", name, a)
		}
		used[string(a.Public())] = true
	}
	if len(used) < 2 {
		t.Error("all devices draw one pair")
	}
}

// Programs that begin at once share one pool.
func TestPoolIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pool.pem")
	var got [4]*Pool
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			p, err := OpenPool(path, 1, 1024)
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = p
		})
	}
	all.Wait()
	for _, p := range got {
		if p == nil || string(p.Pair("R1", "R1").Public()) != string(got[0].Pair("R1", "R1").Public()) {
			t.Error("two programs have two pools")
		}
	}
}

// What is there and cannot be used is an error, and stays as it is.
func TestPoolIsNotReplaced(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.pem")
	if _, err := OpenPool(good, 1, 1024); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, want string
		mode             os.FileMode
	}{
		{"readable by others", string(pem), "mode 0644, want 0600", 0o644},
		{"damaged", string(pem[:len(pem)/2]), "no PEM block", 0o600},
		{"empty", "", "no key pair", 0o600},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.mode != 0o600 && runtime.GOOS == "windows" {
				t.Skip("Windows has no modes")
			}
			path := filepath.Join(t.TempDir(), "pool.pem")
			if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenPool(path, 1, 1024); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("opens with %v, want %q", err, c.want)
			}
			if now, err := os.ReadFile(path); err != nil || string(now) != c.text {
				t.Errorf("the file is changed, or %v", err)
			}
		})
	}
	if _, err := OpenPool(filepath.Join(t.TempDir(), "pool.pem"), 0, 1024); err == nil {
		t.Error("a pool of no pairs is made")
	}
}
