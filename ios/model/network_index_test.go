package model

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// What the index finds is what a look at all interfaces finds, whatever was changed.
func TestOverlapping(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := New()
	for i := range 20 {
		c.Interfaces.Put(fmt.Sprintf("Loopback%d", i), Interface{Name: fmt.Sprintf("Loopback%d", i)})
	}
	for n := range 20_000 {
		if n%100 == 0 {
			c = c.Clone()
		}
		i := c.Interfaces.Edit(fmt.Sprintf("Loopback%d", r.IntN(20)))
		switch r.IntN(8) {
		case 0:
			i.Shutdown = !i.Shutdown
		case 1:
			i.VRF = []string{"", "blue"}[r.IntN(2)]
		case 2:
			i.Addressing = NoAddress
		}
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(r.IntN(3)), byte(r.IntN(4)), byte(r.IntN(8))}), 8+r.IntN(25))
		want := map[string]bool{}
		for o := range c.Interfaces.All() {
			if o.Name != i.Name && o.VRF == i.VRF && !o.Shutdown && o.Addressing == Static && o.Address.Overlaps(p) {
				want[o.Name] = true
			}
		}
		got, ok := c.overlapping(i, p)
		if ok != (len(want) > 0) || ok && !want[got] {
			t.Fatalf("after %d changes %s overlaps with %q, want one of %v", n, p, got, want)
		}
		if ok {
			c.noteNetwork(p, i.Name) // as a shut interface does, which keeps the address
		}
		i.Addressing, i.Address = Static, p
	}
}

// The index does not grow with what was typed, and a copy that was given up leaves that
// of the original complete.
func TestNetworkIndexIsBounded(t *testing.T) {
	const live = 500
	c := New()
	put := func(c *Config, name string, n int) {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), 32)
		i := c.Interfaces.Edit(name)
		if i == nil {
			i = c.Interfaces.Put(name, Interface{Name: name})
		}
		c.overlapping(i, p)
		i.Addressing, i.Address = Static, p
	}
	for n := range live {
		put(c, fmt.Sprintf("Loopback%d", n), n)
	}
	edited := c.Clone()
	for n := range 100_000 {
		put(edited, "Loopback0", live+n)
		if size := len(edited.networks.sorted) + len(edited.networks.recent); size > 2*live+2*maxRecent {
			t.Fatalf("%d networks are kept of %d", size, live)
		}
	}
	if with, ok := c.overlapping(&Interface{Name: "Loopback9999"}, netip.MustParsePrefix("0.0.0.0/32")); !ok || with != "Loopback0" {
		t.Errorf("the original overlaps with %q, %v", with, ok)
	}
}

// Addresses typed on a device that runs cost the same, however many there are.
func BenchmarkOverlapping(b *testing.B) {
	for b.Loop() {
		var took [2]time.Duration
		for k, n := range [2]int{10_000, 100_000} {
			c := New()
			began := time.Now()
			for i := range n {
				name := fmt.Sprintf("Loopback%d", i)
				p := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
				o := c.Interfaces.Put(name, Interface{Name: name, Addressing: Static, Address: p})
				c.overlapping(o, p)
			}
			took[k] = time.Since(began) / time.Duration(n)
		}
		b.ReportMetric(float64(took[0].Nanoseconds()), "ns/address-10k")
		b.ReportMetric(float64(took[1].Nanoseconds()), "ns/address-100k")
	}
}
