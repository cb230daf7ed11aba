// Package snmp is what a device does with SNMP, in versions 1, 2c and 3, over its own
// network: it sends notifications, traps and informs, to the hosts of its configuration
// (notifier.go), and answers requests (serve.go, pdu.go) for a MIB that the product makes
// (mib.go).
//
// The encoding is that of github.com/gosnmp/gosnmp (codec.go, keys.go). It has no side that
// answers, so that discovery, digests and the time window of version 3 are here (usm.go).
package snmp
