package foreign

import (
	"os"
	"path/filepath"
	"testing"
)

// NetSNMP is one of net-snmp's clients (snmpget, snmpwalk, …) with arguments: no MIBs are
// loaded, names are numbers, and nothing is written outside the test's directory.
func NetSNMP(t testing.TB, name string, args ...string) Program {
	t.Helper()
	return Command(t, name, append([]string{"-m", "", "-On", "-t", "2", "-r", "2"}, args...)...).With("SNMP_PERSISTENT_DIR=" + t.TempDir())
}

// TrapReceiver starts snmptrapd, which prints what it gets, on a UDP port of 127.0.0.1. It
// knows users of version 3 by the lines of its configuration.
func TrapReceiver(t testing.TB, config string) (d *Dialogue, port string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "snmptrapd.conf")
	if err := os.WriteFile(file, []byte("disableAuthorization yes\n"+config), 0o600); err != nil {
		t.Fatal(err)
	}
	port = freeUDP(t)
	d = Command(t, "snmptrapd", "-f", "-Lo", "-m", "", "-n", "-C", "-c", file, "-On", "udp:127.0.0.1:"+port).
		With("SNMP_PERSISTENT_DIR=" + dir).Open()
	d.See("NET-SNMP version")
	return d, port
}
