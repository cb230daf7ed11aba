package network

import (
	"context"
	"net/netip"
)

// uplinkTakes reports whether an address that a walk did not find is behind the
// uplink: no node has it, and the uplink reaches it. Where it does not, the verdict says
// so.
func (f *Fabric) uplinkTakes(a netip.Addr, v *Verdict) bool {
	if v.Outcome != NoRoute && v.Outcome != NoARP || v.Back {
		return false
	}
	if n, _ := f.Find(a); n != nil {
		return false
	}
	if no := f.o.Uplink.refuses(a); no != nil {
		v.Uplink, v.Reason = true, no.Reason
		return false
	}
	return true
}

// dialUplink connects through the host.
func (n *Node) dialUplink(ctx context.Context, p Path) (Conn, *Verdict) {
	if bad := n.fabric.o.Uplink.own(p.To.Addr()); bad != nil {
		return nil, bad
	}
	c, bad := dialHost(ctx, p, n.fabric.o.Dial)
	if bad != nil {
		return nil, bad
	}
	local := addrPort(c.LocalAddr())
	vrf, iface, from := n.leaving(p)
	if from.IsValid() {
		local = netip.AddrPortFrom(from, local.Port())
	}
	ours := n.conn(c, Flow{Proto: p.Proto, VRF: vrf, Interface: iface, Local: local, Remote: p.To})
	n.doors.living.add(ours)
	return ours, nil
}

// leaving is what a path says of the way out: the VRF, the interface, the address.
func (n *Node) leaving(p Path) (vrf, iface string, from netip.Addr) {
	n.fabric.mu.RLock()
	defer n.fabric.mu.RUnlock()
	o, m, bad := n.depart(&p)
	if bad != nil {
		return p.VRF, p.Source, netip.Addr{}
	}
	return o.vrf, n.egress(o, &m), m.from.Addr()
}
