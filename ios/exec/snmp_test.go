package exec_test

import (
	"strings"
	"testing"

	"vtylab/internal/devicetest"
)

// What is shown of hosts, communities and views is in their shows, however it is laid
// out; without an agent there is none.
func TestSNMPShows(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "snmp-server community public RO 10\nsnmp-server view few system included\nsnmp-server host 10.0.0.2 version 2c secret tty\n")
		for command, want := range map[string][]string{
			"show snmp host":      {"Notification host: 10.0.0.2 udp-port: 162   type: trap", "user: secret    security model: v2c"},
			"show snmp community": {"public", "access-list: 10"},
			"show snmp view":      {"v1default", "few system"},
		} {
			said, err := r.Device.Run(t.Context(), command)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range want {
				if !strings.Contains(said, w) {
					t.Errorf("%s: no %q in\n%s", command, w, said)
				}
			}
		}
	})
}
