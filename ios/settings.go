package ios

import (
	"slices"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/device"
	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshclient"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/telnet"
	"vtylab/tty"
)

// failureDelay is how long a device waits before it refuses a password
// (ansible#69125: 2.0 s between the debug line and the USERAUTH_FAILURE).
const failureDelay = 2 * time.Second

// loginResponse is how long a login prompt waits (show line: Login-sequence User
// Response).
const loginResponse = 30 * time.Second

// Settings are what the services take of the configuration as it is.
func (s *System) Settings() *device.Settings {
	c := s.Load()
	return &device.Settings{
		Hostname:     c.Hostname,
		Location:     c.Clock.Location(),
		Lines:        c.LineRanges(),
		Line:         func(k tty.Kind, number int) *tty.Settings { return c.TerminalOf(k, number) },
		FreshLine:    &s.compiled.line.Settings,
		Logging:      loggingSettings(c),
		SSH:          s.sshSettings(c),
		SSHClient:    s.clientSettings(c),
		Telnet:       telnetSettings(c),
		TelnetClient: telnet.ClientSettings{Source: c.Telnet.SourceInterface},
		BreakString:  c.SSH.BreakString,
		Periodic:     device.Periodic{Every: time.Duration(c.Archive.TimePeriod) * time.Minute, Command: "archive config"},
		Names:        nameSettings(c),
		Network:      s.networkSettings(c),
		Ports:        ports{c},
		AAA:          aaaSettings(c, s.take, locks{s, c}),
		SNMP:         s.snmpSettings(c),
		Login: device.Login{
			Attempts:        c.AAA.Attempts,
			Response:        loginResponse,
			Methods:         c.SSH.AuthMethods(),
			Authorizes:      c.SSH.Authorizes,
			RecordsFailures: c.AAA.SendFailures, Nameless: c.AAA.NullUsername,
			Limits: func(u *aaa.User, t device.Transport, sessions int, f network.Flow) (reason, line string) {
				if no := s.quiet(c, f); no != nil {
					return no.Reason, no.Line
				}
				return limits(c, u, t, sessions, f)
			},
		},
		SCP: device.SCP{On: c.SCP.ServerEnable, Off: "no ip scp server enable", Disabled: "Administratively disabled.", Denied: "Privilege denied."},
	}
}

// limits applies what limits a user: `ip ssh server peruser session limit`, and
// the user's own links and access class.
func limits(c *model.Config, u *aaa.User, t device.Transport, sessions int, f network.Flow) (reason, line string) {
	if n := c.SSH.PerUser; t == device.SSH && n != 0 && sessions >= n {
		return "session limit of the user", "ip ssh server peruser session limit"
	}
	switch {
	case u == nil:
	case u.MaxLinks != 0 && sessions >= u.MaxLinks:
		return "user-maxlinks", u.Line + " user-maxlinks"
	case u.AccessClass != "":
		if ok, line := c.Permits(u.AccessClass, f); !ok {
			return "access-class " + u.AccessClass + " of the user", line
		}
	}
	return "", ""
}

// sshSettings are the SSH server, up or down.
func (s *System) sshSettings(c *model.Config) sshserver.Settings {
	t := s.product.Release.SSH
	a := c.SSH.Server
	x := sshserver.Settings{
		Software:    "Cisco-1.25",
		MaxStartups: c.SSH.MaxStartups,
		TimeOut:     time.Duration(c.SSH.TimeOut) * time.Second,
		Retries:     c.SSH.Retries, FailureDelay: failureDelay,
		HostKeys: s.hostKeys(c),
		Algorithms: sshserver.Algorithms{
			Kex: a.Kex, Ciphers: a.Encryption, MACs: a.MAC, PublicKey: a.PublicKey, HostKey: s.wireHostKeys(a.HostKey),
		},
		MinDHBits: c.SSH.DHMin,
		// What is sent is bounded by what the client takes: no capture shows how a
		// device cuts a file, and small packets would make copies slow.
		FirstChannel:  t.FirstChannel,
		Window:        t.Window,
		MaxPacket:     t.MaxPacket,
		RekeyInterval: time.Duration(c.SSH.RekeyMinutes) * time.Minute,
		RekeyBytes:    int64(c.SSH.RekeyKBytes) << 10,
		StrictKex:     s.device.StrictKex(),
		TrafficClass:  trafficClass(&c.SSH),
	}
	if wide := max(uint32(c.SSH.WindowSize), uint32(c.SSH.BulkMode)); wide > t.Window {
		// No capture shows the packets that go with a window for bulk transfers.
		// Those of the engine let a client put twice as fast as 4,096 bytes do.
		x.Window, x.MaxPacket = wide, 0
	}
	if len(x.HostKeys) > 0 {
		x.Version = s.sshVersion(c)
		x.Ports = sshPorts(c)
	}
	return x
}

// telnetSettings are the Telnet server: the ports that lead to lines, in order.
func telnetSettings(c *model.Config) (x telnet.Settings) {
	for _, p := range c.TelnetPorts() {
		x.Ports = append(x.Ports, telnet.Port{Number: p.Number, Mode: modes[p.Reach]})
	}
	return x
}

