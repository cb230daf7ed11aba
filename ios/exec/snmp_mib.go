package exec

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vtylab/device"
	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/snmp"
	"vtylab/tty"
)

// MIB is what the agent of a device can be asked for (aaa-snmp D5).
func MIB(s *Session) snmp.MIB {
	parts := append(systemGroup(s), s.Device.SNMP.Counters().Group(),
		snmp.Scalar{OID: snmp.Standard.At(2, 1), Value: func() any { return s.Config().Interfaces.Len() }},
		interfaceTable(s), interfaceNames(s), addressTable(s), tcpTable(s), localTCPTable(s),
		snmp.Scalar{OID: snmp.Local.At(9, 1), Value: func() any { return len(s.Device.Lines()) }},
		lineTable(s), lineSessions(s), s.SNMPCopies().part(s))
	parts = append(parts, engineGroup(s)...)
	parts = append(parts, secureShell(s)...)
	return snmp.Sorted(parts...)
}

// systemGroup is the system group (RFC 3418).
func systemGroup(s *Session) (parts []snmp.Part) {
	c := s.Config()
	id := snmp.Cisco.At(1)
	if n := s.Release.Show.ObjectID; n != 0 {
		id = id.At(n)
	}
	for i, value := range []any{sysDescr(s.Release.Show.Version), id, snmp.TicksOf(s.Device.SNMP.Uptime()), c.SNMP.Contact, c.FullName(),
		c.SNMP.Location, s.Release.Show.Services} {
		parts = append(parts, snmp.Scalar{OID: snmp.Standard.At(1, uint32(i+1)), Value: func() any { return value }})
	}
	return parts
}

// engineGroup is snmpEngine (RFC 3411): ID, boots, time in seconds, largest message.
func engineGroup(s *Session) (parts []snmp.Part) {
	a := s.Device.SNMP
	x := a.Settings()
	for i, value := range []any{x.Engine, a.Boots(), int(a.Uptime() / time.Second), x.PacketSize} {
		parts = append(parts, snmp.Scalar{OID: snmp.Engine.At(uint32(i + 1)), Value: func() any { return value }})
	}
	return parts
}

// sysDescr is the first paragraph of show version, with CRLF between its lines (from
// memory).
func sysDescr(version string) string {
	head, _, _ := strings.Cut(version, "\n\n")
	return strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")
}

// interfaceRows are the interfaces of the device by ifIndex: they count in the order in
// which they were made.
func interfaceRows(s *Session, columns func(index int, i *model.Interface) func(column uint32) any) func() []snmp.Row {
	return func() (rows []snmp.Row) {
		index := 0
		for i := range s.Config().Interfaces.All() {
			index++
			rows = append(rows, snmp.Row{Index: snmp.OID{uint32(index)}, Value: columns(index, i)})
		}
		return rows
	}
}

// States of an interface.
const stateUp, stateDown = 1, 2

// interfaceTable is ifTable (RFC 1213). Nothing is counted.
func interfaceTable(s *Session) snmp.Part {
	t := snmp.Table{Entry: snmp.IfEntry}
	for column := uint32(1); column <= 22; column++ {
		t.Columns = append(t.Columns, column)
	}
	t.Rows = interfaceRows(s, func(index int, i *model.Interface) func(uint32) any {
		return func(column uint32) any { return interfaceColumn(s, index, i, column) }
	})
	return t
}

func interfaceColumn(s *Session, index int, i *model.Interface, column uint32) any {
	h := hardwareOf(s, i.Name)
	switch column {
	case 1:
		return index
	case 2:
		return i.Name
	case 3:
		return IfType(i.Name)
	case 4:
		return s.Config().MTUOf(i)
	case 5:
		return snmp.Gauge(min(uint64(bandwidth(i, h))*1000, 1<<32-1))
	case 6:
		if h.NoMAC {
			return ""
		}
		m := macOf(s, i.Name)
		return string(m[:])
	case 7:
		return upOr(!i.Shutdown)
	case 8:
		return upOr(s.Device.LinkUp(i.Name))
	case 9:
		return snmp.Ticks(0)
	case 21:
		return snmp.Gauge(0)
	case 22:
		return snmp.OID{0, 0}
	}
	return snmp.Counter(0)
}

