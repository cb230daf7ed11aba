package device

import (
	"slices"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/ios/model"
	"vtylab/sshserver"
)

// Platform is the data that makes a release.
type Platform struct {
	Name    string // "ios-15.5"
	Summary string // a line for the operator
	Release model.Release
	SSH     SSHTraits
	Keys    KeyTraits
	Files   FileTraits
	Show    ShowTraits
	Logs    LogTraits
}

// SSHTraits are what a release's SSH does on the wire.
type SSHTraits struct {
	Version1       bool   // the release has an SSH-1 server
	DefaultVersion string // of `show ip ssh` while none is configured: 1.99, 2.0
	Window         uint32 // bytes, of a channel confirmation
	MaxPacket      uint32
	FirstChannel   uint32
	WireHostKeys   []string // host key names that go into a KEXINIT, in order
	Dialect        sshserver.Dialect
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
	FlashSize  int64
	NVRAMSize  int64
	SizeWidth  int // of the size column of dir
	ShowFlash  ShowFlash
	ImageName  string
	FlashFiles []FlashFile // what a new device's flash: holds
}

// ShowFlash is the layout of `show flash:`. The zero value is that of dir.
type ShowFlash struct {
	Heading string // of a table with a row for each file
	Rooted  bool   // paths begin with the name of the file system: /bootflash/x
}

// FlashFile is a file that a device is born with; it reads as zeros.
type FlashFile struct {
	Name string
	Size int64 // bytes
}

// LogTraits are messages that not every release has.
type LogTraits struct {
	PrivateConfig bool // PRIVCFG_ENCRYPT when the configuration is saved
	HostRequest   bool // a logging host is announced before logging to it starts
}

// ShowTraits are the layouts of show commands.
//
// In Version, these are replaced: {hostname}; {uptime}, "2 weeks, 1 day, 3 hours,
// 1 minute"; {reason}, why the device was booted, "power-on" or "reload";
// {restarted}, when, "14:25:41 UTC Tue Sep 15 2020".
type ShowTraits struct {
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
	FilterModules  bool   // show logging tells that there are none; else it always tells the source interface
}

// Model is a Platform with its commands, compiled. One Model serves any number
// of devices.
type Model struct {
	Platform
	Language *config.Language[*model.Config]
	exec     *cli.Tree[*Command]
	modifier *cli.Tree[struct{}]
}

// NewModel compiles a platform with the EXEC commands it is to have.
func NewModel(p Platform, commands []Command) *Model {
	m := &Model{Platform: p}
	var rows []cli.Row[*Command]
	var acts []config.Act
	for i := range commands {
		c := &commands[i]
		if c.Mode == Configuration {
			acts = append(acts, config.Act{Syntax: c.Syntax, Do: c})
		} else {
			rows = append(rows, cli.Row[*Command]{Syntax: c.Syntax, Level: c.Level, Do: c})
		}
	}
	m.exec = cli.NewTree(p.Release.Words, rows)
	m.modifier = modifierTree(p.Show)
	local := slices.Concat(p.Files.Flash, localPrefixes)
	for _, t := range []interface{ Prefix(string, ...string) }{m.exec, m.modifier} {
		t.Prefix("PATH", local...)
		t.Prefix("URL", slices.Concat(local, remotePrefixes)...)
	}
	m.Language = model.NewLanguage(&m.Platform.Release, acts)
	return m
}

// Check reports a command word without help, for tests.
func (m *Model) Check() error {
	if err := m.exec.Check(); err != nil {
		return err
	}
	return m.Language.Check()
}

// CommandMode says where a Command is typed.
type CommandMode int

// A Command is of EXEC, or acts in global configuration mode.
const (
	EXEC CommandMode = iota
	Configuration
)

// Command is an EXEC row: its grammar (package cli), the privilege level it
// needs, and what it does. Run prints through the session; the error it returns
// ends the session unless it is one of the user's own (ErrInterrupted, a
// stopped pager).
type Command struct {
	Syntax string
	Level  int
	Mode   CommandMode
	// Filter is set for commands that take `| include` and its kin.
	Filter bool
	Run    func(s *Session, a cli.Args) error
}
