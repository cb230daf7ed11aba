package wire

import (
	"sync"
	"sync/atomic"
)

// Tracer passes a connection's events of type E on, one at a time, from whichever
// goroutine they come. Switched off it costs one load wherever an event might be:
//
//	if t.On() {
//		t.Emit(Sent{…})
//	}
//
// The zero value is off.
type Tracer[E any] struct {
	to      atomic.Pointer[func(E)]
	maxRead atomic.Int64
	mu      sync.Mutex // held during a call
}

// Set replaces the receiver of events; nil is none. While there is one, a read of
// the socket is at most maxRead bytes; zero is no bound. It may be called at any
// time; an event that is under way still reaches the receiver before.
func (t *Tracer[E]) Set(f func(E), maxRead int) {
	t.maxRead.Store(int64(maxRead))
	if f == nil {
		t.to.Store(nil)
	} else {
		t.to.Store(&f)
	}
}

// On reports whether anybody wants events; without it none should be made.
func (t *Tracer[E]) On() bool { return t.to.Load() != nil }

// Emit passes an event on.
func (t *Tracer[E]) Emit(e E) {
	f := t.to.Load()
	if f == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	(*f)(e)
}

// MaxRead is the bound of Set.
func (t *Tracer[E]) MaxRead() int { return int(t.maxRead.Load()) }
