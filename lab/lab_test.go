package lab

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	"go.uber.org/goleak"
	xssh "golang.org/x/crypto/ssh"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
	"vtylab/keyring"
	"vtylab/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testKeys gives all devices the key pair of the tests.
func testKeys(_, label string) (*keyring.Pair, error) {
	pair, err := devicetest.HostKey()
	if err != nil {
		return nil, err
	}
	own := *pair
	own.Label = label
	return &own, nil
}

// up runs a topology until the test is over.
func up(t testing.TB, text string, o Options) *Lab {
	t.Helper()
	top, err := Parse("lab.yml", text, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o.Keys = testKeys
	l, err := Start(top, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// visible is the part of a configuration that lets admin/cisco in.
const visible = `
        ip domain name lab.example
        no logging console
        username admin privilege 15 password 0 cisco
        aaa new-model
        aaa authentication login default local
        aaa authentication login console none
        aaa authorization exec default local
        ip ssh version 2
        line con 0
         privilege level 15
         login authentication console
        line vty 0 4
         transport input ssh
`

// routers are three in a row, a host at the end and a segment with two of them.
const routers = `
name: row
topology:
  defaults:
    kind: iosxe-17.15
  kinds:
    iosxe-17.15:
      config: |` + visible + `
  nodes:
    r1:
      config: |
        interface Ethernet0/1
         ip address 10.0.12.1 255.255.255.0
         no shutdown
        ip route 0.0.0.0 0.0.0.0 10.0.12.2
    r2:
      config: |
        interface Ethernet0/1
         ip address 10.0.12.2 255.255.255.0
         no shutdown
        interface Ethernet0/2
         ip address 10.0.23.2 255.255.255.0
         no shutdown
    pc: {kind: host, address: 10.0.23.9/24, gateway: 10.0.23.2}
    lan: {kind: bridge}
  links:
    - endpoints: ["r1:eth1", "r2:eth1"]
    - endpoints: ["r2:e0/2", "lan:p1"]
    - endpoints: ["pc:eth1", "lan:p2"]
`

// typed runs commands at the console of a device.
func typed(t *testing.T, d *device.Device, commands ...string) string {
	t.Helper()
	var out bytes.Buffer
	err := d.Console(t.Context(), paper{strings.NewReader(strings.Join(commands, "\n") + "\n"), &out}, device.ConsoleOptions{Scripted: true})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "\r", "")
}

// paper is a console that is a script.
type paper struct {
	io.Reader
	io.Writer
}

func (paper) Hangup() {}

// walk is what becomes of a packet between two addresses.
func walk(l *Lab, from, to string) network.Verdict {
	return l.Node(from).Net.Walk(network.Packet{Flow: network.Flow{Proto: network.ICMP, Remote: netip.AddrPortFrom(netip.MustParseAddr(to), 0)}})
}

// What a topology connects, devices reach: through a bridge, over a router, and a host
// answers the way back by its gateway.
func TestPackets(t *testing.T) {
	l := up(t, routers, Options{})
	for _, tt := range []struct {
		from, to string
		want     network.Outcome
	}{
		{"r1", "10.0.12.2", network.Delivered},
		{"r1", "10.0.23.9", network.Delivered},
		{"pc", "10.0.12.1", network.Delivered},
		{"r1", "10.0.23.8", network.NoARP},
		{"r2", "192.0.2.1", network.NoRoute},
	} {
		if v := walk(l, tt.from, tt.to); v.Outcome != tt.want {
			t.Errorf("from %s to %s: %v, want %v", tt.from, tt.to, v, tt.want)
		}
	}
	if got := l.Node("r1").Address(); got != netip.MustParseAddr("10.0.12.1") {
		t.Errorf("r1 is at %s", got)
	}
	if l.Refused() != 0 {
		t.Errorf("%d lines refused", l.Refused())
	}
}

// A device logs in to another one.
func TestDeviceToDevice(t *testing.T) {
	l := up(t, routers, Options{})
	in, keys := io.Pipe()
	d := foreign.NewDialogue(t, "console of r1", keys)
	done := make(chan error, 1)
	go func() {
		done <- l.Node("r1").Device.Console(t.Context(), paper{in, d}, device.ConsoleOptions{Scripted: true})
	}()
	d.See("r1#")
	d.Say("ssh -l admin 10.0.12.2\r")
	d.See("Password: ")
	d.Say("cisco\r")
	d.See("r2#")
	d.Say("show users\r")
	d.See("admin      idle                 00:00:00 10.0.12.1")
	d.Say("exit\r")
	d.See("r1#")
	keys.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// logIn is a login with a client of others.
func logIn(t testing.TB, addr string) *xssh.Client {
	t.Helper()
	c, err := xssh.Dial("tcp", addr, &xssh.ClientConfig{User: "admin", Auth: []xssh.AuthMethod{xssh.Password("cisco")},
		HostKeyCallback: xssh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second})
	if err != nil {
		t.Fatalf("%s: %v", addr, err)
	}
	return c
}

func runs(t testing.TB, addr, command string) string {
	t.Helper()
	c := logIn(t, addr)
	defer c.Close()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.CombinedOutput(command)
	if err != nil {
		t.Fatalf("%s: %v: %s", addr, err, out)
	}
	return string(out)
}

// freePorts is the first of some free ports in a row.
func freePorts(t testing.TB, n int) int {
	t.Helper()
	for base := 42000; base < 60000; base += 100 {
		d, err := OpenPorts(n, base)
		if err == nil {
			d.Close()
			return base
		}
	}
	t.Fatal("no free ports")
	return 0
}

// Each device has a port of the host, in the order of the file; a host has none.
func TestPorts(t *testing.T) {
	base := freePorts(t, 3)
	doors, err := OpenPorts(2, base)
	if err != nil {
		t.Fatal(err)
	}
	l := up(t, routers, Options{})
	doors.Serve(l, logrus.New())
	defer doors.Close()
	for i, name := range []string{"r1", "r2"} {
		addr := doors.Address(i).String()
		if want := fmt.Sprintf("127.0.0.1:%d", base+i); addr != want {
			t.Errorf("%s is at %s, want %s", name, addr, want)
		}
		if out := runs(t, addr, "show running-config | include hostname"); !strings.Contains(out, "hostname "+name) {
			t.Errorf("at %s there is %q, want %s", addr, out, name)
		}
	}
	if _, err := OpenPorts(2, base-1); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("port %d: ", base)) {
		t.Errorf("a busy port: %v", err)
	}
	if _, err := OpenPorts(2, 65535); err == nil || err.Error() != "65535: want ports from 1 to 65535 for 2 devices" {
		t.Errorf("too high a port: %v", err)
	}
}

// The addresses of many devices count in 127.0.0.0/8.
func TestLoopbackAddresses(t *testing.T) {
	for i, want := range map[int]string{0: "127.1.0.1", 254: "127.1.0.255", 255: "127.1.1.0", 9999: "127.1.39.16", 99999: "127.2.134.160"} {
		a := LoopbackAddress(i)
		if back, ok := loopbackNumber(a); a.String() != want || !ok || back != i {
			t.Errorf("device %d is at %s, want %s; and back %d", i, a, want, back)
		}
	}
	for _, a := range []string{"127.0.0.1", "127.1.0.0", "::1", "10.0.0.1"} {
		if i, ok := loopbackNumber(netip.MustParseAddr(a)); ok && i < 1<<20 && a != "10.0.0.1" {
			t.Errorf("%s is device %d", a, i)
		}
	}
}

// State is kept by node. What a device has saved comes before the topology's
// configuration, unless that is enforced; so does its key pair stay.
func TestState(t *testing.T) {
	dir := t.TempDir()
	boot := func(more string) (string, *keyring.Pair) {
		top, err := Parse("lab.yml", "name: x\ntopology:\n  nodes:\n    a:\n      kind: ios-15.5\n      config: banner exec ^first^\n"+more, LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := Start(top, Options{StateDir: dir, Keys: OwnKeys})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		config := l.Node("a").Device.RunningConfig(false)
		typed(t, l.Node("a").Device, "enable", "configure terminal", "banner exec ^second^", "end", "write memory")
		return config, l.Node("a").Device.Keys.All()[0]
	}
	first, key := boot("")
	second, same := boot("")
	third, _ := boot("      enforce-startup-config: true\n")
	for i, got := range []string{first, second, third} {
		if want := []string{"first", "second", "first"}[i]; !strings.Contains(got, want) {
			t.Errorf("boot %d: no %s in\n%s", i+1, want, got)
		}
	}
	if !bytes.Equal(key.Public(), same.Public()) {
		t.Error("the second boot has another key")
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "nvram", "startup-config")); err != nil {
		t.Error(err)
	}
}

// What devices refuse of their configurations goes to the operator, one line each, with
// its place in the topology file or in the file beside it, and the device. So does a link
// to an interface that is not there.
func TestRefusedLines(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lab.yml")
	for name, text := range map[string]string{"r2.cfg": "hostname B\r\nno such line\r\n", "lab.yml": `name: x
topology:
  kinds:
    ios-15.5:
      config: &all |

        no line 7
        interface GigabitEthernet0/1
         no line 9
        banner motd #
        no line
        #
  nodes:
    r1: {kind: ios-15.5, config: "hostname A\nno such line\n"}
    r2:
      kind: ios-15.5
      startup-config: r2.cfg
      config: >
        no line

        no line
    asa:
      kind: asa-9.20
      config: *all
    "n{i}":
      count: 2
      kind: iosxe-17.15
      config: |2
          interface Ethernet0/{i}
           no line 29
          enable secret 5 abc
  links:
    - endpoints: ["r1:Gi0/3", "r2:Etherplug9/9"]
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	top, err := Load(file, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log := logrus.New()
	log.SetOutput(&said)
	log.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true, DisableQuote: true})
	l, err := Start(top, Options{Log: log, Keys: testKeys})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := strings.Split(strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(said.String(), dir+"/", ""), "level=warning msg=", "")), "\n")
	slices.Sort(got)
	want := []string{
		`lab.yml:10:9: line refused: "banner motd #" device=asa`,
		`lab.yml:11:9: line refused: "no line" device=asa`,
		`lab.yml:12:9: line refused: "#" device=asa`,
		`lab.yml:14:34: line refused: "no such line" device=r1`,
		`lab.yml:18:15: line refused: "no line" device=r2`,
		`lab.yml:18:15: line refused: "no line" device=r2`,
		`lab.yml:30:12: line refused: "   no line 29" device=n1`,
		`lab.yml:30:12: line refused: "   no line 29" device=n2`,
		`lab.yml:31:11: line refused: "  enable secret *" device=n1 error=ERROR: The secret *`,
		`lab.yml:31:11: line refused: "  enable secret *" device=n2 error=ERROR: The secret *`,
		`lab.yml:33:31: link to Etherplug9/9: the device has no such interface device=r2`,
		`lab.yml:7:9: line refused: "no line 7" device=asa`,
		`lab.yml:7:9: line refused: "no line 7" device=r1`,
		`lab.yml:7:9: line refused: "no line 7" device=r2`,
		`lab.yml:9:10: line refused: " no line 9" device=asa`,
		`lab.yml:9:10: line refused: " no line 9" device=r1`,
		`lab.yml:9:10: line refused: " no line 9" device=r2`,
		`r2.cfg:2: line refused: "no such line" device=r2`,
	}
	if diff := cmp.Diff(want, got); diff != "" || l.Refused() != len(want)-1 {
		t.Errorf("%d lines refused, want %d; said (-want +got):\n%s", l.Refused(), len(want)-1, diff)
	}
}

// Addresses that no node has are behind the uplink only where the lab says so, and a
// device's loopback is its own.
func TestUplink(t *testing.T) {
	asked := ""
	dial := func(_ context.Context, proto, address string) (net.Conn, error) {
		asked = proto + " " + address
		a, b := net.Pipe()
		b.Close()
		return a, nil
	}
	for _, tt := range []struct {
		uplink network.Uplink
		to     string
		want   string
	}{
		{network.UplinkNone, "192.0.2.1:22", ""},
		{network.UplinkNone, "127.0.0.1:22", ""},
		{network.UplinkAny, "192.0.2.1:22", "tcp 192.0.2.1:22"},
		{network.UplinkAny, "127.0.0.1:22", ""},
		{network.UplinkLoopback, "127.0.0.1:22", "tcp 127.0.0.1:22"},
		{network.UplinkLoopback, "192.0.2.1:22", ""},
	} {
		asked = ""
		l := up(t, routers, Options{Uplink: tt.uplink, Dial: dial})
		conn, err := l.Node("r2").Net.Dial(t.Context(), network.Path{Proto: network.TCP, To: netip.MustParseAddrPort(tt.to)})
		if err == nil {
			conn.Close()
		}
		if asked != tt.want {
			t.Errorf("uplink %s, to %s: dials %q (%v), want %q", tt.uplink, tt.to, asked, err, tt.want)
		}
	}
}

// The files for other programs are replaced when they are ours, and only then.
func TestWriteFiles(t *testing.T) {
	top, err := Parse("lab.yml", "name: x\ntopology:\n  nodes:\n    r1: {kind: ios-15.5, credentials: {username: admin, password: 'a \"b {{ 1 }}'}}\n    pc: {kind: host}\n    fw: {kind: asa-9.20}\n", LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	base := freePorts(t, 2)
	d, err := OpenPorts(2, base)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	dir := filepath.Join(t.TempDir(), "new")
	for range 2 {
		if err := d.WriteFiles(dir, top); err != nil {
			t.Fatal(err)
		}
	}
	text := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	devicetest.WantLines(t, text(SSHConfig), marker, "Host r1\n    HostName 127.0.0.1\n", fmt.Sprintf("    Port %d\n    User admin\n", base), "Host fw\n", fmt.Sprintf("Port %d\n", base+1), "Host *\n")
	devicetest.WantLines(t, text(Inventory), marker, "    ios:\n", "ansible_network_os: cisco.ios.ios\n", "        \"r1\":\n", fmt.Sprintf("ansible_port: %d\n", base),
		`ansible_user: !unsafe "admin"`, `ansible_password: !unsafe "a \"b {{ 1 }}"`, "    asa:\n", "cisco.asa.asa", "        \"fw\":\n")
	path := filepath.Join(dir, Inventory)
	if err := os.WriteFile(path, []byte("all: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = d.WriteFiles(dir, top)
	if want := path + ": there is such a file that vtylab did not write, want another directory"; err == nil || err.Error() != want {
		t.Errorf("a file of others: %v, want %s", err, want)
	}
	if got := text(Inventory); got != "all: mine\n" {
		t.Errorf("it is now %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("%d files are left", len(left))
	}
}

func dialRaw(addr string) (net.Conn, error) { return net.DialTimeout("tcp", addr, 20*time.Second) }

// A link to an interface that a device does not have is a warning, one line each; short
// names and interfaces that the configuration makes are there.
func TestLinksToNowhere(t *testing.T) {
	var said bytes.Buffer
	log := logrus.New()
	log.SetOutput(&said)
	log.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true})
	up(t, `
name: x
topology:
  nodes:
    r1: {kind: iosxe-17.15, config: "interface Ethernet0/1.10\n encapsulation dot1Q 10"}
    fw: {kind: asa-9.20}
    pc: {kind: host}
  links:
    - endpoints: ["r1:e0/1", "pc:eth1"]
    - endpoints: ["r1:Etherplug9/9", "fw:GigabitEthernet0/0"]
`, Options{Log: log})
	want := `level=warning msg="lab.yml:10:19: link to Etherplug9/9: the device has no such interface" device=r1` + "\n"
	if said.String() != want {
		t.Errorf("says %s, want %s", said.String(), want)
	}
}

// Ports that a link names are there, also where the chassis lacks them: shut, unless the
// start-up configuration says otherwise.
func TestLinksMakePorts(t *testing.T) {
	var said bytes.Buffer
	log := logrus.New()
	log.SetOutput(&said)
	l := up(t, `
name: x
topology:
  nodes:
    r1: {kind: cisco_c8000v}
    r2: {kind: cisco_vios, config: "interface GigabitEthernet0/7\n ip address 10.0.0.2 255.255.255.0"}
    s1: {kind: cisco_cat9kv}
  links:
    - endpoints: ["r1:eth1", "r2:eth7"]
    - endpoints: ["r1:eth9", "s1:eth24"]
`, Options{Log: log})
	r1 := l.Node("r1").Device
	out := typed(t, r1, "enable", "configure terminal", "interface GigabitEthernet2", "ip address 10.0.0.1 255.255.255.0", "no shutdown", "end",
		"ping 10.0.0.2", "show ip interface brief | include 2 |10 ")
	for _, want := range []string{"Success rate is 80 percent", "GigabitEthernet2       10.0.0.1        YES manual up                    up", "GigabitEthernet10      unassigned      YES unset  administratively down down"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if out := typed(t, l.Node("s1").Device, "enable", "show running-config interface GigabitEthernet1/0/24"); !strings.Contains(out, " shutdown") {
		t.Errorf("the switch shows\n%s", out)
	}
	if said.Len() > 0 {
		t.Errorf("says %s", said.String())
	}
}

// A device that boots again still has a host key.
func TestReloadKeepsAKey(t *testing.T) {
	l := up(t, routers, Options{})
	d := l.Node("r1").Device
	label := d.Keys.All()[0].Label
	if label != "r1.lab.example" {
		t.Errorf("the key is called %q", label)
	}
	typed(t, d, "enable", "write memory", "reload", "")
	if all := d.Keys.All(); len(all) != 1 || all[0].Label != label {
		t.Errorf("after a reload there are %v", all)
	}
}

// A host keeps its first packet to a neighbour until it has the address; a router drops it.
func TestHostQueues(t *testing.T) {
	for from, lost := range map[string]bool{"pc": false, "r2": true} {
		l := up(t, routers, Options{})
		to := map[string]string{"pc": "10.0.23.2", "r2": "10.0.23.9"}[from]
		if v := walk(l, from, to); v.Resolving != lost {
			t.Errorf("the first packet of %s to its neighbour: lost %t, want %t", from, v.Resolving, lost)
		}
	}
}
