package model

import (
	"fmt"
	"maps"
	"slices"

	"vtylab/config"
)

// SSH is the `ip ssh` configuration.
type SSH struct {
	Version                    int // 0: both, 1.99
	TimeOut                    int // seconds, for the negotiation phase
	Retries                    int
	RSAKeypair, ECKeypair      string
	DHMin                      int // bits
	RekeyMinutes, RekeyKBytes  int // 0: never
	SourceInterface            string
	LoggingEvents              bool
	MaxStartups, PerUser       int // PerUser 0: no limit
	BreakString                string
	DSCP, Precedence           int // -1: not set
	StrictHostKeyCheck         bool
	WindowSize, BulkMode       int // bytes; BulkMode 0: off
	Ports                      []Port
	Server, Client             Algorithms
	UserMethods                map[string]bool // `server authenticate user`, nil: not used
	CertificateProfile         bool
	Users, Servers             []PubkeyEntry
	PubkeyUsers, PubkeyPerUser int // limits of the release
}

// Algorithms are lists in order of preference; a list is replaced, never
// edited in place.
type Algorithms struct {
	MAC, Encryption, Kex, HostKey, Authentication, PublicKey []string
}

// Port is `ip ssh port PORT rotary LOW [HIGH]`.
type Port struct{ Number, Low, High int }

// NewSSH returns the defaults of IOS 15; algorithm lists are the platform's.
func NewSSH() SSH {
	return SSH{TimeOut: 120, Retries: 3, DHMin: 1024, MaxStartups: 128, BreakString: "~break", DSCP: -1, Precedence: -1,
		WindowSize: 8192, PubkeyUsers: 10, PubkeyPerUser: 2}
}

func (s SSH) clone() SSH {
	s.UserMethods = maps.Clone(s.UserMethods)
	s.Users, s.Servers, s.Ports = slices.Clone(s.Users), slices.Clone(s.Servers), slices.Clone(s.Ports)
	return s
}

// userMethods are the methods of `ip ssh server authenticate user`, in the order
// in which they are offered and printed.
var userMethods = []string{"publickey", "keyboard", "password"}

// AuthMethods are the user authentication methods offered, in wire names. While
// `ip ssh server authenticate user` is there, `algorithm authentication` has no
// say.
func (s *SSH) AuthMethods() []string {
	list := s.Server.Authentication
	if s.UserMethods != nil {
		list = slices.DeleteFunc(slices.Clone(userMethods), func(m string) bool { return !s.UserMethods[m] })
	}
	var methods []string
	for _, m := range list {
		if m == "keyboard" {
			m = "keyboard-interactive"
		}
		methods = append(methods, m)
	}
	return methods
}

