package ios

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/tty"
)

// message is one message of the log.
func message(facility string, severity syslog.Severity, mnemonic, format string, args ...any) []syslog.Message {
	return []syslog.Message{{Facility: facility, Severity: severity, Mnemonic: mnemonic, Text: fmt.Sprintf(format, args...)}}
}

// On words what happened for the log.
func (s *System) On(e device.Event) []syslog.Message {
	d, logs := s.device, s.product.Release.Logs
	switch e := e.(type) {
	case device.Command:
		return s.logCommand(e)
	case device.Configured:
		return message("SYS", 5, "CONFIG_I", "Configured from %s by %s", e.Source, e.By)
	case device.Saved:
		if logs.PrivateConfig {
			return message("SYS", 2, "PRIVCFG_ENCRYPT", "Successfully encrypted private config file")
		}
	case device.Reloaded:
		return message("SYS", 5, "RELOAD", "Reload requested by %s. Reload Reason: %s.", e.By, e.Reason)
	case device.ReloadScheduled:
		return message("SYS", 5, "SCHEDULED_RELOAD", "Reload requested for %s at %s by %s. Reload Reason: %s.", d.Stamp(e.At), d.Stamp(e.Now), e.By, e.Reason)
	case device.ClockSet:
		return message("SYS", 6, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from %s.", d.Stamp(e.From), d.Stamp(e.To), e.By)
	case device.LoggedIn:
		return s.loggedIn(e)
	case device.LoginRefused:
		return s.loginRefused(e)
	case device.Expired:
		return message("SYS", 6, "TTY_EXPIRE_TIMER", "(exec timer expired, tty %d (%s)), user %s", e.Line.TTY, peerOf(e.Line), e.User)
	case device.LoggedOut:
		return message("SYS", 6, "LOGOUT", "User %s has exited tty session %d(%s)", e.User, e.Line.TTY, e.Line.Peer())
	case device.KeysAdded:
		return s.keysAdded(e)
	case device.ServerKeyAdded:
		if s.product.Release.Keys.Background {
			return message("CRYPTO_ENGINE", 5, "KEY_ADDITION", "A key named %s.server has been generated or imported by crypto-engine", e.Of.Label)
		}
	case device.LoggingChanged:
		return loggingChanged(e.Old, e.New)
	case device.LoggingHost:
		return s.loggingHost(e)
	case device.LinkChanged:
		return s.linkChanged(e)
	case device.LineProtocolChanged:
		return lineProtocolChanged(e)
	case device.Filtered:
		return filtered(e)
	case device.FilterMissed:
		return filterMissed(e)
	case device.Duplicate:
		return message("IP", 4, "DUPADDR", "Duplicate address %s on %s, sourced by %s", e.Addr, e.Interface, e.MAC)
	case device.SNMPRefused: // from memory
		return message("SNMP", 3, "AUTHFAIL", "Authentication failure for SNMP req from host %s", e.Flow.Remote.Addr())
	case device.SNMPStarted:
		return s.snmpStarted(e)
	case device.SSHServer:
		return s.sshServer(e.Event)
	case device.SSHUnmatched:
		return noMatch(e.NoMatchError)
	}
	return nil
}

// snmpStarted words the start of the SNMP agent (aaa-snmp D4).
func (s *System) snmpStarted(e device.SNMPStarted) []syslog.Message {
	host := s.Load().Hostname
	if e.Cold {
		return message("SNMP", 5, "COLDSTART", "SNMP agent on host %s is undergoing a cold start", host)
	}
	return message("SNMP", 5, "WARMSTART", "SNMP agent on host %s is undergoing a warm start", host)
}

// logCommand notes a configuration command in the log of `archive log config`, and words
// it for `notify syslog` (captured: a space behind a keyword that ends it).
func (s *System) logCommand(e device.Command) []syslog.Message {
	log := s.Load().Archive.Log
	if !log.Enable {
		return nil
	}
	text := e.Words
	if !log.HideKeys {
		text = e.Typed
	}
	if e.Open {
		text += " "
	}
	line := "console"
	if e.Line.Kind != tty.Console {
		line = fmt.Sprintf("%s%d", e.Line.Kind, e.Line.Number)
	}
	s.commands.Add(exec.LoggedAs(e.User, line), text, e.Depth, log.Size)
	if !log.Syslog {
		return nil
	}
	user := e.User
	if user == "" {
		user = line
	}
	return message("PARSER", 5, "CFGLOG_LOGGEDCMD", "User:%s  logged command:%s", user, text)
}

func peerOf(l *tty.Line) string {
	if p := l.Peer(); p != "" {
		return p
	}
	return "0.0.0.0"
}

func (s *System) keysAdded(e device.KeysAdded) []syslog.Message {
	var all []syslog.Message
	k := s.product.Release.Keys
	if e.New != nil && e.New.Bits < k.MinSSH {
		all = append(all, syslog.Debugf(" RSA key size needs to be atleast %d bits for ssh version 2", k.MinSSH))
	}
	if k.Background {
		all = append(all, message("CRYPTO_ENGINE", 5, "KEY_ADDITION", "A key named %s has been generated or imported by crypto-engine", e.Pairs[0].Label)...)
	}
	return all
}

// loggingChanged are LOG_CONFIG_CHANGE and LOGGINGHOST_STARTSTOP, captured from
// 15.x and XE.
func loggingChanged(old, now syslog.Settings) []syslog.Message {
	var all []syslog.Message
	before := destinations(old)
	for i, state := range destinations(now) {
		if state != before[i] {
			all = append(all, message("SYS", 5, "LOG_CONFIG_CHANGE", "%s", state)...)
		}
	}
	for _, h := range old.Hosts {
		if !slices.Contains(now.Hosts, h) {
			all = append(all, message("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port %d stopped - CLI initiated", h.Address, h.PortOr514())...)
		}
	}
	return all
}

// destinations describes where messages go on the device itself, the way
// LOG_CONFIG_CHANGE does.
func destinations(s syslog.Settings) [3]string {
	describe := func(name string, d syslog.Destination, size string) string {
		if !d.On {
			return name + " logging disabled"
		}
		return fmt.Sprintf("%s logging: level %s, xml disabled, filtering disabled%s", name, d.Level, size)
	}
	return [3]string{
		describe("Console", s.Console, ""),
		describe("Monitor", s.Monitor, ""),
		describe("Buffer", s.Buffered, fmt.Sprintf(", size (%d)", s.BufferSize)),
	}
}

func (s *System) loggingHost(e device.LoggingHost) []syslog.Message {
	switch {
	case e.Started:
		return message("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port %d started - CLI initiated", e.Host.Address, e.Host.PortOr514())
	case s.product.Release.Logs.HostRequest:
		return message("SYS", 6, "LOGGINGHOST_STARTSTOP", "Logging to host %s port 0 CLI Request Triggered", e.Host.Address)
	}
	return nil
}

// sshServer words what the SSH server did.
func (s *System) sshServer(e sshserver.Event) []syslog.Message {
	switch e := e.(type) {
	case sshserver.Enabled:
		return message("SSH", 5, "ENABLED", "SSH %s has been enabled", e.Version)
	case sshserver.Disabled:
		return message("SSH", 5, "DISABLED", "SSH %s has been disabled", e.Version)
	case sshserver.Keyed:
		all := s.sshEvent("SSH2_SESSION", "SSH2 Session request %s %s %s", describe(e.Connection), algorithms(e.Info), outcome(e.Err))
		var mismatch *ssh.NoMatchError
		if errors.As(e.Err, &mismatch) {
			all = append(all, noMatch(mismatch)...)
		}
		return all
	case sshserver.Authenticated:
		return s.sshEvent("SSH2_USERAUTH", "User '%s' authentication for SSH2 Session %s %s %s", e.Info.User, describe(e.Connection), algorithms(e.Info), outcome(e.Err))
	case sshserver.Ended:
		return s.sshEnded(e)
	}
	return nil
}

// noMatch is logged at both ends, whatever `ip ssh logging events` says.
func noMatch(e *ssh.NoMatchError) []syslog.Message {
	return message("SSH", 3, "NO_MATCH", "No matching %s found: client %s server %s", mismatchClass(e.Class), strings.Join(e.Client, ","), strings.Join(e.Server, ","))
}

// sshEvent is a message of `ip ssh logging events`.
func (s *System) sshEvent(mnemonic, format string, args ...any) []syslog.Message {
	if !s.Load().SSH.LoggingEvents {
		return nil
	}
	return message("SSH", 5, mnemonic, format, args...)
}

func (s *System) sshEnded(e sshserver.Ended) []syslog.Message {
	var all []syslog.Message
	if e.Keyed { // captured after a refused login too
		user := e.Info.User
		if e.Shell && s.product.Release.Dialect.NamelessShell {
			user = ""
		}
		all = s.sshEvent("SSH2_CLOSE", "SSH2 Session %s for user '%s' %s closed", describe(e.Connection), user, algorithms(e.Info))
	}
	var length *ssh.PacketLengthError
	if errors.As(e.Err, &length) {
		all = append(all, message("SSH", 3, "BAD_PACK_LEN", "Bad packet length %d", int32(length.Length))...)
	}
	var unexpected *ssh.UnexpectedError
	if errors.As(e.Err, &unexpected) {
		all = append(all, message("SSH", 4, "SSH2_UNEXPECTED_MSG", "Unexpected message type has arrived. Terminating the connection from %s", hostOf(e.Connection))...)
	}
	return all
}

func hostOf(c *sshserver.Connection) string {
	host, _, err := net.SplitHostPort(c.Peer())
	if err != nil {
		return c.Peer()
	}
	return host
}

func describe(c *sshserver.Connection) string {
	return fmt.Sprintf("from %s (tty = %d)", hostOf(c), c.Slot)
}

func algorithms(i ssh.ConnInfo) string {
	return fmt.Sprintf("using crypto cipher '%s', hmac '%s'", i.In.Cipher, i.In.MAC)
}

func outcome(err error) string {
	if err != nil {
		return "Failed"
	}
	return "Succeeded"
}

func mismatchClass(class string) string {
	if class == "kex" || class == "hostkey" {
		return class + " algorithm"
	}
	return class
}
