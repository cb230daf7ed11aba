package config

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

// Writers work one after another, readers see whole models, and an error leaves the
// model as it was.
func TestStore(t *testing.T) {
	s := NewStore(board.Factory())
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			for j := range 50 {
				err := s.Update(func(c *switchboard) error {
					c.Limit++
					c.Ports.Put(fmt.Sprint(i, ".", j), port{})
					if j%2 == 1 {
						return errors.New("no")
					}
					return nil
				})
				if (err != nil) != (j%2 == 1) {
					t.Errorf("an update ends with %v", err)
				}
				if c := s.Load(); c.Limit-5 != c.Ports.Len()-1 {
					t.Errorf("a reader sees a limit of %d with %d ports", c.Limit, c.Ports.Len())
				}
			}
		})
	}
	work.Wait()
	if c := s.Load(); c.Limit != 5+8*25 {
		t.Errorf("after 200 updates the limit is %d", c.Limit)
	}
	s.Replace(board.Blank())
	if s.Load().Limit != 5 {
		t.Error("not replaced")
	}
}

// No command shows through in the model that was cloned before it.
func TestClonesDoNotShare(t *testing.T) {
	const text = "tones low\nbanner #a#\nroute a b\nvault key x\ngroup A\n size 1\n inner B\n  item C\n exit\nexit\ncert X\n 00\n quit\nport x\n label y\n dial 1\n"
	c, s := board.Parse(text)
	if len(s.Rejected) > 0 {
		t.Fatal(s.Rejected)
	}
	before := board.Render(c, false)
	for _, change := range []string{"no tones high\ntones high", "no banner", "route a c", "no route a b", "vault key y", "group A\n size 2", "group A\n inner B\n  item D", "group A\n x y",
		"no group A", "cert X\n 11\n quit", "port x\n label z", "port x\n dial 2", "port x\n no dial 1", "port all\n open", "no port x", "port new"} {
		n := c.Clone()
		if s := board.Merge(n, change); len(s.Rejected) > 0 {
			t.Errorf("%q: %v", change, s.Rejected)
		}
		if board.Render(n, false) == before {
			t.Errorf("%q changes nothing", change)
		}
		if got := board.Render(c, false); got != before {
			t.Fatalf("%q shows through:\n%s\nwant\n%s", change, got, before)
		}
	}
}
