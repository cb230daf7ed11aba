// Package ios is IOS and IOS XE as products of package device: it joins the model
// (ios/model), the commands (ios/exec) and the releases (ios/release), derives
// what the services of a device take of a configuration, and words what happens.
package ios

import (
	"strings"
	"sync"
	"sync/atomic"

	"vtylab/config"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/ios/release"
	"vtylab/keyring"
)

// Product is one release. It serves any number of devices, and is compiled when
// the first of them needs it.
type Product struct {
	Release  release.Release
	hardware device.Hardware
	compiled func() *compiled
}

// compiled is what a release's rows make.
type compiled struct {
	release  exec.Release
	language *config.Language[*model.Config]
	exec     *exec.EXEC
	line     model.Line // with its defaults
}

// New makes a product of a release.
func New(r release.Release) *Product {
	p := &Product{Release: r}
	p.hardware = device.Hardware{Flash: r.Files.Flash, Servers: r.Files.Servers,
		FlashSize: r.Files.FlashSize, NVRAMSize: r.Files.NVRAMSize, FlashFiles: r.Files.FlashFiles}
	p.compiled = sync.OnceValue(p.compile)
	return p
}

func (p *Product) compile() *compiled {
	c := &compiled{release: exec.Release{Keys: p.Release.Keys, Files: p.Release.Files, Show: p.Release.Show}}
	x, acts := exec.New(&c.release, p.Release.Config.Words)
	c.exec = x
	c.language = model.NewLanguage(&p.Release.Config, acts)
	c.line, _ = c.language.Bare().Line(model.VTY, 0)
	return c
}

// Products are all releases, the default first.
func Products() []device.Product {
	var all []device.Product
	for _, r := range release.All() {
		all = append(all, New(r))
	}
	return all
}

// Name, Summary and Hostname say what the release is.
func (p *Product) Name() string     { return p.Release.Name }
func (p *Product) Summary() string  { return p.Release.Summary }
func (p *Product) Hostname() string { return p.Release.Config.Traits.FactoryHostname }

// Chassis is what the release runs on, first what it runs on unless told otherwise.
func (p *Product) Chassis() (all []device.Chassis) {
	for _, c := range p.Release.Chassis {
		all = append(all, device.Chassis{Name: c.Name, Summary: c.Summary})
	}
	return all
}

// On is the product on one of them; ok is false when there is none of that name.
func (p *Product) On(chassis string) (on device.Product, ok bool) {
	r, ok := p.Release.On(chassis)
	if !ok {
		return nil, false
	}
	return New(r), true
}

// HasPort reports whether the chassis has a port of that name.
func (p *Product) HasPort(name string) bool {
	return strings.Contains("\n"+p.Release.Hardware.Ports, "\ninterface "+name+"\n")
}

// Hardware is what a device of the release has.
func (p *Product) Hardware() *device.Hardware { return &p.hardware }

// Language is the configuration language of the release.
func (p *Product) Language() *config.Language[*model.Config] { return p.compiled().language }

// Check reports a command word without help.
func (p *Product) Check() error {
	if err := p.compiled().exec.Check(); err != nil {
		return err
	}
	return p.compiled().language.Check()
}

// New makes the IOS of a device.
func (p *Product) New(d *device.Device) device.System {
	s := &System{product: p, compiled: p.compiled(), device: d}
	s.Machine = config.NewMachine(s.language, facts{s})
	return s
}

// System is the IOS of one device.
type System struct {
	*config.Machine[*model.Config]
	*compiled
	product  *Product
	device   *device.Device
	archives exec.Archives
	changes  exec.Rollbacks
	commands exec.ConfigLog
	copies   exec.Copies
	// configEvents counts the changes that ciscoConfigManEvent told of.
	configEvents atomic.Int32
	logins       exec.LoginWatch
	lockouts     exec.Lockouts
}

// facts are what rows of the model ask of the device.
type facts struct{ *System }

// HasSSHKey reports whether SSH has a usable key under c.
func (f facts) HasSSHKey(c *model.Config) bool { return len(f.hostKeys(c)) > 0 }

// Booting reports whether the start-up configuration is being read.
func (f facts) Booting() bool { return f.device.Booting() }

// FullWords are the words of the beginning of a command, keywords in full.
func (f facts) FullWords(mode, line string) string {
	if mode == "" {
		return f.exec.FullWords(line)
	}
	return f.language.FullWords(mode, line)
}

// Access is what a session may use of the configuration.
func (s *System) Access(x *device.Shell) config.Access { return s.session(x).Access() }

// Config is the running configuration: a snapshot that must not be modified.
func (s *System) Config() *model.Config { return s.Load() }

// Language is the configuration language of the release.
func (s *System) Language() *config.Language[*model.Config] { return s.language }

// Archives are copies of the running configuration.
func (s *System) Archives() *exec.Archives { return &s.archives }

// Rollbacks are changes that wait to be confirmed.
func (s *System) Rollbacks() *exec.Rollbacks { return &s.changes }

// SNMPCopies are copies that SNMP has started.
func (s *System) SNMPCopies() *exec.Copies { return &s.copies }

// LoginWatch counts refused logins.
func (s *System) LoginWatch() *exec.LoginWatch { return &s.logins }

// Lockouts are the failures of local users.
func (s *System) Lockouts() *exec.Lockouts { return &s.lockouts }

// ConfigLog is the log of configuration commands.
func (s *System) ConfigLog() *exec.ConfigLog { return &s.commands }

// Scratch is a copy of the running configuration.
func (s *System) Scratch() *config.Machine[*model.Config] {
	m := config.NewMachine(s.language, facts{s})
	m.Replace(s.Load())
	return m
}

// Restart makes the running configuration that of a device which boots.
func (s *System) Restart(blank bool, name string) {
	s.Reset(blank)
	s.changes.Forget()
	s.logins.Restart()
	s.lockouts.Restart()
	if name != "" {
		s.Update(func(c *model.Config) error { c.Hostname = name; return nil })
	}
}

// named gives a configuration the host name that the device was made with.
func named(c *model.Config, name string) *model.Config {
	if name != "" {
		c.Hostname = name
	}
	return c
}

// session is a shell with the typed configuration.
func (s *System) session(x *device.Shell) *exec.Session {
	return &exec.Session{Shell: x, System: s, Release: &s.release}
}

// Match finds the command that an EXEC line is.
func (s *System) Match(x *device.Shell, line string, offset int) (device.Action, error) {
	return s.exec.Match(s.session(x), line, offset)
}

// Act is the action of a command that acts in configuration mode.
func (s *System) Act(x *device.Shell, r *config.Resolved) device.Action {
	return exec.Act(s.session(x), r)
}

// SSHKeys are the pairs that SSH uses; either may be nil.
func (s *System) SSHKeys() (rsaPair, ecPair *keyring.Pair) { return s.sshKeys(s.Load()) }

// KeyLabel is what a pair is called that is made without a name.
func (s *System) KeyLabel() string { return s.Load().FullName() }

func (s *System) sshKeys(c *model.Config) (rsaPair, ecPair *keyring.Pair) {
	rsaPair, ecPair = s.device.Keys.ForSSH(c.SSH.RSAKeypair, c.SSH.ECKeypair)
	if !s.product.Release.SSH.ECKeys {
		ecPair = nil
	}
	return rsaPair, ecPair
}
