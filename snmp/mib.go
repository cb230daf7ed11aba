package snmp

import (
	"slices"
	"sort"
)

// MIB is what a device can be asked for: parts in the order of their roots, none below
// another.
type MIB []Part

// Part is a part of a MIB: a Scalar or a Table.
type Part interface {
	// root is what all its objects are below.
	root() OID
	// get is the value of an object: an Exception where there is none.
	get(o OID) any
	// next is the first object behind an OID.
	next(o OID) (OID, any, bool)
}

// Status is the error-status of an answer (RFC 3416 section 3).
type Status int

// Those that are used here.
const (
	NoError            Status = 0
	TooBig             Status = 1
	NoSuchName         Status = 2
	BadValue           Status = 3
	ReadOnly           Status = 4
	GenErr             Status = 5
	NoAccess           Status = 6
	WrongType          Status = 7
	WrongValue         Status = 10
	Inconsistent       Status = 12
	AuthorizationError Status = 16
	NotWritable        Status = 17
)

// Scalar is an object without an index. OID ends before the 0.
type Scalar struct {
	OID   OID
	Value func() any
}

func (s Scalar) root() OID { return s.OID }

func (s Scalar) get(o OID) any {
	if slices.Equal(o, s.OID.At(0)) {
		return s.Value()
	}
	return NoSuchInstance
}

func (s Scalar) next(o OID) (OID, any, bool) {
	if at := s.OID.At(0); o.Compare(at) < 0 {
		return at, s.Value(), true
	}
	return nil, nil, false
}

// Table is the objects of a table: below Entry, the column, then the index of a row.
type Table struct {
	Entry   OID
	Columns []uint32 // in order
	// Rows are as they are now, in any order, each index once.
	Rows func() []Row
}

// Row is one row of a table. Value is nil for a column that it does not have.
type Row struct {
	Index OID
	Value func(column uint32) any
}

func (t Table) root() OID { return t.Entry }

func (t Table) get(o OID) any {
	n := len(t.Entry)
	if len(o) <= n || !slices.Contains(t.Columns, o[n]) {
		return NoSuchObject
	}
	for _, r := range t.Rows() {
		if slices.Equal(r.Index, o[n+1:]) {
			if v := r.Value(o[n]); v != nil {
				return v
			}
		}
	}
	return NoSuchInstance
}

func (t Table) next(o OID) (OID, any, bool) {
	rows := t.Rows()
	slices.SortFunc(rows, func(a, b Row) int { return a.Index.Compare(b.Index) })
	for _, column := range t.Columns {
		at := t.Entry.At(column)
		first := sort.Search(len(rows), func(i int) bool { return at.At(rows[i].Index...).Compare(o) > 0 })
		for _, r := range rows[first:] {
			if v := r.Value(column); v != nil {
				return at.At(r.Index...), v, true
			}
		}
	}
	return nil, nil, false
}

// Writable is a Table whose objects can be written.
type Writable struct {
	Table
	// Check says what is wrong with a value, NoError for nothing. Set changes several, which
	// Check has let through: all or none.
	Check func(Var) Status
	Set   func([]Var) Status
}

// part is the one that an OID belongs to, nil for none.
func (m MIB) part(o OID) Part {
	for _, p := range m {
		if p.root().Has(o) {
			return p
		}
	}
	return nil
}

// get is the value of an object that a view has.
func (m MIB) get(v View, o OID) any {
	p := m.part(o)
	if p == nil || !v.Has(o) {
		return NoSuchObject
	}
	return p.get(o)
}

// next is the first object behind an OID that a view has.
func (m MIB) next(v View, o OID) (OID, any, bool) {
	at, value, ok := m.behind(o)
	for ok && !v.Has(at) {
		from := v.next(at)
		if from == nil {
			return nil, nil, false
		}
		if x := m.get(v, from); !missing(x) {
			return from, x, true
		}
		at, value, ok = m.behind(from)
	}
	return at, value, ok
}

func (m MIB) behind(o OID) (OID, any, bool) {
	for _, p := range m {
		if p.root().after().Compare(o) <= 0 {
			continue
		}
		if at, value, ok := p.next(o); ok {
			return at, value, true
		}
	}
	return nil, nil, false
}

// missing reports whether a value is none.
func missing(value any) bool { _, no := value.(Exception); return no }

// Sorted is a MIB of parts in any order.
func Sorted(parts ...Part) MIB {
	slices.SortFunc(parts, func(a, b Part) int { return a.root().Compare(b.root()) })
	return parts
}
