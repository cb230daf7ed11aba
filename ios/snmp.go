package ios

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/snmp"
)

// snmpSettings are the `snmp-server` commands of a configuration.
func (s *System) snmpSettings(c *model.Config) snmp.Settings {
	m := &c.SNMP
	x := snmp.Settings{
		On: m.Enabled(), Sends: m.Sends, QueueLength: m.QueueLength, TrapSource: m.TrapSource, InformSource: m.InformSource,
		InformTimeout: time.Duration(m.InformTimeout) * time.Second, InformRetries: m.InformRetries, InformPending: m.InformPending,
		TrafficClass: snmpClass(m), Engine: engineID(m, s.device.BaseMAC()), PacketSize: m.PacketSize,
		Community: func(name string, f network.Flow) (snmp.Access, bool) { return communityAccess(c, name, f) },
		Group: func(u snmp.User, level snmp.Flags, f network.Flow) (snmp.Access, bool) {
			return groupAccess(c, u, level, f)
		},
		MIB:  s.mib,
		User: func(name string, remote netip.Addr) (snmp.User, bool) { return snmpUser(m, name, remote) },
		RemoteEngine: func(a netip.Addr) string {
			if e, ok := m.Engines.Get(a.String()); ok {
				return octets(e.Engine)
			}
			return ""
		},
	}
	for h := range m.Hosts.All() {
		if host, ok := snmpHost(c, h); ok {
			x.Hosts = append(x.Hosts, host)
		}
	}
	return x
}

// snmpHost is a host whose address is known: one by its name needs `ip host`.
func snmpHost(c *model.Config, h *model.SNMPHost) (snmp.Host, bool) {
	a, err := netip.ParseAddr(h.Host)
	if err != nil {
		static := c.Domain.In(h.VRF).Host(h.Host)
		if static == nil || len(parsed(static.Addresses)) == 0 {
			return snmp.Host{}, false
		}
		a = parsed(static.Addresses)[0]
	}
	x := snmp.Host{Address: a, VRF: h.VRF, Port: uint16(h.Port), Inform: h.Informs, User: h.User, Types: h.Types,
		Version: snmpVersions[h.Version], Flags: snmpLevels[h.Level]}
	if x.Port == 0 {
		x.Port = snmp.DefaultPort
	}
	return x, true
}

var (
	snmpVersions = map[string]snmp.Version{"1": snmp.V1, "2c": snmp.V2c, "3": snmp.V3}
	snmpLevels   = map[string]snmp.Flags{"auth": snmp.Authenticated, "priv": snmp.Authenticated | snmp.Encrypted}
)

// snmpClass is the octet of `snmp-server ip dscp` or `ip precedence` in IP headers, -1
// for neither.
func snmpClass(m *model.SNMP) int {
	switch {
	case m.DSCP >= 0:
		return m.DSCP << 2
	case m.Precedence >= 0:
		return m.Precedence << 5
	}
	return -1
}

// engineID is that of the device, in octets: the configured one, else Cisco's number
// and the MAC of the device (aaa-snmp D3).
func engineID(m *model.SNMP, mac [6]byte) string {
	if m.Engine != "" {
		return octets(m.Engine)
	}
	return "\x80\x00\x00\x09\x03\x00" + string(mac[:])
}

func octets(hexadecimal string) string {
	b, _ := hex.DecodeString(hexadecimal) // the grammar took it
	return string(b)
}

// snmpUser finds a user of version 3.
func snmpUser(m *model.SNMP, name string, remote netip.Addr) (snmp.User, bool) {
	for u := range m.Users.All() {
		if u.Name != name || u.Model != "v3" || (u.Remote != "") != remote.IsValid() || u.Remote != "" && u.Remote != remote.String() {
			continue
		}
		x := snmp.User{Name: name, Group: u.Group, Auth: u.Auth, Priv: u.Priv, AuthKey: u.AuthKey, PrivKey: u.PrivKey, Localized: u.Encrypted}
		if u.Encrypted {
			x.AuthKey, x.PrivKey = octets(strings.ReplaceAll(u.AuthKey, ":", "")), octets(strings.ReplaceAll(u.PrivKey, ":", ""))
		}
		return x, true
	}
	return snmp.User{}, false
}

// PrivateText are the users of SNMP with passwords: as localized keys, which is how a
// device keeps them, where their engine is known.
func (s *System) PrivateText() string {
	var b strings.Builder
	c := s.Load()
	for u := range c.SNMP.Users.All() {
		if u.Auth != "" {
			b.WriteString(s.localized(c, *u).Line() + "\n")
		}
	}
	return b.String()
}

// localized is a user with localized keys. One whose protocols have no keys here, or whose
// remote engine is not configured, stays as it is.
func (s *System) localized(c *model.Config, u model.SNMPUser) *model.SNMPUser {
	var remote netip.Addr
	engine := engineID(&c.SNMP, s.device.BaseMAC())
	if u.Remote != "" {
		e, known := c.SNMP.Engines.Get(u.Remote)
		a, err := netip.ParseAddr(u.Remote)
		if !known || err != nil {
			return &u
		}
		engine, remote = octets(e.Engine), a
	}
	plain, known := snmpUser(&c.SNMP, u.Name, remote)
	if !known || u.Encrypted {
		return &u
	}
	if keys, err := plain.Localize(engine); err == nil {
		u.Encrypted, u.AuthKey, u.PrivKey = true, colons(keys.AuthKey), colons(keys.PrivKey)
	}
	return &u
}

// colons are octets as a configuration has a key: 1A:2B.
func colons(key string) string {
	parts := make([]string, len(key))
	for i := range len(key) {
		parts[i] = fmt.Sprintf("%02X", key[i])
	}
	return strings.Join(parts, ":")
}

