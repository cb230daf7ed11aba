package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"github.com/chzyer/readline"
	"github.com/sirupsen/logrus"

	"vtylab/lab"
	"vtylab/network"
)

// labShellArgs are the flags of `vtylab lab shell`.
type labShellArgs struct {
	labFlags
	Inside bool `hidden:"" help:"This process is in the network namespace already."`
}

// exitStatus is the status of a program that this one ran for its user.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run starts this program again in a network namespace of its own, and there the lab and
// a shell.
func (a *labShellArgs) Run(w *surroundings) error {
	if a.Inside {
		return a.inside(w)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, slices.Concat(w.args, []string{"--inside"})...)
	if err := lab.Isolate(cmd); err != nil {
		return usageError{err}
	}
	return a.wait(cmd, w)
}

// inside is the rest of Run, in the namespace.
func (a *labShellArgs) inside(w *surroundings) error {
	if readline.IsTerminal(int(w.stdin.Fd())) {
		w.log.SetLevel(min(w.log.GetLevel(), logrus.WarnLevel)) // the shell has the terminal
	}
	if err := lab.LoopbackUp(); err != nil {
		return err
	}
	return a.during(w, a.reaches, func(r *running) error {
		own, err := lab.OpenOwn(r.Lab)
		if err != nil {
			return err
		}
		defer own.Close()
		own.Serve(r.Lab, w.log)
		r.table(w.stdout)
		fmt.Fprintln(w.stdout, "The devices answer at their own addresses in this shell; exit ends the lab.")
		cmd := exec.Command(cmp.Or(os.Getenv("SHELL"), "/bin/sh"))
		cmd.Env = append(os.Environ(), "VTYLAB_LAB="+r.Topology.Name)
		return a.wait(cmd, w)
	})
}

// reaches refuses the uplink that there is not: the namespace has a loopback interface,
// which programs of the shell may listen on, and no other.
func (a *labShellArgs) reaches(t *lab.Topology) error {
	reach, err := a.uplink(t)
	switch {
	case err != nil || reach != network.UplinkAny:
		return err
	case a.Uplink == "file":
		return fmt.Errorf("%s: uplink: any: the host's network cannot be reached from a lab shell, want --uplink none or loopback", a.File)
	}
	return errors.New("--uplink any: the host's network cannot be reached from a lab shell, want none or loopback")
}

// wait runs a program on this terminal. The terminal's own signals are the program's.
func (a *labShellArgs) wait(cmd *exec.Cmd, w *surroundings) error {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = w.stdin, w.stdout, w.log.Out
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGQUIT, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return lab.Explain(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			if s == syscall.SIGTERM {
				cmd.Process.Signal(s)
			}
		case err := <-done:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return exitStatus(max(1, exit.ExitCode()))
			}
			return err
		}
	}
}
