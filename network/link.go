package network

import (
	"slices"
	"sync"
)

// Link is the state of an interface as its cable has it, which a configuration does
// not say.
type Link struct {
	// Up is the line protocol: up in the configuration, and plugged in if it has to be.
	// Whether the other end is shut down does not matter, as behind a switch.
	Up bool
	// Cable is set when it is plugged in, or needs no cable.
	Cable bool
	MAC   MAC
	// Peers are the interfaces on the same link that are up.
	Peers []Peer
}

// LinkChange is an interface that has come up or gone down.
type LinkChange struct {
	Interface string
	Up        bool
}

// Link is the state of an interface by any name that the settings find it by.
func (n *Node) Link(iface string) Link {
	n.fabric.mu.RLock()
	defer n.fabric.mu.RUnlock()
	p := n.portNamed(iface)
	if p == nil {
		return Link{Cable: n.cable(iface) != nil}
	}
	s, cable := n.plugged(p)
	l := Link{Up: p.up, Cable: cable, MAC: p.mac()}
	if s != nil {
		l.Peers = s.peers(p)
	}
	return l
}

// Watch calls f after an interface of the node has come up or gone down, in the order
// in which that happened, on the goroutine that made the change: one at a
// time, and no lock of the fabric is held. A call that runs already may outlast stop.
func (n *Node) Watch(f func(LinkChange)) (stop func()) {
	w := &watcher{f}
	n.fabric.mu.Lock()
	n.watchers = append(n.watchers, w)
	n.fabric.mu.Unlock()
	return func() {
		n.fabric.mu.Lock()
		defer n.fabric.mu.Unlock()
		n.watchers = slices.DeleteFunc(slices.Clone(n.watchers), func(x *watcher) bool { return x == w })
	}
}

type watcher struct{ call func(LinkChange) }

// news are changes that watchers have not been told of. They are added with the
// fabric's mu held, and delivered after it is free: by one goroutine at a time, which
// takes along what others add meanwhile. So a watcher may change the fabric.
type news struct {
	mu    sync.Mutex
	queue []func() // guarded by mu
	busy  bool     // deliver runs; guarded by mu
}

func (q *news) add(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, f)
}

func (q *news) deliver() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy {
		return
	}
	q.busy = true
	for len(q.queue) > 0 {
		f := q.queue[0]
		q.queue = q.queue[1:]
		q.mu.Unlock()
		f()
		q.mu.Lock()
	}
	q.queue, q.busy = nil, false
}
