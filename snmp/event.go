package snmp

import "net/netip"

// Event is something that `debug snmp packets` prints.
type Event interface{ event() }

type (
	// Queued is a notification that will be sent.
	Queued struct {
		To      netip.Addr
		Message *Message
	}
	// Sent is a message that left the device.
	Sent struct{ To netip.Addr }
)

func (Queued) event() {}
func (Sent) event()   {}
