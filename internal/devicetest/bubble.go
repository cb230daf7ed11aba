package devicetest

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/tty"
)

// Bubble is a router in a bubble of testing/synctest, with its port 22 in memory:
// time passes when nothing else happens, and no goroutine may be left in the end.
type Bubble struct {
	*Router
	port  *Port
	files []string // in flash when it was looked at
	free  int64    // bytes of flash then
}

// InBubble boots a router with more configuration than Usual, and with all that
// SSH logs in its buffer.
func InBubble(t *testing.T, release, more string, f func(t *testing.T, r *Bubble), options ...func(*device.Options)) {
	t.Helper()
	product := Product(t, release)
	key, err := HostKey()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		port := NewPort()
		onPort := func(o *device.Options) { o.Network = port.Host }
		d := New(t, product, Usual+"logging buffered 1000000\nip ssh logging events\n"+more, append(options, onPort)...)
		d.AddKeys(key)
		r := &Bubble{Router: &Router{Device: d, t: t}, port: port}
		r.Look()
		time.Sleep(time.Second) // it logs that the key brings SSH up
		r.Logged()
		f(t, r)
	})
}

// Dial connects to the router's port 22 from 10.0.0.9.
func (r *Bubble) Dial() *Conn { return r.port.Dial() }

// Connect connects to the router's port 22 from an address. The error is a
// *network.Verdict.
func (r *Bubble) Connect(from string) (net.Conn, error) { return r.ConnectTo(from, 22) }

// ConnectTo is Connect for another port.
func (r *Bubble) ConnectTo(from string, port uint16) (net.Conn, error) {
	return r.port.Host.Connect("", netip.AddrPortFrom(netip.MustParseAddr(from), 40000), netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), port))
}

// Look takes what is in flash for what Quiet wants to find.
func (r *Bubble) Look() {
	r.t.Helper()
	r.files, r.free = r.listing()
}

// listing is what flash holds, and how much more would fit.
func (r *Bubble) listing() (files []string, free int64) {
	r.t.Helper()
	fs := r.Device.Files().Home().FS()
	entries, err := fs.ReadDir("")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, e.Name)
	}
	return files, fs.Info().Free
}

// Logged returns what the router has logged since it was asked last, from the
// percent sign on.
func (r *Bubble) Logged() []string {
	synctest.Wait()
	var lines []string
	for _, l := range r.Log() {
		if _, text, ok := strings.Cut(l, "%"); ok {
			lines = append(lines, "%"+text)
		}
	}
	r.ClearLog()
	return lines
}

// Quiet checks that the router is as it was before anybody came: no connection,
// no line taken, nothing in flash, nothing half written.
func (r *Bubble) Quiet(after string) {
	r.t.Helper()
	synctest.Wait()
	if n := r.Connections(); n > 0 {
		r.t.Errorf("%s: %d connections are left", after, n)
	}
	for _, l := range r.Device.Lines() {
		if l.Kind == tty.VTY && (l.Busy() || l.Session() != nil || l.Peer() != "") {
			r.t.Errorf("%s: vty %d is taken", after, l.Number)
		}
	}
	if files, free := r.listing(); !slices.Equal(files, r.files) || free != r.free {
		r.t.Errorf("%s: flash holds %q and has %d bytes free, want %q and %d", after, files, free, r.files, r.free)
	}
}