var modes = map[model.Reach]telnet.Mode{model.ReachTelnet: telnet.Plain, model.ReachRaw: telnet.Raw, model.ReachBinary: telnet.Binary}

// clientSettings are the SSH client. Its window is the engine's own: what a device
// opens a channel with was never captured, and a small one would make copies slow.
func (s *System) clientSettings(c *model.Config) sshclient.Settings {
	a := c.SSH.Client
	return sshclient.Settings{
		Version:  s.clientVersion(c),
		Software: "Cisco-1.25",
		Algorithms: sshclient.Algorithms{
			Kex: a.Kex, Ciphers: a.Encryption, MACs: a.MAC, HostKey: s.wireHostKeys(c.SSH.Server.HostKey),
		},
		MinDHBits:    c.SSH.DHMin,
		Negotiation:  time.Duration(c.SSH.TimeOut) * time.Second,
		Source:       c.SSH.SourceInterface,
		TrafficClass: trafficClass(&c.SSH),
		StrictKex:    s.device.StrictKex(),
		Strict:       c.SSH.StrictHostKeyCheck,
		Trusts:       c.SSH.Trusts,
	}
}

// clientVersion is what the client speaks: as the server, but it needs no key.
func (s *System) clientVersion(c *model.Config) string {
	switch c.SSH.Version {
	case 1:
		return "1.5"
	case 2:
		return "2.0"
	}
	return s.product.Release.SSH.DefaultVersion
}

// sshPorts are the ports to listen on: none unless a vty takes SSH.
func sshPorts(c *model.Config) []int {
	if !c.TakesSSH() {
		return nil
	}
	return append([]int{sshserver.Port}, c.SSHPorts()...)
}

// hostKeys are the keys SSH can use under c.
func (s *System) hostKeys(c *model.Config) []ssh.Signer {
	rsaPair, ecPair := s.sshKeys(c)
	var signers []ssh.Signer
	if ecPair != nil {
		signers = append(signers, ecPair.Signer())
	}
	if rsaPair != nil && rsaPair.Bits >= s.minRSA(c) {
		signers = append(signers, rsaPair.Signer())
	}
	return signers
}

// minRSA is the shortest RSA key that starts SSH: version 1 takes any.
func (s *System) minRSA(c *model.Config) int {
	if s.product.Release.SSH.Version1 && c.SSH.Version != 2 {
		return 0
	}
	return s.product.Release.Keys.MinSSH
}

// wireHostKeys is what goes into a KEXINIT: the release's own choice while the
// list is the default one, otherwise what is configured; certificates need a
// trustpoint, which there is none.
func (s *System) wireHostKeys(configured []string) []string {
	if slices.Equal(configured, s.language.Bare().SSH.Server.HostKey) {
		return s.product.Release.SSH.WireHostKeys
	}
	return slices.DeleteFunc(slices.Clone(configured), func(name string) bool { return strings.HasPrefix(name, "x509v3-") })
}

// sshVersion is the version of `show ip ssh`: with a key that is too short for SSH
// 2, a release that has SSH 1 comes up as 1.5.
func (s *System) sshVersion(c *model.Config) string {
	switch c.SSH.Version {
	case 1:
		return "1.5"
	case 2:
		return "2.0"
	}
	if rsaPair, ecPair := s.sshKeys(c); ecPair == nil && rsaPair != nil && rsaPair.Bits < s.product.Release.Keys.MinSSH {
		return "1.5"
	}
	return s.product.Release.SSH.DefaultVersion
}

// trafficClass is the octet of `ip ssh dscp` or `ip ssh precedence` in the IP
// header (RFC 2474 section 3, RFC 791 section 3.1), -1 for neither.
func trafficClass(c *model.SSH) int {
	switch {
	case c.DSCP >= 0:
		return c.DSCP << 2
	case c.Precedence >= 0:
		return c.Precedence << 5
	}
	return -1
}

// loggingSettings are the logging commands of a configuration.
func loggingSettings(c *model.Config) syslog.Settings {
	s := syslog.DefaultSettings()
	s.Console, s.Monitor = destination(c.Logging.Console), destination(c.Logging.Monitor)
	s.Buffered, s.Trap = destination(c.Logging.Buffered), destination(c.Logging.Trap)
	s.On = c.Logging.On
	s.BufferSize = c.Logging.BufferSize
	s.Log, s.Debug = stampOf(c.Service.StampLog), stampOf(c.Service.StampDebug)
	s.Sequence = c.Service.SequenceNumbers
	for _, address := range c.Logging.Hosts {
		s.Hosts = append(s.Hosts, syslog.Host{Address: address})
	}
	return s
}

func destination(level int) syslog.Destination {
	return syslog.Destination{On: level != model.Off, Level: syslog.Severity(max(level, 0))}
}

func stampOf(s model.Stamp) syslog.Stamp {
	out := syslog.Stamp{Msec: s.Msec, Local: s.LocalTime, Zone: s.Zone, Year: s.Year}
	switch {
	case s.Uptime:
		out.Kind = syslog.Uptime
	case s.Datetime:
		out.Kind = syslog.Datetime
	}
	return out
}
