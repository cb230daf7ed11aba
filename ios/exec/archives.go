package exec

import "sync"

// Archives are the copies of the running configuration that `archive` made
// since the device was booted for the first time.
type Archives struct {
	mu    sync.Mutex
	names []string // oldest first; guarded by mu
	made  int      // guarded by mu
}

// Next is the number of the copy to come.
func (a *Archives) Next() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.made
}

// Names are those of the copies that are kept, oldest first.
func (a *Archives) Names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.names...)
}

// Add notes a copy and returns those that are too many now.
func (a *Archives) Add(name string, limit int) (dropped []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.made++
	a.names = append(a.names, name)
	if n := len(a.names) - limit; n > 0 {
		dropped, a.names = a.names[:n:n], a.names[n:]
	}
	return dropped
}
