package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vtylab/aaa"
	"vtylab/device"
	"vtylab/lab"
	"vtylab/tty"
)

// aaaFile is 1,000 devices on one segment with a server of a protocol, which lets lab in; the
// local user is admin.
const aaaFile = `name: fleet
topology:
  nodes:
    r{i}:
      kind: iosxe-17.15
      count: 1000
      config: |
        hostname R{i}
        username admin privilege 15 password 0 admin
        aaa new-model
        aaa authentication login default %s
        aaa authorization exec default %s
        tacacs server T
         address ipv4 10.255.0.1
         key cisco
         %s
        radius server R
         address ipv4 10.255.0.1
         key cisco
        interface Ethernet0/0
         ip address 10.{i/256}.{i%%256}.1 255.0.0.0
         no shutdown
    server:
      kind: %s
      address: 10.255.0.1/8
      config: |
        key: cisco
        users:
          lab: {secret: 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0, level: 15}
    lan: {kind: bridge}
  links:
    - {endpoints: ["r{i}:Ethernet0/0", "lan:p{i}"], count: 1000}
    - {endpoints: ["server:eth1", "lan:s"]}
`

// Logins decided, without what SSH costs: by the local database, and by one server that 1,000
// devices ask in turn over the fabric, 8 at a time. Each is a login and an exec authorization.
func BenchmarkAAA(b *testing.B) {
	for _, c := range []struct{ name, list, more, server, user, password string }{
		{"local", "local", "", "tacacs", "admin", "admin"},
		{"tacacs", "group tacacs+", "", "tacacs", "lab", "cisco"},
		{"tacacs one connection", "group tacacs+", "single-connection", "tacacs", "lab", "cisco"},
		{"radius", "group radius", "", "radius", "lab", "cisco"},
	} {
		b.Run(c.name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "lab.yml")
			if err := os.WriteFile(file, fmt.Appendf(nil, aaaFile, c.list, c.list, c.more, c.server), 0o600); err != nil {
				b.Fatal(err)
			}
			top, err := lab.Load(file, lab.LoadOptions{})
			if err != nil {
				b.Fatal(err)
			}
			l, err := lab.Start(top, lab.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			const clients = 8
			var took time.Duration
			for b.Loop() {
				start := time.Now()
				crowdOf(clients, len(l.Devices), func(i int) {
					if v := logsIn(b, l.Devices[i].Device, c.user, c.password); v.Result != aaa.Pass {
						b.Errorf("%s on device %d: %v, %s", c.user, i, v.Result, v.Reason)
					}
				})
				took += time.Since(start)
			}
			b.ReportMetric(float64(b.N*len(l.Devices))/took.Seconds(), "logins/s")
		})
	}
}

// logsIn is a login over SSH as AAA sees it, and what it comes to with the EXEC.
func logsIn(b *testing.B, d *device.Device, user, password string) aaa.Verdict {
	line := d.FindLine(tty.VTY, 0)
	r := d.System.LoginRequest(line, device.SSH)
	r.User, r.Named, r.Password, r.Typed = user, true, password, true
	v := d.AAA.Authenticate(b.Context(), r, nil)
	if v.Result != aaa.Pass {
		return v
	}
	x := d.System.ExecRequest(line, v)
	x.User, x.Account, x.Login = v.User, v.Account, v
	return d.AAA.AuthorizeExec(b.Context(), x)
}
