package snmp

import (
	"fmt"
	"math"
	"net/netip"

	"github.com/gosnmp/gosnmp"
)

// maxCommunity bounds a community, in octets: what gosnmp encodes right.
const maxCommunity = 127

// marshal is the message on the wire. Keys protect one of version 3; the zero Keys do
// for others.
func (m *Message) marshal(k *Keys) ([]byte, error) {
	if len(m.Community) > maxCommunity {
		return nil, fmt.Errorf("snmp: community of %d octets exceeds %d", len(m.Community), maxCommunity)
	}
	p := &gosnmp.SnmpPacket{
		Version: wireVersions[m.Version], Community: m.Community, PDUType: gosnmp.PDUType(m.Kind), RequestID: m.RequestID,
		Error: gosnmp.SNMPError(m.Status), ErrorIndex: uint8(min(m.Index, math.MaxUint8)),
		NonRepeaters: uint8(m.NonRepeaters), MaxRepetitions: uint32(m.Repetitions),
		SnmpTrap: gosnmp.SnmpTrap{Enterprise: m.Trap.Enterprise.String(), AgentAddress: m.Trap.Agent.String(),
			GenericTrap: m.Trap.Generic, SpecificTrap: m.Trap.Specific, Timestamp: uint(m.Trap.Time)},
	}
	for _, v := range m.Vars {
		kind, value, err := wireValue(v.Value)
		if err != nil {
			return nil, fmt.Errorf("snmp: %s: %w", v.OID, err)
		}
		p.Variables = append(p.Variables, gosnmp.SnmpPDU{Name: v.OID.String(), Type: kind, Value: value})
	}
	if m.Version == V3 {
		if err := m.protect(p, k); err != nil {
			return nil, err
		}
	}
	data, err := p.MarshalMsg()
	if err != nil {
		return nil, fmt.Errorf("snmp: encoding: %w", err)
	}
	return data, nil
}

var wireVersions = map[Version]gosnmp.SnmpVersion{V1: gosnmp.Version1, V2c: gosnmp.Version2c, V3: gosnmp.Version3}

// protect fills in what version 3 has around a PDU.
func (m *Message) protect(p *gosnmp.SnmpPacket, k *Keys) error {
	p.MsgID, p.MsgMaxSize, p.MsgFlags = m.ID, uint32(m.MaxSize), gosnmp.SnmpV3MsgFlags(m.Flags)
	p.SecurityModel = gosnmp.UserSecurityModel
	p.ContextEngineID, p.ContextName = m.Context.Engine, m.Context.Name
	usm := k.usm()
	usm.AuthoritativeEngineID, usm.AuthoritativeEngineBoots, usm.AuthoritativeEngineTime = m.Security.Engine, m.Security.Boots, m.Security.Time
	usm.UserName = m.Security.User
	p.SecurityParameters = usm
	if m.Flags&Encrypted == 0 {
		return nil
	}
	if err := k.salt(usm); err != nil {
		return fmt.Errorf("snmp: salt: %w", err)
	}
	return nil
}

// wireValue is a value as gosnmp takes it.
func wireValue(value any) (gosnmp.Asn1BER, any, error) {
	switch x := value.(type) {
	case nil:
		return gosnmp.Null, nil, nil
	case int:
		return gosnmp.Integer, max(min(x, math.MaxInt32), math.MinInt32), nil
	case string:
		return gosnmp.OctetString, x, nil
	case Ticks:
		return gosnmp.TimeTicks, uint32(x), nil
	case Counter:
		return gosnmp.Counter32, uint32(x), nil
	case Gauge:
		return gosnmp.Gauge32, uint32(x), nil
	case OID:
		return gosnmp.ObjectIdentifier, x.String(), nil
	case netip.Addr:
		return gosnmp.IPAddress, x.String(), nil
	case Exception:
		return gosnmp.Asn1BER(x), nil, nil
	}
	return 0, nil, fmt.Errorf("no encoding of %T", value)
}

// decode reads a message that is not protected.
func decode(data []byte) (*Message, error) {
	x := gosnmp.GoSNMP{Version: gosnmp.Version2c}
	p, err := x.SnmpDecodePacket(data)
	if err != nil {
		return nil, fmt.Errorf("snmp: decoding: %w", err)
	}
	return messageOf(p)
}

// messageOf is a packet that gosnmp has read.
func messageOf(p *gosnmp.SnmpPacket) (*Message, error) {
	m := &Message{Community: p.Community, Kind: Kind(p.PDUType), RequestID: p.RequestID, Status: int(p.Error), Index: int(p.ErrorIndex),
		NonRepeaters: int(p.NonRepeaters), Repetitions: int(p.MaxRepetitions),
		ID: p.MsgID, MaxSize: int(min(p.MsgMaxSize, math.MaxInt32)), Flags: Flags(p.MsgFlags), Context: Context{p.ContextEngineID, p.ContextName}}
	for ours, theirs := range wireVersions {
		if theirs == p.Version {
			m.Version = ours
		}
	}
	if m.Version == 0 {
		return nil, fmt.Errorf("snmp: version %d", p.Version)
	}
	if usm, ok := p.SecurityParameters.(*gosnmp.UsmSecurityParameters); ok {
		m.Security = Security{usm.AuthoritativeEngineID, usm.AuthoritativeEngineBoots, usm.AuthoritativeEngineTime, usm.UserName}
	}
	for _, v := range p.Variables {
		oid, err := ParseOID(v.Name)
		if err != nil {
			return nil, err
		}
		m.Vars = append(m.Vars, Var{oid, valueOf(v)})
	}
	return m, nil
}

// valueOf is a value that gosnmp has read, nil for one of a type that is not used here.
func valueOf(v gosnmp.SnmpPDU) any {
	switch v.Type {
	case gosnmp.NoSuchObject, gosnmp.NoSuchInstance, gosnmp.EndOfMibView:
		return Exception(v.Type)
	}
	switch x := v.Value.(type) {
	case int:
		return x
	case uint:
		return Gauge(x)
	case uint32:
		return Ticks(x)
	case []byte:
		return string(x)
	case string:
		if v.Type == gosnmp.ObjectIdentifier {
			if oid, err := ParseOID(x); err == nil {
				return oid
			}
			return nil
		}
		if a, err := netip.ParseAddr(x); err == nil && v.Type == gosnmp.IPAddress {
			return a
		}
		return x
	}
	return nil
}
