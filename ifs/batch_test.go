package ifs

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// slowStore makes names durable when its gate is open, and counts how often. It fails
// to give one name.
type slowStore struct {
	store
	gate  chan struct{}
	syncs atomic.Int32
	fail  string
}

func (s *slowStore) sync(dir string) func() error {
	durable := s.store.sync(dir)
	return func() error {
		<-s.gate
		s.syncs.Add(1)
		return durable()
	}
}

func (s *slowStore) stage(dir string) (stage, error) {
	st, err := s.store.stage(dir)
	return slowStage{st, s}, err
}

type slowStage struct {
	stage
	s *slowStore
}

func (s slowStage) publish(dir, base string, mod time.Time) (*content, error) {
	if base == s.s.fail {
		return nil, errors.New("test: no such disk")
	}
	return s.stage.publish(dir, base, mod)
}

// batchVolume is a volume on a host directory, with a store that a test controls.
func batchVolume(t *testing.T) (*Volume, *slowStore, string) {
	dir := t.TempDir()
	options := testOptions(10000)
	options.MaxEntries, options.MaxWriters = 200, 200
	v, err := OpenDir(dir, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	slow := &slowStore{store: v.store, gate: make(chan struct{})}
	v.store = slow
	return v, slow, dir
}

// begin starts a file that holds its own name.
func begin(t *testing.T, v *Volume, name string) Writer {
	t.Helper()
	w, err := v.Create(name)
	if err == nil {
		_, err = io.WriteString(w, name)
	}
	if err != nil {
		t.Fatalf("writing %s: %v", name, err)
	}
	return w
}

// Files of a batch appear in order, whole, and share the waits for the disk; while they
// wait the volume can be used.
func TestBatch(t *testing.T) {
	v, slow, _ := batchVolume(t)
	var b Batch
	var want []string
	for i := range maxBatched {
		name := fmt.Sprintf("f%02d", i)
		w := begin(t, v, name)
		if err := b.Commit(w); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("more")); !errors.Is(err, ErrClosed) {
			t.Errorf("Write behind Commit: %v", err)
		}
		if err := errors.Join(w.Abort(), w.Abort()); err != nil {
			t.Errorf("Abort behind Commit: %v", err)
		}
		want = append(want, fmt.Sprintf("%d:%s", i+1, name))
	}
	close(slow.gate)
	if err := b.Wait(); err != nil {
		t.Error(err)
	}
	if got := names(t, v, ""); got != strings.Join(want, " ") {
		t.Errorf("listed: %s", got)
	}
	if n := slow.syncs.Load(); n > 2 {
		t.Errorf("names were made durable %d times, want once for the first files and once for all others", n)
	}
	for i := range maxBatched {
		if name := fmt.Sprintf("f%02d", i); get(t, v, name) != name {
			t.Errorf("%s holds %q", name, get(t, v, name))
		}
	}
	if v.writers != 0 || v.used != int64(3*maxBatched) || v.root.pending != 0 {
		t.Errorf("%d writers, %d bytes, %d pending", v.writers, v.used, v.root.pending)
	}
}

// A file that cannot be committed is told once, and does not hold up the others.
func TestBatchFails(t *testing.T) {
	v, slow, dir := batchVolume(t)
	close(slow.gate)
	slow.fail = "b"
	var b Batch
	for _, name := range []string{"a", "b", "c"} {
		if err := b.Commit(begin(t, v, name)); err != nil {
			t.Fatal(err)
		}
	}
	wantReason(t, "Wait", b.Wait(), ErrIO)
	if err := b.Wait(); err != nil {
		t.Errorf("the second Wait: %v", err)
	}
	if got := names(t, v, ""); got != "1:a 2:c" {
		t.Errorf("listed: %s", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, hidden+"*")); len(left) != 1 || v.used != 2 {
		t.Errorf("left behind: %q, %d bytes counted", left, v.used)
	}
}

// A directory that moves while its files wait keeps them.
func TestBatchMoves(t *testing.T) {
	v, slow, dir := batchVolume(t)
	close(slow.gate)
	if err := v.Mkdir("old"); err != nil {
		t.Fatal(err)
	}
	w := begin(t, v, "old/x")
	if err := v.Rename("old", "new"); err != nil {
		t.Fatal(err)
	}
	var b Batch
	if err := errors.Join(b.Commit(w), b.Wait()); err != nil {
		t.Error(err)
	}
	v.Close()
	again, err := OpenDir(dir, testOptions(1000))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := names(t, again, "") + "/" + names(t, again, "new"); got != "1:new/2:x" {
		t.Errorf("listed: %s", got)
	}
}
