package devicetest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/device"
	"vtylab/ifs"
	"vtylab/ios"
	"vtylab/ios/model"
	"vtylab/ios/release"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/products"
	"vtylab/tty"
)

// Plain is a configuration with one user whose password costs nothing to check:
// SSH and SCP are on, the console asks for nothing.
const Plain = `
hostname R1
ip domain name example.com
no logging console
aaa new-model
aaa authentication login default local
aaa authentication login console none
aaa authorization exec default local
username cisco privilege 15 password 0 cisco
ip ssh version 2
ip scp server enable
line con 0
 privilege level 15
 login authentication console
line vty 0 4
 transport input ssh
`

// Usual is what every Router begins with: Plain, a user of level 1, and an enable
// secret.
const Usual = Plain + `enable secret letmein
username guest privilege 1 password 0 guest
`

// HostKey returns the RSA key of all routers: making one takes long, and tests do
// not change it.
var HostKey = sync.OnceValues(func() (*keyring.Pair, error) {
	return keyring.Generate("R1.example.com", keyring.General, 2048, false, time.Now())
})

// ECKeys returns EC keys of every size.
var ECKeys = sync.OnceValues(func() (keys []*keyring.Pair, err error) {
	for _, bits := range []int{256, 384, 521} {
		key, err := keyring.Generate("R1", keyring.EC, bits, false, time.Now())
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
})

// Product returns a release, "ios-15.5/7206" on a chassis. It is compiled once for
// all tests.
func Product(t testing.TB, release string) device.Product {
	t.Helper()
	release, chassis, other := strings.Cut(release, "/")
	p, err := products.Lookup(release)
	if err == nil && other {
		p, err = products.On(p, chassis)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Release returns the data of a release of IOS, for a test that makes a product of
// its own with a change.
func Release(t testing.TB, name string) release.Release {
	t.Helper()
	p, ok := Product(t, name).(*ios.Product)
	if !ok {
		t.Fatalf("%s is no release of IOS", name)
	}
	return p.Release
}

// Default is the name of the release that a device is unless told otherwise.
func Default() string { return products.All()[0].Name() }

// Releases are the names of all releases of IOS and IOS XE.
func Releases() (names []string) {
	for _, p := range ios.Products() {
		names = append(names, p.Name())
	}
	return names
}

// Each runs a test on every release, side by side.
func Each(t *testing.T, f func(t *testing.T, release string)) {
	for _, release := range Releases() {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			f(t, release)
		})
	}
}

// New boots a device with a start-up configuration and closes it when the test is
// over. It has no network, and salts that repeat, unless options say otherwise.
func New(t testing.TB, p device.Product, startup string, options ...func(*device.Options)) *device.Device {
	t.Helper()
	o := device.Options{Startup: &startup, Rand: salt{}, Memory: memory()}
	for _, set := range options {
		set(&o)
	}
	d, err := device.New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// memory is what the files of one router may take: tests have many routers at once, and
// large files.
func memory() *ifs.Budget { return ifs.NewBudget(4 << 30) }

// salt is a source of salts that repeat.
type salt struct{}

func (salt) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

// Router is a device that SSH clients reach.
type Router struct {
	Device *device.Device
	// Port is where port 22 of the device is on this host; "" when the device
	// does not listen, or listens in memory.
	Port string

	host *network.Host
	t    testing.TB
}

// Start boots a router with more configuration than Usual. Its ports are on
// 127.0.0.1.
func Start(t testing.TB, release, more string) *Router {
	t.Helper()
	return StartProduct(t, Product(t, release), more)
}

// StartProduct is Start for a release that a test has changed. The start-up
// configuration has to be one that the release takes whole.
func StartProduct(t testing.TB, p device.Product, more string) *Router {
	t.Helper()
	r, err := Boot(p, Usual+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Device.Close() })
	if report := r.Device.BootReport(); strings.Contains(report, "% ") && !strings.Contains(report, "type 0 password") {
		t.Fatalf("the start-up configuration is not what %s takes:\n%s", p.Name(), report)
	}
	return r.In(t)
}

// Boot is Start with the whole start-up configuration, for programs that are no
// test: the caller closes the device.
func Boot(p device.Product, startup string) (*Router, error) {
	key, err := HostKey()
	if err != nil {
		return nil, err
	}
	host := network.NewHost(network.HostOptions{Carriers: network.Carriers{{Address: "127.0.0.1:0"}},
		Datagrams: network.Carriers{{Address: "127.0.0.1:0"}}, Dial: new(net.Dialer).DialContext, Uplink: network.UplinkLoopback})
	d, err := device.New(p, device.Options{Startup: &startup, Network: host, Memory: memory()})
	if err != nil {
		return nil, err
	}
	d.AddKeys(key)
	r := &Router{Device: d, host: host}
	return r.At(22), nil
}

// Remote is a router in another process, at a port of this host: only clients
// reach it, Device is nil.
func Remote(t testing.TB, port string) *Router { return &Router{Port: port, t: t} }

// In is the router as a subtest has it.
func (r *Router) In(t testing.TB) *Router {
	return &Router{Device: r.Device, Port: r.Port, host: r.host, t: t}
}

// At is the router for clients that connect to another of its ports.
func (r *Router) At(port int) *Router {
	other := &Router{Device: r.Device, host: r.host, t: r.t}
	if all := r.host.Addrs(uint16(port)); len(all) > 0 {
		_, other.Port, _ = net.SplitHostPort(all[0].String())
	}
	return other
}

// UDP is the host's address of a UDP port of the router, which has to be open.
func (r *Router) UDP(port int) string {
	r.t.Helper()
	all := r.host.Receives(uint16(port))
	if len(all) == 0 {
		r.t.Fatalf("UDP port %d is closed", port)
	}
	return all[0].String()
}

// Addr is the host's address of the router's port 22.
func (r *Router) Addr() string { return net.JoinHostPort("127.0.0.1", r.Port) }

// Listens reports whether a port of the router is open.
func (r *Router) Listens(port int) bool { return r.Device.SSH.Listens(port) }

// Dial connects to the router's port 22.
func (r *Router) Dial() net.Conn {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		r.t.Fatal(err)
	}
	return conn
}

