package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"vtylab/device"
	"vtylab/network"
	"vtylab/products"
)

// runArgs are the flags of `vtylab run`.
type runArgs struct {
	Platform  string   `help:"Release to be; 'vtylab platforms' lists them." default:"${platform}" placeholder:"NAME"`
	Chassis   string   `help:"Hardware to be, of those that 'vtylab platforms' lists below the release (default: the release's own)." placeholder:"NAME"`
	Hostname  string   `help:"Host name before any configuration (default: that of the release)." placeholder:"NAME"`
	Config    *string  `help:"Text used as the startup configuration for this boot." placeholder:"FILE"`
	State     *string  `help:"Directory that keeps nvram:, flash: and private keys (default: below the user's state directory, by device name)." placeholder:"DIR" xor:"state"`
	Ephemeral bool     `help:"Keep nothing on disk." xor:"state"`
	SSH       []string `name:"ssh" help:"Host address that carries the device's TCP port 22, 'none' for no port; as PORT=ADDR for another port, such as 23 for Telnet, as IF=ADDR for port 22 on an interface. Repeatable." default:"127.0.0.1:2222" placeholder:"ADDR"`
	SNMP      []string `name:"snmp" help:"Host address that carries the device's UDP port 161, that of its SNMP agent; as IF=ADDR for an interface. Repeatable." placeholder:"ADDR"`
	Console   string   `help:"tty, stdio (commands from standard input; its end ends the program), none, or auto: tty on a terminal, else stdio (the default)." enum:"auto,tty,stdio,none" default:"auto" placeholder:"KIND"`
	Uplink    string   `help:"Where the device's own clients (syslog, SSH, copy) may connect: any, loopback, none, or auto: any while every listener is on loopback, else none (the default)." enum:"auto,any,loopback,none" default:"auto" placeholder:"REACH"`
	Strict    bool     `help:"Exit with status 1 when a line of --config is refused, before the console begins, or one of --console stdio, at its end."`
	Seed      *uint64  `help:"Draw salts, and what SSH needs at random besides keys, from this number: the same commands print the same hashes. For tests: such hashes and connections are easy to attack." placeholder:"N"`
	StrictKex bool     `help:"Offer OpenSSH's counter-measure to the Terrapin attack, which real devices lack."`
}

var hostname = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,62}$`)

// snmpPort is that of the agent (RFC 3417 section 3.2).
const snmpPort = 161

// Run boots one device and serves it until its console ends.
func (r *runArgs) Run(w *surroundings) error {
	p, err := products.Lookup(r.Platform)
	if err != nil {
		return usageError{err}
	}
	if r.Chassis != "" {
		if p, err = products.On(p, r.Chassis); err != nil {
			return usageError{fmt.Errorf("--chassis: %w", err)}
		}
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
	carriers, err := network.ParseCarriers(r.SSH)
	if err != nil {
		return usageError{fmt.Errorf("--ssh %w", err)}
	}
	agents, err := network.ParseCarriers(r.SNMP)
	if err != nil {
		return usageError{fmt.Errorf("--snmp %w", err)}
	}
	for i := range agents {
		agents[i].Port = snmpPort
	}
	stack := network.NewHost(network.HostOptions{Carriers: carriers, Datagrams: agents, Dial: new(net.Dialer).DialContext, Echo: echo,
		Uplink:  r.uplink(slices.Concat(carriers, agents)),
		Problem: func(err error) { w.log.WithError(err).Warn("network") }})
	o := device.Options{Hostname: r.Hostname, Log: w.log, StrictKex: r.StrictKex, Network: stack}
	if r.Seed != nil {
		o.Rand = seeded(*r.Seed)
	}
	if err := r.startup(&o); err != nil {
		return err
	}
	if o.StateDir, err = r.stateDir(p); err != nil {
		return err
	}
	if err := carriers.Check(); err != nil {
		return fmt.Errorf("--ssh %w", err)
	}
	d, err := device.New(p, o)
	if err != nil {
		return err
	}
	defer d.Close()
	if r.Strict && r.Config != nil && d.Refused() > 0 {
		return refusedLines(d.Refused(), *r.Config)
	}
	ctx, stop := interrupted()
	defer stop()
	return r.console(ctx, d, w)
}

// refusedLines is why --strict ends the program.
func refusedLines(n int, of string) error {
	lines := "lines"
	if n == 1 {
		lines = "line"
	}
	return fmt.Errorf("--strict: %d %s of %s refused", n, lines, of)
}

// seeded is the source of randomness of --seed.
func seeded(seed uint64) io.Reader {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}

// uplink is --uplink, or what the listeners allow: a device that only this host
// can reach may go anywhere, another nowhere.
func (r *runArgs) uplink(c network.Carriers) network.Uplink {
	reach, ok := map[string]network.Uplink{"any": network.UplinkAny, "loopback": network.UplinkLoopback, "none": network.UplinkNone}[r.Uplink]
	if !ok {
		return c.Uplink()
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
	s := strings.TrimPrefix(string(text), "\ufeff") // editors of Windows begin with it
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
	base, err := stateHome()
	if err != nil {
		return "", fmt.Errorf("%w: give --state DIR or --ephemeral", err)
	}
	return filepath.Join(base, p.Name(), name), nil
}

// platformArgs are the flags of `vtylab platforms`: none.
type platformArgs struct{}

// Run lists the releases, and the chassis of each.
func (platformArgs) Run(w *surroundings) error {
	for _, p := range products.All() {
		fmt.Fprintf(w.stdout, "%-14s %s\n", p.Name(), p.Summary())
		for _, c := range products.Chassis(p) {
			fmt.Fprintf(w.stdout, "  --chassis %-6s %s\n", c.Name, c.Summary)
		}
	}
	return nil
}
