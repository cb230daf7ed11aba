package snmp

import (
	"net/netip"
	"slices"
	"time"

	"vtylab/network"
)

// Settings are what a configuration says of SNMP. They are replaced as a whole; nothing
// in them is modified.
type Settings struct {
	// On is whether there is an agent.
	On bool
	// Hosts are those that notifications go to.
	Hosts []Host
	// Sends reports whether notifications of a type are on; word is one of the type's own,
	// "" for a type that has none. Nil sends none.
	Sends func(kind, word string) bool
	// QueueLength is how many notifications may wait for each host.
	QueueLength int
	// TrapSource and InformSource are the interfaces whose addresses notifications carry,
	// "" for that of the route.
	TrapSource, InformSource string
	// Informs without an answer are sent again, InformRetries times, InformTimeout apart.
	// So many may be without one: InformPending.
	InformTimeout time.Duration
	InformRetries int
	InformPending int
	// TrafficClass is the octet of `snmp-server ip dscp` in IP headers, -1 for none.
	TrafficClass int
	// Engine is the engine ID of the device, in octets (RFC 3411 section 5).
	Engine string
	// PacketSize bounds what the agent sends, in octets.
	PacketSize int
	// Community is what a community may do, ok whether there is one that may come over a
	// flow. Nil knows none.
	Community func(name string, f network.Flow) (x Access, ok bool)
	// Group is what a user of version 3 may do at a security level.
	Group func(u User, level Flags, f network.Flow) (x Access, ok bool)
	// MIB is what may be asked for, as it is now. It is called for each request.
	MIB func() MIB
	// User finds a user of version 3: of the device itself, or of a remote entity that gets
	// informs. Nil knows none.
	User func(name string, remote netip.Addr) (User, bool)
	// RemoteEngine is the engine ID of who gets informs of version 3, "" when it is not
	// configured.
	RemoteEngine func(netip.Addr) string
}

// DefaultPort is where notifications go.
const DefaultPort = 162

// Host is who gets notifications.
type Host struct {
	Address netip.Addr
	VRF     string
	Port    uint16
	Inform  bool
	Version Version
	Flags   Flags    // of version 3: the security level
	User    string   // the community, or the user of version 3
	Types   []string // of notifications; none: all
}

// To is where notifications for the host go.
func (h *Host) To() netip.AddrPort { return netip.AddrPortFrom(h.Address, h.Port) }

// Wants reports whether the host gets notifications of a type.
func (h *Host) Wants(kind string) bool { return len(h.Types) == 0 || slices.Contains(h.Types, kind) }

// Notification is something that hosts may be told.
type Notification struct {
	// Type is that of `snmp-server enable traps`, Word the type's own word that switches
	// this one on, "" for a type that has none.
	Type, Word string
	// Enterprise, Generic and Specific make it a trap of version 1.
	Enterprise        OID
	Generic, Specific int
	Vars              []Var
}

// OID is snmpTrapOID of the notification (RFC 3584 section 3.1).
func (n *Notification) OID() OID {
	if n.Generic != SpecificTrap {
		return StandardTraps.At(uint32(n.Generic) + 1)
	}
	return n.Enterprise.At(0, uint32(n.Specific))
}
