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
	// What is different from base is shared too, unless it is mine.
	changed map[int]tableValue[T] // rows of base, by their index
	added   *rowList[K, T]        // rows behind those of base
	deleted int                   // rows of base
	mine    bool
}

// rowList is rows in order.
type rowList[K comparable, T any] struct {
	rows  []tableRow[K, T]
	index map[K]int // nil while the list is short enough to be searched
	size  int       // rows that are not deleted
}

// searched is how many rows are searched without an index. Most lists of most
// devices are shorter.
const searched = 8

type tableRow[K comparable, T any] struct {
	key K
	tableValue[T]
}

// tableValue is the value of a row, nil when that is deleted. Own is set when no
// other Table has it.
type tableValue[T any] struct {
	value *T
	own   bool
}

// cloner is a row with something below it that has to be cloned too.
type cloner[T any] interface{ Clone() T }

// Clone returns a Table with the same rows.
func (t Table[K, T]) Clone() Table[K, T] {
	t.mine = false
	return t
}

// Len is the number of rows.
func (t *Table[K, T]) Len() int { return t.base.len() - t.deleted + t.added.len() }

// len is the number of rows that are there, of no list too.
func (l *rowList[K, T]) len() int {
	if l == nil {
		return 0
	}
	return l.size
}

func (l *rowList[K, T]) list() []tableRow[K, T] {
	if l == nil {
		return nil
	}
	return l.rows
}

