package ios_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gosnmp/gosnmp"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
	"vtylab/ssh/ssh2"
)

// station is a PC at 10.0.0.2 beside a router at 10.0.0.1, in a bubble of
// testing/synctest. It keeps the notifications that it gets.
type station struct {
	t      *testing.T
	fabric *network.Fabric
	node   *network.Node
	router *device.Device
	got    []*gosnmp.SnmpPacket
	answer func(*gosnmp.SnmpPacket) *gosnmp.SnmpPacket // to an inform; nil gives none
}

const stationRouter = `interface GigabitEthernet0/0
 no vrf forwarding
 ip address 10.0.0.1 255.255.255.0
 no shutdown
`

// beside boots a router with more configuration than devicetest.Usual and puts a
// station beside it.
func beside(t *testing.T, release, more string, f func(s *station)) {
	t.Helper()
	product := devicetest.Product(t, release)
	key, err := devicetest.HostKey()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		fabric := network.NewFabric(network.FabricOptions{})
		r1, _ := fabric.Add("R1")
		pc, _ := fabric.Add("PC")
		link := fabric.Segment("link")
		fabric.Connect(r1, "GigabitEthernet0/0", link)
		fabric.Connect(pc, "eth0", link)
		_ = pc.Apply(network.NewSettings("PC", []network.Interface{{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.2/24")}}}))
		s := &station{t: t, fabric: fabric, node: pc}
		l, err := pc.Receive(network.Port{Proto: network.UDP, Number: 162}, s.receive)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s.router = devicetest.New(t, product, devicetest.Usual+stationRouter+more, func(o *device.Options) { o.Network = r1 })
		s.router.AddKeys(key)
		time.Sleep(time.Second)
		s.router.Logs.Buffer().Clear()
		f(s)
	})
}

func (s *station) receive(d network.Datagram) {
	x := gosnmp.GoSNMP{Version: gosnmp.Version2c}
	p, err := x.SnmpDecodePacket(slices.Clone(d.Data))
	if err != nil {
		s.t.Errorf("%v: %s", err, hex.EncodeToString(d.Data))
		return
	}
	s.got = append(s.got, p)
	if s.answer == nil || !p.IsInform {
		return
	}
	if a := s.answer(p); a != nil {
		if data, err := a.MarshalMsg(); err == nil {
			_ = d.Reply(data)
		}
	}
}

// visit runs a command on the router over SSH, ten seconds after it has logged in.
func (s *station) visit() {
	s.t.Helper()
	conn, err := s.node.Dial(s.t.Context(), network.Path{Proto: network.TCP, To: netip.MustParseAddrPort("10.0.0.1:22")})
	if err != nil {
		s.t.Fatal(err)
	}
	c := ssh2.NewClient(conn, devicetest.ClientConfig("cisco", devicetest.Password("cisco")))
	defer c.Close()
	if err := c.Handshake(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	x, err := c.Open(s.t.Context())
	time.Sleep(10 * time.Second)
	if err == nil {
		err = x.Exec(s.t.Context(), "show clock")
	}
	if err != nil {
		s.t.Fatal(err)
	}
	x.CloseWrite()
	_, _ = io.ReadAll(x)
}

// debugged is what the router has logged of SNMP.
func (s *station) debugged() (lines []string) {
	snmp := false
	for l := range strings.SplitSeq(strings.Join(s.router.Logs.Buffer().Lines(), "\n"), "\n") {
		l = strings.TrimRight(l, "\r")
		if !strings.HasPrefix(l, " ") {
			snmp = strings.Contains(l, " SNMP: ")
		}
		if snmp {
			lines = append(lines, l)
		}
	}
	return lines
}

// The seed's two lines are enough on 3.xSE, and `debug snmp packet` prints what its
// sample shows, with the blanks that the guide has lost (aaa-snmp D4).
func TestSeedTrap(t *testing.T) {
	beside(t, "iosxe-3se", "logging buffered 100000\nservice timestamps debug datetime msec\nsnmp-server\nsnmp-server host 10.0.0.2 public tty\n", func(s *station) {
		s.router.Debug.Set("snmp packet", true)
		s.visit()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(s.got) != 1 {
			s.t.Fatalf("%d notifications, want 1; the log is\n%s\n%+v", len(s.got), strings.Join(s.router.Logs.Buffer().Lines(), "\n"), s.router.SNMP.Settings())
		}
		p := s.got[0]
		if p.Version != gosnmp.Version1 || p.Community != "public" || p.AgentAddress != "10.0.0.1" || p.Enterprise != ".1.3.6.1.4.1.9" {
			t.Errorf("the trap is %+v", p)
		}
		value := func(i int) string { return fmt.Sprint(p.Variables[i].Value) }
		stamp := regexp.MustCompile(`^\*?\w+ +\d+ \d\d:\d\d:\d\d\.\d{3}: `)
		var got []string
		for _, l := range s.debugged() {
			got = append(got, stamp.ReplaceAllString(l, "*STAMP: "))
		}
		port := strings.TrimPrefix(p.Variables[1].Name, ".1.3.6.1.2.1.6.13.1.1.10.0.0.1.22.10.0.0.2.")
		want := []string{
			"*STAMP: SNMP: Queuing packet to 10.0.0.2",
			"*STAMP: SNMP: V1 Trap, ent cisco, addr 10.0.0.1, gentrap 6, spectrap 1 ",
			" local.9.3.1.1.2.1 = 6 ",
			" tcpConnEntry.1.10.0.0.1.22.10.0.0.2." + port + " = 4 ",
			" ltcpConnEntry.5.10.0.0.1.22.10.0.0.2." + port + " = " + value(2) + " ",
			" ltcpConnEntry.1.10.0.0.1.22.10.0.0.2." + port + " = " + value(3) + " ",
			" ltcpConnEntry.2.10.0.0.1.22.10.0.0.2." + port + " = " + value(4) + " ",
			" local.9.2.1.18.2 = cisco",
			"*STAMP: SNMP: Packet sent via UDP to 10.0.0.2",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("debug (-want +got):\n%s", d)
		}
		if p.Variables[2].Value != uint32(1000) {
			t.Errorf("the connection lasted %v hundredths of a second, want 1000", p.Variables[2].Value)
		}
		in, out := p.Variables[3].Value.(int), p.Variables[4].Value.(int)
		if in < 500 || out < 1000 {
			t.Errorf("%d octets in, %d out: the key exchange is not counted", in, out)
		}
	})
}

// Other releases want the type switched on; a host takes it when its types say so.
func TestTTYTrapNeedsItsType(t *testing.T) {
	for _, tt := range []struct {
		config string
		want   int
	}{
		{"snmp-server host 10.0.0.2 public tty\n", 0},
		{"snmp-server enable traps tty\nsnmp-server host 10.0.0.2 public\n", 1},
		{"snmp-server enable traps tty\nsnmp-server host 10.0.0.2 version 2c public\n", 1},
		{"snmp-server enable traps\nsnmp-server host 10.0.0.2 public config\n", 0},
		{"snmp-server enable traps tty\nsnmp-server host 10.0.0.2 a\nsnmp-server host 10.0.0.2 version 2c b\n", 2},
	} {
		beside(t, "ios-15.5", tt.config, func(s *station) {
			s.visit()
			time.Sleep(time.Minute)
			synctest.Wait()
			if len(s.got) != tt.want {
				t.Errorf("%q: %d notifications, want %d", tt.config, len(s.got), tt.want)
			}
		})
	}
}

// An inform without an answer is sent again, with the same request id.
func TestInforms(t *testing.T) {
	const config = "snmp-server enable traps tty\nsnmp-server host 10.0.0.2 informs version 2c public\n"
	beside(t, "ios-15.5", config, func(s *station) {
		s.visit()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if len(s.got) != 4 || s.got[0].RequestID != s.got[3].RequestID {
			t.Errorf("an inform without an answer is sent %d times, want 4 with one id", len(s.got))
		}
	})
	beside(t, "ios-15.5", config, func(s *station) {
		s.answer = func(p *gosnmp.SnmpPacket) *gosnmp.SnmpPacket {
			return &gosnmp.SnmpPacket{Version: p.Version, Community: p.Community, PDUType: gosnmp.GetResponse, RequestID: p.RequestID, Variables: p.Variables}
		}
		s.visit()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if len(s.got) != 1 {
			t.Errorf("an inform with an answer is sent %d times", len(s.got))
		}
	})
}

// What happens on the device becomes the notifications of aaa-snmp D2.
func TestOtherTraps(t *testing.T) {
	const config = "interface Loopback1\n ip address 10.1.1.1 255.255.255.255\ninterface Loopback2\n no snmp trap link-status\nsnmp-server enable traps\nsnmp-server host 10.0.0.2 version 2c public\n"
	beside(t, "ios-15.5", config, func(s *station) {
		s.typed("configure terminal", "interface Loopback1", "shutdown", "interface Loopback2", "shutdown", "end")
		time.Sleep(time.Minute)
		synctest.Wait()
		var got []string
		for _, p := range s.got {
			line := fmt.Sprint(p.Variables[1].Value)
			for _, v := range p.Variables[2:] {
				if b, ok := v.Value.([]byte); ok {
					v.Value = string(b)
				}
				line += fmt.Sprintf(" %s=%v", strings.TrimPrefix(v.Name, ".1.3.6.1."), v.Value)
			}
			got = append(got, line)
		}
		want := []string{
			".1.3.6.1.6.3.1.1.5.1 2.1.1.3.0=0 4.1.9.2.1.2.0=power-on",
			".1.3.6.1.6.3.1.1.5.3 2.1.2.2.1.1.5=5 2.1.2.2.1.2.5=Loopback1 2.1.2.2.1.3.5=24 4.1.9.2.2.1.1.20.5=administratively down",
			".1.3.6.1.4.1.9.9.43.2.0.1 4.1.9.9.43.1.1.6.1.3.1=1 4.1.9.9.43.1.1.6.1.4.1=2 4.1.9.9.43.1.1.6.1.5.1=3",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("notifications (-want +got):\n%s", d)
		}
	})
}

// typed types lines at the console.
func (s *station) typed(lines ...string) {
	term := devicetest.Attach(s.router)
	defer term.Close()
	term.Type(strings.Join(lines, "\r") + "\r")
	synctest.Wait()
}

// Users with passwords are not shown, and are there again after a reload, with localized
// keys; snmpEngineBoots counts it.
func TestSNMPUsersSurviveAReload(t *testing.T) {
	dir := t.TempDir()
	p, startup := devicetest.Product(t, "ios-15.5"), "hostname R1\nsnmp-server group ops v3 priv\nsnmp-server user lab ops v3 auth sha secret12 priv aes 128 secret12\n"
	for boot := 1; boot <= 3; boot++ {
		o := device.Options{StateDir: dir}
		if boot == 1 {
			o.Startup = &startup
		}
		d, err := device.New(p, o)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(d.RunningConfig(true), "secret12") || strings.Contains(d.RunningConfig(false), "snmp-server user") {
			t.Errorf("boot %d: the user is shown", boot)
		}
		u, known := d.SNMP.Settings().User("lab", netip.Addr{})
		if !known || u.Localized != (boot > 1) || u.Priv != "aes128" {
			t.Errorf("boot %d: the user is %+v", boot, u)
		}
		if n := d.SNMP.Boots(); n != boot {
			t.Errorf("boot %d: snmpEngineBoots is %d", boot, n)
		}
		if _, err := d.Run(t.Context(), "write memory"); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "nvram", "*", "*"))
		more, _ := filepath.Glob(filepath.Join(dir, "nvram", "*"))
		for _, f := range append(files, more...) {
			if data, err := os.ReadFile(f); err == nil && strings.Contains(string(data), "secret12") {
				t.Errorf("boot %d: the password is in %s", boot, f)
			}
		}
		d.Close()
	}
}

// request sends a request from the station to the router's agent, and returns the answer.
func (s *station) request(kind gosnmp.PDUType, community string, vars ...gosnmp.SnmpPDU) *gosnmp.SnmpPacket {
	s.t.Helper()
	conn, err := s.node.Dial(s.t.Context(), network.Path{Proto: network.UDP, To: netip.MustParseAddrPort("10.0.0.1:161")})
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	asked := gosnmp.SnmpPacket{Version: gosnmp.Version2c, Community: community, PDUType: kind, RequestID: 9, Variables: vars}
	data, err := asked.MarshalMsg()
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = conn.Write(data)
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	buffer := make([]byte, 2048)
	n, err := conn.Read(buffer)
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := (&gosnmp.GoSNMP{Version: gosnmp.Version2c}).SnmpDecodePacket(buffer[:n])
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// A row of ccCopyTable copies the configuration over SCP to another router, and says how
// that went; who may only read cannot, and nobody reads the password.
func TestConfigCopy(t *testing.T) {
	const row, n = ".1.3.6.1.4.1.9.9.96.1.1.1.1.", ".7"
	number := func(column string, v int) gosnmp.SnmpPDU {
		return gosnmp.SnmpPDU{Name: row + column + n, Type: gosnmp.Integer, Value: v}
	}
	text := func(column, v string) gosnmp.SnmpPDU {
		return gosnmp.SnmpPDU{Name: row + column + n, Type: gosnmp.OctetString, Value: v}
	}
	beside(t, "ios-15.5", "snmp-server community public RO\nsnmp-server community private RW\n", func(s *station) {
		r2, _ := s.fabric.Add("R2")
		s.fabric.Connect(r2, "GigabitEthernet0/0", s.fabric.Segment("link"))
		other := devicetest.New(s.t, devicetest.Product(s.t, "ios-15.5"), devicetest.Usual+strings.Replace(stationRouter, "10.0.0.1", "10.0.0.3", 1), func(o *device.Options) { o.Network = r2 })
		key, _ := devicetest.HostKey()
		other.AddKeys(key)
		copies := []gosnmp.SnmpPDU{number("2", 4), number("3", 4), number("4", 1), {Name: row + "5" + n, Type: gosnmp.IPAddress, Value: "10.0.0.3"},
			text("6", "saved.cfg"), text("7", "cisco"), text("8", "cisco"), number("14", 4)}
		state := func() (got []any) {
			for _, v := range s.request(gosnmp.GetRequest, "public", number("10", 0), text("8", ""), number("13", 0)).Variables {
				got = append(got, v.Value)
			}
			return got
		}
		if p := s.request(gosnmp.SetRequest, "public", copies...); p.Error != gosnmp.NoAccess {
			s.t.Errorf("a community that may read sets: %v", p.Error)
		}
		if p := s.request(gosnmp.SetRequest, "private", copies...); p.Error != gosnmp.NoError {
			s.t.Fatalf("error %v at %d", p.Error, p.ErrorIndex)
		}
		time.Sleep(time.Minute)
		if got := state(); got[0] != 3 || string(got[1].([]byte)) != "" {
			s.t.Errorf("the copy's state, password and cause are %v, want 3 (successful)", got)
		}
		saved, err := other.Run(s.t.Context(), "more flash0:saved.cfg")
		if err != nil || !strings.Contains(saved, "hostname R1") {
			s.t.Errorf("the other router has %v %.200s", err, saved)
		}
		for _, tt := range []struct {
			vars []gosnmp.SnmpPDU
			want gosnmp.SNMPError
		}{
			{[]gosnmp.SnmpPDU{text("2", "scp")}, gosnmp.WrongType},
			{[]gosnmp.SnmpPDU{number("2", 9)}, gosnmp.WrongValue},
			{[]gosnmp.SnmpPDU{text("6", "a b")}, gosnmp.WrongValue},
			{[]gosnmp.SnmpPDU{number("10", 3)}, gosnmp.NotWritable},
			{[]gosnmp.SnmpPDU{number("4", 4), number("14", 1)}, gosnmp.InconsistentValue},
			{[]gosnmp.SnmpPDU{number("14", 6)}, gosnmp.NoError},
		} {
			if p := s.request(gosnmp.SetRequest, "private", tt.vars...); p.Error != tt.want {
				s.t.Errorf("%v: error %v, want %v", tt.vars, p.Error, tt.want)
			}
		}
		if got := state(); got[0] != nil {
			s.t.Errorf("a row that was destroyed has state %v", got[0])
		}
		copies[3].Value = "10.0.0.77"
		s.request(gosnmp.SetRequest, "private", copies...)
		time.Sleep(5 * time.Minute)
		if got := state(); got[0] != 4 || got[2] == nil {
			s.t.Errorf("a copy to nobody has state and cause %v, want 4 (failed)", got)
		}
	})
}

// CISCO-SECURE-SHELL-MIB is there for a view that names it.
func TestSecureShellMIB(t *testing.T) {
	const config = "snmp-server community public RO\nsnmp-server view ssh 1.3.6.1.4.1.9.9.339 included\nsnmp-server community ssh view ssh RO\n"
	beside(t, "ios-15.5", config, func(s *station) {
		const activation, mode = ".1.3.6.1.4.1.9.9.339.1.1.1.0", ".1.3.6.1.4.1.9.9.339.1.1.4.0"
		vars := []gosnmp.SnmpPDU{{Name: activation, Type: gosnmp.Null}, {Name: mode, Type: gosnmp.Null}}
		if p := s.request(gosnmp.GetRequest, "public", vars...); p.Variables[0].Type != gosnmp.NoSuchObject {
			s.t.Errorf("without a view: %+v", p.Variables)
		}
		if p := s.request(gosnmp.GetRequest, "ssh", vars...); p.Variables[0].Value != 1 || string(p.Variables[1].Value.([]byte)) != "\x40" {
			s.t.Errorf("with a view: %+v", p.Variables)
		}
	})
}
