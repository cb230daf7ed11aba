package diff

import (
	"strings"
	"testing"
)

// The example of the Contextual Configuration Diff Utility, shortened.
func TestContextual(t *testing.T) {
	const before = `!
no ip subnet-zero
no ip cef
interface FastEthernet1/0
 ip address 10.7.7.7 255.0.0.0
!
banner motd ^C
 hello
interface FastEthernet1/0
^C
snmp-server community public RO
end
`
	const after = `ip subnet-zero
ip cef
voice dnis-map 1
 dnis 111
interface FastEthernet1/0
 no ip address
 shutdown
banner motd ^C
 hello
interface FastEthernet1/0
^C
snmp-server community private RW
`
	const want = `+ip subnet-zero
+ip cef
+voice dnis-map 1
 +dnis 111
interface FastEthernet1/0
 +no ip address
 +shutdown
+snmp-server community private RW
-no ip subnet-zero
-no ip cef
interface FastEthernet1/0
 -ip address 10.7.7.7 255.0.0.0
-snmp-server community public RO`
	a, b := Parse(before), Parse(after)
	if got := strings.Join(Contextual(a, b), "\n"); got != want {
		t.Errorf("differences:\n%s\nwant\n%s", got, want)
	}
	if got := Contextual(a, a); got != nil {
		t.Errorf("a text differs from itself: %q", got)
	}
	if got := strings.Join(Text(Extra(a, b)), "\n"); !strings.HasSuffix(got, "interface FastEthernet1/0\n no ip address\n shutdown\nsnmp-server community private RW") {
		t.Errorf("more:\n%s", got)
	}
}
