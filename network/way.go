package network

import (
	"net/netip"
	"sync"
	"time"
)

// retransmission is how long a connection whose way is broken keeps trying before it
// ends with ETIMEDOUT: what BSD's twelve retransmissions come to (TCP_MAXRXTSHIFT). For
// IOS no figure was found.
const retransmission = 9 * time.Minute

// way is the path of a connection through a fabric, there and back. It is walked again
// by the first write after something has changed. While it is broken, what is written
// is kept and the peer sees nothing of it.
//
// mu is taken before the mutex of a half, and that of stalled after it.
type way struct {
	fabric    *Fabric
	near, far *Node  // who has dialled, and whom
	vrf       string // of near
	link      string // the interface of near, for a link-local destination
	from, to  netip.AddrPort
	halves    [2]*half // from the dialler, and to it

	mu    sync.Mutex
	limit *time.Timer // runs while something is kept back; guarded by mu
}

// sent is how far a direction of a connection got. It is part of a half.
type sent struct {
	walked    uint64 // the generation that the way was walked in
	broken    bool   // it was, then
	held      int    // bytes, the last ones in the ring, that have not arrived
	endHeld   bool   // nor has the end
	resetHeld bool   // the other end does not know of the reset

	writerLost, readerLost bool // retransmitted in vain
}

// stale reports whether the way has to be walked again: one atomic load.
func (h *half) stale() bool { return h.way != nil && h.walked != h.way.fabric.generation.Load() }

// look walks the way again. mu is held, and free meanwhile.
func (h *half) look() {
	h.mu.Unlock()
	defer h.mu.Lock()
	h.way.look()
}

// hold keeps back the last n bytes. mu is held, and free meanwhile.
func (h *half) hold(n int) {
	h.held += n
	h.mu.Unlock()
	defer h.mu.Lock()
	h.way.settle()
}

// end closes the direction for the reader.
func (h *half) end() {
	if !h.ended {
		h.ended, h.endHeld = true, h.broken
	}
}

// abort resets the direction. What has arrived stays readable while the reset has not.
func (h *half) abort() {
	if !h.reset {
		h.reset, h.resetHeld = true, h.broken
	}
	if !h.broken {
		h.drop()
		return
	}
	h.forgetHeld()
}

// forgetHeld drops what has not arrived.
func (h *half) forgetHeld() {
	if h.n -= h.held; h.n == 0 {
		h.drop()
	}
	h.held, h.endHeld = 0, false
}

// signal is finish for what the other end is to see.
func (h *half) signal(change func(*half)) {
	if h.way == nil {
		h.finish(change)
		return
	}
	h.refresh()
	h.finish(change)
	h.way.settle()
	h.refresh()
}

func (h *half) refresh() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.stale() {
		h.look()
	}
}

// judge notes what a walk has found, unless a later one has been here.
func (h *half) judge(generation uint64, open bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if generation < h.walked {
		return
	}
	h.walked, h.broken = generation, !open
	if !open {
		return
	}
	h.held, h.endHeld, h.resetHeld = 0, false, false
	if h.readerGone || h.reset {
		h.drop()
	}
	h.wake.Broadcast()
}

// waits reports whether something is kept back that is sent again and again.
func (h *half) waits() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return (h.held > 0 || h.endHeld) && !(h.writerGone && h.readerGone)
}

// look walks the way in both directions.
func (w *way) look() {
	generation, open := w.walk()
	for _, h := range w.halves {
		h.judge(generation, open)
	}
	w.settle()
}

func (w *way) walk() (generation uint64, open bool) {
	f := w.fabric
	f.mu.RLock()
	defer f.mu.RUnlock()
	o := origin{node: w.near, vrf: w.vrf}
	if w.link != "" {
		if o.out = w.near.port(w.link); o.out == nil {
			return f.generation.Load(), false
		}
	}
	m := parcel{proto: TCP, from: w.from, to: w.to, ttl: defaultTTL, established: true}
	at, v := (&walker{fabric: f}).trip(o, &m)
	return f.generation.Load(), v.Outcome == Delivered && at.node == w.far
}

// settle starts or ends the wait for the way. It follows every change of what is kept
// back, so that the last of them finds how things are.
func (w *way) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	waits := w.halves[0].waits() || w.halves[1].waits()
	switch {
	case waits && w.limit == nil:
		w.limit = time.AfterFunc(retransmission, w.expire)
		w.fabric.stalled.add(w)
	case !waits && w.limit != nil:
		w.limit.Stop()
		w.limit = nil
		w.fabric.stalled.remove(w)
	}
}

// expire ends the connection for who has sent in vain. The other end is not told: it
// finds out when it sends something.
func (w *way) expire() {
	for i, h := range w.halves {
		if h.waits() {
			h.finish(func(h *half) { h.giveUp(&h.writerLost) })
			w.halves[1-i].finish(func(h *half) { h.giveUp(&h.readerLost) })
		}
	}
	w.settle()
}

func (h *half) giveUp(lost *bool) {
	*lost = true
	h.reset, h.resetHeld = true, true
	h.forgetHeld()
}

// stalled are the connections that keep something back.
type stalled struct {
	mu  sync.Mutex
	all map[*way]struct{} // guarded by mu
}

func (s *stalled) add(w *way) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[*way]struct{}{}
	}
	s.all[w] = struct{}{}
}

func (s *stalled) remove(w *way) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, w)
}

// retry walks their ways again.
func (s *stalled) retry() {
	s.mu.Lock()
	all := make([]*way, 0, len(s.all))
	for w := range s.all {
		all = append(all, w)
	}
	s.mu.Unlock()
	for _, w := range all {
		w.look()
	}
}
