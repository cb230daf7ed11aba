package device

import (
	"maps"
	"sync"
	"sync/atomic"

	"vtylab/syslog"
)

// Debug is the switchboard behind `debug`: which switches are on, by name. It
// is safe for concurrent use; asking costs one atomic load.
type Debug struct {
	mu sync.Mutex
	on atomic.Pointer[map[string]bool] // replaced, never edited in place

	changed func() // makes the services follow
}

func newDebug(changed func()) *Debug {
	d := &Debug{changed: changed}
	d.on.Store(&map[string]bool{})
	return d
}

// On reports whether a switch is on.
func (d *Debug) On(name string) bool { return (*d.on.Load())[name] }

// Set turns a switch on or off.
func (d *Debug) Set(name string, on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := maps.Clone(*d.on.Load())
	if on {
		m[name] = true
	} else {
		delete(m, name)
	}
	d.on.Store(&m)
	d.changed()
}

// Clear turns all switches off.
func (d *Debug) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on.Store(&map[string]bool{})
	d.changed()
}

// PrintDebug prints a line of debug output, and lines that belong to it.
func (d *Device) PrintDebug(line string, more ...string) {
	m := syslog.Debugf("%s", line)
	m.More = more
	d.Logs.Log(m)
}
