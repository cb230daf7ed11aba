package telnet

import "slices"

// Options, by their numbers at IANA.
const (
	optBinary = 0
	optEcho   = 1
	optSGA    = 3
	optTTYPE  = 24
	optNAWS   = 31
)

// options is a set of them. None that this package knows has a number above 63.
type options uint64

func set(all ...byte) (o options) {
	for _, n := range all {
		o |= 1 << n
	}
	return o
}

func (o options) has(n byte) bool { return n < 64 && o&(1<<n) != 0 }

// side is what one end does: its own options, or the peer's.
type side struct {
	allowed options // those that are agreed to
	on      options
	asked   options // proposed, and not answered yet
}

// proposed notes that an option was asked for.
func (s *side) proposed(n byte) { s.asked |= set(n) }

// answer takes the peer's word on an option: whether to reply, with the same word or
// its opposite, and whether the option has changed (RFC 1143 section 7).
func (s *side) answer(n byte, yes bool) (reply, agreed, changed bool) {
	if n >= 64 {
		return yes, false, false
	}
	bit, was := set(n), s.on.has(n)
	asked := s.asked.has(n)
	s.asked &^= bit
	if !yes {
		s.on &^= bit
		return was, false, was
	}
	if was {
		return false, true, false
	}
	if !asked && !s.allowed.has(n) {
		return true, false, false
	}
	s.on |= bit
	return !asked, true, true
}

// terminalType is what the client says of its terminal (RFC 1091): IS and a name.
func terminalType(name string) []byte {
	return slices.Concat([]byte{iac, cmdSB, optTTYPE, 0}, []byte(name), []byte{iac, cmdSE})
}

// windowSize is the subnegotiation of NAWS (RFC 1073).
func windowSize(columns, rows int) []byte {
	p := []byte{iac, cmdSB, optNAWS}
	for _, b := range []byte{byte(columns >> 8), byte(columns), byte(rows >> 8), byte(rows)} {
		if p = append(p, b); b == iac {
			p = append(p, iac)
		}
	}
	return append(p, iac, cmdSE)
}
