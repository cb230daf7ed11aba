package interop

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// offered is a KEXINIT (RFC 4253 section 7.1).
type offered struct {
	Cookie                [16]byte `sshtype:"20"`
	Kex, HostKey          []string
	CiphersIn, CiphersOut []string
	MACsIn, MACsOut       []string
	Rest                  []byte `ssh:"rest"`
}

// offer is what a port of the router offers a new connection.
func offer(t *testing.T, r *devicetest.Router) offered {
	t.Helper()
	o, err := readOffer(r.Dial())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// readOffer is what the other end of a connection offers. It closes this one.
func readOffer(conn net.Conn) (o offered, err error) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(foreign.Patience))
	if _, err := io.WriteString(conn, "SSH-2.0-test\r\n"); err != nil {
		return o, err
	}
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "SSH-2.0-") {
		return o, fmt.Errorf("identification %q: %w", line, err)
	}
	var head struct {
		Length  uint32
		Padding byte
	}
	if err := binary.Read(in, binary.BigEndian, &head); err != nil {
		return o, err
	}
	payload := make([]byte, head.Length-1)
	if _, err := io.ReadFull(in, payload); err != nil {
		return o, err
	}
	return o, xssh.Unmarshal(payload[:len(payload)-int(head.Padding)], &o)
}

// What `ip ssh server algorithm` says shows in the KEXINIT of the next
// connection and in show ip ssh; a list cannot become empty.
func TestOffersFollowTheConfiguration(t *testing.T) {
	list := func(s string) []string { return strings.Fields(s) }
	var r *devicetest.Router // each command builds on those before it
	var con *foreign.Dialogue
	for _, c := range []struct {
		release, command string
		said             string // by the console
		offers           func(offered) []string
		want             []string
		shown            string
	}{
		{"ios-15.5", "ip ssh server algorithm encryption aes256-ctr aes128-ctr", "", func(k offered) []string { return k.CiphersOut },
			list("aes256-ctr aes128-ctr"), "Encryption Algorithms:aes256-ctr,aes128-ctr\n"},
		{"ios-15.5", "no ip ssh server algorithm encryption aes256-ctr", "", func(k offered) []string { return k.CiphersIn },
			list("aes128-ctr"), "Encryption Algorithms:aes128-ctr\n"},
		{"ios-15.5", "no ip ssh server algorithm encryption aes128-ctr", "% SSH command rejected: All encryption algorithms cannot be disabled\n",
			func(k offered) []string { return k.CiphersIn }, list("aes128-ctr"), "Encryption Algorithms:aes128-ctr\n"},
		{"ios-15.5", "default ip ssh server algorithm encryption", "", func(k offered) []string { return k.CiphersIn },
			list("aes128-ctr aes192-ctr aes256-ctr aes128-cbc 3des-cbc aes192-cbc aes256-cbc"),
			"Encryption Algorithms:aes128-ctr,aes192-ctr,aes256-ctr,aes128-cbc,3des-cbc,aes192-cbc,aes256-cbc\n"},
		{"ios-15.5", "no ip ssh server algorithm mac hmac-sha1", "", func(k offered) []string { return k.MACsOut }, list("hmac-sha1-96"), "MAC Algorithms:hmac-sha1-96\n"},
		{"ios-15.5", "no ip ssh server algorithm mac hmac-sha1-96", "% SSH command rejected: All MAC algorithms cannot be disabled\n",
			func(k offered) []string { return k.MACsOut }, list("hmac-sha1-96"), "MAC Algorithms:hmac-sha1-96\n"},
		{"ios-15.5", "ip ssh server algorithm kex diffie-hellman-group14-sha1", "", func(k offered) []string { return k.Kex }, list("diffie-hellman-group14-sha1"), ""},
		{"ios-15.5", "ip ssh server algorithm hostkey ssh-rsa", "", func(k offered) []string { return k.HostKey }, list("ssh-rsa"), "Hostkey Algorithms:ssh-rsa\n"},
		{"ios-15.5", "no ip ssh server algorithm hostkey ssh-rsa", "% SSH command rejected: All hostkey algorithms cannot be disabled\n",
			func(k offered) []string { return k.HostKey }, list("ssh-rsa"), "Hostkey Algorithms:ssh-rsa\n"},
		{"ios-15.5", "ip ssh server algorithm authentication password", "", func(offered) []string { return nil }, nil, "Authentication methods:password\n"},
		{"ios-15.5", "no ip ssh server authenticate user keyboard", "Warning: SSH command accepted", func(offered) []string { return nil }, nil, "Authentication methods:publickey,password\n"},
		{"ios-15.5", "default ip ssh server authenticate user", "", func(offered) []string { return nil }, nil, "Authentication methods:password\n"},
		{"iosxe-17.15", "ip ssh server algorithm kex ecdh-sha2-nistp521 curve25519-sha256", "", func(k offered) []string { return k.Kex },
			list("ecdh-sha2-nistp521 curve25519-sha256"), "KEX Algorithms:ecdh-sha2-nistp521,curve25519-sha256\n"},
		{"iosxe-17.15", "ip ssh server algorithm mac hmac-sha2-512", "", func(k offered) []string { return k.MACsIn }, list("hmac-sha2-512"), "MAC Algorithms:hmac-sha2-512\n"},
		{"iosxe-17.15", "ip ssh server algorithm encryption aes256-gcm", "", func(k offered) []string { return k.CiphersIn }, list("aes256-gcm"), "Encryption Algorithms:aes256-gcm\n"},
		{"iosxe-17.15", "ip ssh server algorithm hostkey rsa-sha2-256", "", func(k offered) []string { return k.HostKey }, list("rsa-sha2-256"), "Hostkey Algorithms:rsa-sha2-256\n"},
		{"iosxe-17.15", "default ip ssh server algorithm hostkey", "", func(k offered) []string { return k.HostKey }, list("rsa-sha2-512 rsa-sha2-256"),
			"Hostkey Algorithms:ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256,ssh-rsa\n"},
	} {
		if r == nil || r.Device.Product.Name() != c.release {
			r = devicetest.Start(t, c.release, "")
			con = r.Console()
		}
		if said := con.Configure(c.command); !strings.Contains(said, c.said) || c.said == "" && strings.Contains(said, "% ") {
			t.Errorf("%s: %s\nsays\n%s", c.release, c.command, said)
		}
		if diff := cmp.Diff(c.want, c.offers(offer(t, r))); diff != "" {
			t.Errorf("%s: %s\nthe next KEXINIT (-want +got):\n%s", c.release, c.command, diff)
		}
		if shown := con.Enter("show ip ssh"); !strings.Contains(shown, c.shown) {
			t.Errorf("%s: %s\nshow ip ssh\n%s", c.release, c.command, shown)
		}
	}
}

