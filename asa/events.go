package asa

import (
	"cmp"
	"fmt"

	"vtylab/aaa"
	"vtylab/device"
	"vtylab/network"
	"vtylab/snmp"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/tty"
)

// message is one message of the log (asa-ssh-scp 6.2).
func message(severity syslog.Severity, number int, format string, args ...any) syslog.Message {
	return syslog.Message{Facility: "ASA", Severity: severity, Mnemonic: fmt.Sprint(number), Text: fmt.Sprintf(format, args...)}
}

// On words what happened for the log, and remembers who failed to log in.
func (s *System) On(e device.Event) []syslog.Message {
	switch e := e.(type) {
	case device.LoginRefused:
		if e.Line.Kind == tty.Console {
			return nil
		}
		if s.Load().Users.Has(e.User) {
			s.history.refused(e.User, s.visit(e.Line))
		}
		return []syslog.Message{message(syslog.Informational, 611102, "User authentication failed: IP address: %s, Uname: %s", e.Line.Peer(), e.User)}
	case device.LoggedIn:
		return []syslog.Message{message(syslog.Informational, 611101, "User authentication succeeded: IP address: %s, Uname: %s", e.Line.Peer(), e.User)}
	case device.LoggedOut:
		return []syslog.Message{message(syslog.Notifications, 611103, "User logged out: Uname: %s", e.User)}
	case device.SSHServer:
		return sshServer(e.Event)
	}
	return nil
}

// sshServer words what the SSH server did.
func sshServer(e sshserver.Event) []syslog.Message {
	switch e := e.(type) {
	case sshserver.Authenticated:
		f := e.Connection.Flow
		outcome, number := "permitted", 605005
		if e.Err != nil {
			outcome, number = "denied", 605004
		}
		return []syslog.Message{message(syslog.Informational, number, `Login %s from %s/%d to %s:%s/ssh for user "%s"`,
			outcome, f.Remote.Addr(), f.Remote.Port(), f.Interface, f.Local.Addr(), userOf(e.Info))}
	case sshserver.Ended:
		f := e.Connection.Flow
		how := "terminated normally"
		if e.Err != nil {
			how = `disconnected by SSH server, reason: "Internal error" (0x00)`
		}
		return []syslog.Message{message(syslog.Informational, 315011, `SSH session from %s on interface %s for user "%s" %s`,
			f.Remote.Addr(), f.Interface, userOf(e.Info), how)}
	}
	return nil
}

// userOf is who a connection belongs to; a name that nobody proved is hidden, as it
// is by default.
func userOf(i ssh.ConnInfo) string { return cmp.Or(i.User, "*****") }

// SSHTrace is nothing: there is no debug yet.
func (s *System) SSHTrace(int) (t ssh.Trace, maxRead int) { return nil, 0 }

// AAATrace is nothing: there is no debugging of it.
func (s *System) AAATrace(aaa.Event) {}

// EchoTrace is nothing either.
func (s *System) EchoTrace() func(network.Flow) { return nil }

// PrivateText is nothing: all of a configuration is shown.
func (s *System) PrivateText() string { return "" }

// SNMPTrace is nothing either.
func (s *System) SNMPTrace() func(snmp.Event) { return nil }

// Notifications are none: there is no SNMP.
func (s *System) Notifications(device.Event) []*snmp.Notification { return nil }

// SSHClientTrace is nothing either.
func (s *System) SSHClientTrace(int) (t ssh.Trace, maxRead int) { return nil, 0 }

// SCPTrace is nothing.
func (s *System) SCPTrace(*sshserver.Connection, bool, string) {}
