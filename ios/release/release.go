package release

import (
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/syslog"
)

// Release is the data that makes one release of IOS or IOS XE.
type Release struct {
	Name    string // "ios-15.5"
	Summary string // a line for the operator
	Config  model.Release
	// Chassis is what the release runs on, first what it runs on unless told otherwise;
	// Hardware is what it runs on.
	Chassis  []Chassis
	Hardware Chassis
	SSH      SSHTraits
	Dialect  exec.Dialect // of `debug ip ssh`
	Keys     exec.KeyTraits
	Files    exec.FileTraits
	Show     exec.ShowTraits
	Logs     LogTraits
}

// SSHTraits are what a release's SSH does on the wire.
type SSHTraits struct {
	Version1       bool   // the release has an SSH-1 server
	DefaultVersion string // of `show ip ssh` while none is configured: 1.99, 2.0
	Window         uint32 // bytes, of a channel confirmation
	MaxPacket      uint32
	FirstChannel   uint32
	WireHostKeys   []string // host key names that go into a KEXINIT, in order
	ECKeys         bool     // SSH uses EC key pairs too
}

// LogTraits are messages that not every release has.
type LogTraits struct {
	PrivateConfig bool            // PRIVCFG_ENCRYPT when the configuration is saved
	HostRequest   bool            // a logging host is announced before logging to it starts
	Link          syslog.Severity // of the UPDOWN of a link
}

// releases are all of them, the default first, in no chassis yet.
var releases = []Release{ios155, iosxe3se, iosxe1715}

// All returns every release in its usual chassis, the default first.
func All() (all []Release) {
	for _, r := range releases {
		all = append(all, r.in(r.Chassis[0]))
	}
	return all
}
