package wire

import (
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lastConn notes what is done to it, and when.
type lastConn struct {
	net.Conn
	began time.Time
	mu    sync.Mutex
	done  []string
}

func (c *lastConn) note(what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = append(c.done, what+" "+time.Since(c.began).String())
	return nil
}

func (c *lastConn) Close() error { return c.note("close") }

// halves is one that can be closed by halves.
type halves struct{ *lastConn }

func (c halves) CloseWrite() error { return c.note("half") }

func TestParting(t *testing.T) {
	for _, tt := range []struct {
		name  string
		drain error
		whole bool // the connection cannot be closed by halves
		leave func(p *Parting)
		want  []string
	}{
		{"at once", nil, false, func(p *Parting) { p.Leave() }, []string{"queue 0s", "half 0s", "closed 0s", "close 2s"}},
		{"twice", nil, false, func(p *Parting) { p.Leave(); p.Leave() }, []string{"queue 0s", "half 0s", "closed 0s", "close 2s"}},
		{"later", nil, false, func(p *Parting) { p.LeaveAfter(10 * time.Second) }, []string{"queue 10s", "half 10s", "closed 10s", "close 12s"}},
		{"before its time", nil, false, func(p *Parting) { p.LeaveAfter(10 * time.Second); p.Leave() }, []string{"queue 0s", "half 0s", "closed 0s", "close 2s"}},
		{"with a queue that is stuck", errors.New("broken"), false, func(p *Parting) { p.Leave() }, []string{"queue 0s", "close 0s"}},
		{"as a whole", nil, true, func(p *Parting) { p.Leave() }, []string{"queue 0s", "close 0s"}},
		{"stopped", nil, false, func(p *Parting) { p.LeaveAfter(10 * time.Second); p.Stop() }, nil},
		{"stopped while lingering", nil, false, func(p *Parting) { p.Leave(); p.Stop() }, []string{"queue 0s", "half 0s", "closed 0s"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &lastConn{began: time.Now()}
				var conn net.Conn = halves{c}
				if tt.whole {
					conn = c
				}
				var work Group
				var p Parting
				p.Init(conn, &work, func() error { c.note("queue"); return tt.drain }, func() { c.note("closed") })
				tt.leave(&p)
				work.Wait()
				if !slices.Equal(c.done, tt.want) {
					t.Errorf("done: %q, want %q", c.done, tt.want)
				}
			})
		})
	}
}
