package device

import (
	"maps"
	"net/netip"
	"sync"
	"time"

	"vtylab/network"
)

// contestInterval is how long a duplicate address is not reported again (from memory: IOS
// logs it every 30 s).
const contestInterval = 30 * time.Second

// contestDelay is how long after a change a duplicate address is reported: ARP speaks when
// the line protocol has come up (captured order; the time is from memory).
const contestDelay = protocolDelay + time.Second

// maxContested bounds the addresses that a device remembers for that.
const maxContested = 256

// contested are the duplicate addresses that were reported of late.
type contested struct {
	mu       sync.Mutex
	reported map[netip.Addr]time.Time // guarded by mu
}

// duplicated reports an address that another device on the link has too.
func (d *Device) duplicated(x network.Duplicate) {
	if d.contested.due(x.Addr, d.Steady()) {
		d.after(contestDelay, func() { d.report(Duplicate{x}) })
	}
}

// due reports whether an address may be reported, and notes that it is.
func (c *contested) due(a netip.Addr, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	past := func(at time.Time) bool { return now.Sub(at) >= contestInterval }
	if at, known := c.reported[a]; known && !past(at) {
		return false
	}
	if len(c.reported) >= maxContested {
		maps.DeleteFunc(c.reported, func(_ netip.Addr, at time.Time) bool { return past(at) })
	}
	if len(c.reported) >= maxContested {
		return false
	}
	if c.reported == nil {
		c.reported = map[netip.Addr]time.Time{}
	}
	c.reported[a] = now
	return true
}

// restart forgets everything, as a boot does.
func (c *contested) restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reported = nil
}
