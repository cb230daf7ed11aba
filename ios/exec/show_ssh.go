package exec

import (
	"encoding/base64"
	"fmt"
	"strings"

	"vtylab/cli"
	"vtylab/keyring"
	"vtylab/ssh"
	"vtylab/sshserver"
)

var sshCommands = []Command{
	{Syntax: `show "Show running system information" ip "IP information" ssh "Information on SSH"`, Level: 1, Filter: true, Run: showIPSSH},
	{Syntax: `show ssh "Status of SSH server connections"`, Level: 15, Filter: true, Run: showSSH},
	{Syntax: `disconnect "Disconnect an existing network connection" ssh "Disconnect an active SSH connection" [vty "vty"] <0-1869>$id "The number of the active SSH connection"`,
		Level: 15, Run: disconnectSSH},
}

// showIPSSH is laid out by the release; see ios-ssh-scp 5.1.
func showIPSSH(s *Session, _ cli.Args) error {
	c, x, layout := s.Config(), s.SSH(), s.Release.Show
	up := x.Up
	if !up && layout.SSHOff != "" {
		s.Println(layout.SSHOff)
		return nil
	}
	if up {
		s.Printf("SSH Enabled - version %s\n", x.Version)
	} else {
		s.Printf("SSH Disabled - version %s\n", x.Version)
		s.Println(layout.DisabledAdvice)
	}
	if layout.Algorithms {
		showAlgorithms(s)
	}
	s.Printf("Authentication timeout: %d secs; Authentication retries: %d\n", c.SSH.TimeOut, c.SSH.Retries)
	if layout.SSHBrief {
		return nil
	}
	s.Printf("Minimum expected Diffie Hellman key size : %d bits\n", c.SSH.DHMin)
	rsaKey, ecKey := x.RSA, x.EC
	if !up {
		rsaKey, ecKey = nil, nil
	}
	showHostKey(s, "ssh-rsa", "Modulus Size", rsaKey)
	if layout.ECKeys {
		showHostKey(s, "ssh-ec", "Key Size", ecKey)
	}
	return nil
}

func showAlgorithms(s *Session) {
	a := s.Config().SSH.Server
	for _, row := range []struct {
		label string
		names []string
		shown bool
	}{
		{"Authentication methods", s.Config().SSH.AuthMethods(), true},
		{"Authentication Publickey Algorithms", a.PublicKey, true},
		{"Hostkey Algorithms", a.HostKey, true},
		{"Encryption Algorithms", a.Encryption, true},
		{"MAC Algorithms", a.MAC, true},
		{"KEX Algorithms", a.Kex, s.Release.Show.KexAlgorithms},
	} {
		if row.shown {
			s.Printf("%s:%s\n", row.label, strings.Join(row.names, ","))
		}
	}
}

// showHostKey prints a key in lines of 80 characters, the last one padded.
func showHostKey(s *Session, family, size string, k *keyring.Pair) {
	if k == nil {
		s.Printf("IOS Keys in SECSH format(%s, base64 encoded): NONE\n", family)
		return
	}
	name := family
	if k.Kind == keyring.EC {
		name = fmt.Sprintf("ecdsa-sha2-nistp%d", k.Bits)
		family = name
	}
	if s.Release.Show.KeyLabel {
		s.Printf("IOS Keys in SECSH format(%s, base64 encoded): %s\n", family, k.Label)
	} else {
		s.Printf("IOS Keys in SECSH format(%s, base64 encoded):\n", family)
	}
	if s.Release.Show.Modulus {
		s.Printf("%s : %d bits\n", size, k.Bits)
	}
	text := name + " " + base64.StdEncoding.EncodeToString(k.Signer().Blob())
	for len(text) > 0 {
		n := min(80, len(text))
		s.Printf("%-80s\n", text[:n])
		text = text[n:]
	}
}

func showSSH(s *Session, _ cli.Args) error {
	defer showSSHClient(s)
	connections := s.Device.SSH.Connections()
	if !s.SSH().Up && len(connections) == 0 && s.Release.Show.NoSSH != "" {
		s.Println(s.Release.Show.NoSSH)
		return nil
	}
	if len(connections) == 0 {
		s.Println("%No SSHv2 server connections running.")
	} else {
		s.Println(sshHeading)
	}
	for _, c := range connections {
		info, state := c.Info()
		s.sshRows(c.Slot, info, sshStates[state])
	}
	s.Println("%No SSHv1 server connections running.")
	return nil
}

const sshHeading = "Connection Version Mode Encryption  Hmac         State                 Username"

// sshRows are the two directions of a connection.
func (s *Session) sshRows(slot int, info ssh.ConnInfo, state string) {
	for _, d := range []struct {
		mode string
		ssh.Direction
	}{{"IN", info.In}, {"OUT", info.Out}} {
		s.Printf("%-11d%-8s%-5s%-12s%-13s%-22s%s\n", slot, "2.0", d.mode, wide(d.Cipher, 12), wide(d.MAC, 13), state, info.User)
	}
}

// showSSHClient lists the connections that the device has made, where there are any. No
// source shows how a device does it.
func showSSHClient(s *Session) {
	all := s.Device.Client.Connections()
	if len(all) == 0 {
		return
	}
	s.Println("SSHv2 client connections:", sshHeading)
	for _, c := range all {
		state := sshserver.StateKeyed
		if c.LoggedIn() {
			state = sshserver.StateAuthenticated
		}
		s.sshRows(c.Slot, c.Info(), sshStates[state])
	}
}

// sshStates are the states of a connection. Only the last is taken from a capture.
var sshStates = [...]string{sshserver.StateConnected: "SSH2 connected", sshserver.StateKeyed: "Session authenticating", sshserver.StateAuthenticated: "Session started"}

// wide keeps a space behind a name that fills its column.
func wide(name string, column int) string {
	if len(name) >= column {
		return name + " "
	}
	return name
}

func disconnectSSH(s *Session, a cli.Args) error {
	id, _ := a.Int("id")
	for _, c := range s.Device.SSH.Connections() {
		if c.Slot == id {
			c.Close()
		}
	}
	return nil
}
