package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// extendedGrammar is an entry of an extended access list.
var extendedGrammar = `[dynamic "Specify a DYNAMIC list of PERMITs or DENYs" WORD "Name of a Dynamic list" [timeout "Maximum time for dynamic ACL to live" <1-9999> "Maximum time to live"]]
	{permit "Specify packets to forward" | deny "Specify packets to reject"}
	{tcp "Transmission Control Protocol" ` + target("source") + ` ` + ports(tcpPorts) + ` ` + target("destination") + ` ` + ports(tcpPorts) + `
	   [` + tcpFlags + ` | {match-all "Match if all specified flags are present" | match-any "Match if any specified flag is present"} WORD "Flags with + or -" [WORD "Flag"]*]*
	 | udp "User Datagram Protocol" ` + target("source") + ` ` + ports(udpPorts) + ` ` + target("destination") + ` ` + ports(udpPorts) + `
	 | icmp "Internet Control Message Protocol" ` + target("source") + ` ` + target("destination") + `
	   [<0-255> "ICMP message type" [<0-255> "ICMP message code"]` + messages(icmpMessages) + `]
	 | igmp "Internet Gateway Message Protocol" ` + target("source") + ` ` + target("destination") + ` [<0-15> "IGMP message type"` + messages(igmpMessages) + `]
	 | {ip "Any Internet Protocol" | <0-255> "An IP protocol number" | ahp "Authentication Header Protocol" | eigrp "Cisco's EIGRP routing protocol" | esp "Encapsulation Security Payload"
	    | gre "Cisco's GRE tunneling" | ipinip "IP in IP tunneling" | nos "KA9Q NOS compatible IP over IP tunneling" | object-group "Service object group" WORD "Service object group name"
	    | ospf "OSPF routing protocol" | pcp "Payload Compression Protocol" | pim "Protocol Independent Multicast" | sctp "Stream Control Transmission Protocol"} ` + target("source") + ` ` + target("destination") + `}
	[dscp "Match packets with given dscp value" WORD "Differentiated services codepoint value" | fragments "Check non-initial fragments" | log "Log matches against this entry" [WORD "User defined cookie (max of 64 char)"]
	 | option "Match packets with given IP Options value" WORD "IP Options value or name" | log-input "Log matches against this entry, including input interface" | precedence "Match packets with given precedence value" WORD "Precedence value or name"
	 | reflect "Create reflexive access list entry" WORD "Access-list name" | time-range "Specify a time-range" WORD "Time-range entry name" | tos "Match packets with given TOS value" WORD "Type of service value or name"
	 | ttl "Match packets with given TTL value" {{eq "Match only packets on a given TTL number" | gt "Match only packets with a greater TTL number"
	    | lt "Match only packets with a lower TTL number" | neq "Match only packets not on a given TTL number"} <0-255> "TTL value" | range "Match only packets in the range of TTLs" <0-255> "TTL value" <0-255> "TTL value"}]*
	| evaluate "Evaluate an access list" WORD "IP access list name" | remark "Access list entry comment" LINE "Comment up to 100 characters"`

const tcpFlags = `established "Match established connections" | ack "Match on the ACK bit" | fin "Match on the FIN bit" | psh "Match on the PSH bit"
	    | rst "Match on the RST bit" | syn "Match on the SYN bit" | urg "Match on the URG bit"`

// ipv6Grammar is an entry of an IPv6 access list.
var ipv6Grammar = `{permit "Specify packets to forward" | deny "Specify packets to reject"}
	{tcp "Transmission Control Protocol" ` + ipv6Target("source") + ` ` + ports(tcpPorts) + ` ` + ipv6Target("destination") + ` ` + ports(tcpPorts) + ` [` + tcpFlags + `]*
	 | udp "User Datagram Protocol" ` + ipv6Target("source") + ` ` + ports(udpPorts) + ` ` + ipv6Target("destination") + ` ` + ports(udpPorts) + `
	 | icmp "Internet Control Message Protocol" ` + ipv6Target("source") + ` ` + ipv6Target("destination") + ` [<0-255> "ICMP message type" [<0-255> "ICMP message code"]` + messages(icmpv6Messages) + `]
	 | {ipv6 "Any IPv6" | <0-255> "An IPv6 protocol number" | ahp "Authentication Header Protocol" | esp "Encapsulation Security Payload" | hbh "Hop by Hop options header"
	    | pcp "Payload Compression Protocol" | sctp "Streams Control Transmission Protocol"} ` + ipv6Target("source") + ` ` + ipv6Target("destination") + `}
	[auth "Match on authentication header" | dest-option "Destination Option header (all types)" | dest-option-type "Destination Option header with type" <0-255> "Destination option type"
	 | dscp "Match packets with given dscp value" WORD "Differentiated services codepoint value" | flow-label "Flow label" <0-1048575> "Flow label value" | fragments "Check non-initial fragments"
	 | log "Log matches against this entry" [WORD "User defined cookie (max of 64 char)"] | log-input "Log matches against this entry, including input interface"
	 | mobility "Mobility header (all types)" | mobility-type "Mobility header with type" WORD "Mobility type" | reflect "Create reflexive access list entry" WORD "Access-list name" [timeout "Maximum time to live" <1-2147483> "Maximum time to live"]
	 | routing "Routing header (all types)" | routing-type "Routing header with type" <0-255> "Routing type" | sequence "Sequence number for this entry" <1-2147483647>$sequence "Sequence number"
	 | time-range "Specify a time-range" WORD "Time-range entry name" | undetermined-transport "Transport cannot be determined"]*
	| evaluate "Evaluate an access list" WORD "IPv6 access list name" | remark "Access list entry comment" LINE "Comment up to 100 characters"`

