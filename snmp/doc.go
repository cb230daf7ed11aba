// Package snmp is what a device does with SNMP: it sends notifications, traps and
// informs of versions 1, 2c and 3, to the hosts of its configuration, over the device's
// own network. The encoding is that of github.com/gosnmp/gosnmp, which no other file
// than codec.go knows.
package snmp
