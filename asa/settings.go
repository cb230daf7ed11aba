package asa

import (
	"time"

	"vtylab/aaa"
	"vtylab/asa/exec"
	"vtylab/asa/model"
	"vtylab/device"
	"vtylab/network"
	"vtylab/secret"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/tty"
)

// sessions is how many SSH sessions there may be at once (asa-ssh-scp 4), tries how
// often a login asks (asa-ssh-scp 6.2).
const (
	sessions = 5
	tries    = 3
)

// failureDelay is how long after a request a password is refused (from memory).
const failureDelay = 2 * time.Second

// lines are the console and one for each SSH session.
var lines = []tty.Range{{Kind: tty.Console}, {Kind: tty.VTY, Last: sessions - 1, TTY: 1}}

// width is that of every terminal: an ASA does not ask the client (asa-ssh-scp 2).
const width = 80

// Settings are what the services take of the configuration as it is.
func (s *System) Settings() *device.Settings {
	c := s.Load()
	console := terminal(c, c.Console.Timeout)
	vty := terminal(c, c.SSH.Timeout)
	return &device.Settings{
		Hostname: c.Hostname,
		Location: time.UTC,
		Lines:    lines,
		Line: func(k tty.Kind, _ int) *tty.Settings {
			if k == tty.Console {
				return console
			}
			return vty
		},
		FreshLine: &tty.Settings{}, // no line has that size: the client's does not count
		Logging:   syslog.Settings{},
		SSH:       s.sshSettings(c),
		Network:   networkSettings(c),
		AAA:       aaaSettings(c),
		// The words are IOS's, from memory.
		SCP: device.SCP{Off: "no ssh scopy enable", Disabled: "Administratively disabled.", Denied: "Privilege denied."},
		Login: device.Login{
			Attempts:   tries,
			Methods:    []string{"publickey", "password"}, // from memory
			Authorizes: func(string, []byte) bool { return false },
			Limits:     func(*aaa.User, device.Transport, int, network.Flow) (reason, line string) { return "", "" },
		},
	}
}

// terminal are the settings of a line; timeout is in minutes.
func terminal(c *model.Config, timeout int) *tty.Settings {
	return &tty.Settings{ExecTimeout: tty.Timeout{Minutes: timeout}, Length: exec.PageRows(c.Pager), Width: width, History: 20, Escape: tty.DefaultEscape} // history from memory
}

// sshSettings are the SSH server: it is up while there is a key, whoever may use it.
func (s *System) sshSettings(c *model.Config) sshserver.Settings {
	x := sshserver.Settings{
		Software:    s.product.Release.Software,
		MaxStartups: sessions,
		TimeOut:     2 * time.Minute, // from memory, as all that follows
		Retries:     tries - 1, FailureDelay: failureDelay,
		Algorithms: sshserver.Algorithms{
			Kex: []string{kex[c.SSH.Kex]},
			Ciphers: []string{"chacha20-poly1305@openssh.com", "aes256-ctr", "aes256-cbc", "aes192-ctr", "aes192-cbc",
				"aes128-ctr", "aes128-cbc"},
			MACs:      []string{"hmac-sha2-256"},
			HostKey:   []string{"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"},
			PublicKey: []string{"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"},
		},
		StrictKex:    s.device.StrictKex(),
		TrafficClass: -1,
	}
	if pair, _ := s.SSHKeys(); pair != nil {
		x.Version, x.Ports, x.HostKeys = "2.0", []int{sshserver.Port}, []ssh.Signer{pair.Signer()}
	}
	return x
}

// kex are the wire names of `ssh key-exchange group`.
var kex = map[string]string{
	"curve25519-sha256":  "curve25519-sha256",
	"dh-group14-sha1":    "diffie-hellman-group14-sha1",
	"dh-group14-sha256":  "diffie-hellman-group14-sha256",
	"ecdh-sha2-nistp256": "ecdh-sha2-nistp256",
}

// aaaSettings are the user database and the enable password.
func aaaSettings(c *model.Config) aaa.Settings {
	return aaa.Settings{
		User: func(name string, _ bool) (aaa.User, bool) {
			u, ok := c.Users.Get(name)
			if !ok {
				return aaa.User{}, false
			}
			return aaa.User{Name: u.Name, Secret: u.Password, NoPassword: u.NoPassword, Privilege: u.Privilege, Line: "username " + u.Name}, true
		},
		Enable: func(int) (s secret.Secret, isSecret, ok bool) {
			return c.Enable.Password, false, !c.Enable.Password.IsZero()
		},
	}
}