func upOr(up bool) int {
	if up {
		return stateUp
	}
	return stateDown
}

// ifTypes are those of IANA that are not ethernetCsmacd, 6 (those of virtual interfaces
// from memory).
var ifTypes = map[string]int{"Loopback": 24, "Null": 1, "Tunnel": 131, "Serial": 22, "ATM": 37, "POS": 171, "Vlan": 53, "BVI": 53, "Port-channel": 53}

// IfType is ifType of an interface (RFC 2863).
func IfType(name string) int { return cmp.Or(ifTypes[model.TypeOf(name)], 6) }

// interfaceNames is the part of ifXTable (RFC 2863) that is not counters: ifName,
// ifHighSpeed in Mbit/s, ifAlias.
func interfaceNames(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.Standard.At(31, 1, 1, 1), Columns: []uint32{1, 15, 18},
		Rows: interfaceRows(s, func(_ int, i *model.Interface) func(uint32) any {
			return func(column uint32) any {
				switch column {
				case 1:
					return shortName(i.Name)
				case 15:
					return snmp.Gauge(bandwidth(i, hardwareOf(s, i.Name)) / 1000)
				}
				text, _ := i.Passive.Value("description")
				return text
			}
		})}
}

// shortName is an interface as ifName has it: Et0/1 (from memory).
func shortName(name string) string {
	kind := model.TypeOf(name)
	return kind[:min(2, len(kind))] + name[len(kind):]
}

// addressTable is ipAddrTable (RFC 1213), of IPv4.
func addressTable(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.Standard.At(4, 20, 1), Columns: []uint32{1, 2, 3, 4, 5}, Rows: func() (rows []snmp.Row) {
		index := 0
		for i := range s.Config().Interfaces.All() {
			index++
			for p := range i.Addresses() {
				if p.Addr().Is4() {
					rows = append(rows, snmp.Row{Index: snmp.Address(p.Addr()), Value: addressColumns(index, p)})
				}
			}
		}
		return rows
	}}
}

func addressColumns(index int, p netip.Prefix) func(uint32) any {
	return func(column uint32) any {
		switch column {
		case 1:
			return p.Addr()
		case 2:
			return index
		case 3:
			bits := ^uint32(0) << (32 - p.Bits())
			return netip.AddrFrom4([4]byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)})
		case 4:
			return 1 // the broadcast address ends in ones
		}
		return 18024 // ipAdEntReasmMaxSize, from memory
	}
}

// States of a TCP connection (RFC 1213).
const tcpListen, tcpEstablished = 2, 5

// tcpTable is tcpConnTable (RFC 1213): the connections of IPv4, and the ports.
func tcpTable(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.TCPConnEntry, Columns: []uint32{1, 2, 3, 4, 5}, Rows: func() (rows []snmp.Row) {
		any4 := netip.IPv4Unspecified()
		for _, p := range s.ports(network.TCP) {
			rows = addConnection(rows, tcpListen, netip.AddrPortFrom(any4, p.Number), netip.AddrPortFrom(any4, 0))
		}
		for _, f := range s.flows(network.TCP) {
			rows = addConnection(rows, tcpEstablished, f.Local, f.Remote)
		}
		return rows
	}}
}

func addConnection(rows []snmp.Row, state int, local, remote netip.AddrPort) []snmp.Row {
	index, ok := snmp.Connection(local, remote)
	if !ok {
		return rows
	}
	return append(rows, snmp.Row{Index: index, Value: func(column uint32) any {
		return [...]any{state, local.Addr().Unmap(), int(local.Port()), remote.Addr().Unmap(), int(remote.Port())}[column-1]
	}})
}

