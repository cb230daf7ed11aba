package model

import (
	"fmt"
	"net/netip"

	"vtylab/cli"
	"vtylab/config"
)

// SSH is the `ssh` configuration.
type SSH struct {
	Stack   bool // `ssh stack ciscossh`
	Strict  bool // `ssh stricthostkeycheck`, of the client
	Timeout int  // minutes
	Kex     string
	Allowed config.Table[Allowed, Allowed]
}

// Allowed is a network that may come in by an interface: `ssh IP MASK IF`.
type Allowed struct {
	Network   netip.Prefix
	Interface string // its nameif
}

// String is the configuration line.
func (a Allowed) String() string {
	if a.Network.Addr().Is6() {
		return "ssh " + a.Network.String() + " " + a.Interface
	}
	return fmt.Sprintf("ssh %s %s %s", a.Network.Addr(), maskOf(a.Network.Bits()), a.Interface)
}

// NewSSH is what a 9.20 begins with.
func NewSSH() SSH {
	return SSH{Stack: true, Strict: true, Timeout: 5, Kex: "dh-group14-sha256"}
}

// rename lets the networks of an interface follow its name; "" drops them.
func (s *SSH) rename(from, to string) {
	var all []Allowed
	for a := range s.Allowed.All() {
		all = append(all, *a)
	}
	for _, a := range all {
		if from == "" || a.Interface != from {
			continue
		}
		s.Allowed.Delete(a)
		if to != "" {
			a.Interface = to
			s.Allowed.Put(a, a)
		}
	}
}

// Help texts are from memory.
var sshRows = []row[Config]{
	{`ssh "Configure SSH options" stack "Configure SSH stack" ciscossh "Enable the CiscoSSH stack"`,
		config.Always(config.Flag(func(c *Config) *bool { return &c.SSH.Stack }))},
	{`ssh stricthostkeycheck "Enable strict SSH server host key checking"`,
		config.Always(config.Flag(func(c *Config) *bool { return &c.SSH.Strict }))},
	{`ssh timeout "Configure ssh idle timeout" <1-60>$minutes "Idle time in minutes after which an SSH session will be closed"`,
		config.Always(config.Int(func(c *Config) *int { return &c.SSH.Timeout }))},
	{`ssh key-exchange "Configure SSH key exchange" group "Diffie-Hellman group exchange"
		{curve25519-sha256 "Curve25519" | dh-group14-sha1 "Diffie-Hellman group 14 SHA1" | dh-group14-sha256 "Diffie-Hellman group 14 SHA256"
		| ecdh-sha2-nistp256 "Elliptic curve nistp256"}$group`,
		config.Always(config.Text(func(c *Config) *string { return &c.SSH.Kex }))},
	{`ssh {A.B.C.D "The IP address of the host and/or network authorized to login to the system" | ~0}$ip
		{A.B.C.D "The IP netmask to apply to the IP address" | ~0}$mask WORD$if "Name of interface"`, allowed},
	{`ssh X:X:X:X::X/<0-128>$prefix "IPv6 address/prefix authorized to login to the system" WORD$if "Name of interface"`, config.Alternate(allowed)},
}

var allowed = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		a, err := allowedOf(c, t)
		if err == nil {
			t.SSH.Allowed.Put(a, a)
		}
		return err
	},
	No: func(c *config.Call, t, _ *Config) error {
		a, err := allowedOf(c, t)
		if err == nil {
			t.SSH.Allowed.Delete(a)
		}
		return err
	},
	Show: func(v *config.View, t, _ *Config) {
		for a := range t.SSH.Allowed.All() {
			v.Line("%s", a)
		}
	},
}

// allowedOf reads a network and the interface it may come in by.
func allowedOf(c *config.Call, t *Config) (Allowed, error) {
	network, err := networkOf(c.Args)
	if err != nil {
		return Allowed{}, err
	}
	name := c.Args.Get("if")
	if _, known := t.Named(name); !known {
		return Allowed{}, invalid(c.Args, "if")
	}
	return Allowed{network, name}, nil
}

// networkOf reads an IPv6 prefix, or an address and its mask.
func networkOf(a cli.Args) (netip.Prefix, error) {
	if prefix := a.Get("prefix"); prefix != "" {
		p, err := netip.ParsePrefix(prefix)
		if err != nil {
			return p, invalid(a, "prefix")
		}
		return p.Masked(), nil
	}
	ip, mask := anyOf(a.Get("ip")), anyOf(a.Get("mask"))
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Prefix{}, invalid(a, "ip")
	}
	length, ok := maskLength(mask)
	network := netip.PrefixFrom(address, length)
	if !ok || network.Masked() != network {
		return network, config.Refusal(fmt.Sprintf("ERROR: IP address,mask <%s,%s> doesn't pair", ip, mask))
	}
	return network, nil
}

// anyOf lets 0 stand for 0.0.0.0.
func anyOf(word string) string {
	if word == "0" {
		return "0.0.0.0"
	}
	return word
}