// find is the place of a key, -1 when it has no row.
func (l *rowList[K, T]) find(k K) int {
	if l == nil {
		return -1
	}
	if l.index != nil {
		if i, ok := l.index[k]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(l.rows, func(r tableRow[K, T]) bool { return r.key == k && r.value != nil })
}

// packed is the list without the rows that are deleted.
func (l *rowList[K, T]) packed() *rowList[K, T] {
	p := &rowList[K, T]{rows: slices.Clone(l.rows), size: l.size}
	p.rows = slices.DeleteFunc(p.rows, func(r tableRow[K, T]) bool { return r.value == nil })
	p.reindex()
	return p
}

// append adds the row of a new key at the end.
func (l *rowList[K, T]) append(k K, v tableValue[T]) {
	l.rows = append(l.rows, tableRow[K, T]{k, v})
	l.size++
	switch {
	case l.index != nil:
		l.index[k] = len(l.rows) - 1
	case len(l.rows) > searched:
		l.reindex()
	}
}

// remove deletes the row at a place.
func (l *rowList[K, T]) remove(i int) {
	delete(l.index, l.rows[i].key)
	l.rows[i].tableValue = tableValue[T]{}
	l.size--
}

// reindex makes the index of a list that is too long to be searched.
func (l *rowList[K, T]) reindex() {
	if l.index = nil; len(l.rows) <= searched {
		return
	}
	l.index = make(map[K]int, len(l.rows)+1)
	for i, r := range l.rows {
		if r.value != nil {
			l.index[r.key] = i
		}
	}
}

// inOrder are the rows with their keys. What is written meanwhile may or may not
// be among them.
func (t *Table[K, T]) inOrder() iter.Seq2[K, *T] {
	base, changed, added := t.base.list(), t.changed, t.added.list()
	return func(yield func(K, *T) bool) {
		for i, r := range base {
			if v, ok := changed[i]; ok {
				r.tableValue = v
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

// Keys returns the keys in order.
func (t *Table[K, T]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		for k := range t.inOrder() {
			if !yield(k) {
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
			r.tableValue = v
		}
		if r.value != nil {
			return r.value
		}
	}
	return nil
}

// Get returns the row of a key, which must not be modified.
func (t *Table[K, T]) Get(k K) (*T, bool) {
	if i := t.added.find(k); i >= 0 {
		return t.added.rows[i].value, true
	}
	i := t.base.find(k)
	if i < 0 {
		return nil, false
	}
	if v, ok := t.changed[i]; ok {
		return v.value, v.value != nil
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
	if t.mine {
		return
	}
	t.mine = true
	n := len(t.changed) + len(t.added.list())
	if n > fewChanges && n*n > len(t.base.list()) {
		t.rebase(t.compacted(t.Len()))
		return
	}
	t.changed = maps.Clone(t.changed)
	for i, v := range t.changed {
		t.changed[i] = tableValue[T]{value: v.value}
	}
	if t.added != nil {
		t.added = (&Table[K, T]{added: t.added}).compacted(t.added.size)
	}
}

// compacted is a new list of the n rows that are there, none of them its own, with
// room for more.
func (t *Table[K, T]) compacted(n int) *rowList[K, T] {
	l := &rowList[K, T]{rows: make([]tableRow[K, T], 0, n+n/4+1), size: n}
	for k, v := range t.inOrder() {
		l.rows = append(l.rows, tableRow[K, T]{k, tableValue[T]{value: v}})
	}
	l.reindex()
	return l
}

func (t *Table[K, T]) rebase(l *rowList[K, T]) {
	t.base, t.changed, t.added, t.deleted = l, nil, nil, 0
}

// set replaces the row of a key that there is.
func (t *Table[K, T]) set(k K, v tableValue[T]) {
	if i := t.added.find(k); i >= 0 {
		t.added.rows[i].tableValue = v
		return
	}
	if t.changed == nil {
		t.changed = map[int]tableValue[T]{}
	}
	t.changed[t.base.find(k)] = v
}

// owns reports whether the row of a key is no other Table's.
func (t *Table[K, T]) owns(k K) bool {
	if i := t.added.find(k); i >= 0 {
		return t.added.rows[i].own
	}
	return t.changed[t.base.find(k)].own
}

// Edit returns the row of a key to be changed, nil when there is none.
func (t *Table[K, T]) Edit(k K) *T {
	if !t.Has(k) {
		return nil
	}
	t.take()
	v, _ := t.Get(k)
	if !t.owns(k) {
		v = cloned(v)
		t.set(k, tableValue[T]{v, true})
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
	if t.Has(k) {
		t.set(k, tableValue[T]{&v, true})
		return &v
	}
	if t.added == nil {
		t.added = &rowList[K, T]{}
	}
	t.added.append(k, tableValue[T]{&v, true})
	return &v
}

// Insert puts a row of a new key before the first row that before is true of.
func (t *Table[K, T]) Insert(k K, v T, before func(*T) bool) *T {
	t.Delete(k)
	l := t.compacted(t.Len())
	i := slices.IndexFunc(l.rows, func(r tableRow[K, T]) bool { return before(r.value) })
	if i < 0 {
		return t.Put(k, v)
	}
	t.take()
	l.rows = slices.Insert(l.rows, i, tableRow[K, T]{k, tableValue[T]{value: &v}})
	l.size++
	l.reindex()
	t.rebase(l)
	t.set(k, tableValue[T]{&v, true})
	return &v
}

// Delete removes the row of a key, and reports whether there was one.
func (t *Table[K, T]) Delete(k K) bool {
	if !t.Has(k) {
		return false
	}
	t.take()
	i := t.added.find(k)
	if i < 0 {
		t.set(k, tableValue[T]{})
		t.deleted++
		return true
	}
	t.added.remove(i)
	if holes := len(t.added.rows) - t.added.size; holes > t.added.size+16 {
		t.added = t.added.packed()
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

// Written yields the keys of rows that are not the same in an earlier Table: those
// that were written, added or deleted since. It costs little where one Table is a
// clone of the other with few changes.
func (t *Table[K, T]) Written(since *Table[K, T]) iter.Seq[K] {
	return func(yield func(K) bool) {
		seen := map[K]bool{}
		for _, side := range []*Table[K, T]{t, since} {
			for k := range side.different(t.base == since.base) {
				now, _ := t.Get(k)
				before, _ := since.Get(k)
				if seen[k] || now == before {
					continue
				}
				seen[k] = true
				if !yield(k) {
					return
				}
			}
		}
	}
}

// different yields the keys of all rows, in order, or of those that are not as in base.
func (t *Table[K, T]) different(fromBase bool) iter.Seq[K] {
	if !fromBase {
		return t.Keys()
	}
	return func(yield func(K) bool) {
		for _, i := range slices.Sorted(maps.Keys(t.changed)) {
			if !yield(t.base.rows[i].key) {
				return
			}
		}
		for _, r := range t.added.list() {
			if !yield(r.key) {
				return
			}
		}
	}
}