// The window and the packets that a CHANNEL_OPEN_CONFIRMATION grants, as
// OpenSSH reports them: `ip ssh window-size` and `ip ssh bulk-mode` widen it.
func TestWindowOffered(t *testing.T) {
	foreign.Need(t, "ssh")
	confirm := regexp.MustCompile(`open confirm rwindow (\d+) rmax (\d+)`)
	for _, c := range []struct {
		release, config string
		window, packet  int
	}{
		{"ios-15.5", "", 8192, 4096},
		{"iosxe-3se", "", 8192, 4096},
		{"iosxe-17.15", "", 131072, 0},
		{"iosxe-17.15", "no ip ssh bulk-mode\n", 8192, 0},
		{"iosxe-17.15", "no ip ssh bulk-mode\nip ssh window-size 65536\n", 65536, 0},
		{"iosxe-17.15", "ip ssh bulk-mode 1048576\n", 1 << 20, 0},
	} {
		t.Run(c.release+" "+c.config, func(t *testing.T) {
			t.Parallel()
			p := devicetest.Start(t, c.release, c.config).OpenSSH("cisco:cisco", "show privilege").Before("r1", "-vv", "-o", "LogLevel=DEBUG2")
			o := p.Run()
			o.Ends(0)
			m := confirm.FindStringSubmatch(o.Errs)
			if m == nil {
				t.Fatalf("no confirmation in\n%s", o.Errs)
			}
			window, _ := strconv.Atoi(m[1])
			packet, _ := strconv.Atoi(m[2])
			if window != c.window || c.packet != 0 && packet != c.packet {
				t.Errorf("window %d, packets of %d, want %d, %d", window, packet, c.window, c.packet)
			}
		})
	}
}

// `ip ssh port … rotary …` opens a second port for the lines of its groups.
func TestRotary(t *testing.T) {
	foreign.Need(t, "ssh")
	r := devicetest.Start(t, "ios-15.5", "ip ssh port 2001 rotary 7\nline vty 3\n rotary 7\n")
	devicetest.WantLines(t, r.At(2001).OpenSSH("cisco:cisco", "show users").Run().Ends(0), "vty 3")
	devicetest.WantLines(t, r.OpenSSH("cisco:cisco", "show users").Run().Ends(0), "vty 0")
	con := r.Console()
	con.Configure("no ip ssh port 2001 rotary 7")
	if r.Listens(2001) {
		t.Error("the port stays open")
	}
}

// `ip ssh server peruser session limit` counts a user's sessions, not another's.
func TestSessionsPerUser(t *testing.T) {
	foreign.Need(t, "ssh")
	r := devicetest.Start(t, "iosxe-17.15", "ip ssh server peruser session limit 1\n")
	first := r.Shell("cisco:cisco")
	r.OpenSSH("cisco:cisco", "show privilege").Run().Refused("Permission denied|closed|reset|[Dd]isconnect")
	devicetest.WantLines(t, r.OpenSSH("guest:guest", "show privilege").Run().Ends(0), "level is 1")
	first.Say("exit\r")
	first.Bye()
	r.Alone()
	devicetest.WantLines(t, r.OpenSSH("cisco:cisco", "show privilege").Run().Ends(0), "level is 15")
}

// A host key algorithm that needs a certificate is configuration; without a
// trustpoint nobody is offered it.
func TestCertificateWithoutTrustpoint(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", "")
	con := r.Console()
	if said := con.Configure("ip ssh server certificate profile", "server", "trustpoint sign ca1", "exit", "user", "trustpoint verify ca1", "exit", "exit",
		"ip ssh server algorithm hostkey x509v3-ssh-rsa ssh-rsa"); strings.Contains(said, "% ") {
		t.Errorf("says\n%s", said)
	}
	if diff := cmp.Diff([]string{"ssh-rsa"}, offer(t, r).HostKey); diff != "" {
		t.Errorf("host keys offered (-want +got):\n%s", diff)
	}
	devicetest.WantLines(t, con.Enter("show ip ssh"), "Hostkey Algorithms:x509v3-ssh-rsa,ssh-rsa\n")
	devicetest.WantLines(t, con.Enter("show running-config | section certificate"), "ip ssh server certificate profile", "trustpoint sign ca1", "trustpoint verify ca1")
}
