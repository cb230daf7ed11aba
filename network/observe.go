package network

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
)

// Observer is told what a device logs of its packets. Nil functions are not called.
type Observer struct {
	// Match is called for each packet that an entry of an access list with Logs has
	// decided: on the goroutine that sent the packet, which it must not hold up.
	Match func(Match)
	// Duplicate is called when an interface on the same link claims an address of the
	// device, on the goroutine that changed something.
	Duplicate func(Duplicate)
}

// Duplicate is an IPv4 address of an interface that another on its link has too; MAC is
// that of the other.
type Duplicate struct {
	Addr      netip.Addr
	Interface string
	MAC       MAC
}

// Observe calls the functions of an observer until stop. No lock of the fabric is held
// meanwhile. A call that runs already may outlast stop.
func (n *Node) Observe(o Observer) (stop func()) {
	n.observed.change(func(all []*Observer) []*Observer { return append(all, &o) })
	return func() {
		n.observed.change(func(all []*Observer) []*Observer {
			return slices.DeleteFunc(all, func(x *Observer) bool { return x == &o })
		})
	}
}

// Observe never calls: access lists of interfaces are not asked on the bridge to the host.
func (h *Host) Observe(Observer) (stop func()) { return func() {} }

// observers are those of a node.
type observers struct {
	mu  sync.Mutex // of changes
	all atomic.Pointer[[]*Observer]
}

func (s *observers) change(do func(all []*Observer) []*Observer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := do(slices.Clone(s.list()))
	s.all.Store(&all)
}

func (s *observers) list() []*Observer {
	if all := s.all.Load(); all != nil {
		return *all
	}
	return nil
}

func (s *observers) any() bool { return len(s.list()) > 0 }

func (s *observers) match(m Match) {
	for _, o := range s.list() {
		if o.Match != nil {
			o.Match(m)
		}
	}
}

func (s *observers) duplicate(d Duplicate) {
	for _, o := range s.list() {
		if o.Duplicate != nil {
			o.Duplicate(d)
		}
	}
}
