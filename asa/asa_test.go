package asa_test

import (
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"vtylab/asa"
	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
	"vtylab/syslog"
)

const startup = `
hostname fw1
interface GigabitEthernet0/0
 nameif inside
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/1
 nameif outside
 shutdown
interface Management0/0
 management-only
 nameif management
 ip address 192.0.2.1 255.255.255.0
aaa authentication ssh console LOCAL
ssh 10.1.0.0 255.255.0.0 inside
ssh 192.0.2.100 255.255.255.255 management
ssh 2001:db8::/64 management
username cisco password cisco privilege 15
`

func system(t *testing.T, more string) *asa.System {
	t.Helper()
	d := devicetest.New(t, devicetest.Product(t, "asa-9.20"), startup+more)
	if report := d.BootReport(); report != "" {
		t.Fatalf("the start-up configuration is refused:\n%s", report)
	}
	return d.System.(*asa.System)
}

// An `ssh` line lets a network in on its own interface; everybody else is filtered.
func TestAdmits(t *testing.T) {
	s := system(t, "")
	for _, tt := range []struct {
		iface, from string
		admitted    bool
	}{
		{"inside", "10.1.2.3", true},
		{"inside", "::ffff:10.1.2.3", true},
		{"inside", "10.2.2.3", false},
		{"management", "10.1.2.3", false},
		{"outside", "10.1.2.3", false},
		{"", "10.1.2.3", false},
		{"management", "192.0.2.100", true},
		{"management", "192.0.2.101", false},
		{"management", "2001:db8::9", true},
		{"management", "2001:db8:1::9", false},
	} {
		f := network.Flow{Proto: network.TCP, Interface: tt.iface, Remote: netip.AddrPortFrom(netip.MustParseAddr(tt.from), 40000)}
		line, refused := s.Admits(device.SSH, f)
		switch {
		case tt.admitted && (refused != nil || line(nil) != nil):
			t.Errorf("%s on %q is refused: %v", tt.from, tt.iface, refused)
		case !tt.admitted && (refused == nil || refused.Outcome != network.Filtered):
			t.Errorf("%s on %q: %v, want filtered", tt.from, tt.iface, refused)
		}
	}
}

// On the network the interfaces are those with a name, and are found by it or by
// the hardware's.
func TestNetwork(t *testing.T) {
	settings := system(t, "").Settings().Network
	var all []string
	for i := range settings.Interfaces {
		all = append(all, strings.TrimSpace(i.Name+" "+i.Line))
	}
	want := []string{"inside interface GigabitEthernet0/0", "outside shutdown of GigabitEthernet0/1", "management interface Management0/0"}
	if d := cmp.Diff(want, all); d != "" {
		t.Errorf("interfaces (-want +got):\n%s", d)
	}
	for name, want := range map[string]string{"inside": "inside", "Management0/0": "management", "m 0/0": "management", "gi0/2": "", "Inside": "", "x": ""} {
		if i, ok := settings.Interface(name); i.Name != want || ok != (want != "") {
			t.Errorf("%q is %q, %v, want %q", name, i.Name, ok, want)
		}
	}
}

// What reaches port 22 passes the list of the interface it arrives on, also when no
// interface is named: then that is the management one.
func TestArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := network.NewHost(network.HostOptions{})
		d := devicetest.New(t, devicetest.Product(t, "asa-9.20"), startup+"crypto key generate rsa modulus 2048\n",
			func(o *device.Options) { o.Network = host })
		for _, tt := range []struct{ iface, from, outcome string }{
			{"inside", "10.1.0.9:1", ""},
			{"management", "10.1.0.9:2", "filtered"},
			{"", "192.0.2.100:3", ""},
			{"outside", "10.1.0.9:4", "filtered"},
			{"nowhere", "10.1.0.9:5", "filtered"},
		} {
			conn, err := host.Connect(tt.iface, netip.MustParseAddrPort(tt.from), netip.MustParseAddrPort("10.0.0.1:22"))
			outcome := ""
			if v, ok := err.(*network.Verdict); ok {
				outcome = v.Outcome.String()
			}
			if outcome != tt.outcome {
				t.Errorf("from %s on %q: %v, want %q", tt.from, tt.iface, err, tt.outcome)
			}
			if conn != nil {
				conn.Close()
			}
		}
		if last := d.Decisions.All(); len(last) == 0 || last[len(last)-1].String() != `refused 10.1.0.9: no ssh line for interface "nowhere"` {
			t.Errorf("decisions: %v", last)
		}
	})
}

