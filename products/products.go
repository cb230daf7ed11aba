// Package products is the list of what a device can be.
package products

import (
	"fmt"
	"strings"
	"sync"

	"vtylab/asa"
	"vtylab/device"
	"vtylab/ios"
)

// families are the products, one line each, the default first.
var families = []func() []device.Product{
	ios.Products,
	asa.Products,
}

// All returns every release of every product, the default first.
var All = sync.OnceValue(func() []device.Product {
	var all []device.Product
	for _, family := range families {
		all = append(all, family()...)
	}
	return all
})

// chassised is a product that runs on several chassis.
type chassised interface {
	Chassis() []device.Chassis
	On(chassis string) (on device.Product, ok bool)
	HasPort(name string) bool
}

// HasPort reports whether a new device has an interface of that name. A product with
// one chassis has those of its configuration.
func HasPort(p device.Product, name string) bool {
	c, ok := p.(chassised)
	return !ok || c.HasPort(name)
}

// Chassis lists what a product runs on besides its usual hardware.
func Chassis(p device.Product) []device.Chassis {
	if c, ok := p.(chassised); ok && len(c.Chassis()) > 1 {
		return c.Chassis()[1:]
	}
	return nil
}

// inChassis are the products that On has made, by their names.
var inChassis sync.Map

// On is a product on another chassis, by the chassis' name; devices share it.
func On(p device.Product, chassis string) (device.Product, error) {
	key := p.Name() + "/" + chassis
	if made, ok := inChassis.Load(key); ok {
		return made.(device.Product), nil
	}
	var names []string
	if c, ok := p.(chassised); ok {
		if on, ok := c.On(chassis); ok {
			made, _ := inChassis.LoadOrStore(key, on)
			return made.(device.Product), nil
		}
		for _, known := range c.Chassis() {
			names = append(names, known.Name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no chassis %q: %s has one only", chassis, p.Name())
	}
	return nil, fmt.Errorf("no chassis %q; %s has %s", chassis, p.Name(), strings.Join(names, ", "))
}

// Lookup returns the release of that name.
func Lookup(name string) (device.Product, error) {
	var names []string
	for _, p := range All() {
		if p.Name() == name {
			return p, nil
		}
		names = append(names, p.Name())
	}
	return nil, fmt.Errorf("no release %q; there are %s", name, strings.Join(names, ", "))
}
