package ifs

import "sync/atomic"

// Budget is how much memory the files of several volumes may take together. A nil Budget
// is without end.
type Budget struct{ left atomic.Int64 }

// NewBudget makes a budget of so many bytes.
func NewBudget(bytes int64) *Budget {
	b := &Budget{}
	b.left.Store(bytes)
	return b
}

func (b *Budget) take(n int64) error {
	if b == nil {
		return nil
	}
	for {
		left := b.left.Load()
		if n > left {
			return ErrNoSpace
		}
		if b.left.CompareAndSwap(left, left-n) {
			return nil
		}
	}
}

func (b *Budget) give(n int64) {
	if b != nil {
		b.left.Add(n)
	}
}
