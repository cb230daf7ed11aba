package network

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// door is an open TCP port of a device: who decides about what comes to it.
type door struct {
	port   Port
	accept Accept

	mu     sync.Mutex
	closed bool           // guarded by mu
	busy   sync.WaitGroup // Accepts that run, and the goroutines of sockets; none is added once closed
}

// opened is an open port in the list of a node.
type opened interface {
	comparable
	on() Port
	// takes reports whether a connection is for it.
	takes(Flow) bool
}

// openPorts are the open ports of one protocol, in the order in which they were opened.
type openPorts[P opened] []P

// add opens a port, unless another is open for the same connections.
func (o *openPorts[P]) add(p P) error {
	if slices.ContainsFunc(*o, func(x P) bool { return x.on().same(p.on()) }) {
		return fmt.Errorf("network: %s: in use", p.on())
	}
	*o = append(*o, p)
	return nil
}

// takes is the port that takes a flow, the zero P when none does.
func (o openPorts[P]) takes(f Flow) (taker P) {
	for _, p := range o {
		if p.takes(f) {
			return p
		}
	}
	return taker
}

func (o *openPorts[P]) remove(p P) {
	*o = slices.DeleteFunc(*o, func(x P) bool { return x == p })
}

// on is the port of the door.
func (d *door) on() Port { return d.port }

func (d *door) takes(f Flow) bool { return d.port.takes(f) }

// shut lets nothing more in, and reports whether it was open. It does not wait.
func (d *door) shut() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := !d.closed
	d.closed = true
	return first
}

// ask runs Accept, unless the port is closed by now or not meant.
func (d *door) ask(f Flow) (Handler, *Verdict) {
	d.mu.Lock()
	if d.closed || !d.port.takes(f) {
		d.mu.Unlock()
		return nil, closedPort(f)
	}
	d.busy.Add(1)
	d.mu.Unlock()
	defer d.busy.Done()
	return d.accept(f)
}

func closedPort(f Flow) *Verdict {
	return &Verdict{Outcome: Refused, Reason: Port{Proto: f.Proto, Number: f.Local.Port()}.String() + " is closed"}
}

// living are the connections of a device.
type living struct {
	mu    sync.Mutex
	conns map[Conn]uint64 // when they came, in the order of all; guarded by mu
	came  uint64          // how many there were; guarded by mu
}

func (l *living) add(c Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		l.conns = map[Conn]uint64{}
	}
	l.came++
	l.conns[c] = l.came
}

func (l *living) forget(c Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}

// flows are those of the living connections, the oldest first.
func (l *living) flows() []Flow {
	type one struct {
		Flow
		came uint64
	}
	l.mu.Lock()
	all := make([]one, 0, len(l.conns))
	for c, came := range l.conns {
		all = append(all, one{c.Flow(), came})
	}
	l.mu.Unlock()
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(a.came, b.came) })
	flows := make([]Flow, len(all))
	for i, c := range all {
		flows[i] = c.Flow
	}
	return flows
}

// The ports that connections of a device come from (RFC 6335 section 6).
const firstEphemeral, lastEphemeral = 49152, 65535

// ephemeral is the last of those that was given away, 0 before the first.
type ephemeral uint16

func (e *ephemeral) next() uint16 {
	if *e < firstEphemeral || *e == lastEphemeral {
		*e = firstEphemeral - 1
	}
	*e++
	return uint16(*e)
}
