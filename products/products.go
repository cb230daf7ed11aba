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
