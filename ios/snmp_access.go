package ios

import (
	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/snmp"
)

// communityAccess is what a community may do, ok whether there is one that may come
// over a flow.
func communityAccess(c *model.Config, name string, f network.Flow) (x snmp.Access, ok bool) {
	m, known := c.SNMP.Communities.Get(name)
	if !known || !admitted(c, m.Access, f) {
		return snmp.Access{}, false
	}
	x.Read = snmp.EveryObject
	if m.View != "" {
		x.Read = view(c, m.View)
	}
	if m.Write {
		x.Write = x.Read
	}
	return x, true
}

// groupAccess is what a user of version 3 may do: in its group, at the highest level
// that the message has reached.
func groupAccess(c *model.Config, u snmp.User, level snmp.Flags, f network.Flow) (x snmp.Access, ok bool) {
	for g := range c.SNMP.Groups.All() {
		if g.Name != u.Group || g.Model != "v3" || snmpLevels[g.Level]&^level != 0 || !admitted(c, g.Access, f) {
			continue
		}
		x.Read = snmp.EveryObject
		if g.Read != "" {
			x.Read = view(c, g.Read)
		}
		if g.Write != "" {
			x.Write = view(c, g.Write)
		}
		ok = true
	}
	return x, ok
}

// admitted asks the access lists. One that is not defined lets everybody in, as
// elsewhere.
func admitted(c *model.Config, a model.Access, f network.Flow) bool {
	ok, _ := c.Permits(a.ACL, f)
	if f.Remote.Addr().Unmap().Is6() {
		ok, _ = c.PermitsIPv6(a.IPv6, f)
	}
	return ok
}

// view is the part of the MIB that a view has: nothing for one that is not defined. A
// family whose name is unknown, or has a wildcard, is not in it.
func view(c *model.Config, name string) (v snmp.View) {
	for w := range c.SNMP.Views.All() {
		if w.Name != name {
			continue
		}
		if root, ok := snmp.Named(w.OID); ok {
			v = append(v, snmp.Family{Root: root, Excluded: w.Excluded})
		}
	}
	return v
}
