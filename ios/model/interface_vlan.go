package model

import "vtylab/config"

// VLANTag is `encapsulation dot1q` or `encapsulation isl`: the tag of the frames of a
// subinterface.
type VLANTag struct {
	VLAN   int    // 1 to 4094; 0 is no such line
	ISL    bool   // not 802.1Q
	Native bool   // the frames have none
	Inner  string // a second tag, a number or any; "" for none
}

// vlanTag is the one tag of an interface.
var vlanTag = config.Setting[Interface]{
	Set: func(c *config.Call, i, _ *Interface) error {
		vlan, _ := c.Args.Int("vlan")
		i.Tag = VLANTag{VLAN: vlan, ISL: c.Args.Has("isl"), Native: c.Args.Has("native"), Inner: c.Args.Get("inner")}
		return nil
	},
	No: func(_ *config.Call, i, _ *Interface) error { i.Tag = VLANTag{}; return nil },
	Show: func(v *config.View, i, _ *Interface) {
		switch t := i.Tag; {
		case t.VLAN == 0:
		case t.ISL:
			v.Line("encapsulation isl %d", t.VLAN)
		case t.Native:
			v.Line("encapsulation dot1Q %d native", t.VLAN)
		case t.Inner != "":
			v.Line("encapsulation dot1Q %d second-dot1q %s", t.VLAN, t.Inner)
		default:
			v.Line("encapsulation dot1Q %d", t.VLAN)
		}
	},
}
