//go:build !linux

package lab

import (
	"errors"
	"os/exec"
	"runtime"
)

// errNamespace says that there are no network namespaces here.
var errNamespace = errors.New("lab shell: a network of its own works on Linux only, and this is " + runtime.GOOS + "; want lab up")

// Isolate is Linux's.
func Isolate(*exec.Cmd) error { return errNamespace }

// Explain is Linux's.
func Explain(err error) error { return err }

// LoopbackUp is Linux's.
func LoopbackUp() error { return errNamespace }

// OpenOwn is Linux's.
func OpenOwn(*Lab) (*Doors, error) { return nil, errNamespace }
