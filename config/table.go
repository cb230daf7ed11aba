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
	index map[K]int        // nil while the list is short enough to be searched
	size  int              // rows with a value
	mine  bool             // the list is not shared
}

type tableRow[K comparable, T any] struct {
	key   K
	value *T
	own   bool // the row was copied since Clone
}

// searched is how many rows, deleted ones too, a list has at most without an index.
const searched = 8

// cloner is a row with something below it that has to be cloned too.
type cloner[T any] interface{ Clone() T }

// Clone returns a Table with the same rows.
func (t Table[K, T]) Clone() Table[K, T] {
	t.mine = false
	return t
}

// Len is the number of rows.
func (t *Table[K, T]) Len() int { return t.size }

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

// at is the place of a key, -1 when there is no row.
func (t *Table[K, T]) at(k K) int {
	if t.index != nil {
		if i, ok := t.index[k]; ok {
			return i
		}
		return -1
	}
	for i := range t.rows {
		if t.rows[i].key == k && t.rows[i].value != nil {
			return i
		}
	}
	return -1
}

// Get returns the row of a key, which must not be modified.
func (t *Table[K, T]) Get(k K) (*T, bool) {
	i := t.at(k)
	if i < 0 {
		return nil, false
	}
	return t.rows[i].value, true
}

// Has reports whether there is a row of that key.
func (t *Table[K, T]) Has(k K) bool { return t.at(k) >= 0 }

// take makes the list the Table's own.
func (t *Table[K, T]) take() {
	if !t.mine {
		t.mine = true
		t.copy(t.rows, false)
	}
}

// copy makes a new list of the rows that are there.
func (t *Table[K, T]) copy(rows []tableRow[K, T], owned bool) {
	t.rows, t.index = make([]tableRow[K, T], 0, t.size+t.size/4+1), nil
	for _, r := range rows {
		if r.value != nil {
			r.own = r.own && owned
			t.rows = append(t.rows, r)
		}
	}
	t.reindex()
}

// reindex makes the index of a list that is too long to be searched.
func (t *Table[K, T]) reindex() {
	if len(t.rows) <= searched {
		return
	}
	t.index = make(map[K]int, len(t.rows)+1)
	for i, r := range t.rows {
		if r.value != nil {
			t.index[r.key] = i
		}
	}
}

// Edit returns the row of a key to be changed, nil when there is none.
func (t *Table[K, T]) Edit(k K) *T {
	if !t.Has(k) {
		return nil
	}
	t.take()
	r := &t.rows[t.at(k)]
	if !r.own {
		r.own = true
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
	i := t.at(k)
	if i < 0 {
		i = len(t.rows)
		t.size++
		t.rows = append(t.rows, tableRow[K, T]{key: k})
		switch {
		case t.index != nil:
			t.index[k] = i
		case len(t.rows) > searched:
			t.rows[i].value = &v // counted by reindex
			t.reindex()
		}
	}
	t.rows[i].value, t.rows[i].own = &v, true
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
	t.size++
	t.copy(slices.Insert(t.rows, i, tableRow[K, T]{k, &v, true}), true)
	return &v
}

// Delete removes the row of a key, and reports whether there was one.
func (t *Table[K, T]) Delete(k K) bool {
	if !t.Has(k) {
		return false
	}
	t.take()
	i := t.at(k)
	t.rows[i].value = nil
	t.size--
	delete(t.index, k)
	if holes := len(t.rows) - t.size; holes > t.size+searched {
		t.copy(t.rows, true)
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
