package exec_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
	"vtylab/tty"
)

// pair is two routers on a wire, 10.0.0.1 and 10.0.0.2, and a terminal at the console of
// the first.
type pair struct {
	t      *testing.T
	r1, r2 *device.Device
	term   *devicetest.Terminal
}

const wire = `
no logging console
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
 no shutdown
`

// between runs f with a pair in a bubble; both have more configuration.
func between(t *testing.T, first, second string, f func(p *pair)) {
	key, err := devicetest.HostKey()
	if err != nil {
		t.Fatal(err)
	}
	product := devicetest.Product(t, "ios-15.5")
	synctest.Test(t, func(t *testing.T) {
		fabric := network.NewFabric(network.FabricOptions{})
		segment := fabric.Segment("wire")
		boot := func(name, config string) *device.Device {
			node, err := fabric.Add(name)
			if err != nil {
				t.Fatal(err)
			}
			fabric.Connect(node, "GigabitEthernet0/0", segment)
			d := devicetest.New(t, product, "hostname "+name+config, func(o *device.Options) { o.Network = node })
			d.AddKeys(key)
			return d
		}
		p := &pair{t: t, r2: boot("R2", strings.Replace(wire, "0.1 ", "0.2 ", 1)+second), r1: boot("R1", wire+first)}
		p.term = devicetest.Attach(p.r1)
		p.term.Shown()
		f(p)
		p.term.Close()
	})
}

// types types keys and returns what is shown afterwards, once nothing happens for a
// second.
func (p *pair) types(keys string) string {
	p.term.Type(keys)
	var all []string
	for quiet := 0; quiet < 2; quiet++ {
		rows, prompt := p.term.Shown()
		if len(rows) > 0 || prompt != "" {
			quiet = 0
		}
		all = append(append(all, rows...), prompt)
		time.Sleep(500 * time.Millisecond)
	}
	return strings.TrimRight(strings.Join(all, "\n"), "\n")
}

// sees types keys and wants to see texts.
func (p *pair) sees(keys string, texts ...string) {
	p.t.Helper()
	said := p.types(keys)
	for _, text := range texts {
		if !strings.Contains(said, text) {
			p.t.Errorf("%q shows\n%s\nwithout %q", keys, said, text)
		}
	}
}

const terminalServer = `
username lab privilege 15 password lab
line aux 0
 login local
 rotary 2
 transport input telnet ssh
line vty 0 4
 login local
 rotary 3
 transport input telnet ssh
banner incoming #What is plugged in#
`

// Lines by their numbers and by their groups; the break of a line without an EXEC.
func TestTelnetLines(t *testing.T) {
	between(t, "", terminalServer, func(p *pair) {
		aux := p.r2.FindLine(tty.Auxiliary, 0)
		breaks := 0
		aux.OnBreak(func() { breaks++ })
		for _, port := range []string{"2001", "6001", "3002", "7002"} {
			p.sees("telnet 10.0.0.2 "+port+"\r", "Trying 10.0.0.2, "+port+" ... Open", "User Access Verification", "Username: ")
			p.sees("lab\rlab\r", "What is plugged in")
			if x := aux.Session(); x == nil || x.User != "lab" {
				t.Fatalf("port %s: nobody is on aux 0", port)
			}
			p.sees("show clock\r") // nobody answers
			p.types("\x1eb")
			p.sees("\x1ex", "R1>")
			p.sees("telnet 10.0.0.2 2001\r", "% Connection refused by remote host")
			p.sees("disconnect\r\r", "R1>")
			time.Sleep(10 * time.Second)
			if aux.Busy() {
				t.Fatalf("port %s: the line is not free", port)
			}
		}
		if breaks != 4 {
			t.Errorf("%d breaks reach the line, want 4", breaks)
		}
		p.sees("telnet 10.0.0.2 3003\r", "Username: ")
		p.sees("lab\rlab\r", "R2#")
		p.sees("exit\r", "closed by foreign host")
		p.sees("telnet 10.0.0.2 4002\r", "% Connection refused by remote host")
		p.sees("telnet 10.0.0.2 4001\r", "Open") // raw: what a client negotiates is typed
		p.sees("\x1ex", "R1>")
	})
}

// Reverse SSH: a line by its number, a free one of a group, and a port of its own.
func TestReverseSSH(t *testing.T) {
	between(t, "", terminalServer+"ip ssh port 2100 rotary 2 3\nip ssh break-string ~!b\n", func(p *pair) {
		aux := p.r2.FindLine(tty.Auxiliary, 0)
		breaks := 0
		aux.OnBreak(func() { breaks++ })
		for _, command := range []string{"ssh -l lab:1 10.0.0.2", "ssh -l lab:rotary2 10.0.0.2", "ssh -l lab:rotary 2 10.0.0.2", "ssh -l lab -p 2100 10.0.0.2"} {
			p.sees(command+"\r", "Password: ")
			p.sees("lab\r", "What is plugged in")
			if x := aux.Session(); x == nil || x.User != "lab" || p.r2.FindLine(tty.VTY, 0).Busy() {
				t.Fatalf("%s: nobody is on aux 0, or somebody on vty 0 too", command)
			}
			p.types("a~")
			p.types("!")
			p.types("b~!")
			p.types("x~!b")
			p.types("\x1eb")
			p.sees("\x1ex", "R1>")
			p.sees("disconnect\r\r", "R1>")
		}
		if breaks != 12 {
			t.Errorf("%d breaks reach the line, want 12", breaks)
		}
		p.sees("ssh -l lab -p 2101 10.0.0.2\r", "Password: ")
		p.sees("lab\r", "R2#")
		p.sees("exit\r", "closed by foreign host")
		p.sees("ssh -l lab:3 10.0.0.2\r", "Password: ")
		p.sees("lab\r", "R2#")
		p.sees("show users\r", "*  3 vty 1     lab")
		p.sees("exit\r", "closed by foreign host")
		for _, wrong := range []string{"lab:0", "lab:99", "lab:rotary9"} {
			p.sees("ssh -o numberofpasswordprompts 1 -l "+wrong+" 10.0.0.2\r", "Password: ")
			p.types("lab\rlab\r")
			time.Sleep(10 * time.Second) // a device takes its time to refuse
			p.sees("", "closed by foreign host")
		}
		p.sees("ssh -l lab:2 10.0.0.2\r", "Password: ")
		p.types("wrong\r")
		time.Sleep(10 * time.Second)
		p.sees("lab\r", "R2#")
	})
}

