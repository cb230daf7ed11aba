package ssh2

import (
	"sync"
	"sync/atomic"

	"vtylab/ssh"
)

// tracer passes a connection's events on, one at a time: reader and writers
// share it. Switched off it costs one load wherever an event might be.
type tracer struct {
	to      atomic.Pointer[ssh.Trace]
	maxRead atomic.Int64
	mu      sync.Mutex // held during a call
}

func (r *tracer) set(f ssh.Trace) {
	if f == nil {
		r.to.Store(nil)
	} else {
		r.to.Store(&f)
	}
}

// traced reports whether anybody wants events; without it none are made.
func (t *transport) traced() bool { return t.trace.to.Load() != nil }

// emit passes an event on.
func (t *transport) emit(e ssh.Event) {
	f := t.trace.to.Load()
	if f == nil {
		return
	}
	t.trace.mu.Lock()
	defer t.trace.mu.Unlock()
	(*f)(e)
}

// SetTrace replaces the Trace of the configuration; nil is none. While it
// listens, one read of the socket is at most maxRead bytes, which is what
// `ssh_receive` reports; zero is no bound. It may be called at any time.
func (s *Server) SetTrace(f ssh.Trace, maxRead int) {
	s.t.trace.maxRead.Store(int64(maxRead))
	s.t.trace.set(f)
}
