package exec

import (
	"vtylab/device"
	"vtylab/ios/model"
)

// Release is what the commands need to know of a release.
type Release struct {
	Keys  KeyTraits
	Files FileTraits
	Show  ShowTraits
}

// KeyTraits are the limits of key pairs, in bits.
type KeyTraits struct {
	MinRSA, MaxRSA, DefaultRSA int
	MinSSH                     int  // below it SSH 2 does not start
	ServerKey                  int  // of the temporary NAME.server pair
	Background                 bool // logs KEY_ADDITION
}

// FileTraits are the file systems of a release.
type FileTraits struct {
	Flash      []string // prefixes, the first is the name dir prints
	Servers    []string // prefixes of the file systems of servers
	FlashSize  int64
	NVRAMSize  int64
	SizeWidth  int // of the size column of dir
	ShowFlash  ShowFlash
	ImageName  string
	FlashFiles []device.FlashFile // what a new device's flash: holds
}

// ShowFlash is the layout of `show flash:`. The zero value is that of dir.
type ShowFlash struct {
	Heading string // of a table with a row for each file
	Rooted  bool   // paths begin with the name of the file system: /bootflash/x
}

// ShowTraits are the layouts of show commands.
//
// In Version, these are replaced: {hostname}; {uptime}, "2 weeks, 1 day, 3 hours,
// 1 minute"; {reason}, why the device was booted, "power-on" or "reload";
// {restarted}, when, "14:25:41 UTC Tue Sep 15 2020".
type ShowTraits struct {
	ShellLead      int    // line ends before the first prompt of an SSH shell
	CR             string // how `?` shows the end of a command
	Format         bool   // there is an output modifier `format`
	Chain          bool   // output modifiers may follow each other
	ArchiveIndent  bool   // a space before the heading of show archive
	Boot           string // text of show boot
	Algorithms     bool   // show ip ssh lists authentication methods and algorithms
	KexAlgorithms  bool   // and key exchanges
	KeyLabel       bool   // and the label of the key
	Modulus        bool   // and its size, in a line of its own
	ECKeys         bool   // and a second block for the EC key
	DisabledAdvice string // second line of show ip ssh while there is no key
	SSHOff         string // all that show ip ssh says while SSH is off; "" is the long form
	SSHBrief       bool   // show ip ssh ends with the retries
	NoSSH          string // all that show ssh says while SSH is off; "" is a line for each version
	Inventory      string // text of show inventory
	KeySize        bool   // show crypto key mypubkey prints the size
	HeaderBang     bool   // a "!" between the header of show running-config and `version`
	Version        string // text of show version
	LineTable      string // header of show line
	WebAuth        bool   // show aaa method-lists has a queue for authentication on the web
	Debugging      string // text behind what show debugging lists
	// InterfaceColumn is the width of the first column of show ip interface brief; 0 is
	// that of classic routers, 27.
	InterfaceColumn int
	// Hardware is what interfaces of a type are made of, where that is not what most
	// releases print; Connected stands behind the state of a port that has a cable.
	Hardware                map[string]Hardware
	Connected, NotConnected string
	ServerStatus            bool   // show tacacs and show aaa servers tell of the state that platforms know
	ControlBlock            int    // digits of a connection's in show tcp; 0 is 8
	RouteCodes              string // what stands above a routing table
	IPv6RouteCodes          string
	FilterModules           bool // show logging tells that there are none; else it always tells the source interface
}

// connected is what stands behind the state of a port.
func (t ShowTraits) connected(name, status, protocol string) string {
	switch {
	case !model.Physical(name):
		return ""
	case protocol == "up":
		return t.Connected
	case status == "down":
		return t.NotConnected
	}
	return ""
}
