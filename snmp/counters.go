package snmp

import "sync/atomic"

// Counters are what the agent has counted since it was made: those of the snmp group
// (RFC 3418 section 2), in its order, and some that `show snmp` prints besides.
type Counters struct {
	In, Out                                           atomic.Uint32
	BadVersions, UnknownCommunity, BadUses, ASNErrors atomic.Uint32
	RequestedVars, AlteredVars                        atomic.Uint32
	InGets, InGetNexts, InSets                        atomic.Uint32
	TooBigs, NoSuchNames, BadValues, GenErrs          atomic.Uint32
	Responses, Traps                                  atomic.Uint32
	InputDrops                                        atomic.Uint32 // requests that found the queue full
	usm                                               [6]atomic.Uint32
}

// failed counts an error-status that was sent.
func (c *Counters) failed(s Status) {
	switch s {
	case TooBig:
		c.TooBigs.Add(1)
	case NoSuchName:
		c.NoSuchNames.Add(1)
	case BadValue, WrongType, WrongValue:
		c.BadValues.Add(1)
	case GenErr:
		c.GenErrs.Add(1)
	}
}

// Group is the snmp group as a part of a MIB. Columns without a number here are 0.
func (c *Counters) Group() Part {
	numbers := map[uint32]*atomic.Uint32{1: &c.In, 2: &c.Out, 3: &c.BadVersions, 4: &c.UnknownCommunity, 5: &c.BadUses, 6: &c.ASNErrors,
		13: &c.RequestedVars, 14: &c.AlteredVars, 15: &c.InGets, 16: &c.InGetNexts, 17: &c.InSets,
		20: &c.TooBigs, 21: &c.NoSuchNames, 22: &c.BadValues, 24: &c.GenErrs, 28: &c.Responses, 29: &c.Traps}
	t := Table{Entry: Standard.At(11), Rows: func() []Row {
		return []Row{{OID{0}, func(column uint32) any {
			if n := numbers[column]; n != nil {
				return Counter(n.Load())
			}
			return Counter(0)
		}}}
	}}
	for column := uint32(1); column <= 29; column++ {
		if column != 7 && column != 23 { // not used (RFC 1213)
			t.Columns = append(t.Columns, column)
		}
	}
	return t
}
