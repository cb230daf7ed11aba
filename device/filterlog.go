package device

import (
	"net/netip"
	"sync"
	"time"

	"vtylab/network"
)

// filterInterval is how long the packets of a flow are counted that was logged, before
// they are logged again (a capture of 15.x has 5 min 30 s, Cisco documents 5 min).
const filterInterval = 5 * time.Minute

// maxFiltered bounds the flows that a device remembers.
const maxFiltered = 256

// filterLog is what entries of access lists with `log` have logged. Flows are compared
// with the list, the entry and what it logs.
type filterLog struct {
	mu     sync.Mutex
	flows  map[network.Match]int // packets since the last message; guarded by mu, like all below
	missed int                   // packets of flows that there was no room for
	queue  []Event               // not reported yet, in order

	reporting sync.Mutex // one message at a time; taken before mu
}

// Matched logs a packet that an entry of an access list has decided: the first of a flow
// soon, how many followed every five minutes while some do. It does not wait.
func (d *Device) Matched(m network.Match) {
	if m.Logs == network.LogSource {
		m.Flow, m.Message = network.Flow{Remote: netip.AddrPortFrom(m.Flow.Remote.Addr(), 0)}, network.Message{}
	}
	if m.Logs != network.LogInput {
		m.Flow.Interface, m.Sender = "", network.MAC{}
	}
	l := &d.filtered
	l.mu.Lock()
	defer l.mu.Unlock()
	_, known := l.flows[m]
	switch {
	case known:
		l.flows[m]++
	case len(l.flows) == maxFiltered:
		if l.missed++; l.missed == 1 {
			d.after(filterInterval, d.filterMissed)
		}
	default:
		if l.flows == nil {
			l.flows = map[network.Match]int{}
		}
		l.flows[m] = 0
		d.logFiltered(Filtered{m, 1})
		d.after(filterInterval, func() { d.filterAgain(m) })
	}
}

// filterAgain logs what came of a flow since the last message, or forgets it.
func (d *Device) filterAgain(m network.Match) {
	l := &d.filtered
	l.mu.Lock()
	defer l.mu.Unlock()
	n, known := l.flows[m]
	if !known {
		return
	}
	if n == 0 {
		delete(l.flows, m)
		return
	}
	l.flows[m] = 0
	d.logFiltered(Filtered{m, n})
	d.after(filterInterval, func() { d.filterAgain(m) })
}

func (d *Device) filterMissed() {
	l := &d.filtered
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.missed > 0 {
		d.logFiltered(FilterMissed{l.missed})
	}
	l.missed = 0
}

// logFiltered reports an event on a goroutine of the device: the packet may be one of the
// log itself, whose lock is held then. l.mu is held.
func (d *Device) logFiltered(e Event) {
	d.filtered.queue = append(d.filtered.queue, e)
	d.after(0, d.nextFiltered)
}

// nextFiltered reports the first event in the queue: there is one call for each.
func (d *Device) nextFiltered() {
	l := &d.filtered
	l.reporting.Lock()
	defer l.reporting.Unlock()
	l.mu.Lock()
	if len(l.queue) == 0 {
		l.mu.Unlock()
		return
	}
	e := l.queue[0]
	l.queue = l.queue[1:]
	l.mu.Unlock()
	d.report(e)
}

// restart forgets everything, as a boot does.
func (l *filterLog) restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flows, l.missed, l.queue = nil, 0, nil
}
