package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionArgs are the flags of `vtylab version`: none.
type versionArgs struct{}

// Run prints the version that the go command stamped into the program, and what
// it was built with.
func (versionArgs) Run(w *surroundings) error {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = cmp.Or(info.Main.Version, version)
	}
	_, err := fmt.Fprintf(w.stdout, "vtylab %s, %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
