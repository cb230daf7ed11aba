package snmp

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// OID is an object identifier. It is never written.
type OID []uint32

// ParseOID reads numbers with dots between them; a dot in front is allowed.
func ParseOID(text string) (OID, error) {
	var o OID
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "."), ".") {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("snmp: object identifier %q", text)
		}
		o = append(o, uint32(n))
	}
	return o, nil
}

// At is an OID below another one.
func (o OID) At(sub ...uint32) OID { return slices.Concat(o, sub) }

// Has reports whether an OID is o or lies below it.
func (o OID) Has(other OID) bool { return len(other) >= len(o) && slices.Equal(o, other[:len(o)]) }

// String is the numbers with dots between them.
func (o OID) String() string {
	parts := make([]string, len(o))
	for i, n := range o {
		parts[i] = strconv.FormatUint(uint64(n), 10)
	}
	return strings.Join(parts, ".")
}

// must is ParseOID for those of this package.
func must(text string) OID {
	o, err := ParseOID(text)
	if err != nil {
		panic(err)
	}
	return o
}

// Subtrees and objects of notifications (aaa-snmp D1, D2).
var (
	Cisco           = must("1.3.6.1.4.1.9")
	Local           = Cisco.At(2)
	Standard        = must("1.3.6.1.2.1")
	SysUpTime       = Standard.At(1, 3, 0)
	TrapOID         = must("1.3.6.1.6.3.1.1.4.1.0")
	SecureShell     = Cisco.At(9, 339, 1)
	CopyEntry       = Cisco.At(9, 96, 1, 1, 1, 1)
	Engine          = must("1.3.6.1.6.3.10.2.1")
	StandardTraps   = must("1.3.6.1.6.3.1.1.5")
	IfEntry         = Standard.At(2, 2, 1)
	TCPConnEntry    = Standard.At(6, 13, 1)
	LocalTCPEntry   = Local.At(6, 1, 1)
	LineEntry       = Local.At(9, 2, 1)
	LineSession     = Local.At(9, 3, 1)
	LocalIfReason   = Local.At(2, 1, 1, 20)
	WhyReload       = Local.At(1, 2, 0)
	AuthAddress     = Local.At(1, 5, 0)
	ConfigManTraps  = Cisco.At(9, 43, 2)
	ConfigManEvents = Cisco.At(9, 43, 1, 1, 6, 1)
)

// names are those that the image has registered: an OID is printed with the longest
// of them and the rest in numbers. Entries of tables have names, columns have none
// (aaa-snmp D4; those beyond its samples are from memory).
var names = map[string]string{
	Cisco.String():                       "cisco",
	Cisco.At(9).String():                 "ciscoMgmt",
	Cisco.At(9, 43).String():             "ciscoConfigManMIB",
	ConfigManEvents.String():             "ccmHistoryEventEntry",
	Local.String():                       "local",
	LocalTCPEntry.String():               "ltcpConnEntry",
	TCPConnEntry.String():                "tcpConnEntry",
	Standard.At(1).String():              "system",
	Standard.At(1, 3).String():           "sysUpTime",
	Standard.At(2).String():              "interfaces",
	IfEntry.String():                     "ifEntry",
	Standard.At(11).String():             "snmp",
	must("1.3.6.1.6.3.1.1.4.1").String(): "snmpTrapOID",
	StandardTraps.String():               "snmpTraps",
	"1":                                  "iso",
	Standard.String():                    "mib-2",
	must("1.3.6.1.4.1").String():         "enterprises",
	must("1.3.6.1").String():             "internet",
}

// Named is the OID that a view has for a family: numbers, or a name with numbers behind
// it. Ok is false for a name that is not known.
func Named(text string) (o OID, ok bool) {
	if o, err := ParseOID(text); err == nil {
		return o, true
	}
	name, rest, below := strings.Cut(text, ".")
	for numbers, known := range names {
		if known != name {
			continue
		}
		if below {
			numbers += "." + rest
		}
		o, err := ParseOID(numbers)
		return o, err == nil
	}
	return nil, false
}

// Name is the OID as `debug snmp packets` prints it.
func (o OID) Name() string {
	for n := len(o); n > 0; n-- {
		name, ok := names[o[:n].String()]
		switch {
		case !ok:
		case n == len(o):
			return name
		default:
			return name + "." + o[n:].String()
		}
	}
	return o.String()
}

// Connection is the index of a TCP connection in tables: address and port at both
// ends. Addresses are of IPv4: others have no place in these tables (RFC 1213).
func Connection(local, remote netip.AddrPort) (index OID, ok bool) {
	if !local.Addr().Unmap().Is4() || !remote.Addr().Unmap().Is4() {
		return nil, false
	}
	for _, end := range []netip.AddrPort{local, remote} {
		index = append(index, Address(end.Addr())...)
		index = append(index, uint32(end.Port()))
	}
	return index, true
}

// Address is an address of IPv4 as part of an index.
func Address(a netip.Addr) (index OID) {
	for _, b := range a.Unmap().AsSlice() {
		index = append(index, uint32(b))
	}
	return index
}