// Without a key nothing listens; without the AAA line nobody logs in.
func TestSSHNeeds(t *testing.T) {
	s := system(t, "")
	if x := s.Settings().SSH; len(x.Ports) > 0 || x.Version != "" {
		t.Errorf("without a key SSH is %q on %v", x.Version, x.Ports)
	}
	if r := s.LoginRequest(nil, device.SSH); r.List.Line != "aaa authentication ssh console LOCAL" || len(r.List.Methods) != 1 {
		t.Errorf("login over SSH by %v", r.List)
	}
	bare := system(t, "no aaa authentication ssh console LOCAL\n")
	if r := bare.LoginRequest(nil, device.SSH); len(r.List.Methods) != 0 {
		t.Errorf("login over SSH by %v, want no method", r.List)
	}
}

// What happens at the SSH server is worded as an ASA does.
func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := devicetest.NewPort()
		d := devicetest.New(t, devicetest.Product(t, "asa-9.20"), strings.ReplaceAll(startup, "192.0.2.100", "10.0.0.9")+"crypto key generate rsa modulus 2048\n",
			func(o *device.Options) { o.Network = port.Host })
		d.Logs.Apply(syslog.Settings{On: true, Buffered: syslog.Destination{On: true, Level: syslog.Debugging}, BufferSize: 10000})
		if _, err := devicetest.LogIn(port, "cisco", "wrong"); err == nil {
			t.Error("a wrong password logs in")
		}
		term, err := devicetest.LogIn(port, "cisco", "cisco")
		if err != nil {
			t.Fatal(err)
		}
		rows, _ := term.Shown()
		term.Type("exit\r")
		term.Shown()
		term.Close()
		synctest.Wait()
		want := []string{
			"User cisco logged in to fw1",
			"Logins over the last 1 days: 1.  ",
			"Failed logins since the last login: 3.  Last failed login: 00:00:04 UTC Jan 1 2000 from 10.0.0.9",
			"Type help or '?' for a list of available commands.",
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("the login (-want +got):\n%s", diff)
		}
		refused := "%ASA-6-611102: User authentication failed: IP address: 10.0.0.9, Uname: cisco"
		want = []string{refused, refused, refused,
			`%ASA-6-605004: Login denied from 10.0.0.9/40000 to management:192.0.2.1/ssh for user "*****"`,
			`%ASA-6-315011: SSH session from 10.0.0.9 on interface management for user "*****" disconnected by SSH server, reason: "Internal error" (0x00)`,
			"%ASA-6-611101: User authentication succeeded: IP address: 10.0.0.9, Uname: cisco",
			`%ASA-6-605005: Login permitted from 10.0.0.9/40000 to management:192.0.2.1/ssh for user "cisco"`,
			"%ASA-5-611103: User logged out: Uname: cisco",
			`%ASA-6-315011: SSH session from 10.0.0.9 on interface management for user "cisco" terminated normally`,
		}
		var got []string
		for _, line := range d.Logs.Buffer().Lines() {
			if _, text, ok := strings.Cut(line, "%"); ok {
				got = append(got, "%"+text)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
	})
}

// The example is a configuration that an ASA takes whole.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../examples/asa.cfg")
	if err != nil {
		t.Fatal(err)
	}
	d := devicetest.New(t, devicetest.Product(t, "asa-9.20"), string(text))
	if report := d.BootReport(); report != "" {
		t.Errorf("refused:\n%s", report)
	}
	if pair, _ := d.System.SSHKeys(); pair == nil {
		t.Error("there is no key for SSH")
	}
}