// mib is what the agent can be asked for.
func (s *System) mib() snmp.MIB { return exec.MIB(s.session(&device.Shell{Device: s.device})) }

// SNMPTrace is `debug snmp headers` and `debug snmp packets`.
func (s *System) SNMPTrace() func(snmp.Event) {
	headers, packets := s.device.Debug.On(exec.DebugSNMPHeaders), s.device.Debug.On(exec.DebugSNMP)
	if !headers && !packets {
		return nil
	}
	return func(e snmp.Event) {
		if headers {
			exec.SNMPHeaders(e, s.device.PrintDebug)
		}
		if packets {
			exec.SNMPWords(e, s.device.PrintDebug)
		}
	}
}

// Notifications are what SNMP may tell of an event (aaa-snmp D1, D2).
func (s *System) Notifications(e device.Event) []*snmp.Notification {
	c := s.Load()
	if !c.SNMP.Enabled() {
		return nil
	}
	var n *snmp.Notification
	switch e := e.(type) {
	case device.Disconnected:
		n = tcpConnectionClose(e)
	case device.LinkChanged:
		n = linkNotification(c, e)
	case device.SNMPStarted:
		n = startNotification(s.device, e)
	case device.SNMPRefused:
		n = refusedNotification(e)
	case device.Configured:
		n = configNotification(int(s.configEvents.Add(1)))
	}
	if n == nil {
		return nil
	}
	return []*snmp.Notification{n}
}

// connState is tcpConnState in tcpConnectionClose: the seed's sample has 4 for a
// connection that was established, which is one less than in RFC 1213 (aaa-snmp D1).
const connState = 4

// tcpConnectionClose is the trap of a TCP connection that served a line. One of IPv6 has
// no place in its tables, and none.
func tcpConnectionClose(e device.Disconnected) *snmp.Notification {
	at, ok := snmp.Connection(e.Flow.Local, e.Flow.Remote)
	if !ok {
		return nil
	}
	line := uint32(e.Line.TTY)
	return &snmp.Notification{Type: "tty", Enterprise: snmp.Cisco, Generic: snmp.SpecificTrap, Specific: 1, Vars: []snmp.Var{
		{OID: snmp.LineSession.At(1, line, 1), Value: exec.SessionTypes[e.Via]},
		{OID: snmp.TCPConnEntry.At(1).At(at...), Value: connState},
		{OID: snmp.LocalTCPEntry.At(5).At(at...), Value: snmp.TicksOf(e.Elapsed)},
		{OID: snmp.LocalTCPEntry.At(1).At(at...), Value: int(e.In)},
		{OID: snmp.LocalTCPEntry.At(2).At(at...), Value: int(e.Out)},
		{OID: snmp.LineEntry.At(18, line), Value: e.User},
	}}
}

// linkNotification is linkDown or linkUp, unless `no snmp trap link-status` says otherwise. locIfReason of a link that lost its cable is
// from memory.
func linkNotification(c *model.Config, e device.LinkChanged) *snmp.Notification {
	index := slices.Index(slices.Collect(c.Interfaces.Keys()), e.Name) + 1
	if index == 0 || strings.Contains(e.Name, ".") {
		return nil
	}
	if i, _ := c.Interfaces.Get(e.Name); i.Passive.Has("no snmp trap link-status") {
		return nil
	}
	n := &snmp.Notification{Type: "snmp", Word: "linkdown", Enterprise: snmp.StandardTraps, Generic: 2}
	reason := "down"
	switch e.State {
	case device.LinkShut:
		reason = "administratively down"
	case device.LinkUp:
		n.Word, n.Generic, reason = "linkup", 3, "up"
	}
	at := uint32(index)
	n.Vars = []snmp.Var{
		{OID: snmp.IfEntry.At(1, at), Value: index}, {OID: snmp.IfEntry.At(2, at), Value: e.Name},
		{OID: snmp.IfEntry.At(3, at), Value: exec.IfType(e.Name)}, {OID: snmp.LocalIfReason.At(at), Value: reason},
	}
	return n
}

func startNotification(d *device.Device, e device.SNMPStarted) *snmp.Notification {
	_, reason := d.Booted()
	n := &snmp.Notification{Type: "snmp", Word: "coldstart", Enterprise: snmp.StandardTraps, Vars: []snmp.Var{
		{OID: snmp.SysUpTime, Value: snmp.Ticks(0)}, {OID: snmp.WhyReload, Value: reason}}}
	if !e.Cold {
		n.Word, n.Generic = "warmstart", 1
	}
	return n
}

// refusedNotification is authenticationFailure. authAddr has no place for an address of
// IPv6.
func refusedNotification(e device.SNMPRefused) *snmp.Notification {
	n := &snmp.Notification{Type: "snmp", Word: "authentication", Enterprise: snmp.StandardTraps, Generic: 4}
	if a := e.Flow.Remote.Addr().Unmap(); a.Is4() {
		n.Vars = []snmp.Var{{OID: snmp.AuthAddress, Value: a}}
	}
	return n
}

// Values of ciscoConfigManEvent for a change that somebody typed (CSCdr72939).
const (
	byCommandLine = 1
	commandSource = 2
	runningConfig = 3
)

func configNotification(number int) *snmp.Notification {
	at := uint32(number)
	return &snmp.Notification{Type: "config", Enterprise: snmp.ConfigManTraps, Generic: snmp.SpecificTrap, Specific: 1, Vars: []snmp.Var{
		{OID: snmp.ConfigManEvents.At(3, at), Value: byCommandLine}, {OID: snmp.ConfigManEvents.At(4, at), Value: commandSource},
		{OID: snmp.ConfigManEvents.At(5, at), Value: runningConfig},
	}}
}
