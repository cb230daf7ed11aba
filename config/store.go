package config

import (
	"sync"
	"sync/atomic"
)

// Store holds the current configuration, copy-on-write: readers take snapshots
// without waiting, writers work one after another on a clone.
type Store struct {
	mu      sync.Mutex // serialises writers
	current atomic.Pointer[Config]
}

// NewStore returns a store that holds c.
func NewStore(c *Config) *Store {
	s := &Store{}
	s.current.Store(c)
	return s
}

// Load returns the current snapshot. It must not be modified.
func (s *Store) Load() *Config { return s.current.Load() }

// Update lets change edit a clone and makes that the current configuration,
// unless change returns an error: then nothing has happened.
func (s *Store) Update(change func(*Config) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.current.Load().Clone()
	if err := change(c); err != nil {
		return err
	}
	s.current.Store(c)
	return nil
}

// Replace makes c the current configuration.
func (s *Store) Replace(c *Config) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(c)
}
