package config

import (
	"iter"
	"maps"
	"slices"
)

// Table is an ordered list of rows by key, the list of every model: users,
// lines, interfaces, access lists. The zero Table is empty.
//
// A clone shares everything until it is written: the first write copies what is
// different from a list that all clones share, the first edit of a row that row.
// Cloning costs nothing, a lookup does not depend on the number of rows, and n
// rows are added in a time proportional to n; one row in each of many clones, as
// if typed, in one to the square root of n. A Table that has been cloned must not
// be written any more; the Store holds to that, because it edits clones only.
type Table[K comparable, T any] struct {
	base *rowList[K, T] // shared, never written; nil: empty
	// What is different from base is shared too, until own is not nil.
	changed map[int]*T     // rows of base, by their index; nil: deleted
	added   *rowList[K, T] // rows behind those of base
	deleted int            // rows of base
	own     map[K]bool     // rows that no other Table has
}

// rowList is rows in order; deleted ones have no value.
type rowList[K comparable, T any] struct {
	rows []tableRow[K, T]
	at   map[K]int
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
func (t *Table[K, T]) Len() int { return len(t.base.index()) - t.deleted + len(t.added.index()) }

// index is nil for no list.
func (l *rowList[K, T]) index() map[K]int {
	if l == nil {
		return nil
	}
	return l.at
}

func (l *rowList[K, T]) list() []tableRow[K, T] {
	if l == nil {
		return nil
	}
	return l.rows
}

// inOrder are the rows with their keys. What is written meanwhile may or may not
// be among them.
func (t *Table[K, T]) inOrder() iter.Seq2[K, *T] {
	base, changed, added := t.base.list(), t.changed, t.added.list()
	return func(yield func(K, *T) bool) {
		for i, r := range base {
			if v, ok := changed[i]; ok {
				r.value = v
			}
			if r.value != nil && !yield(r.key, r.value) {
				return
			}
		}
		for _, r := range added {
			if r.value != nil && !yield(r.key, r.value) {
				return
			}
		}
	}
}

// All returns the rows in order. They must not be modified; while they are gone
// through, Edit may be called for each.
func (t *Table[K, T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, v := range t.inOrder() {
			if !yield(v) {
				return
			}
		}
	}
}

// Last returns the last row, nil when there is none. It must not be modified.
func (t *Table[K, T]) Last() *T {
	for _, r := range slices.Backward(t.added.list()) {
		if r.value != nil {
			return r.value
		}
	}
	for i, r := range slices.Backward(t.base.list()) {
		if v, ok := t.changed[i]; ok {
			r.value = v
		}
		if r.value != nil {
			return r.value
		}
	}
	return nil
}

// Get returns the row of a key, which must not be modified.
func (t *Table[K, T]) Get(k K) (*T, bool) {
	if i, ok := t.added.index()[k]; ok {
		return t.added.rows[i].value, true
	}
	i, ok := t.base.index()[k]
	if !ok {
		return nil, false
	}
	if v, ok := t.changed[i]; ok {
		return v, v != nil
	}
	return t.base.rows[i].value, true
}

// Has reports whether there is a row of that key.
func (t *Table[K, T]) Has(k K) bool {
	_, ok := t.Get(k)
	return ok
}

// fewChanges are copied for a write, however small base is.
const fewChanges = 64

// take makes what is different from base the Table's own. When that has become
// much, it makes a new base first: a base is copied once in as many writes as the
// square root of its length.
func (t *Table[K, T]) take() {
	if t.own != nil {
		return
	}
	t.own = map[K]bool{}
	n := len(t.changed) + len(t.added.list())
	if n > fewChanges && n*n > len(t.base.list()) {
		t.rebase(t.compacted(t.Len()))
		return
	}
	t.changed = maps.Clone(t.changed)
	if t.added != nil {
		t.added = (&Table[K, T]{added: t.added}).compacted(len(t.added.at))
	}
}

// compacted is a new list of the n rows that are there, with room for more.
func (t *Table[K, T]) compacted(n int) *rowList[K, T] {
	l := &rowList[K, T]{make([]tableRow[K, T], 0, n+n/4+1), make(map[K]int, n+1)}
	for k, v := range t.inOrder() {
		l.at[k] = len(l.rows)
		l.rows = append(l.rows, tableRow[K, T]{k, v})
	}
	return l
}

func (t *Table[K, T]) rebase(l *rowList[K, T]) {
	t.base, t.changed, t.added, t.deleted = l, nil, nil, 0
}

// set replaces the row of a key that there is.
func (t *Table[K, T]) set(k K, v *T) {
	if i, ok := t.added.index()[k]; ok {
		t.added.rows[i].value = v
		return
	}
	if t.changed == nil {
		t.changed = map[int]*T{}
	}
	t.changed[t.base.at[k]] = v
}

// Edit returns the row of a key to be changed, nil when there is none.
func (t *Table[K, T]) Edit(k K) *T {
	if !t.Has(k) {
		return nil
	}
	t.take()
	v, _ := t.Get(k)
	if !t.own[k] {
		t.own[k] = true
		v = cloned(v)
		t.set(k, v)
	}
	return v
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
	t.own[k] = true
	if t.Has(k) {
		t.set(k, &v)
		return &v
	}
	if t.added == nil {
		t.added = &rowList[K, T]{at: map[K]int{}}
	}
	t.added.at[k] = len(t.added.rows)
	t.added.rows = append(t.added.rows, tableRow[K, T]{k, &v})
	return &v
}

// Insert puts a row of a new key before the first row that before is true of.
func (t *Table[K, T]) Insert(k K, v T, before func(*T) bool) *T {
	t.Delete(k)
	l := t.compacted(t.Len() + 1)
	i := slices.IndexFunc(l.rows, func(r tableRow[K, T]) bool { return before(r.value) })
	if i < 0 {
		return t.Put(k, v)
	}
	t.take()
	t.own[k] = true
	l.rows = slices.Insert(l.rows, i, tableRow[K, T]{k, &v})
	for j, r := range l.rows[i:] {
		l.at[r.key] = i + j
	}
	t.rebase(l)
	return &v
}

// Delete removes the row of a key, and reports whether there was one.
func (t *Table[K, T]) Delete(k K) bool {
	if !t.Has(k) {
		return false
	}
	t.take()
	delete(t.own, k)
	t.set(k, nil)
	if _, ok := t.added.index()[k]; !ok {
		t.deleted++
		return true
	}
	delete(t.added.at, k)
	if holes := len(t.added.rows) - len(t.added.at); holes > len(t.added.at)+16 {
		t.added = (&Table[K, T]{added: t.added}).compacted(len(t.added.at))
	}
	return true
}

// DeleteFunc removes the rows that doomed is true of, and reports whether there
// were any.
func (t *Table[K, T]) DeleteFunc(doomed func(K, *T) bool) bool {
	var keys []K
	for k, v := range t.inOrder() {
		if doomed(k, v) {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		t.Delete(k)
	}
	return len(keys) > 0
}
