package devicetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Blob is a file of n bytes that does not repeat, of all values.
func Blob(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// Write puts a file on this host and returns its path.
func Write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Read returns a file of this host.
func Read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Example is the path of a file in the examples of this module.
func Example(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd() // a test runs in the directory of its package
	if err != nil {
		t.Fatal(err)
	}
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			path := filepath.Join(up, "examples", name)
			if _, err := os.Stat(path); err != nil { // and a test that was cached is run anew when it changes
				t.Fatal(err)
			}
			return path
		}
		if up == filepath.Dir(up) {
			t.Fatalf("no go.mod above %s", dir)
		}
	}
}