// messages are the names of messages as alternatives.
func messages(names string) string {
	var b strings.Builder
	for name := range strings.FieldsSeq(names) {
		text := strings.ReplaceAll(name, "-", " ")
		b.WriteString(" | " + name + ` "` + strings.ToUpper(text[:1]) + text[1:] + `"`)
	}
	return b.String()
}

const (
	icmpMessages = `administratively-prohibited alternate-address conversion-error dod-host-prohibited dod-net-prohibited echo echo-reply
		general-parameter-problem host-isolated host-precedence-unreachable host-redirect host-tos-redirect host-tos-unreachable
		host-unknown host-unreachable information-reply information-request mask-reply mask-request mobile-redirect net-redirect
		net-tos-redirect net-tos-unreachable net-unreachable network-unknown no-room-for-option option-missing packet-too-big
		parameter-problem port-unreachable precedence-unreachable protocol-unreachable reassembly-timeout redirect
		router-advertisement router-solicitation source-quench source-route-failed time-exceeded timestamp-reply
		timestamp-request traceroute ttl-exceeded unreachable`
	icmpv6Messages = `beyond-scope destination-unreachable dhaad-reply dhaad-request echo-reply echo-request header hop-limit mld-query mld-reduction
		mld-report mld-v2-report mpd-advertisement mpd-solicitation nd-na nd-ns next-header no-admin no-route packet-too-big parameter-option
		parameter-problem port-unreachable reassembly-timeout redirect renum-command renum-result renum-seq-number router-advertisement
		router-renumbering router-solicitation time-exceeded unreachable`
	igmpMessages = `dvmrp host-query host-report pim trace`
)

// target is an address of an entry, ipv6Target one of an IPv6 list.
func target(of string) string {
	return about(of, `{any "Any @of host" | host "A single @of host" A.B.C.D "@Of address"
	 | A.B.C.D "@Of address" A.B.C.D "@Of wildcard bits" | object-group "@Of network object group" WORD "@Of network object group name"}`)
}

func ipv6Target(of string) string {
	return about(of, `{any "Any @of prefix" | host "A single @of host" X:X:X:X::X "@Of IPv6 address" | X:X:X:X::X/<0-128> "@Of IPv6 prefix x:x::y/<z>"}`)
}

func about(of, grammar string) string {
	return strings.NewReplacer("@of", of, "@Of", strings.ToUpper(of[:1])+of[1:]).Replace(grammar)
}

// ports is a comparison of ports, by the names they have.
func ports(names map[string]int) string {
	var b strings.Builder
	b.WriteString(`{<0-65535> "Port number"`)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, ` | %s "Port %d"`, name, names[name])
	}
	port := b.String() + "}"
	return `[eq "Match only packets on a given port number" ` + port + `++ | gt "Match only packets with a greater port number" ` + port +
		` | lt "Match only packets with a lower port number" ` + port + ` | neq "Match only packets not on a given port number" ` + port +
		` | range "Match only packets in the range of port numbers" ` + port + ` ` + port + `]`
}

var tcpPorts = map[string]int{
	"bgp": 179, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53, "echo": 7, "exec": 512, "finger": 79,
	"ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543, "kshell": 544,
	"login": 513, "lpd": 515, "nntp": 119, "pop2": 109, "pop3": 110, "smtp": 25, "sunrpc": 111, "syslog": 514, "tacacs": 49,
	"talk": 517, "telnet": 23, "time": 37, "uucp": 540, "whois": 43, "www": 80,
}

var udpPorts = map[string]int{
	"biff": 512, "bootpc": 68, "bootps": 67, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7, "isakmp": 500, "mobile-ip": 434, "nameserver": 42,
	"netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "non500-isakmp": 4500, "ntp": 123, "rip": 520, "snmp": 161, "snmptrap": 162, "sunrpc": 111,
	"syslog": 514, "tacacs": 49, "talk": 517, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177,
}
