package device

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/sirupsen/logrus"

	"vtylab/aaa"
	"vtylab/ifs"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/resolver"
	"vtylab/sshclient"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/telnet"
	"vtylab/tty"
)

// Options bring a device its surroundings.
type Options struct {
	// Hostname replaces the factory host name.
	Hostname string
	// StateDir keeps nvram:, flash: and the private keys; "" keeps all in memory.
	StateDir string
	// Memory is what flash: may take of without a StateDir; nil is 1 GiB, for all devices
	// of the program together.
	Memory *ifs.Budget
	// BaseMAC is the Ethernet address that those of the ports count from; zero is one
	// that all devices have.
	BaseMAC [6]byte
	// Startup, when not nil, takes the place of nvram:startup-config at the
	// first boot.
	Startup *string
	// Where names a line of Startup, from 1, for the operator: "lab.yml:7:9: line"; nil is
	// "startup-config line 3".
	Where func(line int) string
	// Ports are interfaces of the hardware besides those of the chassis, by their names.
	Ports []string
	// HostKey, when not nil, makes the key pair of a device that has none once it has read
	// its start-up configuration, under the label that its names give. It is called by
	// several devices at once.
	HostKey func(label string) (*keyring.Pair, error)
	// Network is what everything that listens or dials goes through; nil is a network
	// that nobody is on.
	Network network.Stack
	// Now is the clock, Rand the source of salts and of what SSH needs at random; nil
	// is the host's. Key pairs and the exponents of elliptic curves come from the
	// standard library, which takes no source of its own (testing/cryptotest gives
	// tests one). Spans that a timer measures are the host's.
	Now  func() time.Time
	Rand io.Reader
	// Log is for the operator; nil discards.
	Log logrus.FieldLogger
	// StrictKex adds OpenSSH's counter-measure to the Terrapin attack, which
	// devices do not have.
	StrictKex bool
	// Gates are what every command passes, in this order.
	Gates []Gate
}

// Device is one emulated device.
type Device struct {
	Product Product
	System  System
	Keys    *keyring.Ring
	Logs    *syslog.Logger
	Debug   *Debug
	Net     network.Stack
	SSH     *sshserver.Server
	Client  *sshclient.Client
	Names   *resolver.Resolver
	Telnet  *telnet.Server
	// TelnetClient makes the connections of `telnet`.
	TelnetClient *telnet.Client
	AAA          *aaa.Service
	gates        []Gate
	// Decisions are why logins, connections and commands were let in or refused.
	Decisions Decisions

	options   Options
	rand      io.Reader
	log       logrus.FieldLogger
	lines     *tty.Lines
	filtered  filterLog
	contested contested
	unwatch   func()    // the cables
	unobserve func()    // packets
	services  []Service // applied in this order; restarted backwards, so that the log is emptied after sessions ended
	clock     clock
	storage   *storage
	files     func() *ifs.Set

	power    sync.RWMutex    // held for writing while the device boots anew
	apply    sync.Mutex      // one change at a time reaches the services
	held     bool            // a boot is under way; guarded by apply
	settings pointer         // what was applied last
	born     syslog.Settings // the logging of a new device
	mu       sync.Mutex
	booted   time.Time // guarded by mu, like all below
	reason   string    // why it was booted
	boots    int       // how often it was booted
	booting  bool      // the start-up configuration is being read
	dirty    bool      // the configuration changed since it was saved or read
	changed  Change
	saved    Change
	heard    []string             // what the boot had to say
	refused  int                  // lines that the boot refused
	timers   map[*time.Timer]bool // of after, that have not fired
	reboot   *reboot              // what reload in and reload at scheduled

	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// Change is who changed or saved the configuration, and when.
type Change struct {
	At time.Time
	By string
}

// New builds a device and boots it: storage is opened, the start-up
// configuration applied, services started. Close ends it.
func New(p Product, o Options) (*Device, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Network == nil {
		o.Network = network.NewHost(network.HostOptions{})
	}
	if o.Log == nil {
		o.Log = silent
	}
	d := &Device{Product: p, Keys: &keyring.Ring{}, options: o, rand: serial(o.Rand), log: o.Log, reason: "power-on"}
	d.Net = &guarded{Stack: o.Network, device: d}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	var err error
	if d.storage, err = openStorage(p.Hardware(), o.StateDir, o.Memory, d.Now); err != nil {
		return nil, err
	}
	d.Debug = newDebug(d.retrace)
	d.System = p.New(d)
	d.files = sync.OnceValue(d.mounts)
	d.booted = d.Now()
	d.System.Restart(true, "")
	d.settings.Store(d.System.Settings())
	d.born = d.Settings().Logging
	d.lines = tty.NewLines(d)
	d.Logs = syslog.New(syslog.Options{Now: d.Moment, Console: d.toConsole, Monitor: d.toMonitors, Dial: d.dialLog}, d.Settings().Logging)
	d.gates = append(slices.Clone(o.Gates), lists{d})
	d.AAA = aaa.New(&d.Settings().AAA, aaa.Outside{
		Network: d.Net, Random: d.rand, Go: d.spawn, Now: func() time.Time { return d.Local(d.Now()) },
		Lookup: func(ctx context.Context, vrf, host string) ([]netip.Addr, error) {
			return d.Names.Lookup(ctx, vrf, host)
		},
		Trace: func(e aaa.Event) { d.System.AAATrace(e) },
	})
	d.SSH = sshserver.New(d.ctx, sshHost{d}, d.Net, d.rand)
	ports := &portService{d: d}
	d.Names = resolver.New(d.Net, d.rand)
	d.Client = sshclient.New(clientHost{d}, d.Net, d.rand)
	d.Telnet = telnet.NewServer(d.ctx, telnetHost{d}, d.Net)
	d.TelnetClient = telnet.NewClient(d.Net)
	d.services = []Service{&netService{d: d}, logService{d}, ports, lineService{d}, &aaaService{d: d}, loginService{d}, clientService{d}, telnetClientService{d}, nameService{d}, &periodicService{d: d}}
	d.unwatch = d.Net.Watch(ports.cabled)
	d.unobserve = d.Net.Observe(network.Observer{Match: d.Matched, Duplicate: d.duplicated})
	startup, err := d.loadState()
	if err != nil {
		d.Close()
		return nil, err
	}
	where := startupLine
	if o.Startup != nil {
		startup = *o.Startup
		if o.Where != nil {
			where = o.Where
		}
	}
	d.boot(startup, where)
	d.options.Where = nil // later boots read another text
	return d, nil
}

// serial makes a source of randomness one that many may read at once.
func serial(r io.Reader) io.Reader {
	if r == rand.Reader {
		return r
	}
	return &serialReader{r: r}
}

type serialReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (s *serialReader) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.Read(p)
}

