package ifs

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBothKindsAgree runs random operations on a volume of each kind; every answer and every
// listing must be the same, before and after the host volume is opened again.
func TestBothKindsAgree(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { agree(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

func agree(t *testing.T, r *rand.Rand) {
	dir := t.TempDir()
	host, err := OpenDir(dir, testOptions(500))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { host.Close() }()
	mem := NewMemory(testOptions(500))
	var writers [][2]Writer
	name := func() string {
		return []string{"a", "b", "c", "a/x", "a/y", "b/x", "b/x/z", "private-config", "", "bad\n", "c/../a"}[r.IntN(11)]
	}
	for step := range 300 {
		var what string
		var errs [2]error
		op, one, two, size := r.IntN(9), name(), name(), r.IntN(120)
		writer := r.IntN(len(writers) + 1)
		for i, v := range []*Volume{mem, host} {
			switch op {
			case 0, 1:
				what = fmt.Sprintf("write %q %d", one, size)
				errs[i] = WriteFile(v, one, bytes.Repeat([]byte{byte(step)}, size))
			case 2:
				what = fmt.Sprintf("remove %q", one)
				errs[i] = v.Remove(one)
			case 3:
				what = fmt.Sprintf("rename %q %q", one, two)
				errs[i] = v.Rename(one, two)
			case 4:
				what = fmt.Sprintf("mkdir %q", one)
				errs[i] = v.Mkdir(one)
			case 5:
				what = fmt.Sprintf("rmdir %q", one)
				errs[i] = v.Rmdir(one)
			case 6:
				what = fmt.Sprintf("begin %q", one)
				w, err := v.Create(one)
				errs[i] = err
				if err == nil {
					if i == 0 {
						writers = append(writers, [2]Writer{})
					}
					writers[len(writers)-1][i] = w
				}
			case 7, 8:
				if writer == len(writers) {
					continue
				}
				w := writers[writer][i]
				what = fmt.Sprintf("write %d into writer %d and end it: %v", size, writer, op == 7)
				_, err := w.Write(make([]byte, size))
				if op == 7 {
					err = errors.Join(err, w.Commit())
				} else {
					w.Abort()
				}
				errs[i] = err
			}
		}
		if op >= 7 && writer < len(writers) {
			writers = append(writers[:writer], writers[writer+1:]...)
		}
		if (errs[0] == nil) != (errs[1] == nil) || errs[0] != nil && Reason(errs[0]) != Reason(errs[1]) {
			t.Fatalf("step %d: %s: memory %v, host %v", step, what, errs[0], errs[1])
		}
		if len(writers) == 0 && r.IntN(10) == 0 {
			host.Close()
			if host, err = OpenDir(dir, testOptions(500)); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(snapshot(t, mem), snapshot(t, host)); diff != "" {
			t.Fatalf("step %d: after %s (-memory +host):\n%s", step, what, diff)
		}
		checkUsed(t, mem, len(writers) == 0)
	}
	for _, w := range writers {
		w[0].Abort()
		w[1].Abort()
	}
	if left, _ := filepath.Glob(filepath.Join(dir, hidden+"*")); len(left) != 1 {
		t.Errorf("left on the host: %v", left)
	}
}

// snapshot is everything that can be seen of a volume.
func snapshot(t *testing.T, v *Volume) []string {
	all := []string{fmt.Sprint(v.Info())}
	var list func(dir string)
	list = func(dir string) {
		entries, err := v.ReadDir(dir)
		if err != nil {
			t.Fatalf("listing %q: %v", dir, err)
		}
		for _, e := range entries {
			name := strings.TrimPrefix(dir+"/"+e.Name, "/")
			line := fmt.Sprintf("%s %+v", name, e)
			if e.IsDir() {
				line = fmt.Sprintf("%s/ %d", name, e.Index) // the host sets the times of directories
			} else if data, err := ReadFile(v.Internal(), name, 1<<20); err != nil {
				t.Fatalf("reading %q: %v", name, err)
			} else {
				line += fmt.Sprintf(" %x", data)
			}
			all = append(all, line)
			if e.IsDir() {
				list(name)
			}
		}
	}
	list("")
	return all
}

func checkUsed(t *testing.T, v *Volume, idle bool) {
	var sum int64
	var count int
	v.root.walk(func(n *node) { sum, count = sum+n.size, count+1 })
	if v.used < sum || idle && v.used != sum || v.used > v.opts.Total || v.entries != count {
		t.Fatalf("used %d of %d, %d entries; files hold %d, %d entries", v.used, v.opts.Total, v.entries, sum, count)
	}
}
