package device

import (
	"time"

	"vtylab/ssh"
)

// watch ends something that has been idle for too long. Nil watches nothing.
type watch struct {
	timer *time.Timer
	limit time.Duration
}

// newWatch starts a watch; a limit of 0 is for ever.
func newWatch(limit time.Duration, end func()) *watch {
	if limit == 0 {
		return nil
	}
	return &watch{time.AfterFunc(limit, end), limit}
}

func (w *watch) active() {
	if w != nil {
		w.timer.Reset(w.limit)
	}
}

func (w *watch) stop() {
	if w != nil {
		w.timer.Stop()
	}
}

// watched is a session whose traffic counts as activity.
type watched struct {
	ssh.Session
	watch *watch
}

// Read reads what the peer sent.
func (w watched) Read(p []byte) (int, error) {
	n, err := w.Session.Read(p)
	w.watch.active()
	return n, err
}

// Write sends to the peer.
func (w watched) Write(p []byte) (int, error) {
	n, err := w.Session.Write(p)
	w.watch.active()
	return n, err
}
