package snmp

import (
	"net/netip"

	"vtylab/network"
)

// Event is something that `debug snmp packets` prints.
type Event interface{ event() }

type (
	// Queued is a notification that will be sent.
	Queued struct {
		To      netip.Addr
		Message *Message
	}
	// Received is a request.
	Received struct {
		Flow    network.Flow
		Message *Message
	}
	// Answered is what will be sent for it.
	Answered struct{ Message *Message }
	// Sent is a message that left the device.
	Sent struct{ To netip.Addr }
)

func (Queued) event()   {}
func (Received) event() {}
func (Answered) event() {}
func (Sent) event()     {}
