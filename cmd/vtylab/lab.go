package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"

	"vtylab/lab"
	"vtylab/network"
)

// labArgs are the commands of `vtylab lab`.
type labArgs struct {
	Up      labUpArgs      `cmd:"" help:"Run a lab until it is interrupted."`
	Console labConsoleArgs `cmd:"" help:"Run a lab; the console of one device is this terminal."`
	Shell   labShellArgs   `cmd:"" help:"Run a lab, and a shell in which its devices have their own addresses (Linux)."`
}

// labFlags are what the commands of `vtylab lab` have in common.
type labFlags struct {
	File        string  `arg:"" help:"Topology file: YAML in containerlab's words."`
	State       *string `help:"Directory that keeps nvram:, flash: and private keys, below the names of devices (default: nothing is kept)." placeholder:"DIR"`
	Dir         *string `help:"Directory for ssh_config and ansible-inventory.yml (default: vtylab-NAME beside the file, where NAME is that of the lab)." placeholder:"DIR"`
	HostKeys    string  `help:"Host keys of devices that have none: own, pool (shared, for fleets; kept in the user's state directory), none, or auto: own up to 64 devices, else pool (the default)." enum:"auto,own,pool,none" default:"auto" placeholder:"KIND"`
	Uplink      string  `help:"Where addresses lead that no node has: any, loopback, none, or file: what the file says, by default none (the default)." enum:"file,any,loopback,none" default:"file" placeholder:"REACH"`
	Access      string  `help:"How this host reaches devices: ports of 127.0.0.1, addresses of 127.0.0.0/8 (Linux), or auto: ports up to 64 devices (the default)." enum:"auto,ports,addresses" default:"auto" placeholder:"KIND"`
	SSHBase     int     `name:"ssh-base" help:"First port of --access ports; the devices follow in the order of the file." default:"2201" placeholder:"PORT"`
	SSHPort     int     `name:"ssh-port" help:"Port of --access addresses; device N is 127.1.0.0 plus N." default:"2222" placeholder:"PORT"`
	SkipUnknown bool    `help:"Leave out nodes of kinds that cannot be run, and their links."`
	Strict      bool    `help:"Exit with status 1 when a line of a start-up configuration is refused."`
}

// running is a lab that is up, and the ways to it.
type running struct {
	*lab.Lab
	doors *lab.Doors
	dir   string // of its files
}

func (r *running) close() {
	r.doors.Close()
	r.Lab.Close()
}

// during runs a lab while do runs. What check finds wrong in the topology is a mistake
// of the command line, found before anything is opened.
func (f *labFlags) during(w *surroundings, check func(*lab.Topology) error, do func(*running) error) error {
	t, err := f.load(w)
	if err != nil {
		return err
	}
	if err := check(t); err != nil {
		return usageError{err}
	}
	r, err := f.up(t, w)
	if err != nil {
		return err
	}
	defer r.close()
	return do(r)
}

// anything is the check of a command that runs every lab.
func anything(*lab.Topology) error { return nil }

// load reads the topology file, and tells what of it has no effect.
func (f *labFlags) load(w *surroundings) (*lab.Topology, error) {
	if f.State != nil && *f.State == "" {
		return nil, usageError{errors.New(`--state "": want a directory`)}
	}
	if f.Dir != nil && *f.Dir == "" {
		return nil, usageError{errors.New(`--dir "": want a directory`)}
	}
	t, err := lab.Load(f.File, lab.LoadOptions{SkipUnknown: f.SkipUnknown})
	if err != nil {
		return nil, err
	}
	for _, text := range t.Ignored {
		w.log.Warnf("%s: %s", f.File, text)
	}
	return t, nil
}

// up opens the ways to a lab, writes its files and boots it. What is wrong with either
// is found before a device boots.
func (f *labFlags) up(t *lab.Topology, w *surroundings) (r *running, err error) {
	r = &running{dir: f.dir(t)}
	if r.doors, err = f.open(t); err != nil {
		return nil, err
	}
	if err := f.boot(r, t, w); err != nil {
		r.doors.Close()
		return nil, err
	}
	r.doors.Serve(r.Lab, w.log)
	if len(r.Devices) > lab.MaxPorts {
		debug.FreeOSMemory() // what the boot of so many has left behind
	}
	return r, nil
}

func (f *labFlags) dir(t *lab.Topology) string {
	if f.Dir != nil {
		return *f.Dir
	}
	return filepath.Join(filepath.Dir(f.File), "vtylab-"+t.Name)
}

// open opens the ways to the devices.
func (f *labFlags) open(t *lab.Topology) (*lab.Doors, error) {
	n := t.Devices()
	if f.Access == "ports" || f.Access == "auto" && n <= lab.MaxPorts {
		d, err := lab.OpenPorts(n, f.SSHBase)
		return d, of("--ssh-base", err)
	}
	if runtime.GOOS != "linux" {
		return nil, usageError{fmt.Errorf("--access addresses: %d devices behind one socket work on Linux only, want --access ports", n)}
	}
	d, err := lab.OpenAddresses(f.SSHPort)
	return d, of("--ssh-port", err)
}

// of is an error of a flag.
func of(flag string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s: %w (by a lab that is up? Each has ports and a --dir of its own)", flag, err)
	}
	return fmt.Errorf("%s: %w", flag, err)
}

// boot writes the files of a lab and starts it.
func (f *labFlags) boot(r *running, t *lab.Topology, w *surroundings) (err error) {
	if err := r.doors.WriteFiles(r.dir, t); err != nil {
		return fmt.Errorf("%w (--dir)", err)
	}
	o := lab.Options{Dial: new(net.Dialer).DialContext, Echo: echo, Log: w.log}
	if f.State != nil {
		o.StateDir = *f.State
	}
	if o.Uplink, err = f.uplink(t); err != nil {
		return usageError{err}
	}
	if o.Keys, err = f.keys(t, w); err != nil {
		return err
	}
	if r.Lab, err = lab.Start(t, o); err != nil {
		return err
	}
	if f.Strict && r.Refused() > 0 {
		defer r.Lab.Close()
		return refusedLines(r.Refused(), f.File)
	}
	return nil
}

// uplink is --uplink.
func (f *labFlags) uplink(t *lab.Topology) (network.Uplink, error) {
	if f.Uplink == "file" {
		return t.Uplink, nil
	}
	return lab.ParseUplink(f.Uplink)
}

// keys are --host-keys.
func (f *labFlags) keys(t *lab.Topology, w *surroundings) (lab.Keys, error) {
	switch {
	case f.HostKeys == "none":
		return nil, nil
	case f.HostKeys == "own", f.HostKeys == "auto" && t.Devices() <= lab.MaxPorts:
		return lab.OwnKeys, nil
	}
	base, err := stateHome()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(base, "host-keys.pem")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		w.log.Infof("making host keys for fleets, once, in %s: this takes some seconds", path)
	}
	return lab.PoolKeys(path)
}

// stateHome is the directory of this program below the user's state directory.
func stateHome() (string, error) {
	if base := os.Getenv("XDG_STATE_HOME"); base != "" {
		return filepath.Join(base, "vtylab"), nil
	}
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		return filepath.Join(home, ".local", "state", "vtylab"), nil
	}
	return "", errors.New("no home directory for the state")
}
