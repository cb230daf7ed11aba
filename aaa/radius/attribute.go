package radius

import (
	"encoding/binary"
	"net/netip"
)

// Type is the number of an attribute.
type Type byte

// Attributes that devices send and honour (RFC 2865, 2866 and 2869).
const (
	UserName             Type = 1
	UserPassword         Type = 2
	NASIPAddress         Type = 4
	NASPort              Type = 5
	ServiceType          Type = 6
	FilterID             Type = 11
	LoginIPHost          Type = 14
	LoginService         Type = 15
	ReplyMessage         Type = 18
	State                Type = 24
	Class                Type = 25
	VendorSpecific       Type = 26
	SessionTimeout       Type = 27
	IdleTimeout          Type = 28
	CallingStationID     Type = 31
	NASIdentifier        Type = 32
	ProxyState           Type = 33
	AcctStatusType       Type = 40
	AcctDelayTime        Type = 41
	AcctInputOctets      Type = 42
	AcctOutputOctets     Type = 43
	AcctSessionID        Type = 44
	AcctAuthentic        Type = 45
	AcctSessionTime      Type = 46
	AcctInputPackets     Type = 47
	AcctOutputPackets    Type = 48
	AcctTerminateCause   Type = 49
	EventTimestamp       Type = 55
	NASPortType          Type = 61
	Prompt               Type = 76
	MessageAuthenticator Type = 80
	NASPortID            Type = 87
	NASIPv6Address       Type = 95
)

// Values of Service-Type, NAS-Port-Type, Acct-Status-Type, Acct-Authentic and Prompt.
const (
	ServiceLogin          = 1
	ServiceAdministrative = 6
	ServiceNASPrompt      = 7

	PortAsync   = 0
	PortVirtual = 5

	AcctStart   = 1
	AcctStop    = 2
	AcctInterim = 3
	AcctOn      = 7
	AcctOff     = 8

	AuthenticRADIUS = 1
	AuthenticLocal  = 2

	PromptNoEcho = 0
	PromptEcho   = 1
)

// Attribute is one attribute. Its value is at most 253 bytes.
type Attribute struct {
	Type  Type
	Value []byte
}

// Attributes are those of a packet, in order.
type Attributes []Attribute

// String is an attribute with a text.
func String(t Type, value string) Attribute { return Attribute{t, []byte(value)} }

// Uint32 is an attribute with a number.
func Uint32(t Type, value uint32) Attribute {
	return Attribute{t, binary.BigEndian.AppendUint32(nil, value)}
}

// Addr is an attribute with an address: four bytes of IPv4, 16 of IPv6.
func Addr(t Type, a netip.Addr) Attribute { return Attribute{t, a.Unmap().AsSlice()} }

// Bytes is the value of the first attribute of a type.
func (all Attributes) Bytes(t Type) ([]byte, bool) {
	for _, a := range all {
		if a.Type == t {
			return a.Value, true
		}
	}
	return nil, false
}

// Text is the value of the first attribute of a type as a text, "" without one.
func (all Attributes) Text(t Type) string {
	b, _ := all.Bytes(t)
	return string(b)
}

// Number is the value of the first attribute of a type, and whether it has the four
// bytes of a number.
func (all Attributes) Number(t Type) (uint32, bool) {
	if b, _ := all.Bytes(t); len(b) == 4 {
		return binary.BigEndian.Uint32(b), true
	}
	return 0, false
}

// Address is the value of the first attribute of a type, and whether it has the length
// of an address.
func (all Attributes) Address(t Type) (netip.Addr, bool) {
	b, _ := all.Bytes(t)
	return netip.AddrFromSlice(b)
}

// Texts are the values of all attributes of a type.
func (all Attributes) Texts(t Type) (texts []string) {
	for _, a := range all {
		if a.Type == t {
			texts = append(texts, string(a.Value))
		}
	}
	return texts
}

// Vendor is an attribute of a vendor (RFC 2865 section 5.26). Its value is at most 247
// bytes.
type Vendor struct {
	ID    uint32 // of the vendor
	Type  byte
	Value []byte
}

// Cisco-AVPair: a text such as shell:priv-lvl=15.
const (
	VendorCisco = 9
	CiscoAVPair = 1
)

// Attribute is the Vendor-Specific attribute that carries it.
func (v Vendor) Attribute() Attribute {
	b := binary.BigEndian.AppendUint32(nil, v.ID)
	return Attribute{VendorSpecific, append(append(b, v.Type, byte(2+len(v.Value))), v.Value...)}
}

// AVPair is the attribute of a Cisco-AVPair.
func AVPair(text string) Attribute {
	return Vendor{VendorCisco, CiscoAVPair, []byte(text)}.Attribute()
}

// Vendors are the attributes of vendors within a Vendor-Specific attribute. One without
// the usual form has none.
func (a Attribute) Vendors() (all []Vendor) {
	if a.Type != VendorSpecific || len(a.Value) < 4 {
		return nil
	}
	id := binary.BigEndian.Uint32(a.Value)
	for rest := a.Value[4:]; len(rest) > 0; {
		if len(rest) < 2 || rest[1] < 2 || int(rest[1]) > len(rest) {
			return nil
		}
		n := int(rest[1])
		all = append(all, Vendor{id, rest[0], rest[2:n]})
		rest = rest[n:]
	}
	return all
}

// AVPairs are the texts of all Cisco-AVPairs.
func (all Attributes) AVPairs() (texts []string) {
	for _, a := range all {
		for _, v := range a.Vendors() {
			if v.ID == VendorCisco && v.Type == CiscoAVPair {
				texts = append(texts, string(v.Value))
			}
		}
	}
	return texts
}
