package device

import (
	"time"

	"vtylab/aaa"
	"vtylab/config"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/resolver"
	"vtylab/snmp"
	"vtylab/ssh"
	"vtylab/sshclient"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/telnet"
	"vtylab/tty"
)

// Product is one release of what a device can be: it makes the System of each
// device. One Product serves any number of devices.
type Product interface {
	Name() string    // "ios-15.5"
	Summary() string // a line for the operator
	// Hostname is what a new device is called.
	Hostname() string
	Hardware() *Hardware
	// New makes what runs on a device, which is not booted yet.
	New(d *Device) System
	// Check reports a command word without help, for tests.
	Check() error
}

// Hardware is what a device of the product has.
type Hardware struct {
	Flash      []string // prefixes of its flash, the first is the name that dir prints
	Servers    []string // prefixes of the file systems of servers
	FlashSize  int64    // bytes
	NVRAMSize  int64
	FlashFiles []FlashFile // what a new device's flash holds
}

// Chassis is hardware that a product runs on.
type Chassis struct {
	Name    string // "7206"
	Summary string // a few words for the operator
}

// FlashFile is a file that a device is born with; it reads as zeros.
type FlashFile struct {
	Name string
	Size int64 // bytes
}

// System is the product on one device: its configuration, its commands, its
// words. Methods without a Shell may be called from any goroutine.
type System interface {
	config.Running
	Terminal
	Debugger
	Doorkeeper
	// Restart makes the running configuration that of a device which boots: blank
	// when a start-up configuration follows. Name replaces the host name, unless "".
	Restart(blank bool, name string)
	// Settings are what services take of the configuration as it is. They alias the
	// snapshot.
	Settings() *Settings
	// ConfigText is the running configuration as a file, with its header;
	// FactoryText the one that a new device has.
	ConfigText(all bool) string
	FactoryText() string
	// PrivateText is what a configuration does not show and `write memory` keeps: lines
	// that are read behind the start-up configuration.
	PrivateText() string
	// SSHKeys are the pairs that SSH uses; either may be nil. KeyLabel is what a pair is
	// called that is made without a name.
	SSHKeys() (rsaPair, ecPair *keyring.Pair)
	KeyLabel() string
	// On words what happened for the device's log.
	On(e Event) []syslog.Message
	// Notifications are what SNMP may tell of it.
	Notifications(e Event) []*snmp.Notification
	// Access is what a session may use of the configuration.
	Access(x *Shell) config.Access
	// Match finds the command that an EXEC line is, without effects; offset is where
	// it begins in what was typed. The error is a *Mistake.
	Match(x *Shell, line string, offset int) (Action, error)
	// Act is the action of an acting command that was typed in a configuration mode.
	Act(x *Shell, r *config.Resolved) Action
}

// Terminal is how a product talks to who sits at a line.
type Terminal interface {
	// Prompt is what is shown before a command is read.
	Prompt(x *Shell) string
	// More is the prompt of the pager and what wipes it out, Expiring the warning
	// before `absolute-timeout` ends a session.
	More() (prompt, erase string)
	Expiring() string
	// Mask is what each character of a password is echoed as, 0 for nothing.
	Mask() byte
	// DoPrefix is the word that an EXEC command needs in a configuration mode: "do";
	// "" where it needs none.
	DoPrefix() string
	// Preface is printed before the output of an EXEC command.
	Preface(x *Shell) string
	// Complain prints why a line was not understood, Rejected words it for a line of
	// a text.
	Complain(x *Shell, m *Mistake)
	Rejected(r config.Rejected) string
	// PrintHelp prints the answer to `?`, HelpCommand the one to the command `help` of a
	// configuration mode; CompleteLine returns the line that TAB makes of one.
	PrintHelp(x *Shell, line string)
	HelpCommand(x *Shell)
	CompleteLine(x *Shell, line string) string
	// Greeting waits for RETURN at the console, and is shown again
	// after each session; booted is set for the first one after a boot. Where it is ""
	// a session begins at once.
	Greeting(booted bool) string
	// LoginBanner is shown before a login over SSH.
	LoginBanner(l *tty.Line) string
	// BeforeLogin prints what comes before the questions of a login on a terminal, also
	// where there are none; false means that no login is possible, and that it has printed
	// why. LoginFailed follows a refused answer, last is set for the final one.
	// LoginTimeout is what a question prints that was not answered in time.
	BeforeLogin(x *Shell, r *aaa.Request) bool
	LoginFailed(x *Shell, r *aaa.Request, last bool)
	LoginTimeout(p aaa.Prompt) string
	// Welcome prints what follows a login: banners. Incoming takes its place on a line
	// that has no EXEC, because it leads to what is plugged in there.
	Welcome(x *Shell, t Transport)
	Incoming(x *Shell)
	// Denied is printed where a user may log in and gets no EXEC, CommandDenied for a
	// command that is not authorized.
	Denied() string
	CommandDenied() string
	// ShutdownNotice is what everybody is shown before a scheduled reload; left is the
	// time until it, 0 when it begins.
	ShutdownNotice(left time.Duration) string
	// InvalidCommand words an exec request or autocommand that is none.
	InvalidCommand(line string) string
}

