package ios

import (
	"fmt"
	"strings"

	"vtylab/device"
	"vtylab/network"
	"vtylab/syslog"
)

// filtered is the message of an access list's `log` (captures of 15.x: IPACCESSLOGP,
// IPACCESSLOGDP, IPACCESSLOGS, ACCESSLOGP of IPv6; ACCESSLOGDP of IPv6 is from memory).
func filtered(e device.Filtered) []syslog.Message {
	m := e.Match
	verb, packets := "denied", "packets"
	if m.Permit {
		verb = "permitted"
	}
	if e.Packets == 1 {
		packets = "packet"
	}
	if m.Logs == network.LogSource {
		return message("SEC", 6, "IPACCESSLOGS", "list %s %s %s %d %s", m.List, verb, m.Flow.Remote.Addr(), e.Packets, packets)
	}
	facility, mnemonic, list := "SEC", "IPACCESSLOG", m.List
	if m.Flow.Remote.Addr().Is6() {
		facility, mnemonic, list = "IPV6_ACL", "ACCESSLOG", fmt.Sprintf("%s/%d", m.List, m.Sequence)
	}
	from, to := strings.ToUpper(m.Flow.Remote.Addr().String()), strings.ToUpper(m.Flow.Local.Addr().String())
	protocol, behind := loggedProtocols[m.Flow.Proto], ""
	switch m.Flow.Proto {
	case network.ICMP, network.ICMPv6:
		mnemonic += "DP"
		behind = fmt.Sprintf(" (%d/%d)", m.Message.Type, m.Message.Code)
	default:
		mnemonic += "P"
		from = fmt.Sprintf("%s(%d)", from, m.Flow.Remote.Port())
		to = fmt.Sprintf("%s(%d)", to, m.Flow.Local.Port())
	}
	if m.Logs == network.LogInput && m.Flow.Interface != "" {
		from += fmt.Sprintf(" (%s %s)", m.Flow.Interface, m.Sender)
	}
	return message(facility, 6, mnemonic, "list %s %s %s %s -> %s%s, %d %s", list, verb, protocol, from, to, behind, e.Packets, packets)
}

// loggedProtocols are the protocols that packets of the network have.
var loggedProtocols = map[network.Proto]string{network.ICMP: "icmp", network.ICMPv6: "icmpv6", network.TCP: "tcp", network.UDP: "udp"}

// filterMissed is the message about packets that there was no room to remember.
func filterMissed(e device.FilterMissed) []syslog.Message {
	packets := "packets"
	if e.Packets == 1 {
		packets = "packet"
	}
	return message("SEC", 6, "IPACCESSLOGRL", "access-list logging rate-limited or missed %d %s", e.Packets, packets)
}
