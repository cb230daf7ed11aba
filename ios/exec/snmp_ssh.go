package exec

import (
	"net/netip"

	"vtylab/snmp"
	"vtylab/sshserver"
)

// Values of CISCO-SECURE-SHELL-MIB.
const (
	truth, falsehood = 1, 2 // TruthValue

	bitV1, bitV2 = "\x80", "\x40" // BITS, the first is the highest of an octet

	sessionVersionOK, sessionKeyed, sessionAuthenticated = 1, 2, 3
)

// secureShell is CISCO-SECURE-SHELL-MIB (aaa-snmp D5), to be read. No agent
// capabilities say that IOS has it, so that no view has it unless its configuration names
// it: `snmp-server view V 1.3.6.1.4.1.9.9.339 included`.
func secureShell(s *Session) []snmp.Part {
	x := s.Device.SSH.Settings()
	active, mode, capability := falsehood, "", bitV2
	if x.Version != "" {
		active, mode = truth, sshMode(x.Version)
		capability = string([]byte{bitV2[0] | mode[0]})
	}
	return []snmp.Part{
		snmp.Scalar{OID: snmp.SecureShell.At(1, 1), Value: func() any { return active }},
		snmp.Scalar{OID: snmp.SecureShell.At(1, 3), Value: func() any { return capability }},
		snmp.Scalar{OID: snmp.SecureShell.At(1, 4), Value: func() any { return mode }},
		secureShellSessions(s),
	}
}

// sshMode is cssServiceMode of a version as `show ip ssh` has it.
func sshMode(version string) string {
	switch version {
	case "1.5":
		return bitV1
	case "1.99":
		return string([]byte{bitV1[0] | bitV2[0]})
	}
	return bitV2
}

// secureShellSessions is cssSessionTable: 2 version, 3 state, 4 process, 5 user, 6 and 7 the
// address of the client. A connection's number begins with 1 here.
func secureShellSessions(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.SecureShell.At(2, 1, 1), Columns: []uint32{2, 3, 4, 5, 6, 7}, Rows: func() (rows []snmp.Row) {
		for _, c := range s.Device.SSH.Connections() {
			rows = append(rows, snmp.Row{Index: snmp.OID{uint32(c.Slot) + 1}, Value: sessionColumns(c)})
		}
		return rows
	}}
}

func sessionColumns(c *sshserver.Connection) func(uint32) any {
	info, state := c.Info()
	from := c.Flow.Remote.Addr().Unmap()
	return func(column uint32) any {
		switch column {
		case 2:
			return 2
		case 3:
			return map[sshserver.State]int{sshserver.StateConnected: sessionVersionOK, sshserver.StateKeyed: sessionKeyed, sshserver.StateAuthenticated: sessionAuthenticated}[state]
		case 4:
			return 0
		case 5:
			return info.User
		case 6:
			return addressType(from)
		}
		return string(from.AsSlice())
	}
}

// addressType is InetAddressType (RFC 4001).
func addressType(a netip.Addr) int {
	if a.Is4() {
		return 1
	}
	return 2
}
