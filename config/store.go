package config

import (
	"sync"
	"sync/atomic"
)

// Store holds the current model, copy-on-write: readers take snapshots without
// waiting, writers work one after another on a clone.
type Store[C Model[C]] struct {
	mu      sync.Mutex // serialises writers
	current atomic.Pointer[C]
}

// NewStore returns a store that holds c.
func NewStore[C Model[C]](c C) *Store[C] {
	s := &Store[C]{}
	s.current.Store(&c)
	return s
}

// Load returns the current snapshot. It must not be modified.
func (s *Store[C]) Load() C { return *s.current.Load() }

// Update lets change edit a clone and makes that the current model, unless
// change returns an error: then nothing has happened.
func (s *Store[C]) Update(change func(C) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.Load().Clone()
	if err := change(c); err != nil {
		return err
	}
	s.current.Store(&c)
	return nil
}

// Replace makes c the current model.
func (s *Store[C]) Replace(c C) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(&c)
}
