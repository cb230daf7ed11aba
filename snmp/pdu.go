package snmp

import "math/bits"

// Access is what somebody who asks may see and change. Denied is who has no group for the
// security level of a message.
type Access struct {
	Read, Write View
	Denied      bool
}

// answer is the response to a request. Limit bounds it, in octets.
func (a *Agent) answer(m *Message, x Access, mib MIB, limit int) *Message {
	r := &Message{Version: m.Version, Community: m.Community, Kind: Response, RequestID: m.RequestID}
	var failed Status
	var at int
	switch {
	case x.Denied:
		failed = AuthorizationError
	case m.Kind == Get:
		a.counters.InGets.Add(1)
		r.Vars, failed, at = a.get(m, x.Read, mib)
	case m.Kind == GetNext:
		a.counters.InGetNexts.Add(1)
		r.Vars, failed, at = a.getNext(m, x.Read, mib)
	case m.Kind == GetBulk:
		if m.Version == V1 {
			return nil
		}
		a.counters.InGetNexts.Add(1) // RFC 1213 has no counter of its own
		r.Vars = a.getBulk(m, x.Read, mib, limit)
	case m.Kind == Set:
		a.counters.InSets.Add(1)
		r.Vars = m.Vars
		failed, at = a.set(m, x, mib)
	default:
		return nil
	}
	if failed != NoError {
		r.Vars, r.Status, r.Index = m.Vars, int(failed), at
		a.counters.failed(failed)
	}
	return r
}

// get answers GET. The status is that of version 1, which has no exceptions, with the
// number of the variable from 1.
func (a *Agent) get(m *Message, v View, mib MIB) (vars []Var, failed Status, at int) {
	for i, asked := range m.Vars {
		value := mib.get(v, asked.OID)
		if missing(value) && m.Version == V1 {
			return nil, NoSuchName, i + 1
		}
		a.counters.RequestedVars.Add(1)
		vars = append(vars, Var{asked.OID, value})
	}
	return vars, NoError, 0
}

func (a *Agent) getNext(m *Message, v View, mib MIB) (vars []Var, failed Status, at int) {
	for i, asked := range m.Vars {
		found := nextVar(mib, v, asked.OID)
		if missing(found.Value) && m.Version == V1 {
			return nil, NoSuchName, i + 1
		}
		a.counters.RequestedVars.Add(1)
		vars = append(vars, found)
	}
	return vars, NoError, 0
}

func nextVar(mib MIB, v View, o OID) Var {
	if at, value, ok := mib.next(v, o); ok {
		return Var{at, value}
	}
	return Var{o, EndOfMIBView}
}

// overhead is what stands around the variables of an answer, in octets, at most.
func (m *Message) overhead() int {
	if m.Version == V3 {
		return 220 // with names of 32 octets and the padding of DES
	}
	return 40 + len(m.Community)
}

// getBulk answers GETBULK with as many variables as fit (RFC 3416 section 4.2.3).
func (a *Agent) getBulk(m *Message, v View, mib MIB, limit int) (vars []Var) {
	room := limit - m.overhead()
	add := func(x Var) bool {
		if room -= x.size(); room < 0 {
			return false
		}
		a.counters.RequestedVars.Add(1)
		vars = append(vars, x)
		return true
	}
	single := min(max(m.NonRepeaters, 0), len(m.Vars))
	for _, asked := range m.Vars[:single] {
		if !add(nextVar(mib, v, asked.OID)) {
			return vars
		}
	}
	row := m.Vars[single:]
	for range m.Repetitions {
		following, ended := make([]Var, 0, len(row)), true
		for _, asked := range row {
			x := nextVar(mib, v, asked.OID)
			if !add(x) {
				return vars
			}
			ended = ended && missing(x.Value)
			following = append(following, x)
		}
		if row = following; ended {
			return vars
		}
	}
	return vars
}

// size is what a variable takes of a message, in octets, at most.
func (v Var) size() int {
	const headers = 4 + 4 + 4
	n := headers + v.OID.size()
	switch x := v.Value.(type) {
	case string:
		return n + len(x)
	case OID:
		return n + x.size()
	}
	return n + 5
}

// size is what the OID takes, in octets.
func (o OID) size() (n int) {
	for _, x := range o {
		n += max(bits.Len32(x)+6, 7) / 7
	}
	return n
}

// set changes all variables of a request, or none: each is checked first.
func (a *Agent) set(m *Message, x Access, mib MIB) (failed Status, at int) {
	byPart := map[*Writable][]Var{}
	for i, v := range m.Vars {
		s, ok := mib.part(v.OID).(*Writable)
		switch {
		case len(x.Write) == 0:
			a.counters.BadUses.Add(1)
			return m.status(NoAccess), i + 1
		case !x.Write.Has(v.OID):
			return m.status(NoAccess), i + 1
		case !ok:
			return m.status(NotWritable), i + 1
		}
		if status := s.Check(v); status != NoError {
			return m.status(status), i + 1
		}
		byPart[s] = append(byPart[s], v)
	}
	for s, vars := range byPart {
		if status := s.Set(vars); status != NoError {
			return m.status(status), 1
		}
		a.counters.AlteredVars.Add(uint32(len(vars)))
	}
	return NoError, 0
}

// status is an error as version 1 has it (RFC 3584 section 4.3).
func (m *Message) status(s Status) Status {
	switch {
	case m.Version != V1 || s < NoAccess:
		return s
	case s == NoAccess, s == NotWritable, s == Inconsistent:
		return NoSuchName
	}
	return BadValue
}
