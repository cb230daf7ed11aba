package exec

import (
	"fmt"

	"vtylab/snmp"
)

// DebugSNMP is the switch of `debug snmp packets`.
const DebugSNMP = "snmp packet"

// DebugSNMPHeaders is that of `debug snmp headers`.
const DebugSNMPHeaders = "snmp headers"

// SNMPHeaders prints what stands in front of a request, and of the answer to it (from
// memory).
func SNMPHeaders(e snmp.Event, print func(line string, more ...string)) {
	switch e := e.(type) {
	case snmp.Received:
		print("Incoming SNMP packet")
		snmpSender(e.Message, print)
	case snmp.Answered:
		print("Outgoing SNMP packet")
		snmpSender(e.Message, print)
	case snmp.Queued:
		print("Outgoing SNMP packet")
		snmpSender(e.Message, print)
	}
}

func snmpSender(m *snmp.Message, print func(line string, more ...string)) {
	switch m.Version {
	case snmp.V1:
		print("v1 packet")
	case snmp.V2c:
		print("v2c packet")
	default:
		level := "noauth"
		switch {
		case m.Flags&snmp.Encrypted != 0:
			level = "priv"
		case m.Flags&snmp.Authenticated != 0:
			level = "auth"
		}
		print("v3 packet security model: v3 security level: " + level)
		print("username: " + m.Security.User)
		return
	}
	print("community string: " + m.Community)
}

// SNMPWords prints an event of SNMP as `debug snmp packets` does. The lines of
// variables begin with a blank; the header and every variable but the last end with
// one (aaa-snmp D4, from CSCdr72939).
func SNMPWords(e snmp.Event, print func(line string, more ...string)) {
	switch e := e.(type) {
	case snmp.Queued:
		print(fmt.Sprintf("SNMP: Queuing packet to %s", e.To))
		print("SNMP: "+snmpHeader(e.Message)+" ", snmpVars(e.Message.Vars)...)
	case snmp.Received: // from memory, like what follows
		print(fmt.Sprintf("SNMP: Packet received via UDP from %s on %s", e.Flow.Remote.Addr(), e.Flow.Interface))
		print("SNMP: "+snmpHeader(e.Message)+" ", snmpVars(e.Message.Vars)...)
	case snmp.Answered:
		print("SNMP: "+snmpHeader(e.Message)+" ", snmpVars(e.Message.Vars)...)
	case snmp.Sent:
		print(fmt.Sprintf("SNMP: Packet sent via UDP to %s", e.To))
	}
}

// snmpHeader is the line in front of the variables. All but that of version 1's trap are
// from memory.
func snmpHeader(m *snmp.Message) string {
	if m.Kind == snmp.TrapV1 {
		return fmt.Sprintf("V1 Trap, ent %s, addr %s, gentrap %d, spectrap %d", m.Trap.Enterprise.Name(), m.Trap.Agent, m.Trap.Generic, m.Trap.Specific)
	}
	return fmt.Sprintf("%s, reqid %d, errstat %d, erridx %d", snmpKinds[m.Kind], m.RequestID, m.Status, m.Index)
}

var snmpKinds = map[snmp.Kind]string{snmp.Get: "Get request", snmp.GetNext: "Get-next request", snmp.GetBulk: "Get-bulk request",
	snmp.Set: "Set request", snmp.Response: "Response", snmp.Inform: "Inform request", snmp.TrapV2: "V2 Trap", snmp.Report: "Report"}

func snmpVars(vars []snmp.Var) (lines []string) {
	for i, v := range vars {
		line := fmt.Sprintf(" %s = %s", v.OID.Name(), v.Text())
		if i < len(vars)-1 {
			line += " "
		}
		lines = append(lines, line)
	}
	return lines
}
