package interop

import (
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

const agent = `snmp-server community public RO
snmp-server community few view few RO 10
snmp-server view few system included
snmp-server view few system.1 excluded
access-list 10 permit 127.0.0.1
snmp-server community none RO 11
access-list 11 deny any
snmp-server group ops v3 priv
snmp-server user sha ops v3 auth sha secret123 priv aes 128 secret456
snmp-server user md5 ops v3 auth md5 secret123 priv des secret456
snmp-server location Rack 1
snmp-server contact you
`

// net-snmp's clients read the agent in every version and with every protection.
func TestSNMPWalk(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, agent)
		at := r.UDP(161)
		for name, how := range map[string][]string{
			"v1": {"-v1", "-c", "public"}, "v2c": {"-v2c", "-c", "public"},
			"sha and aes": {"-v3", "-l", "authPriv", "-u", "sha", "-a", "SHA", "-A", "secret123", "-x", "AES", "-X", "secret456"},
			"md5 and des": {"-v3", "-l", "authPriv", "-u", "md5", "-a", "MD5", "-A", "secret123", "-x", "DES", "-X", "secret456"},
		} {
			said := foreign.NetSNMP(t, "snmpwalk", append(how, at, ".1.3.6")...).Run().Ends(0)
			for _, want := range []string{".1.3.6.1.2.1.1.5.0 = STRING: \"R1.example.com\"\n", ".1.3.6.1.2.1.1.6.0 = STRING: \"Rack 1\"\n", ".1.3.6.1.2.1.11.30.0", ".1.3.6.1.4.1.9.2.9.2.1.18.2 = \"\"\n"} {
				if strings.Contains(said, want) == strings.Contains(want, ".11.30.") {
					t.Errorf("%s: %q is wrong in\n%.3000s", name, want, said)
				}
			}
		}
		get := func(status int, args ...string) foreign.Outcome {
			t.Helper()
			return foreign.NetSNMP(t, "snmpget", append(args, at, ".1.3.6.1.2.1.1.1.0", ".1.3.6.1.2.1.1.4.0", ".1.3.6.1.2.1.2.1.0")...).Run()
		}
		if said := get(0, "-v2c", "-c", "few").Ends(0); strings.Count(said, "No Such Object") != 2 || !strings.Contains(said, `"you"`) {
			t.Errorf("a view: %s", said)
		}
		get(1, "-v2c", "-c", "guess", "-t", "0.2", "-r", "0").Refused("No Response")
		get(1, "-v2c", "-c", "none", "-t", "0.2", "-r", "0").Refused("No Response")
		get(1, "-v3", "-l", "authNoPriv", "-u", "sha", "-a", "SHA", "-A", "secret123").Refused("(?i)authorizationError")
		get(1, "-v3", "-l", "authNoPriv", "-u", "sha", "-a", "SHA", "-A", "secret124").Refused("Authentication failure")
		get(1, "-v3", "-l", "noAuthNoPriv", "-u", "guess").Refused("Unknown user")
		bulk := foreign.NetSNMP(t, "snmpbulkwalk", "-v2c", "-c", "public", "-Cr200", at, ".1.3.6.1.2.1.2").Run().Ends(0)
		walk := foreign.NetSNMP(t, "snmpwalk", "-v2c", "-c", "public", at, ".1.3.6.1.2.1.2").Run().Ends(0)
		if bulk != walk {
			t.Errorf("GETBULK reads\n%s\nGETNEXT\n%s", bulk, walk)
		}
	})
}

// snmptrapd takes the tty trap in every version, and its answers end the informs.
func TestSNMPTraps(t *testing.T) {
	const user = "createUser -e 0x8000000903000011223344 sha SHA secret123 AES secret456\n" +
		"engineID trapd\ncreateUser rem MD5 secret123 DES secret456\n"
	d, port := foreign.TrapReceiver(t, user)
	const host = "snmp-server host 127.0.0.1 "
	r := devicetest.Start(t, "ios-15.5", strings.ReplaceAll("snmp-server engineID local 8000000903000011223344\n"+
		"snmp-server group ops v3 priv\nsnmp-server user sha ops v3 auth sha secret123 priv aes 128 secret456\n"+
		"snmp-server enable traps tty\n"+
		host+"one udp-port PORT\n"+host+"version 2c two udp-port PORT\n"+host+"informs version 2c three udp-port PORT\n"+host+"version 3 priv sha udp-port PORT\n"+
		"snmp-server engineID remote 127.0.0.1 udp-port PORT 80001F88047472617064\n"+
		"snmp-server user rem ops remote 127.0.0.1 udp-port PORT v3 auth md5 secret123 priv des secret456\n"+
		host+"informs version 3 priv rem udp-port PORT\n", "PORT", port))
	r.OpenSSH("cisco:cisco", "show clock").Run().Ends(0)
	r.Alone()
	said := ""
	for range 5 {
		said += d.See(`.1.3.6.1.4.1.9.2.9.2.1.18.2 = STRING: "cisco"`)
	}
	if strings.Count(said, "= INTEGER: 6") != 5 || !strings.Contains(said, "TRAP, SNMP v1, community one") {
		t.Errorf("snmptrapd prints\n%s", said)
	}
	devicetest.Eventually(t, "the informs are answered", func() bool { return r.Device.SNMP.Informs() == 0 })
}
