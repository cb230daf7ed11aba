package model

import (
	"strings"
	"testing"
)

func TestVRFs(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"both spellings", "ip vrf A\n rd 1:1\nvrf definition B\n rd 2:2", "ip vrf A\n rd 1:1\n!\nvrf definition B\n rd 2:2\n!\n"},
		{"one VRF, in the spelling that made it", "ip vrf A\n rd 1:1\nvrf definition A\n rd 2:2", "ip vrf A\n rd 2:2\n!\n"},
		{"order", "vrf definition A\n address-family ipv6\n  route-target export 1:2\n exit-address-family\n address-family ipv4 multicast\n  import map M\n route-target import 1:1\n description  x \n rd 1:1",
			"vrf definition A\n description x\n rd 1:1\n address-family ipv6\n  route-target export 1:2\n exit-address-family\n address-family ipv4 multicast\n  route-target import 1:1\n  import map M\n exit-address-family\n!\n"},
		{"route targets of the VRF", "ip vrf A\n route-target export 1:1\n route-target import 1:1\n no route-target export 1:1", "ip vrf A\n route-target import 1:1\n!\n"},
		{"a family removed", "vrf definition A\n address-family ipv4\n  import map M\n exit-address-family\n no address-family ipv4\n address-family ipv4", "vrf definition A\n address-family ipv4\n exit-address-family\n!\n"},
		{"a VRF removed", "vrf definition A\n rd 1:1\n address-family ipv4\nno vrf definition A\nvrf definition A", "vrf definition A\n!\n"},
		{"its commands lead up", "vrf definition A\n address-family ipv4\nhostname R7", "hostname R7\n"},
	} {
		s := parse(tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q: %v", tt.name, r.Line, r.Err)
		}
		first := lang.Render(s.Config, false)
		if !strings.Contains(first, tt.want) {
			t.Errorf("%s: lacks\n%s\nin\n%s", tt.name, tt.want, first)
		}
		if again := lang.Render(parse(first).Config, false); again != first {
			t.Errorf("%s: not stable:\n%s\nthen\n%s", tt.name, first, again)
		}
	}
}
