// Package syslog is the logging of IOS: messages with facility, severity and mnemonic, the stamp in
// front of them, the logging buffer, the levels and counters of each destination, and the datagrams to
// syslog hosts.
//
// A [Logger] takes every [Message] of a device, debug lines included, and gives it to the destinations
// whose level admits it: console, monitor, buffer and hosts. What goes there is product output, exact
// to the character; it has nothing to do with what the program tells its operator.
package syslog

import "strconv"

// Severity is how bad a message is, from 0 to 7.
type Severity int

// The severities, by the names that commands give them.
const (
	Emergencies Severity = iota
	Alerts
	Critical
	Errors
	Warnings
	Notifications
	Informational
	Debugging
)

var severities = []string{"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"}

// String is the name that `logging console` and `show logging` use.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severities) {
		return "severity " + strconv.Itoa(int(s))
	}
	return severities[s]
}

// Facility is what a datagram says the message is about.
type Facility int

// Local7 is what a device uses unless told otherwise.
const Local7 Facility = 23
