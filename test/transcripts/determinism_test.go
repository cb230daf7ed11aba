package transcripts

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"

	"github.com/rogpeppe/go-internal/diff"
)

// repeatable are commands whose output shows salts, keys, the clock, lines and
// connections. There is no `terminal monitor` among them: a session that watches the
// packets of its own connection changes what it watches, and prints it where the
// packets happen to fall.
const repeatable = `terminal length 0
debug ip ssh
show crypto key mypubkey rsa
show ip ssh
configure terminal
username one secret one
username two password two
enable secret three
enable password four
service password-encryption
crypto key generate rsa label A modulus 1024
crypto key generate rsa label B modulus 1024
logging buffered 100000
end
copy running-config flash:copy

dir flash:
verify /md5 flash:copy
show running-config
show ssh
show users
show logging
show clock
show version
write memory
show startup-config
undebug all
exit
`

// Two devices with the same seed, clock and keys, given the same commands one after
// another in one session, print the same bytes; with another seed they do not.
func TestSameSeedSameBytes(t *testing.T) {
	for _, release := range devicetest.Releases() {
		t.Run(release, func(t *testing.T) {
			first := printed(t, release, 1)
			if len(first) < 4000 || !strings.Contains(first, "username one secret") {
				t.Fatalf("the session is only\n%s", first)
			}
			if again := printed(t, release, 1); again != first {
				t.Errorf("with the same seed\n%s", diff.Diff("one", []byte(first), "prints, another", []byte(again)))
			}
			if other := printed(t, release, 2); other == first {
				t.Error("another seed prints the same")
			}
		})
	}
}

// printed is what a new device with a seed prints in one session over SSH.
func printed(t *testing.T, release string, seed uint64) (text string) {
	product := devicetest.Product(t, release)
	key, err := devicetest.HostKey()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("", func(t *testing.T) { // the end of which gives the random numbers back
		cryptotest.SetGlobalRandom(t, seed)
		synctest.Test(t, func(t *testing.T) {
			port := devicetest.NewPort()
			d := devicetest.New(t, product, devicetest.Plain, func(o *device.Options) {
				o.Network = port.Host
				o.Rand = rand.NewChaCha8([32]byte{byte(seed)})
			})
			d.AddKeys(key)
			time.Sleep(time.Second)
			text = converse(t, port, repeatable)
		})
	})
	return text
}

// converse types lines in one session, each when the device waits for it, and
// returns all that was printed.
func converse(t *testing.T, port *devicetest.Port, lines string) string {
	cfg := devicetest.ClientConfig("cisco", devicetest.Password("cisco"))
	c := ssh2.NewClient(port.Dial(), cfg)
	if err := c.Handshake(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	x, err := c.Open(t.Context())
	if err == nil {
		err = x.RequestPTY(t.Context(), ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 80, Rows: 24}})
	}
	if err == nil {
		err = x.Shell(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for line := range strings.Lines(lines) {
			time.Sleep(time.Second)
			io.WriteString(x, strings.ReplaceAll(line, "\n", "\r"))
		}
	}()
	text, err := io.ReadAll(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