// silent is the operator's log of devices that have no operator.
var silent = func() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}()

// Close stops the services, ends all sessions and releases the storage.
func (d *Device) Close() error {
	d.mu.Lock()
	d.cancel() // spawn looks at it
	d.mu.Unlock()
	d.unwatch()
	d.unobserve()
	d.stopTimers()
	d.AAA.Close()
	d.SSH.Close()
	d.Telnet.Close()
	d.Client.Close()
	d.TelnetClient.Close()
	for _, l := range d.Lines() {
		l.Clear()
	}
	d.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return errors.Join(d.Logs.Close(ctx), d.storage.close())
}

// Name is the host name that the device was made with, "" for that of its product.
func (d *Device) Name() string { return d.options.Hostname }

// BaseMAC is the Ethernet address that those of the ports count from. It does not
// depend on the configuration.
func (d *Device) BaseMAC() [6]byte {
	if d.options.BaseMAC != [6]byte{} {
		return d.options.BaseMAC
	}
	return [6]byte{0x02, 0x00, 0x5e, 0x00, 0x53, 0x00} // made up: locally administered
}

// StrictKex reports whether SSH offers OpenSSH's counter-measure to the Terrapin
// attack.
func (d *Device) StrictKex() bool { return d.options.StrictKex }

// Booted is when the device was last booted, and why.
func (d *Device) Booted() (time.Time, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.booted, d.reason
}

// Touch notes who changed the configuration, and lets the services follow.
func (d *Device) Touch(by string) {
	d.touched(by)
	d.Apply()
}

func (d *Device) touched(by string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changed, d.dirty = Change{d.Now(), by}, true
}

// spawn runs f in a goroutine that Close waits for, and reports whether it did: on a
// device that is closed it does nothing.
func (d *Device) spawn(f func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return false
	}
	d.work.Go(f)
	return true
}

// After is after for products.
func (d *Device) After(wait time.Duration, f func()) { d.after(wait, f) }

// after runs f once a time has passed, unless the device is closed before. Until
// then there is no goroutine.
func (d *Device) after(wait time.Duration, f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return
	}
	d.work.Add(1)
	var t *time.Timer
	t = time.AfterFunc(wait, func() {
		defer d.work.Done()
		d.mu.Lock()
		delete(d.timers, t)
		d.mu.Unlock()
		f()
	})
	if d.timers == nil {
		d.timers = map[*time.Timer]bool{}
	}
	d.timers[t] = true
}

// stopTimers is for the end of the device.
func (d *Device) stopTimers() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for t := range d.timers {
		if t.Stop() {
			d.work.Done()
		}
	}
	clear(d.timers)
}

// Problem tells the operator that something went wrong, without the words of a
// command: they may hold a secret.
func (d *Device) Problem(doing string, err error) { d.errorf(err, "%s", doing) }

func (d *Device) errorf(err error, format string, args ...any) {
	d.log.WithError(err).Error(fmt.Sprintf(format, args...))
}

// storage is where a device keeps what survives it.
type storage struct {
	flash, nvram *ifs.Volume
	lock         *flock.Flock
}

// ErrInUse says that another program uses a state directory.
var ErrInUse = errors.New("in use by another vtylab")

func (s *storage) close() error {
	var errs []error
	for _, v := range []*ifs.Volume{s.flash, s.nvram} {
		if v != nil {
			errs = append(errs, v.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// LastChange and LastSave are for the header of the running configuration.
func (d *Device) LastChange() Change { d.mu.Lock(); defer d.mu.Unlock(); return d.changed }

// LastSave is when the configuration was last saved.
func (d *Device) LastSave() Change { d.mu.Lock(); defer d.mu.Unlock(); return d.saved }
