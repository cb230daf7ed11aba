package network

import (
	"errors"
	"io"
	"slices"
	"sync"
)

// PortSet are the TCP ports that one service listens on, for every VRF. The zero value
// has none. Set and Keep are called one at a time; they hold no lock of the set while a
// listener opens or closes, which may wait for an Accept.
type PortSet struct {
	mu   sync.Mutex
	open map[int]io.Closer // by number, nil until the first; guarded by mu
}

// Set closes the ports that are not among numbers, and opens those that are not open,
// with accept. It returns the errors of those that cannot be opened.
func (s *PortSet) Set(stack Stack, numbers []int, accept Accept) error {
	s.Keep(numbers)
	var errs []error
	for _, number := range numbers {
		if s.Listens(number) {
			continue
		}
		l, err := stack.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: uint16(number)}, accept)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.put(number, l)
	}
	return errors.Join(errs...)
}

func (s *PortSet) put(number int, l io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[int]io.Closer{}
	}
	s.open[number] = l
}

// Keep closes the ports that are not among numbers. It waits for the Accepts that run
// there.
func (s *PortSet) Keep(numbers []int) {
	for _, l := range s.take(numbers) {
		l.Close()
	}
}

// take takes out the ports that are not among numbers.
func (s *PortSet) take(numbers []int) (closing []io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for number, l := range s.open {
		if !slices.Contains(numbers, number) {
			closing = append(closing, l)
			delete(s.open, number)
		}
	}
	return closing
}

// Listens reports whether a port is open.
func (s *PortSet) Listens(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[number] != nil
}
