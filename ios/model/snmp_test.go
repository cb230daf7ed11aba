package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snmpLines are the lines of `snmp-server` that a text leaves.
func snmpLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(lang.Render(parse(text).Config, false)) {
		if strings.HasPrefix(line, "snmp-server") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The lines print as in the captures of aaa-snmp D3, blanks included.
func TestSNMPPrints(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"snmp-server host 172.17.246.208 public", "snmp-server host 172.17.246.208 public \n"},
		{"snmp-server host 10.0.0.2 public tty", "snmp-server host 10.0.0.2 public  tty\n"},
		{"snmp-server host 172.16.2.1 traps version 2c trapsac tty", "snmp-server host 172.16.2.1 version 2c trapsac  tty\n"},
		{"snmp-server host 172.16.2.1 informs version 2c check hsrp", "snmp-server host 172.16.2.1 informs version 2c check  hsrp\n"},
		{"snmp-server host 172.16.2.1 version 3 auth group0 tty", "snmp-server host 172.16.2.1 version 3 auth group0  tty\n"},
		{"snmp-server host 172.16.2.1 a\nsnmp-server host 172.16.2.1 a tty\nno snmp-server host 172.16.2.1 b", "snmp-server host 172.16.2.1 a  tty\n"},
		{"snmp-server community commu1 view view1 ro ipv6 te", "snmp-server community commu1 view view1 RO ipv6 te\n"},
		{"snmp-server community commu2 RO 1322\nsnmp-server community commu3 RW paul", "snmp-server community commu2 RO 1322\nsnmp-server community commu3 RW paul\n"},
		{"snmp-server community x", "snmp-server community x RO\n"},
		{"snmp-server enable traps snmp warmstart linkup\nsnmp-server enable traps snmp authentication", "snmp-server enable traps snmp authentication linkup warmstart\n"},
		{"snmp-server enable traps snmp", "snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart\n"},
		{"snmp-server enable traps\nno snmp-server enable traps", ""},
		{"snmp-server enable traps tty\nno snmp-server enable traps tty", ""},
		{"snmp-server enable traps snmp\nno snmp-server enable traps snmp linkup linkdown", "snmp-server enable traps snmp authentication coldstart warmstart\n"},
		{"snmp-server view test-view! test-test included", "snmp-server view test-view! test-test included\n"},
		{"snmp-server group group1 v1 notify me access ipv6 ipv6acl 2", "snmp-server group group1 v1 notify me access ipv6 ipv6acl 2\n"},
		{"snmp-server user replaceUser replaceUser v3", "snmp-server user replaceUser replaceUser v3\n"},
		{"snmp-server user u g v3 auth sha hush4hush priv aes 128 hush4hush", ""},
		{"snmp-server engineID local 00000009020000b0647ae7e0", "snmp-server engineID local 00000009020000B0647AE7E0\n"},
		{"snmp-server location A  room\nsnmp-server contact you\nsnmp-server chassis-id 1", "snmp-server location A  room\nsnmp-server contact you\nsnmp-server chassis-id 1\n"},
		{"snmp-server packetsize 1500\nsnmp-server queue-length 11\nsnmp-server trap timeout 30", "snmp-server queue-length 11\n"},
		{"snmp-server community x\nno snmp-server", ""},
	} {
		if d := cmp.Diff(tt.want, snmpLines(tt.in)); d != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, d)
		}
	}
}

// `snmp-server enable traps` is a line for each type, tty directly behind flowmon.
func TestAllTraps(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(snmpLines("snmp-server enable traps")), "\n")
	if len(lines) != len(trapTypes) || lines[0] != "snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart" || lines[2] != "snmp-server enable traps tty" {
		t.Errorf("prints %q", lines)
	}
}

// Types of notifications that are none here are kept and printed: configurations of devices
// have many.
func TestOtherTrapTypes(t *testing.T) {
	const text = "snmp-server enable traps tty\nsnmp-server enable traps envmon fan shutdown\nsnmp-server enable traps ospf state-change\nsnmp-server enable traps power-ethernet group 1\n" +
		"snmp-server host 10.0.0.1 public  tty ospf bgp4\nsnmp-server host 10.0.0.2 version 2c public udp-port 1162  vrrp\nsnmp-server context c\n"
	if got := snmpLines(text); got != text {
		t.Errorf("prints\n%s", got)
	}
	for _, r := range parse(text).Rejected {
		t.Errorf("%q: %v", r.Line, r.Err)
	}
	if got := snmpLines(text + "no snmp-server enable traps"); strings.Contains(got, "enable traps") || !strings.Contains(got, "host") {
		t.Errorf("after no snmp-server enable traps:\n%s", got)
	}
	if got := snmpLines(text + "no snmp-server"); got != "" {
		t.Errorf("after no snmp-server:\n%s", got)
	}
}
