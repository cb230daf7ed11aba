package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"vtylab/device"
	"vtylab/products"
)

// runArgs are the flags of `vtylab run`.
type runArgs struct {
	Platform  string   `help:"Release to be; 'vtylab platforms' lists them." default:"${platform}" placeholder:"NAME"`
	Hostname  string   `help:"Host name before any configuration (default: Router or Switch)." placeholder:"NAME"`
	Config    *string  `help:"IOS text used as the startup configuration for this boot." placeholder:"FILE"`
	State     *string  `help:"Directory that keeps nvram:, flash: and private keys (default: below the user's state directory, by device name)." placeholder:"DIR" xor:"state"`
	Ephemeral bool     `help:"Keep nothing on disk." xor:"state"`
	SSH       []string `name:"ssh" help:"Host address that carries the device's TCP port 22, 'none' for no port; as PORT=ADDR for a port of 'ip ssh port'. Repeatable." default:"127.0.0.1:2222" placeholder:"ADDR"`
	Console   string   `help:"tty, stdio (commands from standard input; its end ends the program), none, or auto: tty on a terminal, else stdio (the default)." enum:"auto,tty,stdio,none" default:"auto" placeholder:"KIND"`
	Uplink    string   `help:"Where the device's own clients (syslog, SSH, copy) may connect: any, loopback, none, or auto: any while every listener is on loopback, else none (the default)." enum:"auto,any,loopback,none" default:"auto" placeholder:"REACH"`
	StrictKex bool     `help:"Offer OpenSSH's counter-measure to the Terrapin attack, which real devices lack."`
}

var hostname = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,62}$`)

// Run boots one device and serves it until its console ends.
func (r *runArgs) Run(w *surroundings) error {
	p, err := products.Lookup(r.Platform)
	if err != nil {
		return usageError{err}
	}
	if r.Hostname != "" && !hostname.MatchString(r.Hostname) {
		return usageError{fmt.Errorf("--hostname %q: want a letter, then letters, digits and hyphens, 63 in all at most", r.Hostname)}
	}
	if r.Config != nil && *r.Config == "" {
		return usageError{errors.New(`--config "": want a file`)}
	}
	if r.State != nil && *r.State == "" {
		return usageError{errors.New(`--state "": want a directory`)}
	}
	addresses, err := parseAddresses(r.SSH)
	if err != nil {
		return usageError{err}
	}
	o := device.Options{Hostname: r.Hostname, Log: w.log, StrictKex: r.StrictKex, Listen: addresses.listen,
		Dial: new(net.Dialer).DialContext, Uplink: r.uplink(addresses)}
	if err := r.startup(&o); err != nil {
		return err
	}
	if o.StateDir, err = r.stateDir(p); err != nil {
		return err
	}
	if err := addresses.check(); err != nil {
		return err
	}
	d, err := device.New(p, o)
	if err != nil {
		return err
	}
	defer d.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal kills
	return r.console(ctx, d, w)
}

// uplink is --uplink, or what the listeners allow: a device that only this host
// can reach may go anywhere, another nowhere.
func (r *runArgs) uplink(a addresses) device.Uplink {
	reach, ok := map[string]device.Uplink{"any": device.UplinkAny, "loopback": device.UplinkLoopback, "none": device.UplinkNone}[r.Uplink]
	if !ok && !a.local() {
		return device.UplinkNone
	}
	return reach
}

// startup reads --config.
func (r *runArgs) startup(o *device.Options) error {
	if r.Config == nil {
		return nil
	}
	text, err := os.ReadFile(*r.Config)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	s := string(text)
	o.Startup = &s
	return nil
}

// stateDir is where the device keeps its files: --state, or a directory by the
// device's name below $XDG_STATE_HOME or its equivalent.
func (r *runArgs) stateDir(p device.Product) (string, error) {
	if r.Ephemeral {
		return "", nil
	}
	if r.State != nil {
		return *r.State, nil
	}
	name := r.Hostname
	if name == "" {
		name = p.Hostname()
	}
	if base := os.Getenv("XDG_STATE_HOME"); base != "" {
		return filepath.Join(base, "vtylab", p.Name(), name), nil
	}
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		return filepath.Join(home, ".local", "state", "vtylab", p.Name(), name), nil
	}
	return "", fmt.Errorf("no home directory for the state: give --state DIR or --ephemeral")
}

// addresses maps ports of the device to addresses of the host.
type addresses map[int]string

func parseAddresses(flags []string) (addresses, error) {
	a := addresses{}
	for _, f := range flags {
		if f == "none" {
			continue
		}
		port, addr, mapped := strings.Cut(f, "=")
		n := 22
		if !mapped {
			addr = f
		} else if i, err := strconv.Atoi(port); err == nil && i > 0 && i < 65536 {
			n = i
		} else {
			return nil, fmt.Errorf("--ssh %s: %q is no port of the device, want PORT=ADDR", f, port)
		}
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return nil, fmt.Errorf("--ssh %s: want ADDRESS:PORT or none", f)
		}
		if _, twice := a[n]; twice {
			return nil, fmt.Errorf("--ssh %s: port %d of the device has an address already", f, n)
		}
		a[n] = addr
	}
	return a, nil
}

// local reports whether all addresses are loopback ones.
func (a addresses) local() bool {
	for _, addr := range a {
		host, _, _ := net.SplitHostPort(addr)
		if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
			return false
		}
	}
	return true
}

func (a addresses) listen(ctx context.Context, port int) (net.Listener, error) {
	addr, ok := a[port]
	if !ok {
		return nil, nil
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", addr)
}

// check finds a busy port before the device boots: SSH itself listens only
// once it has a key.
func (a addresses) check() error {
	for _, addr := range a {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("--ssh %s: %w", addr, err)
		}
		l.Close()
	}
	return nil
}

// platformArgs are the flags of `vtylab platforms`: none.
type platformArgs struct{}

// Run lists the releases.
func (platformArgs) Run(w *surroundings) error {
	for _, p := range products.All() {
		fmt.Fprintf(w.stdout, "%-14s %s\n", p.Name(), p.Summary())
	}
	return nil
}
