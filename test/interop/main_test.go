package interop

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more tests run side by side than there are processors: those
// with foreign clients mostly wait, for a process to start or for the two
// seconds that a device takes to refuse a password.
func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		flag.Set("test.parallel", "8")
	}
	os.Exit(m.Run())
}
