package resolver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"vtylab/network"
)

var server = netip.MustParseAddr("10.0.0.53")

// wire is a device and a name server on one link.
func wire(t *testing.T, s Settings, answer func(q dnsmessage.Message) []dnsmessage.Message) *Resolver {
	t.Helper()
	f := network.NewFabric(network.FabricOptions{})
	node := func(name, address string) *network.Node {
		n, err := f.Add(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Connect(n, "eth0", f.Segment("lan"))
		n.Apply(network.NewSettings(name, []network.Interface{{Name: "eth0", Addresses: []netip.Prefix{netip.MustParsePrefix(address)}, Up: true}}))
		return n
	}
	device, dns := node("R1", "10.0.0.1/24"), node("dns", "10.0.0.53/24")
	if answer != nil {
		port, err := dns.Receive(network.Port{Proto: network.UDP, Number: 53}, func(d network.Datagram) {
			var q dnsmessage.Message
			if err := q.Unpack(d.Data); err != nil {
				t.Errorf("the question: %v", err)
				return
			}
			for _, m := range answer(q) {
				packed, err := m.Pack()
				if err != nil {
					t.Fatal(err)
				}
				d.Reply(packed)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { port.Close() })
	}
	r := New(device, rand.Reader)
	r.Apply(&s)
	return r
}

// settings are the defaults of IOS with names in the global routing table.
func settings(n Names) Settings {
	return Settings{On: true, Timeout: 3 * time.Second, Retries: 2, VRF: func(vrf string) Names {
		if vrf != "" {
			return Names{}
		}
		return n
	}}
}

// reply is the answer with these addresses.
func reply(q dnsmessage.Message, addresses ...string) dnsmessage.Message {
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: q.ID, Response: true}, Questions: q.Questions}
	for _, text := range addresses {
		a := netip.MustParseAddr(text)
		r := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Questions[0].Name, Class: dnsmessage.ClassINET, Type: dnsmessage.TypeA}, Body: &dnsmessage.AResource{A: first4(a)}}
		if a.Is6() {
			r.Header.Type, r.Body = dnsmessage.TypeAAAA, &dnsmessage.AAAAResource{AAAA: a.As16()}
		}
		m.Answers = append(m.Answers, r)
	}
	return m
}

func TestLookup(t *testing.T) {
	zone := func(q dnsmessage.Message) []dnsmessage.Message {
		name, kind := strings.TrimSuffix(q.Questions[0].Name.String(), "."), q.Questions[0].Type
		switch {
		case name == "r2.lab.example" && kind == dnsmessage.TypeA:
			return []dnsmessage.Message{reply(q, "10.0.0.2", "10.0.0.3")}
		case name == "six.lab.example" && kind == dnsmessage.TypeAAAA:
			return []dnsmessage.Message{reply(q, "2001:db8::6")}
		case name == "forged":
			forged := reply(q, "6.6.6.6")
			forged.ID++
			other := reply(q, "6.6.6.6")
			other.Questions = []dnsmessage.Question{{Name: dnsmessage.MustNewName("other."), Type: kind, Class: dnsmessage.ClassINET}}
			question := reply(q, "6.6.6.6")
			question.Response = false
			return []dnsmessage.Message{forged, other, question, reply(q, "10.0.0.4")}
		}
		return []dnsmessage.Message{reply(q)}
	}
	s := settings(Names{Servers: []netip.Addr{server}, Domains: []string{"lab.example"}})
	for _, c := range []struct{ why, name, want string }{
		{"completed with the domain", "r2", "[10.0.0.2 10.0.0.3]"},
		{"a full name", "r2.lab.example", "[10.0.0.2 10.0.0.3]"},
		{"IPv6 where there is no IPv4", "six", "[2001:db8::6]"},
		{"answers to other questions are passed over", "forged", "[10.0.0.4]"},
		{"nobody knows it", "nope", "[] resolver: no such host"},
		{"no name at all", strings.Repeat("x", 300), "[] resolver: no such host"},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, err := wire(t, s, zone).Lookup(t.Context(), "", c.name)
				text := fmt.Sprint(got)
				if err != nil {
					text += " " + err.Error()
				}
				if text != c.want {
					t.Errorf("%q: got %s, want %s", c.name, text, c.want)
				}
			})
		})
	}
}

// A server that is silent is asked three times, 3 s each; with two there is twice that.
func TestLookupWaits(t *testing.T) {
	for n, want := range map[int]time.Duration{1: 9 * time.Second, 2: 18 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			s := settings(Names{Servers: []netip.Addr{server, server}[:n]})
			r := wire(t, s, func(dnsmessage.Message) []dnsmessage.Message { asked++; return nil })
			began := time.Now()
			_, err := r.Lookup(t.Context(), "", "r2.example")
			if took := time.Since(began); took != want || !errors.Is(err, ErrNotFound) || asked != 3*n {
				t.Errorf("%d servers: %v after %v and %d questions, want %v and %d", n, err, took, asked, want, 3*n)
			}
		})
	}
}

// The time and the retries are those of the settings, none included, and another routing
// table has other servers.
func TestLookupSettings(t *testing.T) {
	for _, tt := range []struct {
		vrf              string
		timeout, retries int
		asked            int
	}{
		{"", 3, 0, 1}, {"", 1, 2, 3}, {"", 0, 1, 2}, {"red", 3, 2, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			s := settings(Names{Servers: []netip.Addr{server}})
			s.Timeout, s.Retries = time.Duration(tt.timeout)*time.Second, tt.retries
			r := wire(t, s, func(dnsmessage.Message) []dnsmessage.Message { asked++; return nil })
			began := time.Now()
			r.Lookup(t.Context(), tt.vrf, "r2.example")
			if took, want := time.Since(began), time.Duration(tt.asked*tt.timeout)*time.Second; asked != tt.asked || took != want {
				t.Errorf("%+v: %d questions in %v, want %v", tt, asked, took, want)
			}
		})
	}
}

// Whoever waits may give up.
func TestLookupEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(stop) })
		r := wire(t, settings(Names{Servers: []netip.Addr{server}}), func(dnsmessage.Message) []dnsmessage.Message { return nil })
		began := time.Now()
		if _, err := r.Lookup(ctx, "", "r2.example"); !errors.Is(err, stop) || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// Addresses and static names need no question, and `no ip domain lookup` asks none.
func TestStatic(t *testing.T) {
	r := New(network.NewHost(network.HostOptions{}), rand.Reader)
	r.Apply(&Settings{VRF: func(vrf string) Names {
		return Names{Static: func(name string) []netip.Addr {
			if vrf == "" && name == "far" {
				return []netip.Addr{server}
			}
			return nil
		}}
	}})
	if got := r.Static("red", "far"); got != nil {
		t.Errorf("a name of another routing table: %v", got)
	}
	for name, want := range map[string]string{"10.1.1.1": "[10.1.1.1]", "::ffff:10.1.1.1": "[10.1.1.1]", "2001:db8::1": "[2001:db8::1]", "far": "[10.0.0.53]", "near": "[]"} {
		if got := fmt.Sprint(r.Static("", name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if _, err := r.Lookup(t.Context(), "", "near"); !errors.Is(err, ErrNotFound) {
		t.Errorf("with lookups off: %v", err)
	}
}

func first4(a netip.Addr) [4]byte {
	if a.Is4() {
		return a.As4()
	}
	return [4]byte{}
}
