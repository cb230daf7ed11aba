package ifs

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// Volumes in memory share a budget, of which nothing is lost: what is taken is what files,
// writers and readers hold, and when all are gone it is as before.
func TestBudget(t *testing.T) {
	const total = 1000
	for seed := range uint64(50) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			b := NewBudget(total)
			opts := testOptions(800)
			opts.Budget = b
			volumes := []*Volume{NewMemory(opts), NewMemory(opts)}
			var writers []Writer
			var readers []File
			full := false
			for range 300 {
				v := volumes[r.IntN(2)]
				name := []string{"a", "b", "c", "d"}[r.IntN(4)]
				switch r.IntN(8) {
				case 0, 1:
					if w, err := v.Create(name); err == nil {
						writers = append(writers, w)
					}
				case 2, 3:
					if len(writers) > 0 {
						_, err := writers[r.IntN(len(writers))].Write(make([]byte, r.IntN(300)))
						full = full || errors.Is(err, ErrNoSpace)
					}
				case 4:
					if n := len(writers); n > 0 {
						if r.IntN(2) == 0 {
							writers[n-1].Commit()
						}
						writers[n-1].Abort()
						writers = writers[:n-1]
					}
				case 5:
					v.Remove(name)
				case 6:
					if f, err := v.Open(name); err == nil {
						readers = append(readers, f)
					}
				case 7:
					if n := len(readers); n > 0 {
						readers[n-1].Close()
						readers[n-1].Close()
						readers = readers[:n-1]
					}
				}
				var held int64
				for _, v := range volumes {
					v.root.walk(func(n *node) { held += n.size })
				}
				left := b.left.Load()
				if left < 0 || len(writers) == 0 && len(readers) == 0 && left != total-held || left > total-held {
					t.Fatalf("%d bytes left, files hold %d", left, held)
				}
			}
			if !full {
				t.Error("it has never been too little")
			}
			if seed%2 == 0 { // ended before what uses them
				volumes[0].Close()
			}
			for i, w := range writers {
				w.Write([]byte("more"))
				if i%2 == 0 {
					w.Commit()
				}
				w.Abort()
			}
			for _, f := range readers {
				f.Close()
			}
			if seed%3 == 0 {
				volumes[1].Close()
			} else {
				for _, name := range []string{"a", "b", "c", "d"} {
					volumes[1].Remove(name)
				}
			}
			if seed%2 != 0 {
				volumes[0].Close()
				volumes[0].Close()
			}
			if left := b.left.Load(); left != total {
				t.Errorf("%d bytes left in the end", left)
			}
		})
	}
}

// A budget that is used up leaves other files alone, is there again for who waits for it, and
// is not needed for a hole.
func TestBudgetIsShared(t *testing.T) {
	opts := testOptions(1 << 20)
	opts.Budget = NewBudget(100)
	one, two := NewMemory(opts), NewMemory(opts)
	if err := one.Hole("image", 1000); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(one, "a", make([]byte, 60)); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(two, "a", make([]byte, 60)); !errors.Is(err, ErrNoSpace) {
		t.Errorf("the budget of two: %v", err)
	}
	f, err := one.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	one.Remove("a")
	if err := WriteFile(two, "a", make([]byte, 60)); !errors.Is(err, ErrNoSpace) {
		t.Errorf("while a file that is gone is read: %v", err)
	}
	if n, err := io.Copy(io.Discard, f); n != 60 || err != nil {
		t.Errorf("read %d, %v", n, err)
	}
	f.Close()
	if err := WriteFile(two, "a", make([]byte, 60)); err != nil {
		t.Errorf("when it is closed: %v", err)
	}
}
