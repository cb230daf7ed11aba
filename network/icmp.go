package network

import "net/netip"

// Message is a kind of ICMP message: its type and code (RFC 792, RFC 4443). In an
// access list a Code below 0 is every code of the type.
type Message struct {
	Type uint8
	Code int
}

// Messages is a set of ICMP messages; nil is every message.
type Messages []Message

// Contain reports whether a message is in the set.
func (s Messages) Contain(m Message) bool {
	for _, x := range s {
		if x.Type == m.Type && (x.Code < 0 || x.Code == m.Code) {
			return true
		}
	}
	return s == nil
}

func echoRequest(to netip.Addr) Message {
	if to.Is6() {
		return Message{Type: 128}
	}
	return Message{Type: 8}
}

func echoReply(to netip.Addr) Message {
	if to.Is6() {
		return Message{Type: 129}
	}
	return Message{Type: 0}
}

// errorMessage is what a node sends about a packet that it dropped.
type errorMessage struct{ v4, v6 Message }

var (
	unreachable = errorMessage{Message{3, 1}, Message{1, 0}}
	prohibited  = errorMessage{Message{3, 13}, Message{1, 1}}
	expired     = errorMessage{Message{11, 0}, Message{3, 0}}
	tooBig      = errorMessage{Message{3, 4}, Message{2, 0}}
)

// icmpOf is the message that goes with an outcome. A router that waits for ARP sends
// none.
func icmpOf(o Outcome) (m errorMessage, sent bool) {
	switch o {
	case NoRoute, Down:
		return unreachable, true
	case Filtered:
		return prohibited, true
	case TTLExpired:
		return expired, true
	case TooBig:
		return tooBig, true
	}
	return m, false
}
