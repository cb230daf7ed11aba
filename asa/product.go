// Package asa is Cisco ASA as a product of package device: it joins the model
// (asa/model) and the commands (asa/exec) with the data of the releases, derives
// what the services of a device take of a configuration, and words what happens.
package asa

import (
	"sync"

	"vtylab/asa/exec"
	"vtylab/asa/model"
	"vtylab/config"
	"vtylab/device"
	"vtylab/keyring"
)

// Product is one release. It serves any number of devices, and is compiled when
// the first of them needs it.
type Product struct {
	Release  model.Release
	compiled func() *compiled
}

// compiled is what the rows make.
type compiled struct {
	language *config.Language[*model.Config]
	exec     *exec.EXEC
}

// New makes a product of a release.
func New(r model.Release) *Product {
	p := &Product{Release: r}
	p.compiled = sync.OnceValue(func() *compiled {
		x, acts := exec.New()
		return &compiled{model.NewLanguage(&p.Release, acts), x}
	})
	return p
}

// Products are all releases.
func Products() []device.Product { return []device.Product{New(asa920)} }

// Name, Summary and Hostname say what the release is.
func (p *Product) Name() string    { return p.Release.Name }
func (p *Product) Summary() string { return p.Release.Summary }
func (*Product) Hostname() string  { return model.Hostname }

// hardware is that of an ASAv. Its start-up configuration is a hidden file of
// disk0:; here it has a file system of its own.
var hardware = device.Hardware{
	Flash: []string{"disk0:", "flash:"}, FlashSize: 8 << 30, NVRAMSize: 4 << 20,
	FlashFiles: []device.FlashFile{{Name: "asa9-20-2-2-smp-k8.bin", Size: 129503232}}, // size from memory
}

// Hardware is what a device of the release has.
func (*Product) Hardware() *device.Hardware { return &hardware }

// Check reports a command word without help.
func (p *Product) Check() error {
	if err := p.compiled().exec.Check(); err != nil {
		return err
	}
	return p.compiled().language.Check()
}

// New makes the ASA of a device.
func (p *Product) New(d *device.Device) device.System {
	c := p.compiled()
	return &System{Machine: config.NewMachine(c.language, nil), compiled: c, product: p, device: d}
}

// System is the ASA of one device.
type System struct {
	*config.Machine[*model.Config]
	*compiled
	product *Product
	device  *device.Device
	history history
}

// Access is what a session may use of the configuration.
func (s *System) Access(x *device.Shell) config.Access { return config.Access{Level: x.Privilege} }

// Config is the running configuration: a snapshot that must not be modified.
func (s *System) Config() *model.Config { return s.Load() }

// Language is the configuration language.
func (s *System) Language() *config.Language[*model.Config] { return s.language }

// Release is the data of the release.
func (s *System) Release() *model.Release { return &s.product.Release }

// Restart makes the running configuration that of a device which boots.
func (s *System) Restart(blank bool, name string) {
	c := s.language.Factory()
	if blank {
		c = s.language.Blank()
	}
	s.Replace(named(c, name))
}

// named gives a configuration the host name that the device was made with.
func named(c *model.Config, name string) *model.Config {
	if name != "" {
		c.Hostname = name
	}
	return c
}

// session is a shell with the typed configuration.
func (s *System) session(x *device.Shell) *exec.Session { return &exec.Session{Shell: x, System: s} }

// Match finds the command that an EXEC line is.
func (s *System) Match(x *device.Shell, line string, _ int) (device.Action, error) {
	return s.exec.Match(s.session(x), line)
}

// Act is the action of a command that acts in configuration mode.
func (s *System) Act(x *device.Shell, r *config.Resolved) device.Action {
	return exec.Act(s.session(x), r)
}

// SSHKeys are the pairs that SSH uses: that of the default name.
func (s *System) SSHKeys() (rsaPair, ecPair *keyring.Pair) {
	rsaPair, _ = s.device.Keys.ForSSH(exec.DefaultRSA, "")
	return rsaPair, nil
}

// KeyLabel is what a pair is called that is made without a name.
func (s *System) KeyLabel() string { return exec.DefaultRSA }
