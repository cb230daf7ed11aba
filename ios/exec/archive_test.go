package exec_test

import (
	"io"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

// archivist is a router whose configuration is archived, and its console.
type archivist struct {
	*device.Device
	t    *testing.T
	term *devicetest.Terminal
}

// archiving boots a router with lines below `archive`, in a bubble.
func archiving(t *testing.T, lines string, f func(a *archivist), options ...func(*device.Options)) {
	t.Helper()
	product := devicetest.Product(t, "ios-15.5")
	synctest.Test(t, func(t *testing.T) {
		startup := "hostname R1\nno logging console\ninterface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n no shutdown\narchive\n " + strings.ReplaceAll(lines, "\n", "\n ") + "\nline con 0\n privilege level 15\n length 0\n exec-timeout 0 0\n"
		d := devicetest.New(t, product, startup, options...)
		a := &archivist{d, t, devicetest.Attach(d)}
		defer a.term.Close()
		a.term.Shown()
		f(a)
	})
}

// enter types a line and returns what is shown within a second.
func (a *archivist) enter(line string) string {
	a.term.Type(line + "\r")
	rows, prompt := a.term.Shown()
	time.Sleep(time.Second)
	more, after := a.term.Shown()
	return strings.Join(append(append(append(rows, prompt), more...), after), "\n")
}

// configure types lines below `archive`.
func (a *archivist) configure(lines ...string) {
	a.t.Helper()
	if out := a.enter("configure terminal\rarchive\r" + strings.Join(lines, "\r") + "\rend"); strings.Contains(out, "%") {
		a.t.Fatal(out)
	}
}

var archived = regexp.MustCompile(`(?m)^ +\d+ +(flash\S+-(\d+))`)

// copies are the numbers of those that `show archive` lists, and whether flash holds as
// many.
func (a *archivist) copies() string {
	a.t.Helper()
	var numbers []string
	for _, m := range archived.FindAllStringSubmatch(a.enter("show archive"), -1) {
		numbers = append(numbers, m[2])
	}
	entries, err := a.Files().Home().FS().ReadDir("")
	if err != nil {
		a.t.Fatal(err)
	}
	files := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name, "cfg-") {
			files++
		}
	}
	if files != len(numbers) {
		a.t.Errorf("%d copies are listed, flash holds %d", len(numbers), files)
	}
	return strings.Join(numbers, " ")
}

// wants compares the copies there are.
func (a *archivist) wants(when, want string) {
	a.t.Helper()
	if got := a.copies(); got != want {
		a.t.Errorf("%s: the copies are %q, want %q", when, got, want)
	}
}

// `time-period` makes a copy each time that so many minutes have passed, `maximum` keeps
// the last ones.
func TestArchivePeriod(t *testing.T) {
	archiving(t, "path flash:cfg\ntime-period 10\nmaximum 3", func(a *archivist) {
		time.Sleep(9 * time.Minute)
		a.wants("before the first", "")
		time.Sleep(2 * time.Minute)
		a.wants("after 10 minutes", "0")
		time.Sleep(20 * time.Minute)
		a.wants("after 30 minutes", "0 1 2")
		time.Sleep(20 * time.Minute)
		a.wants("after 50 minutes", "2 3 4")
		a.configure("time-period 60")
		time.Sleep(50 * time.Minute)
		a.wants("50 minutes after a longer period", "2 3 4")
		time.Sleep(11 * time.Minute)
		a.wants("an hour after it", "3 4 5")
		a.configure("time-period 60")
		time.Sleep(30 * time.Minute)
		a.configure("maximum 3", "time-period 60") // the same again: the time runs on
		time.Sleep(30 * time.Minute)
		a.wants("two hours after it", "4 5 6")
		a.configure("no time-period")
		time.Sleep(24 * time.Hour)
		a.wants("a day without a period", "4 5 6")
		a.configure("time-period 1")
		time.Sleep(90 * time.Second)
		a.wants("a minute with one", "5 6 7")
	})
}