// What decides before a connection is made, and what is said of one that is not.
func TestTelnetRefusals(t *testing.T) {
	const more = `
ip host both 10.0.0.2 10.0.0.3
access-list 7 deny 10.0.0.3
access-list 7 permit any
line con 0
 privilege level 15
 access-class 7 out
`
	between(t, more, "line vty 0 4\n no login\n transport input telnet\nline vty 4\n access-class 8 in\naccess-list 8 deny any\n", func(p *pair) {
		p.sees("telnet 10.0.0.3\r", "% Connections to that host not permitted from this terminal")
		p.sees("telnet nowhere\r", "% Bad IP address or host name")
		p.sees("telnet both /ipv6\r", "% Bad IP address or host name")
		p.sees("both 23 /ipv4\r", "Trying both (10.0.0.2, 23)... Open", "R2>")
		p.sees("exit\r", "[Connection to both closed by foreign host]")
		p.sees("telnet 10.0.0.2 /vrf red\r", "% VRF red does not exist")
		p.sees("telnet 10.0.0.2 /source-interface Loopback0\r", "% Destination unreachable; gateway or host down")
		p.sees("telnet 10.0.0.2 /stream\r", "\xff\xfb\x01")
		p.sees("\x1ex", "R1#")
		p.sees("both nonsense\r", "% Unknown command")
		p.term.Type("telnet 10.0.0.9\r")
		p.term.Shown()
		p.sees("\x1e", "R1#") // broken off
		p.term.Type("telnet 10.0.0.9\r")
		time.Sleep(31 * time.Second)
		p.sees("", "% Connection timed out; remote host not responding")
		p.sees("configure terminal\rline con 0\rtransport output ssh\rend\rtelnet 10.0.0.2\r", "% telnet connections not permitted from this terminal")
		p.sees("configure terminal\rline con 0\rno access-class 7 out\rtransport output telnet\rend\rssh -l lab 10.0.0.2\r", "% ssh connections not permitted from this terminal")
		p.sees("configure terminal\rline con 0\rtransport output all\rtransport preferred ssh\rend\r10.0.0.2\r", "% No user specified")
	})
}

// A line that is idle at its prompt, and a user who is there too often.
func TestTelnetLimits(t *testing.T) {
	const more = `
username lab user-maxlinks 1 password lab
username once autocommand show privilege
username once password once
line vty 0 4
 login local
 exec-timeout 0 30
`
	between(t, "", more, func(p *pair) {
		p.sees("telnet 10.0.0.2\r", "Username: ")
		p.sees("lab\rlab\r", "R2>")
		p.sees("\x1ex", "R1>")
		p.sees("telnet 10.0.0.2\r", "Username: ")
		p.sees("lab\rlab\r", "% Login invalid")
		p.sees("once\ronce\r", "Current privilege level is 1", "closed by foreign host")
		time.Sleep(time.Minute)
		p.sees("\r", "[Connection to 10.0.0.2 closed by foreign host]")
		p.sees("telnet 10.0.0.2\r", "Username: ")
		p.sees("a\rb\rc\rd\re\rf\r", "% Login invalid", "closed by foreign host")
	})
}

// Which ports listen follows the configuration, line by line; one of `ip ssh port` is
// SSH's as long as it stands there.
func TestTelnetPorts(t *testing.T) {
	between(t, "", "", func(p *pair) {
		p.types("enable\rconfigure terminal\r")
		for _, c := range []struct{ typed, telnet, ssh string }{
			{"", "23", "22"},
			{"line vty 0 4\rtransport input ssh", "", "22"},
			{"line vty 3\rtransport input telnet", "23", "22"},
			{"rotary 9", "23 3009 5009 7009", "22"},
			{"line aux 0\rtransport input all", "23 2001 3009 4001 5009 6001 7009", "22"},
			{"ip ssh port 2001 rotary 9 10", "23 3009 4001 5009 6001 7009", "22 2001 2002"},
			{"no ip ssh port 2001 rotary 9 10", "23 2001 3009 4001 5009 6001 7009", "22"},
			{"line vty 0 4\rtransport input none", "2001 4001 6001", ""},
			{"line aux 0\rdefault transport input", "", ""},
		} {
			p.types(c.typed + "\r")
			var onTelnet, onSSH []string
			for port := range 10000 {
				if p.r1.Telnet.Listens(port) {
					onTelnet = append(onTelnet, strconv.Itoa(port))
				}
				if p.r1.SSH.Listens(port) {
					onSSH = append(onSSH, strconv.Itoa(port))
				}
			}
			if got, ssh := strings.Join(onTelnet, " "), strings.Join(onSSH, " "); got != c.telnet || ssh != c.ssh {
				t.Errorf("%q: Telnet listens on %q, want %q; SSH on %q, want %q", c.typed, got, c.telnet, ssh, c.ssh)
			}
		}
	})
}