// sshRows stand in the order of NVGEN (ios-ssh-scp 0.2).
var sshRows = []row[Config]{
	{`ip ssh "Configure ssh options" maxstartups "Maximum concurrent sesions allowed" <2-128>$n "Number of concurrent sessions"`,
		config.Unlisted(config.Int(func(c *Config) *int { return &c.SSH.MaxStartups }))},
	{`ip ssh bulk-mode "Enable optimizations for bulk data transfer procedures" @ssh-bulk`, bulkMode},
	{`ip ssh time-out "Specify SSH time-out interval" <1-120>$secs "SSH time-out interval (secs)"`,
		config.Int(func(c *Config) *int { return &c.SSH.TimeOut })},
	{`ip ssh ~timeout <1-120>$secs "SSH time-out interval (secs)"`, config.Alternate(config.Int(func(c *Config) *int { return &c.SSH.TimeOut }))},
	{`ip ssh authentication-retries "Specify number of authentication retries" <0-5>$n "Number of authentication retries"`,
		config.Int(func(c *Config) *int { return &c.SSH.Retries })},
	{`ip ssh window-size "Specify SSH window size" @ssh-window`, config.Int(func(c *Config) *int { return &c.SSH.WindowSize })},
	{`ip ssh rsa "Configure RSA keypair name for SSH" keypair-name "RSA keypair name for SSH" WORD$label "RSA keypair name"`,
		needsKey(config.Text(func(c *Config) *string { return &c.SSH.RSAKeypair }))},
	{`ip ssh ec "Configure EC keypair name for SSH" @ssh-ec`, config.Text(func(c *Config) *string { return &c.SSH.ECKeypair })},
	{`ip ssh source-interface "Specify interface for source address in SSH connections" INTERFACE$if "Interface"`,
		config.Text(func(c *Config) *string { return &c.SSH.SourceInterface })},
	{`ip ssh port "Starting (or only) port number to listen on" <2000-10000>$port "TCP port"
	  / rotary "Rotary group" <1-127>$low "Starting (or only) rotary group number" [<1-127>$high "Ending rotary group number"]`, sshPort},
	{`ip ssh break-string "break-string" LINE$text "break string"`, config.Text(func(c *Config) *string { return &c.SSH.BreakString })},
	{`ip ssh logging "Configure logging for SSH" events "Log SSH events"`, config.Flag(func(c *Config) *bool { return &c.SSH.LoggingEvents })},
	{`ip ssh version "Specify protocol version to be supported" @ssh-version`, needsKey(config.IntOrNone(func(c *Config) *int { return &c.SSH.Version }, 0))},
	{`ip ssh dh "Diffie-Hellman" min "minimum" size "key size" @ssh-dh-sizes`, dhMin},
	{`ip ssh dscp "IP DSCP value for SSH traffic" <0-63>$n "DSCP value"`, mark(func(c *Config) *int { return &c.SSH.DSCP }, func(c *Config) *int { return &c.SSH.Precedence })},
	{`ip ssh precedence "IP Precedence value for SSH traffic" <0-7>$n "Precedence value"`,
		mark(func(c *Config) *int { return &c.SSH.Precedence }, func(c *Config) *int { return &c.SSH.DSCP })},
	{`ip ssh @ssh-rekey time "Time based rekey" <10-1440>$minutes "Rekey time in minutes"`,
		config.IntOrNone(func(c *Config) *int { return &c.SSH.RekeyMinutes }, 0)},
	{`ip ssh @ssh-rekey volume "Volume based rekey" <100-4194303>$kb "Rekey volume in kilobytes"`,
		config.IntOrNone(func(c *Config) *int { return &c.SSH.RekeyKBytes }, 0)},
	{`ip ssh stricthostkeycheck "Enable SSH Server Authentication"`, config.Unlisted(config.Flag(func(c *Config) *bool { return &c.SSH.StrictHostKeyCheck }))},
	{`ip ssh pubkey-chain "pubkey-chain"`, pubkeyChain},
	{`ip ssh server "Configuration for server" authenticate "Authentication methods" user "User authentication"
	  {publickey "Public key authentication" | keyboard "Keyboard-interactive authentication" | password "Password authentication"}$method`, authenticateUser},
	{`ip ssh server @ssh-peruser session "Per User Session" limit "Per User Session Limit" <1-16>$n "Number of sessions"`,
		config.IntOrNone(func(c *Config) *int { return &c.SSH.PerUser }, 0)},
	{`ip ssh server certificate "Certificate" profile "Certificate profile" @ssh-certificate`, certificateProfile},
	algorithms("server", "mac", "MAC", "@ssh-macs", func(s *SSH) *[]string { return &s.Server.MAC }),
	algorithms("server", "encryption", "encryption", "@ssh-ciphers", func(s *SSH) *[]string { return &s.Server.Encryption }),
	algorithms("server", "kex", "KEX", "@ssh-kexes", func(s *SSH) *[]string { return &s.Server.Kex }),
	algorithms("server", "hostkey", "hostkey", "@ssh-hostkeys", func(s *SSH) *[]string { return &s.Server.HostKey }),
	algorithms("server", "authentication", "authentication", "@ssh-methods", func(s *SSH) *[]string { return &s.Server.Authentication }),
	algorithms("server", "publickey", "publickey", "@ssh-publickeys", func(s *SSH) *[]string { return &s.Server.PublicKey }),
	algorithms("client", "mac", "MAC", "@ssh-macs", func(s *SSH) *[]string { return &s.Client.MAC }),
	algorithms("client", "encryption", "encryption", "@ssh-ciphers", func(s *SSH) *[]string { return &s.Client.Encryption }),
	algorithms("client", "kex", "KEX", "@ssh-client-kexes", func(s *SSH) *[]string { return &s.Client.Kex }),
}

var scpRows = []row[Config]{
	{`ip scp "Scp commands" server "Configure SCP server-side functionality" enable "Enable server side of SCP"`,
		config.Flag(func(c *Config) *bool { return &c.SCP.ServerEnable })},
}

// classHelp is what `ip ssh server algorithm ?` says of each class.
var classHelp = map[string]string{
	"mac": "Configure MAC algorithms", "encryption": "Configure encryption algorithms", "kex": "Configure key exchange algorithms",
	"hostkey": "Configure host key algorithms", "authentication": "Configure user authentication methods",
	"publickey": "Configure public key algorithms",
}

// algorithms is `ip ssh server|client algorithm CLASS …`.
func algorithms(role, class, words, list string, field func(*SSH) *[]string) row[Config] {
	return row[Config]{
		fmt.Sprintf(`ip ssh %s "Configuration for %s" algorithm "Algorithms" %s "%s" %s`, role, role, class, classHelp[class], list),
		config.List(func(c *Config) *[]string { return field(&c.SSH) }, "% SSH command rejected: All "+words+" algorithms cannot be disabled"),
	}
}