// A copy is the configuration as it is by then.
func TestArchivePeriodContent(t *testing.T) {
	archiving(t, "path flash:cfg\ntime-period 10", func(a *archivist) {
		a.enter("configure terminal\rhostname R2\rend")
		time.Sleep(11 * time.Minute)
		list := a.enter("show archive")
		found := archived.FindStringSubmatch(list)
		if found == nil {
			t.Fatal(list)
		}
		name := found[1]
		if out := a.enter("more " + name); !strings.Contains(out, "\nhostname R2\n") {
			t.Errorf("more %s:\n%s", name, out)
		}
	})
}

// `write-memory` makes one with each `write memory`, beside those of a period.
func TestArchiveWriteMemory(t *testing.T) {
	archiving(t, "path flash:cfg\nwrite-memory\ntime-period 10\nmaximum 2", func(a *archivist) {
		a.enter("write memory")
		a.wants("after write memory", "0")
		a.enter("copy running-config startup-config\r")
		a.wants("after copy running-config startup-config", "0 1")
		time.Sleep(11 * time.Minute)
		a.wants("after 10 minutes", "1 2")
		a.configure("no write-memory")
		a.enter("write memory")
		a.wants("after write memory without it", "1 2")
	})
}

// Without a path there is nothing to do, until there is one.
func TestArchivePeriodWithoutPath(t *testing.T) {
	archiving(t, "time-period 10", func(a *archivist) {
		time.Sleep(35 * time.Minute)
		a.configure("path flash:cfg")
		a.wants("without a path", "")
		time.Sleep(10 * time.Minute)
		a.wants("with one", "0")
	})
}

// The period goes on after a reload, and ends with the device.
func TestArchivePeriodReload(t *testing.T) {
	archiving(t, "path flash:cfg\ntime-period 10", func(a *archivist) {
		time.Sleep(11 * time.Minute)
		a.wants("before a reload", "0")
		a.enter("reload\rno\r\r")
		time.Sleep(5 * time.Minute)
		a.enter("\r")
		time.Sleep(7 * time.Minute)
		a.wants("after it", "0 1")
	})
}

// A copy that a server does not take is given up when the next one is due: they do not
// gather.
func TestArchivePeriodSilentServer(t *testing.T) {
	for _, url := range []string{"scp://u:p@10.0.0.9/cfg", "ftp://u:p@10.0.0.9/cfg", "http://10.0.0.9/cfg", "tftp://10.0.0.9/cfg"} {
		t.Run(url[:4], func(t *testing.T) {
			var node *network.Node
			came := 0
			archiving(t, "path "+url+"\ntime-period 1", func(a *archivist) {
				time.Sleep(30 * time.Second)
				for minute := range 30 {
					time.Sleep(time.Minute)
					if n := len(node.Flows()); n > 1 {
						t.Errorf("%d connections after %d minutes", n, minute+1)
					}
				}
				if came < 10 {
					t.Errorf("the server was asked %d times in 30 minutes", came)
				}
				if out := a.enter("show archive"); !strings.Contains(out, "There are currently 0 archive configurations saved.") {
					t.Error(out)
				}
			}, func(o *device.Options) { node = toSilence(t, &came); o.Network = node })
		})
	}
}

// toSilence is the network of a router that reaches a host 10.0.0.9, which takes
// connections and says nothing.
func toSilence(t *testing.T, came *int) *network.Node {
	fabric := network.NewFabric(network.FabricOptions{})
	wire := fabric.Segment("wire")
	plug := func(name, iface string) *network.Node {
		n, err := fabric.Add(name)
		if err != nil {
			t.Fatal(err)
		}
		fabric.Connect(n, iface, wire)
		return n
	}
	host := plug("host", "eth0")
	host.Apply(network.NewSettings("host", []network.Interface{{Name: "eth0", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.9/24")}}}))
	for _, port := range []uint16{21, 22, 80} {
		host.Listen(network.Port{Proto: network.TCP, Number: port}, func(network.Flow) (network.Handler, *network.Verdict) {
			*came++
			return func(c network.Conn) { io.Copy(io.Discard, c) }, nil
		})
	}
	host.Receive(network.Port{Proto: network.UDP, Number: 69}, func(network.Datagram) { *came++ })
	return plug("R1", "GigabitEthernet0/0")
}
