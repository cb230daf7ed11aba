package lab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
)

// One socket leads to all devices of a fleet, each at an address of its own.
func TestOneSocketForAll(t *testing.T) {
	port := freePorts(t, 1)
	doors, err := OpenAddresses(port)
	if err != nil {
		t.Fatal(err)
	}
	defer doors.Close()
	l := up(t, fmt.Sprintf("name: x\ntopology:\n  nodes:\n    r{i}:\n      kind: iosxe-17.15\n      count: 300\n      config: |%s\n", visible), Options{})
	doors.Serve(l, logrus.New())
	for _, i := range []int{0, 254, 255, 299} {
		addr := doors.Address(i).String()
		want := fmt.Sprintf("hostname r%d\n", i+1)
		if out := strings.ReplaceAll(runs(t, addr, "show running-config | include hostname"), "\r", ""); !strings.Contains(out, want) {
			t.Errorf("at %s there is %q, want %q", addr, out, want)
		}
	}
	if conn, err := dialRaw(doors.Address(300).String()); err == nil {
		if n, err := conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("an address without a device sends %d bytes", n)
		}
		conn.Close()
	}
}
