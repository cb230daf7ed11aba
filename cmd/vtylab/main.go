// Command vtylab runs emulated Cisco devices: a console on this terminal, and a
// real SSH and SCP server behind a port of this host.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"vtylab/products"

	"github.com/alecthomas/kong"
	"github.com/sirupsen/logrus"
)

const about = `A Cisco IOS, IOS XE or ASA device as far as SSH and SCP go: its console is this terminal,
its port 22 is a port of this host.

Leave the console with Ctrl-\ (or end the input of a script).`

// arguments is the command line.
type arguments struct {
	LogJSON   bool         `name:"log-json" help:"Log to standard error as JSON."`
	LogLevel  string       `help:"What is logged there: error, warning, info (also who was refused, and why; the default) or debug (also who was let in)." enum:"error,warning,info,debug" default:"info" placeholder:"LEVEL"`
	Run       runArgs      `cmd:"" default:"withargs" help:"Run one device; its console is this terminal."`
	Lab       labArgs      `cmd:"" help:"Run many devices on one network, from a topology file."`
	AAA       aaaArgs      `cmd:"" name:"aaa" help:"Servers for practice."`
	Platforms platformArgs `cmd:"" help:"List the releases a device can be."`
	Version   versionArgs  `cmd:"" help:"Print the version of this program."`
}

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// usageError is a command line that cannot be carried out: exit status 2.
type usageError struct{ error }

// execute is the program with its surroundings as arguments; it returns the
// exit status.
func execute(args []string, stdin *os.File, stdout, stderr io.Writer) int {
	var a arguments
	status := -1
	parser := kong.Must(&a, kong.Name("vtylab"), kong.Description(about), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { status = code }), kong.Vars{"platform": products.All()[0].Name()},
		kong.KindMapper(reflect.String, kong.MapperFunc(text)), kong.KindMapper(reflect.Slice, kong.MapperFunc(texts)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	k, err := parser.Parse(args)
	if status >= 0 { // --help
		return status
	}
	if err != nil {
		fmt.Fprintf(stderr, "vtylab: %v (see vtylab --help)\n", err)
		return 2
	}
	log := logrus.New()
	log.SetOutput(stderr)
	if level, err := logrus.ParseLevel(a.LogLevel); err == nil {
		log.SetLevel(level)
	}
	if a.LogJSON {
		log.SetFormatter(&logrus.JSONFormatter{})
	}
	err = k.Run(&surroundings{args: args, stdin: stdin, stdout: stdout, log: log})
	var usage usageError
	var exit exitStatus
	switch {
	case errors.As(err, &exit):
		return int(exit)
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "vtylab: %v\n", err)
		return 2
	case err != nil:
		fmt.Fprintf(stderr, "vtylab: %v\n", err)
		return 1
	}
	return 0
}

// surroundings are what commands need of the process.
type surroundings struct {
	args   []string
	stdin  *os.File
	stdout io.Writer
	log    *logrus.Logger
}
