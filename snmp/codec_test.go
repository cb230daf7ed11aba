package snmp

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
)

// seedVars are those of the seed's trap (aaa-snmp F3).
func seedVars(t *testing.T) []Var {
	t.Helper()
	at, ok := Connection(netip.MustParseAddrPort("10.0.0.1:22"), netip.MustParseAddrPort("10.0.0.2:55246"))
	if !ok {
		t.Fatal("no index of addresses of IPv4")
	}
	return []Var{
		{LineSession.At(1, 2, 1), 6}, {TCPConnEntry.At(1).At(at...), 4}, {LocalTCPEntry.At(5).At(at...), Ticks(1015)},
		{LocalTCPEntry.At(1).At(at...), 1056}, {LocalTCPEntry.At(2).At(at...), 1392}, {LineEntry.At(18, 2), "lab"},
	}
}

const seedBindings = `
3012060d2b060104010902090301010201020106
301a06152b06010201060d01010a000001160a00000283af4e020104
301d06172b060104010902060101050a000001160a00000283af4e430203f7
301d06172b060104010902060101010a000001160a00000283af4e02020420
301d06172b060104010902060101020a000001160a00000283af4e02020570
3013060c2b060104010902090201120204036c6162`

// The seed's trap is on the wire as aaa-snmp F3 computed it.
func TestSeedTrapOnTheWire(t *testing.T) {
	v1 := &Message{Version: V1, Community: "public", Kind: TrapV1, Vars: seedVars(t),
		Trap: TrapHeader{Cisco, netip.MustParseAddr("10.0.0.1"), SpecificTrap, 1, 360000}}
	n := &Notification{Enterprise: Cisco, Generic: SpecificTrap, Specific: 1}
	v2 := &Message{Version: V2c, Community: "public", Kind: TrapV2, RequestID: 23,
		Vars: append([]Var{{SysUpTime, Ticks(360000)}, {TrapOID, n.OID()}}, seedVars(t)...)}
	for _, tt := range []struct {
		name string
		m    *Message
		want string
	}{
		{"v1", v1, `3081cc02010004067075626c6963a481be06062b060104010940040a000001
			0201060201014303057e403081a2` + seedBindings},
		{"v2c", v2, `3081e502010104067075626c6963a781d70201170201000201003081cb
			300f06082b060102010103004303057e403016060a2b06010603010104010006082b06010401090001` + seedBindings},
	} {
		got, err := tt.m.marshal(&Keys{})
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Join(strings.Fields(tt.want), ""); hex.EncodeToString(got) != want {
			t.Errorf("%s:\n%x, want\n%s", tt.name, got, want)
		}
	}
}

// A message of version 2c reads back as it was written.
func TestDecode(t *testing.T) {
	want := &Message{Version: V2c, Community: "public", Kind: Response, RequestID: 7, Vars: seedVars(t)}
	data, err := want.marshal(&Keys{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got.Vars {
		if w := want.Vars[i]; v.OID.String() != w.OID.String() || v.Text() != w.Text() {
			t.Errorf("variable %d is %s = %s, want %s = %s", i, v.OID, v.Text(), w.OID, w.Text())
		}
	}
}

func TestOIDNames(t *testing.T) {
	for _, tt := range []struct {
		oid  OID
		want string
	}{
		{Cisco, "cisco"},
		{ConfigManTraps, "ciscoConfigManMIB.2"},
		{ConfigManEvents.At(3, 2), "ccmHistoryEventEntry.3.2"},
		{Cisco.At(9, 441, 2, 2), "ciscoMgmt.441.2.2"},
		{LineSession.At(1, 2, 1), "local.9.3.1.1.2.1"},
		{LineEntry.At(18, 2), "local.9.2.1.18.2"},
		{must("1.2.3"), "iso.2.3"},
		{must("2.3.4"), "2.3.4"},
	} {
		if got := tt.oid.Name(); got != tt.want {
			t.Errorf("%s is called %s, want %s", tt.oid, got, tt.want)
		}
	}
}
