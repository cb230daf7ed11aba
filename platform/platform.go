package platform

import (
	"fmt"
	"strings"

	"vtylab/device"
)

// releases are all platforms, the default first.
var releases = []device.Platform{ios155, iosxe3se, iosxe1715}

// Default is the release a device is when nobody asks for another.
func Default() device.Platform { return releases[0] }

// All returns every release, the default first.
func All() []device.Platform { return append([]device.Platform(nil), releases...) }

// Lookup returns the release of that name.
func Lookup(name string) (device.Platform, error) {
	var names []string
	for _, p := range releases {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return device.Platform{}, fmt.Errorf("platform: no release %q; there are %s", name, strings.Join(names, ", "))
}
