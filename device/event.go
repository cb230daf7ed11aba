package device

import (
	"time"

	"vtylab/keyring"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/tty"
)

// Event is something that happened on the device and that its product may have
// words for. A product that has none for an event logs nothing.
type Event interface{ event() }

type (
	// Configured is the end of a change: the user left configuration mode, or a text
	// was merged. Source is "console" or where the text came from.
	Configured struct{ Source, By string }
	// Command is a configuration command that was given on a line, and has changed
	// something. Words are in full, with a * for each secret; Depth is how many modes lie
	// above the one it belongs to, Open that it ends in a keyword.
	Command struct {
		User  string
		Line  *tty.Line
		Typed string
		Words string
		Depth int
		Open  bool
	}
	// Saved says that the running configuration was written to nvram.
	Saved struct{}
	// Reloaded is a reload that begins.
	Reloaded struct{ By, Reason string }
	// ReloadScheduled is one that was asked for in advance, at Now.
	ReloadScheduled struct {
		Reboot
		Now time.Time
	}
	// ClockSet is `clock set`.
	ClockSet struct {
		From, To time.Time
		By       string
	}
	// LoggedIn is a login over the network, to a port of the device; LoginRefused also one
	// at the console, with port 0. LoggedOut is the end of a session on a vty.
	LoggedIn struct {
		User string
		Line *tty.Line
		Port int
	}
	LoginRefused struct {
		User string
		Line *tty.Line
		Port int
	}
	LoggedOut struct {
		User string
		Line *tty.Line
	}
	// Expired is a session that was idle for too long; it comes before LoggedOut.
	Expired struct {
		User string
		Line *tty.Line
	}
	// KeysAdded are new key pairs. New is the RSA pair that SSH uses from now on, nil
	// when that is the one it was.
	KeysAdded struct {
		Pairs []*keyring.Pair
		New   *keyring.Pair
	}
	// ServerKeyAdded says, a while after that, that the temporary pair beside the new
	// RSA pair exists.
	ServerKeyAdded struct{ Of *keyring.Pair }
	// LoggingChanged is a change of the logging itself.
	LoggingChanged struct{ Old, New syslog.Settings }
	// LoggingHost is a host that messages go to from now on: first when it was
	// configured, then, Started, when it is in use, a second later.
	LoggingHost struct {
		Host    syslog.Host
		Started bool
	}
	// LinkChanged is an interface that came up or went down; LineProtocolChanged
	// follows a second later. Made is an interface that was configured into being, which
	// has a line protocol at once; Removed one that is gone.
	LinkChanged struct {
		Name    string
		State   LinkState
		Removed bool
	}
	LineProtocolChanged struct {
		Name          string
		Up            bool
		Made, Removed bool
	}
	// Filtered are packets that an entry of an access list with `log` has decided: the
	// first of a flow, later those of five minutes.
	Filtered struct {
		network.Match
		Packets int
	}
	// FilterMissed are packets that could not be remembered for that.
	FilterMissed struct{ Packets int }
	// Duplicate is an address of the device that another one on the link has.
	Duplicate struct{ network.Duplicate }
	// Disconnected is the end of a TCP connection that led to a line. User is "" when
	// nobody has logged in; In and Out are the bytes of the whole connection.
	Disconnected struct {
		Line    *tty.Line
		Via     Transport
		User    string
		Flow    network.Flow
		Elapsed time.Duration
		In, Out uint64
	}
	// SNMPStarted says that the SNMP agent has started: Cold with the device.
	SNMPStarted struct{ Cold bool }
	// SNMPRefused is a request of SNMP that was not authentic: its community is unknown, or
	// may not come from there.
	SNMPRefused struct{ Flow network.Flow }
	// SSHServer is what the SSH server reports.
	SSHServer struct{ sshserver.Event }
	// SSHUnmatched is a negotiation of the SSH client that found nothing in common.
	SSHUnmatched struct{ *ssh.NoMatchError }
)

func (Configured) event()      {}
func (Command) event()         {}
func (Saved) event()           {}
func (Reloaded) event()        {}
func (ReloadScheduled) event() {}
func (ClockSet) event()        {}
func (LoggedIn) event()        {}
func (LoginRefused) event()    {}
func (LoggedOut) event()       {}
func (Expired) event()         {}
func (KeysAdded) event()       {}
func (ServerKeyAdded) event()  {}
func (LoggingChanged) event()  {}
func (LoggingHost) event()     {}
func (Filtered) event()        {}
func (FilterMissed) event()    {}
func (Duplicate) event()       {}
func (Disconnected) event()    {}
func (SNMPStarted) event()     {}
func (SNMPRefused) event()     {}
func (SSHServer) event()       {}
func (SSHUnmatched) event()    {}

func (LinkChanged) event()         {}
func (LineProtocolChanged) event() {}

// report lets the product word what happened, for the log and for SNMP.
func (d *Device) report(e Event) {
	for _, m := range d.System.On(e) {
		d.Logs.Log(m)
	}
	for _, n := range d.System.Notifications(e) {
		d.SNMP.Notify(n)
	}
}