// Connections is the number of SSH connections that the router has.
func (r *Router) Connections() int { return len(r.Device.SSH.Connections()) }

// Alone waits until the router has no SSH connection.
func (r *Router) Alone() {
	r.t.Helper()
	Eventually(r.t, "the connections are gone", func() bool { return r.Connections() == 0 })
}

// VTYs is the number of vty lines.
func (r *Router) VTYs() (n int) {
	for _, l := range r.Device.Lines() {
		if l.Kind == tty.VTY {
			n++
		}
	}
	return n
}

// Free waits until nobody is on a vty.
func (r *Router) Free(vty int) {
	r.t.Helper()
	Eventually(r.t, "the line is free", func() bool { return !r.Device.FindLine(tty.VTY, vty).Busy() })
}

// Log is what `show logging` has in its buffer.
func (r *Router) Log() []string { return r.Device.Logs.Buffer().Lines() }

// ClearLog is `clear logging`.
func (r *Router) ClearLog() { r.Device.Logs.Buffer().Clear() }

// Debug switches debugging on, as `debug WHAT` does.
func (r *Router) Debug(what string) { r.Device.Debug.Set(what, true) }

// IOS is what runs on a device of IOS.
func IOS(d *device.Device) *ios.System { return d.System.(*ios.System) }

// Change edits the running configuration where a release may have no command for
// it.
func (r *Router) Change(edit func(*model.Config)) {
	r.t.Helper()
	err := IOS(r.Device).Update(func(c *model.Config) error { edit(c); return nil })
	if err != nil {
		r.t.Fatal(err)
	}
	r.Device.Touch("test")
}

// AddKeys gives the router host keys; each takes the place of one with its name.
func (r *Router) AddKeys(keys ...*keyring.Pair) { r.Device.AddKeys(keys...) }

// Flash is the first file system of the router's flash, which has a name of its
// own on each release.
func (r *Router) Flash() string { return r.Device.Product.Hardware().Flash[0] }

// File reads a file of the router.
func (r *Router) File(url string) string {
	r.t.Helper()
	text, err := r.TryFile(url)
	if err != nil {
		r.t.Fatalf("%s: %v", url, err)
	}
	return text
}

// TryFile is File for one that may be missing.
func (r *Router) TryFile(url string) (string, error) {
	p, err := r.path(url)
	if err != nil {
		return "", err
	}
	f, err := p.FS().Open(p.Name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return string(text), err
}

// Put makes a file of the router.
func (r *Router) Put(url, text string) {
	r.t.Helper()
	p, err := r.path(url)
	if err != nil {
		r.t.Fatal(err)
	}
	f, err := p.FS().Create(p.Name)
	if err != nil {
		r.t.Fatal(err)
	}
	io.WriteString(f, text)
	if err := f.Commit(); err != nil {
		r.t.Fatal(err)
	}
}

// Remove deletes a file of the router.
func (r *Router) Remove(url string) error {
	p, err := r.path(url)
	if err != nil {
		return err
	}
	return p.FS().Remove(p.Name)
}

func (r *Router) path(url string) (ifs.Path, error) {
	files := r.Device.Files()
	return files.ResolveWord(url, files.Home())
}
