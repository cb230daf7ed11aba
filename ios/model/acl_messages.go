package model

import "vtylab/network"

// messageNumbers are the types and codes of the ICMP messages that access lists have
// names for (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443), by protocol; -1 is every
// code. A name that is not here is not understood.
var messageNumbers = map[network.Proto]map[string]network.Message{
	network.ICMP: {
		"administratively-prohibited": {Type: 3, Code: 13}, "alternate-address": {Type: 6, Code: -1}, "conversion-error": {Type: 31, Code: -1},
		"dod-host-prohibited": {Type: 3, Code: 10}, "dod-net-prohibited": {Type: 3, Code: 9}, "echo": {Type: 8, Code: -1}, "echo-reply": {Type: 0, Code: -1},
		"general-parameter-problem": {Type: 12, Code: 0}, "host-isolated": {Type: 3, Code: 8}, "host-precedence-unreachable": {Type: 3, Code: 14},
		"host-redirect": {Type: 5, Code: 1}, "host-tos-redirect": {Type: 5, Code: 3}, "host-tos-unreachable": {Type: 3, Code: 12}, "host-unknown": {Type: 3, Code: 7},
		"host-unreachable": {Type: 3, Code: 1}, "information-reply": {Type: 16, Code: -1}, "information-request": {Type: 15, Code: -1}, "mask-reply": {Type: 18, Code: -1},
		"mask-request": {Type: 17, Code: -1}, "mobile-redirect": {Type: 32, Code: -1}, "net-redirect": {Type: 5, Code: 0}, "net-tos-redirect": {Type: 5, Code: 2},
		"net-tos-unreachable": {Type: 3, Code: 11}, "net-unreachable": {Type: 3, Code: 0}, "network-unknown": {Type: 3, Code: 6}, "no-room-for-option": {Type: 12, Code: 2},
		"option-missing": {Type: 12, Code: 1}, "packet-too-big": {Type: 3, Code: 4}, "parameter-problem": {Type: 12, Code: -1}, "port-unreachable": {Type: 3, Code: 3},
		"precedence-unreachable": {Type: 3, Code: 15}, "protocol-unreachable": {Type: 3, Code: 2}, "reassembly-timeout": {Type: 11, Code: 1}, "redirect": {Type: 5, Code: -1},
		"router-advertisement": {Type: 9, Code: -1}, "router-solicitation": {Type: 10, Code: -1}, "source-quench": {Type: 4, Code: -1}, "source-route-failed": {Type: 3, Code: 5},
		"time-exceeded": {Type: 11, Code: -1}, "timestamp-reply": {Type: 14, Code: -1}, "timestamp-request": {Type: 13, Code: -1}, "traceroute": {Type: 30, Code: -1},
		"ttl-exceeded": {Type: 11, Code: 0}, "unreachable": {Type: 3, Code: -1},
	},
	network.ICMPv6: {
		"beyond-scope": {Type: 1, Code: 2}, "destination-unreachable": {Type: 1, Code: 3}, "echo-reply": {Type: 129, Code: -1}, "echo-request": {Type: 128, Code: -1},
		"header": {Type: 4, Code: 0}, "hop-limit": {Type: 3, Code: 0}, "next-header": {Type: 4, Code: 1}, "no-admin": {Type: 1, Code: 1}, "no-route": {Type: 1, Code: 0},
		"packet-too-big": {Type: 2, Code: -1}, "parameter-option": {Type: 4, Code: 2}, "parameter-problem": {Type: 4, Code: -1}, "port-unreachable": {Type: 1, Code: 4},
		"reassembly-timeout": {Type: 3, Code: 1}, "time-exceeded": {Type: 3, Code: -1}, "unreachable": {Type: 1, Code: -1},
	},
}
