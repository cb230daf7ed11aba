package interop

import (
	"io"
	"net"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// both makes the vtys of a router take Telnet besides SSH.
const both = "line vty 0 4\n transport input telnet ssh\n"

// Netmiko and telnetlib.
func TestTelnetPython(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, both)
		cases(t, r.At(23), []string{"netmiko", "telnetlib"}, "telnet_cases.py", 4)
	})
}

// PuTTY's plink.
func TestTelnetPuTTY(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", both).At(23)
	d := foreign.Command(t, "plink", "-telnet", "-P", r.Port, "127.0.0.1").With("HOME=" + foreign.PuTTYHome(t, "")).Open()
	d.See("Username: ")
	d.Say("cisco\r")
	d.See("Password: ")
	d.Say("cisco\r")
	d.See("R1#")
	if said := d.Enter("show privilege"); !strings.Contains(said, "level is 15") {
		t.Errorf("show privilege: %q", said)
	}
	d.Say("exit\r")
	d.Bye()
	r.Free(0)
}

// What goes over the wire of a login, to the byte: the negotiation of IOS, and its
// texts as captured (ios-cli A10).
func TestTelnetBytes(t *testing.T) {
	r := devicetest.Start(t, "ios-15.5", both).At(23)
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", r.Port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, step := range []struct{ say, see string }{
		{"", "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f\r\n\r\nUser Access Verification\r\n\r\nUsername: "},
		{"cisco\r\x00", "cisco\r\nPassword: "},
		{"\xff\xfd\x01\xff\xfd\x03\xff\xfc\x18\xff\xfc\x1fcisco\r\n", "\r\nR1#"},
		{"term len 0\r\x00", "term len 0\r\nR1#"},
		{"exit\r\n", "exit\r\n"},
	} {
		io.WriteString(c, step.say)
		got := make([]byte, len(step.see))
		if n, err := io.ReadFull(c, got); err != nil || string(got) != step.see {
			t.Fatalf("%q is answered with %q (%v), want %q", step.say, got[:n], err, step.see)
		}
	}
	if rest, err := io.ReadAll(c); err != nil || len(rest) > 0 {
		t.Errorf("the end is %q, %v", rest, err)
	}
}
