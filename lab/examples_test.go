package lab

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/sirupsen/logrus"

	"vtylab/aaa"
	"vtylab/device"
	"vtylab/network"
	"vtylab/tty"
)

// Every example comes up: nothing of it is ignored, no line is refused, and the operator
// hears nothing.
func TestExamples(t *testing.T) {
	all, err := filepath.Glob("../examples/*lab.y*ml")
	if err != nil || len(all) == 0 {
		t.Fatal("no examples: ", err)
	}
	for _, path := range all {
		t.Run(filepath.Base(path), func(t *testing.T) {
			top, err := Load(path, LoadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			log := logrus.New()
			log.SetOutput(&said)
			l, err := Start(top, Options{Keys: testKeys, Log: log})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if l.Refused() > 0 || len(top.Ignored) > 0 || said.Len() > 0 {
				t.Errorf("%d lines refused, ignored %q, said\n%s", l.Refused(), top.Ignored, said.String())
			}
		})
	}
}

// In the example with two routers the first reaches the host behind the second, and the
// host the loopback of the first.
func TestTwoRouters(t *testing.T) {
	top, err := Load("../examples/two-routers.clab.yml", LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := Start(top, Options{Keys: testKeys})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for from, to := range map[string]string{"r1": "10.0.2.10", "pc": "192.0.2.1", "r2": "192.0.2.1"} {
		if v := walk(l, from, to); v.Outcome != network.Delivered {
			t.Errorf("from %s to %s: %v", from, to, v)
		}
	}
}

// The configurations of Cisco's documents let their users in, over SSH and as the servers of
// their labs say.
func TestSeeds(t *testing.T) {
	for _, name := range []string{"7200", "7500", "12000", "scp"} {
		t.Run(name, func(t *testing.T) {
			top, err := Load("../examples/seed-"+name+".lab.yaml", LoadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			l, err := Start(top, Options{Keys: testKeys})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			d := l.Devices[0].Device
			for password, want := range map[string]aaa.Result{"lab": aaa.Pass, "wrong": aaa.Fail} {
				line := d.FindLine(tty.VTY, 0)
				r := d.System.LoginRequest(line, device.SSH)
				r.User, r.Named, r.Password, r.Typed = "lab", true, password, true
				if v := d.AAA.Authenticate(t.Context(), r, nil); v.Result != want || v.Server == "" {
					t.Errorf("with password %s: %v by %s of server %q, want %v by a server", password, v.Result, v.Method, v.Server, want)
				}
			}
		})
	}
}
