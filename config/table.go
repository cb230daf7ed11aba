package config

import (
	"iter"
	"slices"
)

// Table is an ordered list of rows by key, the list of every model: users,
// lines, interfaces, access lists. The zero Table is empty.
//
// A clone shares everything until it is written: the first write copies the
// list, the first edit of a row that row. Cloning costs nothing, a lookup does
// not depend on the number of rows, and n rows are added in a time proportional
// to n. A Table that has been cloned must not be written any more; the Store
// holds to that, because it edits clones only.
type Table[K comparable, T any] struct {
	rows  []tableRow[K, T] // in order; deleted ones have no value
	at    map[K]int
	holes int
	own   map[K]bool // rows copied since Clone; nil: the list itself is shared
}

type tableRow[K comparable, T any] struct {
	key   K
	value *T
}

// cloner is a row with something below it that has to be cloned too.
type cloner[T any] interface{ Clone() T }

// Clone returns a Table with the same rows.
func (t Table[K, T]) Clone() Table[K, T] {
	t.own = nil
	return t
}

// Len is the number of rows.
func (t *Table[K, T]) Len() int { return len(t.at) }

// All returns the rows in order. They must not be modified.
func (t *Table[K, T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, r := range t.rows {
			if r.value != nil && !yield(r.value) {
				return
			}
		}
	}
}

// Last returns the last row, nil when there is none. It must not be modified.
func (t *Table[K, T]) Last() *T {
	for _, r := range slices.Backward(t.rows) {
		if r.value != nil {
			return r.value
		}
	}
	return nil
}

// Get returns the row of a key, which must not be modified.
func (t *Table[K, T]) Get(k K) (*T, bool) {
	i, ok := t.at[k]
	if !ok {
		return nil, false
	}
	return t.rows[i].value, true
}

// Has reports whether there is a row of that key.
func (t *Table[K, T]) Has(k K) bool {
	_, ok := t.at[k]
	return ok
}

// take makes the list the Table's own.
func (t *Table[K, T]) take() {
	if t.own != nil {
		return
	}
	t.own = map[K]bool{}
	t.compact(t.rows)
}

// compact makes a new list of the rows that are there.
func (t *Table[K, T]) compact(rows []tableRow[K, T]) {
	n := len(t.at)
	t.rows, t.at, t.holes = make([]tableRow[K, T], 0, n+n/4+1), make(map[K]int, n+1), 0
	for _, r := range rows {
		if r.value != nil {
			t.at[r.key] = len(t.rows)
			t.rows = append(t.rows, r)
		}
	}
}

// Edit returns the row of a key to be changed, nil when there is none.
func (t *Table[K, T]) Edit(k K) *T {
	if !t.Has(k) {
		return nil
	}
	t.take()
	r := &t.rows[t.at[k]]
	if !t.own[k] {
		t.own[k] = true
		r.value = cloned(r.value)
	}
	return r.value
}

func cloned[T any](v *T) *T {
	n := *v
	if c, ok := any(v).(cloner[T]); ok {
		n = c.Clone()
	}
	return &n
}

// Put replaces the row of a key in its place, or adds one at the end; it returns
// the row, to be changed.
func (t *Table[K, T]) Put(k K, v T) *T {
	t.take()
	i, ok := t.at[k]
	if !ok {
		i = len(t.rows)
		t.rows = append(t.rows, tableRow[K, T]{key: k})
		t.at[k] = i
	}
	t.rows[i].value, t.own[k] = &v, true
	return &v
}

// Insert puts a row of a new key before the first row that before is true of.
func (t *Table[K, T]) Insert(k K, v T, before func(*T) bool) *T {
	t.Delete(k)
	t.take()
	i := slices.IndexFunc(t.rows, func(r tableRow[K, T]) bool { return r.value != nil && before(r.value) })
	if i < 0 {
		return t.Put(k, v)
	}
	t.at[k] = i // counted by compact
	t.compact(slices.Insert(t.rows, i, tableRow[K, T]{k, &v}))
	t.own[k] = true
	return &v
}

// Delete removes the row of a key, and reports whether there was one.
func (t *Table[K, T]) Delete(k K) bool {
	if !t.Has(k) {
		return false
	}
	t.take()
	t.rows[t.at[k]].value = nil
	delete(t.at, k)
	delete(t.own, k)
	if t.holes++; t.holes > len(t.at)+16 {
		t.compact(t.rows)
	}
	return true
}

// DeleteFunc removes the rows that doomed is true of, and reports whether there
// were any.
func (t *Table[K, T]) DeleteFunc(doomed func(K, *T) bool) bool {
	var keys []K
	for _, r := range t.rows {
		if r.value != nil && doomed(r.key, r.value) {
			keys = append(keys, r.key)
		}
	}
	for _, k := range keys {
		t.Delete(k)
	}
	return len(keys) > 0
}
