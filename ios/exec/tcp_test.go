package exec_test

import (
	"regexp"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
)

// A client that has connected to the SSH server is a TCP connection of the
// device's own port.
func TestShowTCP(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", "")
	conn := r.Dial()
	defer conn.Close()
	devicetest.Eventually(t, "the connection is there", func() bool { return r.Connections() == 1 })
	foreign := strings.Replace(conn.LocalAddr().String(), ":", ".", 1)
	want := `TCB       Local Address               Foreign Address             \(state\)\s+` +
		`[0-9A-F]{8}  127\.0\.0\.1\.22 {15}` + regexp.QuoteMeta(foreign) + ` +ESTAB\s+` +
		`[0-9A-F]{8}  \*\.22 {23}\*\.\* {25}LISTEN`
	if got := r.Console().Enter("show tcp brief all"); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
