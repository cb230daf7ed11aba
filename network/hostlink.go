package network

// Table is the routing table of a VRF, of the interfaces that are up in the
// configuration: the host says nothing about cables.
func (h *Host) Table(vrf string) *Table { return h.view.Load().tables()[vrf] }

// Link is up when the configuration does not say otherwise. Nobody is known at the
// other end.
func (h *Host) Link(iface string) Link {
	i, _ := h.view.Load().find(iface)
	return Link{Up: i.Up, Cable: true}
}

// Watch never calls: the state of an interface changes only with its configuration.
func (h *Host) Watch(func(LinkChange)) (stop func()) { return func() {} }

// Neighbours are none: packets do not leave the host by the device's interfaces.
func (h *Host) Neighbours(string) []Neighbour { return nil }
