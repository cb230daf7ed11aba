package interop

import (
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

const asa = `
hostname fw1
enable password letmein
interface GigabitEthernet0/0
 nameif inside
 ip address 10.0.0.1 255.255.255.0
interface Management0/0
 management-only
 nameif management
 ip address 192.0.2.1 255.255.255.0
aaa authentication ssh console LOCAL
ssh 127.0.0.0 255.0.0.0 management
username cisco password cisco privilege 15
username guest password guest
no call-home reporting anonymous
crypto key generate rsa modulus 2048
`

func startASA(t *testing.T, more string) *devicetest.Router {
	t.Helper()
	r, err := devicetest.Boot(devicetest.Product(t, "asa-9.20"), asa+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Device.Close() })
	if report := r.Device.BootReport(); report != "" {
		t.Fatalf("the start-up configuration is refused:\n%s", report)
	}
	return r.In(t)
}

// OpenSSH at an ASA.
func TestASA(t *testing.T) {
	t.Parallel()
	foreign.Need(t, "ssh")
	r := startASA(t, "")
	t.Run("a shell, from the login to Logoff", func(t *testing.T) {
		vty := r.In(t).OpenSSH("cisco:cisco", "-tt").Open()
		devicetest.WantLines(t, vty.See("fw1> "), "User cisco logged in to fw1\n", "Logins over the last 1 days: 1.  \n",
			"Failed logins since the last login: 0.  \n", "Type help or '?' for a list of available commands.\n")
		vty.Say("enable\r")
		vty.See("Password: ")
		vty.Say("letmein\r")
		if stars := vty.See("fw1# "); !strings.Contains(stars, "*******\n") {
			t.Errorf("the password shows as %q", stars)
		}
		vty.Say("show version\r")
		if page := vty.See("<--- More --->"); strings.Count(page, "\n") != 25 { // the command, and 24
			t.Errorf("the first page is %q", page)
		}
		vty.Say("q")
		vty.See("fw1# ")
		vty.Say("configure terminal\r")
		vty.See("fw1(config)# ")
		vty.Say("show running-config ssh\r")
		devicetest.WantLines(t, vty.See("fw1(config)# "), "ssh stack ciscossh\n", "ssh timeout 5\n", "ssh 127.0.0.0 255.0.0.0 management\n")
		vty.Say("write memory\r")
		devicetest.WantLines(t, vty.See("fw1(config)# "), "Building configuration...\n", "Cryptochecksum: ", " bytes copied in 0.", "[OK]\n")
		vty.Say("logout\r")
		vty.See("\r\nLogoff\r\n\r\n")
	})
	t.Run("one command", func(t *testing.T) {
		devicetest.WantLines(t, r.In(t).OpenSSH("cisco:cisco", "show version").Run().Ends(0), "Cisco Adaptive Security Appliance Software Version 9.20(2)2 \n", "fw1 up ")
	})
	t.Run("a wrong password", func(t *testing.T) {
		r.In(t).OpenSSH("cisco:wrong", "show version").Run().Refused("Permission denied")
	})
	t.Run("no file is copied", func(t *testing.T) {
		r.In(t).SCP("cisco:cisco", "r1:running-config", t.TempDir()).Run().Refused("Privilege denied|not enabled|closed|disabled")
	})
	t.Run("who is on no list gets no word", func(t *testing.T) {
		other := startASA(t, "no ssh 127.0.0.0 255.0.0.0 management\nssh 0 0 inside\n")
		out := other.OpenSSH("cisco:cisco", "show version").Run()
		out.Refused("closed|reset")
		if strings.Contains(out.Errs, "Permission") {
			t.Errorf("it is asked for a password: %s", out.Errs)
		}
	})
}

// Netmiko at an ASA.
func TestASANetmiko(t *testing.T) {
	t.Parallel()
	cases(t, startASA(t, ""), []string{"netmiko"}, "netmiko_asa_cases.py", 7)
}
