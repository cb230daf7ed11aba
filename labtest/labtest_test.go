package labtest_test

import (
	"strings"
	"testing"

	"go.uber.org/goleak"
	xssh "golang.org/x/crypto/ssh"

	"vtylab/labtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const topology = `
name: test
topology:
  defaults:
    kind: iosxe-17.15
    config: |
      username admin privilege 15 password 0 cisco
      line vty 0 4
       login local
       transport input ssh
  nodes:
    r1: {config: "interface Ethernet0/1\n ip address 10.0.0.1 255.255.255.0\n no shutdown"}
    r2: {config: "interface Ethernet0/1\n ip address 10.0.0.2 255.255.255.0\n no shutdown"}
  links:
    - endpoints: ["r1:eth1", "r2:eth1"]
`

// A test configures a device at its console, asks it over SSH, and goes on from it to
// the next.
func TestLab(t *testing.T) {
	l := labtest.Up(t, topology)
	if out := l.Run("r1", "configure terminal", "hostname EDGE", "end", "show running-config | include hostname"); !strings.Contains(out, "\nhostname EDGE\n") {
		t.Errorf("shows\n%s", out)
	}
	client, err := xssh.Dial("tcp", l.Addr("r1"), &xssh.ClientConfig{User: "admin", Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := s.CombinedOutput("show users"); err != nil || !strings.Contains(string(out), "admin") {
		t.Errorf("%v, shows\n%s", err, out)
	}
	c := l.Console("r1")
	c.Type("ssh -l admin 10.0.0.2")
	if out := c.Type("cisco"); !strings.HasSuffix(out, "r2#") {
		t.Errorf("on r2: shows\n%s", out)
	}
	c.Type("exit")
	if l.Device("r2").Refused() != 0 {
		t.Error("r2 refused lines")
	}
}