// Debugger is a product's `debug`.
type Debugger interface {
	// SSHTrace is what watches the connection in a slot of the SSH server, nil while
	// its debugging is off. MaxRead bounds the reads of its socket, in bytes;
	// 0 is no bound.
	SSHTrace(slot int) (t ssh.Trace, maxRead int)
	// SSHClientTrace is the same for a connection that the device has made.
	SSHClientTrace(slot int) (t ssh.Trace, maxRead int)
	// EchoTrace is told of each echo request that the device answers, nil while its
	// debugging is off.
	EchoTrace() func(network.Flow)
	// AAATrace is told what AAA does; it may be called from any goroutine.
	AAATrace(e aaa.Event)
	// SNMPTrace is told of each packet of SNMP, nil while its debugging is off.
	SNMPTrace() func(snmp.Event)
	// SCPTrace prints a line of the dialogue of a copy, while its debugging is on.
	SCPTrace(c *sshserver.Connection, sent bool, token string)
}

// Doorkeeper is who a product lets in, by its configuration.
type Doorkeeper interface {
	// Admits says what becomes of a connection: a verdict that holds whatever line is
	// free, or what each line says to it, nil to take it. A line that it is not meant for
	// has no reason.
	Admits(t Transport, f network.Flow) (line func(*tty.Line) *network.Verdict, refused *network.Verdict)
	// LoginRequest is how users log in on a line: the method list and the
	// questions. What is known of the user is to be added.
	LoginRequest(l *tty.Line, t Transport) *aaa.Request
	// LoginPause is how long the refusal of a login takes that was just reported.
	LoginPause() time.Duration
	// ExecRequest is how a user who has logged in gets an EXEC.
	ExecRequest(l *tty.Line, login aaa.Verdict) *aaa.Request
	// CommandRequest is how a command is authorized that was given on a line, nil for one
	// that needs no authorization. ReverseRequest is how a user gets a line that leads to
	// what is plugged in there.
	CommandRequest(l *tty.Line, a *Action) *aaa.Request
	ReverseRequest(l *tty.Line) *aaa.Request
	// Accounting is the list that records something on a line (aaa.AccountExec, …), commands
	// by their level. The line is nil for the device itself.
	Accounting(l *tty.Line, of string, level int) aaa.Accounting
	// Reverse takes apart the name that a client of SSH gives: who it is, and what says
	// of each line whether it is one that the client wants in place of the one that it
	// came to; nil is that one.
	Reverse(name string, f network.Flow) (user string, wants func(*tty.Line) bool)
	// NoEXEC reports that there is no EXEC on a line (`no exec`).
	NoEXEC(l *tty.Line) bool
}

// Settings are what the services of a device take of its configuration.
type Settings struct {
	Hostname string
	Location *time.Location
	Lines    []tty.Range
	// Line are the settings of a line; one that is not configured any more has its
	// defaults.
	Line func(k tty.Kind, number int) *tty.Settings
	// FreshLine has the defaults: a client's window size counts where the line has
	// no size of its own.
	FreshLine *tty.Settings
	Logging   syslog.Settings
	SSH       sshserver.Settings
	SSHClient sshclient.Settings
	Telnet    telnet.Settings
	// TelnetClient is `telnet` of the device's own users.
	TelnetClient telnet.ClientSettings
	Names        resolver.Settings
	Network      network.Settings
	Ports        Ports // nil for a product that does not tell of its interfaces
	AAA          aaa.Settings
	SNMP         snmp.Settings
	Login        Login
	SCP          SCP
	// BreakString stands for a break where a user of SSH types it to what is plugged
	// into a line; "" is none.
	BreakString string
	Periodic    Periodic
}

// SCP is whether files may be copied to and from the device, and how it refuses.
type SCP struct {
	On bool
	// Off is the configuration line that keeps it off, for the operator. Disabled is what
	// a client is told then, Denied what one is told whose user lacks the privilege.
	Off, Disabled, Denied string
}

// Login is what a configuration says of logins.
type Login struct {
	// Attempts is how often a terminal is asked, Response how long each question waits
	// for its answer; 0 is for ever.
	Attempts int
	Response time.Duration
	// Methods are the methods of user authentication that SSH offers, in wire names.
	Methods []string
	// Authorizes reports whether a user may log in with a public key.
	Authorizes func(user string, blob []byte) bool
	// RecordsFailures has each login that fails recorded, as the end of an EXEC; Nameless
	// has no records of users without a name.
	RecordsFailures, Nameless bool
	// Limits says why a user who has so many sessions gets no other one over a
	// connection, and which configuration line decided; reason "" lets the user in. The
	// user is nil where the user database does not know it.
	Limits func(u *aaa.User, t Transport, sessions int, f network.Flow) (reason, line string)
}

// Mistake is a line that was not understood.
type Mistake struct {
	Err    error // usually a *cli.Error
	Line   string
	Offset int // where Line begins in what was typed
}

// Error is the error of the grammar, which Unwrap returns.
func (m *Mistake) Error() string { return m.Err.Error() }
func (m *Mistake) Unwrap() error { return m.Err }
