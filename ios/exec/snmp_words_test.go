package exec

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/snmp"
)

// The samples of CSCdr72939 and of the seed, to the character: the seed's have lost the
// blanks at both ends of their lines, which are those of the other.
func TestSNMPWords(t *testing.T) {
	change := []snmp.Var{{OID: snmp.ConfigManEvents.At(3, 2), Value: 1}, {OID: snmp.ConfigManEvents.At(4, 2), Value: 2}, {OID: snmp.ConfigManEvents.At(5, 2), Value: 3}}
	at, _ := snmp.Connection(netip.MustParseAddrPort("10.0.0.1:22"), netip.MustParseAddrPort("10.0.0.2:55246"))
	closed := []snmp.Var{
		{OID: snmp.LineSession.At(1, 2, 1), Value: 6}, {OID: snmp.TCPConnEntry.At(1).At(at...), Value: 4}, {OID: snmp.LocalTCPEntry.At(5).At(at...), Value: snmp.Ticks(1015)},
		{OID: snmp.LocalTCPEntry.At(1).At(at...), Value: 1056}, {OID: snmp.LocalTCPEntry.At(2).At(at...), Value: 1392}, {OID: snmp.LineEntry.At(18, 2), Value: "lab"},
	}
	for _, tt := range []struct {
		to, from   string
		enterprise snmp.OID
		vars       []snmp.Var
		want       string
	}{
		{"172.17.246.208", "172.17.246.6", snmp.ConfigManTraps, change, `SNMP: Queuing packet to 172.17.246.208
SNMP: V1 Trap, ent ciscoConfigManMIB.2, addr 172.17.246.6, gentrap 6, spectrap 1 
 ccmHistoryEventEntry.3.2 = 1 
 ccmHistoryEventEntry.4.2 = 2 
 ccmHistoryEventEntry.5.2 = 3
SNMP: Packet sent via UDP to 172.17.246.208`},
		{"10.0.0.2", "10.0.0.1", snmp.Cisco, closed, `SNMP: Queuing packet to 10.0.0.2
SNMP: V1 Trap, ent cisco, addr 10.0.0.1, gentrap 6, spectrap 1 
 local.9.3.1.1.2.1 = 6 
 tcpConnEntry.1.10.0.0.1.22.10.0.0.2.55246 = 4 
 ltcpConnEntry.5.10.0.0.1.22.10.0.0.2.55246 = 1015 
 ltcpConnEntry.1.10.0.0.1.22.10.0.0.2.55246 = 1056 
 ltcpConnEntry.2.10.0.0.1.22.10.0.0.2.55246 = 1392 
 local.9.2.1.18.2 = lab
SNMP: Packet sent via UDP to 10.0.0.2`},
	} {
		var got []string
		print := func(line string, more ...string) { got = append(append(got, line), more...) }
		m := &snmp.Message{Version: snmp.V1, Kind: snmp.TrapV1, Vars: tt.vars,
			Trap: snmp.TrapHeader{Enterprise: tt.enterprise, Agent: netip.MustParseAddr(tt.from), Generic: snmp.SpecificTrap, Specific: 1}}
		SNMPWords(snmp.Queued{To: netip.MustParseAddr(tt.to), Message: m}, print)
		SNMPWords(snmp.Sent{To: netip.MustParseAddr(tt.to)}, print)
		if d := cmp.Diff(tt.want, strings.Join(got, "\n")); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}
