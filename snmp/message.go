package snmp

import (
	"fmt"
	"net/netip"
	"strconv"
)

// Version is one of the protocol.
type Version int

// The versions of SNMP, as configurations call them.
const (
	V1  Version = 1
	V2c Version = 2
	V3  Version = 3
)

// Var is a variable and its value, which is one of int, string, Ticks, Counter, Gauge,
// OID, netip.Addr (of IPv4), nil, or an Exception.
type Var struct {
	OID   OID
	Value any
}

// Values that Go has no type for.
type (
	Ticks   uint32 // hundredths of a second
	Counter uint32
	Gauge   uint32
	// Exception takes the place of a value that there is not (RFC 3416 section 3).
	Exception byte
)

// The exceptions, as they are on the wire.
const (
	NoSuchObject   Exception = 0x80
	NoSuchInstance Exception = 0x81
	EndOfMIBView   Exception = 0x82
)

// Text is the value as `debug snmp packets` prints it; that of no value is from memory.
func (v Var) Text() string {
	switch x := v.Value.(type) {
	case nil:
		return "NULL TYPE/VALUE"
	case int:
		return strconv.Itoa(x)
	case string:
		return x
	case OID:
		return x.Name()
	case Exception:
		return map[Exception]string{NoSuchObject: "NO_SUCH_OBJECT_EXCEPTION", NoSuchInstance: "NO_SUCH_INSTANCE_EXCEPTION", EndOfMIBView: "END_OF_MIB_VIEW_EXCEPTION"}[x]
	default:
		return fmt.Sprint(x)
	}
}

// Kind is what a message asks for or says.
type Kind byte

// The kinds of messages, as they are on the wire (RFC 1157, RFC 3416).
const (
	Get      Kind = 0xa0
	GetNext  Kind = 0xa1
	Response Kind = 0xa2
	Set      Kind = 0xa3
	TrapV1   Kind = 0xa4
	GetBulk  Kind = 0xa5
	Inform   Kind = 0xa6
	TrapV2   Kind = 0xa7
	Report   Kind = 0xa8
)

// Message is one message.
type Message struct {
	Version   Version
	Community string // of versions 1 and 2c
	Kind      Kind
	RequestID uint32
	Status    int // errstat
	Index     int // erridx
	// NonRepeaters and Repetitions are those of GetBulk.
	NonRepeaters, Repetitions int
	Trap                      TrapHeader // of TrapV1
	Vars                      []Var
	// Of version 3:
	ID       uint32
	MaxSize  int
	Flags    Flags
	Security Security
	Context  Context
}

// TrapHeader is what stands before the variables of a trap of version 1 (RFC 1157
// section 4.1.6).
type TrapHeader struct {
	Enterprise        OID
	Agent             netip.Addr
	Generic, Specific int
	Time              Ticks
}

// Flags are msgFlags of version 3 (RFC 3412 section 6.4).
type Flags byte

// The bits of Flags.
const (
	Authenticated Flags = 1
	Encrypted     Flags = 2
	Reportable    Flags = 4
)

// Security is what the User-based Security Model puts into a message (RFC 3414
// section 2.4).
type Security struct {
	Engine      string // octets
	Boots, Time uint32
	User        string
}

// Context is that of a scoped PDU.
type Context struct{ Engine, Name string }

// SpecificTrap is the generic-trap of those that only an enterprise knows.
const SpecificTrap = 6