// localTCPTable is ltcpConnTable (OLD-CISCO-TCP-MIB): what is counted of connections to
// the device. Packets are not.
func localTCPTable(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.LocalTCPEntry, Columns: []uint32{1, 2, 5}, Rows: func() (rows []snmp.Row) {
		for _, c := range s.Device.TCPConnections() {
			index, ok := snmp.Connection(c.Flow.Local, c.Flow.Remote)
			if !ok {
				continue
			}
			in, out := c.Bytes()
			rows = append(rows, snmp.Row{Index: index, Value: func(column uint32) any {
				switch column {
				case 1:
					return int(in)
				case 2:
					return int(out)
				}
				return snmp.TicksOf(s.Device.Steady().Sub(c.Since))
			}})
		}
		return rows
	}}
}

// lineTypes are tsLineType (OLD-CISCO-TS-MIB).
var lineTypes = map[tty.Kind]int{tty.Console: 2, tty.VTY: 5, tty.Auxiliary: 6}

// lineTable is ltsLineTable (OLD-CISCO-TS-MIB), as far as lines here have it: 1 active,
// 2 type, 4 and 5 speeds, 10 and 11 length and width, 13 and 14 time-outs in seconds, 16
// uses, 17 sessions, 18 user, 20 number.
func lineTable(s *Session) snmp.Part {
	return snmp.Table{Entry: snmp.LineEntry, Columns: []uint32{1, 2, 4, 5, 10, 11, 13, 14, 16, 17, 18, 20}, Rows: func() (rows []snmp.Row) {
		for _, l := range s.Device.Lines() {
			rows = append(rows, snmp.Row{Index: snmp.OID{uint32(l.TTY)}, Value: func(column uint32) any { return lineColumn(l, column) }})
		}
		return rows
	}}
}

func lineColumn(l *tty.Line, column uint32) any {
	settings := l.Settings()
	active, user := 0, ""
	if x := l.Session(); x != nil {
		active, user = 1, x.User
	}
	switch column {
	case 1:
		return active
	case 2:
		return lineTypes[l.Kind]
	case 4, 5:
		return 9600
	case 10:
		return settings.Length
	case 11:
		return settings.Width
	case 13:
		return int(settings.ExecTimeout.Duration() / time.Second)
	case 14:
		return settings.AbsoluteTimeout * 60
	case 16:
		return l.Uses()
	case 17:
		return active
	case 18:
		return user
	}
	return l.TTY
}

// SessionTypes are tslineSesType (OLD-CISCO-TS-MIB) of a connection by how it came: tcp
// and telnet.
var SessionTypes = map[device.Transport]int{device.SSH: 6, device.Telnet: 5}

// lineSessions is ltsLineSessionTable (OLD-CISCO-TS-MIB) of connections to lines: 1 type,
// 2 direction, 3 address, 4 name, 5 current, 7 line, 8 session.
func lineSessions(s *Session) snmp.Part {
	const incoming, session = 2, 1
	return snmp.Table{Entry: snmp.LineSession, Columns: []uint32{1, 2, 3, 4, 5, 7, 8}, Rows: func() (rows []snmp.Row) {
		for _, c := range s.Device.TCPConnections() {
			l, via, _ := c.Line()
			from := c.Flow.Remote.Addr().Unmap()
			if l == nil || !from.Is4() || slices.ContainsFunc(rows, func(r snmp.Row) bool { return r.Index[0] == uint32(l.TTY) }) {
				continue
			}
			values := map[uint32]any{1: SessionTypes[via], 2: incoming, 3: from, 4: "", 5: 1, 7: l.TTY, 8: session}
			rows = append(rows, snmp.Row{Index: snmp.OID{uint32(l.TTY), session}, Value: func(column uint32) any { return values[column] }})
		}
		return rows
	}}
}
