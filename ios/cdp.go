package ios

import (
	"cmp"
	"net/netip"

	"vtylab/ios/exec"
	"vtylab/ios/model"
)

// hello is what CDP tells of the device at an interface, nil where it is off.
func (s *System) hello(c *model.Config, iface string) any {
	i, ok := c.Interfaces.Get(iface)
	if !ok || !c.RunsCDP(i) {
		return nil
	}
	r := &s.product.Release
	n := &exec.CDP{Device: c.FullName(), Platform: r.Hardware.Model, Capabilities: cmp.Or(r.Hardware.Capabilities, "R B"), Version: r.Show.Version, Port: i.Name, Left: max(0, c.CDP.HoldTime-c.CDP.Timer)}
	for a := range i.Addresses() {
		if a.Addr().Is4() && a.Addr() != netip.IPv4Unspecified() {
			n.Address = a.Addr()
			break
		}
	}
	return n
}