// needsKey adds the advice that IOS gives while SSH has no usable key.
func needsKey(s config.Setting[Config]) config.Setting[Config] {
	set := s.Set
	s.Set = func(c *config.Call, t, fresh *Config) error {
		if err := set(c, t, fresh); err != nil {
			return err
		}
		if !hasSSHKey(c) && root(c).Release.Traits.KeyAdvice != "" {
			c.UI.Say(root(c).Release.Traits.KeyAdvice)
		}
		return nil
	}
	return s
}

var bulkMode = config.Setting[Config]{
	Set: func(c *config.Call, t, fresh *Config) error {
		t.SSH.BulkMode = DefaultBulkMode
		if n, ok := c.Args.Int("bytes"); ok {
			t.SSH.BulkMode = n
		}
		return nil
	},
	No:    func(_ *config.Call, t, _ *Config) error { t.SSH.BulkMode = 0; return nil },
	Reset: func(_ *config.Call, t, fresh *Config) error { t.SSH.BulkMode = fresh.SSH.BulkMode; return nil },
	// 17.15 prints the default too.
	Show: func(v *config.View, t, fresh *Config) {
		switch {
		case t.SSH.BulkMode != 0:
			v.Line("ip ssh bulk-mode %d", t.SSH.BulkMode)
		case fresh.SSH.BulkMode != 0:
			v.Line("no ip ssh bulk-mode")
		}
	},
}

// DefaultBulkMode is the window in bytes that `ip ssh bulk-mode` alone means.
const DefaultBulkMode = 131072

var dhMin = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		_, err := fmt.Sscan(c.Args.Get("bits"), &t.SSH.DHMin)
		return err
	},
	No: func(_ *config.Call, t, fresh *Config) error { t.SSH.DHMin = fresh.SSH.DHMin; return nil },
	Show: func(v *config.View, t, fresh *Config) {
		if v.All || t.SSH.DHMin != fresh.SSH.DHMin {
			v.Line("ip ssh dh min size %d", t.SSH.DHMin)
		}
	},
}

// mark sets one of the two packet markings, which exclude each other.
func mark(field, other func(*Config) *int) config.Setting[Config] {
	s := config.Int(field)
	set := s.Set
	s.Set = func(c *config.Call, t, fresh *Config) error {
		*other(t) = -1
		return set(c, t, fresh)
	}
	s.Show = func(v *config.View, t, _ *Config) {
		if *field(t) >= 0 {
			v.Line("%s %d", v.Words, *field(t))
		}
	}
	return s
}

var sshPort = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		p := Port{}
		p.Number, _ = c.Args.Int("port")
		p.Low, _ = c.Args.Int("low")
		p.High, _ = c.Args.Int("high")
		t.SSH.dropPort(p.Number)
		t.SSH.Ports = append(t.SSH.Ports, p)
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		n, _ := c.Args.Int("port")
		t.SSH.dropPort(n)
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for _, p := range t.SSH.Ports {
			if p.High != 0 {
				v.Line("ip ssh port %d rotary %d %d", p.Number, p.Low, p.High)
			} else {
				v.Line("ip ssh port %d rotary %d", p.Number, p.Low)
			}
		}
	},
}

func (s *SSH) dropPort(number int) {
	s.Ports = slices.DeleteFunc(slices.Clone(s.Ports), func(p Port) bool { return p.Number == number })
}

// authenticateUser is the older switch for user authentication methods.
var authenticateUser = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error { return t.SSH.switchMethod(c, true) },
	No:  func(c *config.Call, t, _ *Config) error { return t.SSH.switchMethod(c, false) },
	Reset: func(_ *config.Call, t, _ *Config) error {
		t.SSH.UserMethods = nil
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for _, m := range userMethods {
			switch on := t.SSH.UserMethods == nil || t.SSH.UserMethods[m]; {
			case !on:
				v.Line("no ip ssh server authenticate user %s", m)
			case v.All || t.SSH.UserMethods != nil:
				v.Line("ip ssh server authenticate user %s", m)
			}
		}
	},
}

func (s *SSH) switchMethod(c *config.Call, on bool) error {
	if s.UserMethods == nil {
		s.UserMethods = map[string]bool{"publickey": true, "keyboard": true, "password": true}
	}
	s.UserMethods[c.Args.Get("method")] = on
	if root(c).Release.Traits.UserMethodWarning != "" {
		c.UI.Say(root(c).Release.Traits.UserMethodWarning)
	}
	return nil
}

var certificateProfile = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.SSH.CertificateProfile = true
		c.Enter("ssh-cert-profile", certificateKey)
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error {
		t.SSH.CertificateProfile = false
		t.Passive.DropBlock(certificateKey)
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		if t.SSH.CertificateProfile || v.All {
			v.Line("ip ssh server certificate profile")
			v.Block(t.Passive.Block(certificateKey))
		}
	},
}

const certificateKey = "ip ssh server certificate profile"
