package main

import (
	"fmt"
	"slices"
	"strings"

	"vtylab/lab"
)

// labConsoleArgs are the flags of `vtylab lab console`.
type labConsoleArgs struct {
	labFlags
	Node string `arg:"" optional:"" help:"Device whose console it is (default: the first of the file)."`
	Kind string `name:"console" help:"tty, stdio (commands from standard input; its end ends the lab), or auto: tty on a terminal, else stdio (the default)." enum:"auto,tty,stdio" default:"auto" placeholder:"KIND"`
}

// Run runs a lab with the console of one device on this terminal.
func (a *labConsoleArgs) Run(w *surroundings) error {
	var name string
	find := func(t *lab.Topology) (err error) {
		name, err = a.device(t)
		return err
	}
	return a.during(w, find, func(r *running) error {
		ctx, stop := interrupted()
		defer stop()
		return (&runArgs{Console: a.Kind, Strict: a.Strict}).console(ctx, r.Node(name).Device, w)
	})
}

// device is the name of the device that the command line names.
func (a *labConsoleArgs) device(t *lab.Topology) (string, error) {
	var devices []string
	for i := range t.Nodes {
		switch n := &t.Nodes[i]; {
		case !n.Host():
			devices = append(devices, n.Name)
		case n.Name == a.Node:
			return "", fmt.Errorf("%s is a host and has no console", a.Node)
		}
	}
	switch {
	case len(devices) == 0:
		return "", fmt.Errorf("%s: no devices", a.File)
	case a.Node == "":
		return devices[0], nil
	case !slices.Contains(devices, a.Node):
		return "", fmt.Errorf("no device %q; there are %s", a.Node, names(devices))
	}
	return a.Node, nil
}

// names lists devices, not too many.
func names(all []string) string {
	const most = 10
	text := strings.Join(all[:min(len(all), most)], ", ")
	if len(all) > most {
		text += fmt.Sprintf(" and %d more", len(all)-most)
	}
	return text
}
