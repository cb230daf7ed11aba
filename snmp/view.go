package snmp

import "slices"

// Compare is the order in which GETNEXT goes.
func (o OID) Compare(other OID) int { return slices.Compare(o, other) }

// after is the first OID that is not below o and comes behind it, nil when there is
// none.
func (o OID) after() OID {
	for n := len(o) - 1; n >= 0; n-- {
		if o[n] != 1<<32-1 {
			next := slices.Clone(o[:n+1])
			next[n]++
			return next
		}
	}
	return nil
}

// View is a part of the MIB: families that are in it, or not. The longest family that
// an object is in decides (RFC 3415 section 4).
type View []Family

// Family is a subtree.
type Family struct {
	Root     OID
	Excluded bool
}

// EveryObject is the view of who has none: `v1default`. It leaves out what IOS does not
// have, and a view may add.
var EveryObject = View{{Root: OID{1}}, {Root: Cisco.At(9, 339), Excluded: true}}

// Has reports whether an object is in the view.
func (v View) Has(o OID) bool {
	f := v.family(o)
	return f != nil && !f.Excluded
}

// family is the longest that an object is in, nil for none.
func (v View) family(o OID) (longest *Family) {
	for i := range v {
		if f := &v[i]; f.Root.Has(o) && (longest == nil || len(f.Root) > len(longest.Root)) {
			longest = f
		}
	}
	return longest
}

// next is where to look on behind an object that is not in the view, nil for nowhere.
func (v View) next(o OID) (best OID) {
	nearer := func(c OID) {
		if c != nil && c.Compare(o) > 0 && (best == nil || c.Compare(best) < 0) {
			best = c
		}
	}
	if f := v.family(o); f != nil {
		nearer(f.Root.after())
	}
	for i := range v {
		if !v[i].Excluded {
			nearer(v[i].Root)
		}
	}
	return best
}
