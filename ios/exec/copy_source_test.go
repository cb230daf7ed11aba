package exec_test

import (
	"bufio"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/ifs"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

// twoWays is a router with an interface in the global routing table and one in VRF MGMT,
// a loopback in each; behind both is a host 10.0.0.9.
const twoWays = `
hostname R1
file prompt quiet
no logging console
vrf definition MGMT
 address-family ipv4
interface Loopback0
 ip address 1.1.1.1 255.255.255.255
interface Loopback1
 vrf forwarding MGMT
 ip address 2.2.2.2 255.255.255.255
interface Loopback2
 ip address 3.3.3.3 255.255.255.255
 shutdown
interface {0}
 ip address 10.0.0.1 255.255.255.0
 no shutdown
interface {1}
 vrf forwarding MGMT
 ip address 10.0.0.2 255.255.255.0
 no shutdown
line con 0
 privilege level 15
`

// visits are who came to the hosts: `global 10.0.0.1 to 21`.
type visits struct {
	mu  sync.Mutex
	all []string // guarded by mu
}

func (v *visits) add(host string, f network.Flow) {
	v.mu.Lock()
	defer v.mu.Unlock()
	came := host + " " + f.Remote.Addr().String()
	if !slices.Contains(v.all, came) {
		v.all = append(v.all, came)
	}
}

func (v *visits) take() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := strings.Join(v.all, ", ")
	v.all = nil
	return all
}

// host makes a host 10.0.0.9 that notes who comes. It speaks FTP as far as the connection for
// data, and refuses the rest.
func (v *visits) host(t *testing.T, f *network.Fabric, name string, wire *network.Segment, routes ...network.Route) {
	n, err := f.Add(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Connect(n, "eth0", wire)
	n.Apply(network.NewSettings(name, []network.Interface{{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.9/24")}}}, routes...))
	n.Receive(network.Port{Proto: network.UDP, Number: 69}, func(d network.Datagram) {
		v.add(name, d.Flow)
		d.Reply([]byte("\x00\x05\x00\x01no\x00"))
	})
	for _, port := range []uint16{21, 22, 80, 443, 2020} {
		n.Listen(network.Port{Proto: network.TCP, Number: port}, func(f network.Flow) (network.Handler, *network.Verdict) {
			v.add(name, f)
			if port == 21 {
				return speakFTP, nil
			}
			return nil, &network.Verdict{Outcome: network.Refused}
		})
	}
}

func speakFTP(c network.Conn) {
	answers := map[string]string{"USER": "331 password", "PASS": "230 in", "TYPE": "200 binary", "PASV": "227 (10,0,0,9,7,228)"}
	io.WriteString(c, "220 ready\r\n")
	for lines := bufio.NewScanner(c); lines.Scan(); {
		verb, _, _ := strings.Cut(lines.Text(), " ")
		answer := answers[verb]
		if answer == "" {
			answer = "500 what?"
		}
		io.WriteString(c, answer+"\r\n")
	}
}

// Each protocol of `copy` leaves by its source interface, and in the VRF of that. Without
// one it is the route of the global table that counts.
func TestCopySources(t *testing.T) {
	for _, x := range []struct {
		release string
		ports   [2]string
		// command is what has the source interface, by protocol.
		command map[string]string
	}{
		{"ios-15.5", [2]string{"GigabitEthernet0/0", "GigabitEthernet0/1"}, map[string]string{"scp": "ip ssh", "tftp": "ip tftp", "ftp": "ip ftp", "http": "ip http client", "https": "ip http client"}},
		{"iosxe-17.15", [2]string{"Ethernet0/0", "Ethernet0/1"}, map[string]string{"scp": "ip ssh", "sftp": "ip ssh", "tftp": "ip tftp", "ftp": "ip ftp", "http": "ip http client", "https": "ip http client"}},
	} {
		product := devicetest.Product(t, x.release)
		synctest.Test(t, func(t *testing.T) {
			fabric, came := network.NewFabric(network.FabricOptions{}), &visits{}
			via := func(to, next string) network.Route {
				return network.Route{To: netip.MustParsePrefix(to + "/32"), Via: netip.MustParseAddr(next)}
			}
			wires := [2]*network.Segment{fabric.Segment("global"), fabric.Segment("mgmt")}
			came.host(t, fabric, "global", wires[0], via("1.1.1.1", "10.0.0.1"), via("3.3.3.3", "10.0.0.1"))
			came.host(t, fabric, "mgmt", wires[1], via("2.2.2.2", "10.0.0.2"))
			node, err := fabric.Add("R1")
			if err != nil {
				t.Fatal(err)
			}
			for i, port := range x.ports {
				fabric.Connect(node, port, wires[i])
			}
			d := devicetest.New(t, product, strings.NewReplacer("{0}", x.ports[0], "{1}", x.ports[1]).Replace(twoWays), func(o *device.Options) { o.Network = node })
			run := func(line string) string {
				out, err := d.Run(t.Context(), line)
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				return out
			}
			for protocol, command := range x.command {
				for _, source := range []struct{ name, want string }{
					{"", "global 10.0.0.1"}, {"Loopback0", "global 1.1.1.1"}, {x.ports[0], "global 10.0.0.1"},
					{"Loopback1", "mgmt 2.2.2.2"}, {x.ports[1], "mgmt 10.0.0.2"}, {"Loopback2", ""},
				} {
					merge(t, d, command, source.name)
					for _, line := range []string{"copy " + protocol + "://u:p@10.0.0.9/x null:", "copy system:running-config " + protocol + "://u:p@10.0.0.9/x"} {
						out := run(line)
						if got := came.take(); got != source.want {
							t.Errorf("%s: %s source-interface %s: %s: %q came, not %q:\n%s", x.release, command, source.name, line, got, source.want, out)
						}
					}
					merge(t, d, "no "+command, "")
				}
			}
			time.Sleep(time.Minute)
		})
	}
}

// merge gives a command its source interface, or takes it away.
func merge(t *testing.T, d *device.Device, command, source string) {
	t.Helper()
	if source == "" && !strings.HasPrefix(command, "no ") {
		return
	}
	text := strings.TrimSpace(command+" source-interface "+source) + "\n"
	p, err := d.Files().ResolveWord("system:running-config", d.Files().Home())
	if err == nil {
		err = ifs.WriteFile(p.FS(), p.Name, []byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
}
