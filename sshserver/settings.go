package sshserver

import (
	"time"

	"vtylab/ssh"
)

// Settings are what a device's configuration and release make of its SSH server.
// They are replaced as a whole; nothing in them is modified.
type Settings struct {
	// Version is what `show ip ssh` calls the version: 1.5, 1.99, 2.0; "" while SSH
	// is down for want of a key.
	Version string
	// Software is the end of the identification line: "Cisco-1.25".
	Software string
	// Ports are the TCP ports of the device to listen on.
	Ports []int
	// MaxStartups bounds the connections that there are at once.
	MaxStartups int
	// TimeOut bounds a login, Retries how often a user may be wrong besides once.
	TimeOut time.Duration
	Retries int
	// FailureDelay is how long after a request it is refused.
	FailureDelay time.Duration

	HostKeys   []ssh.Signer
	Algorithms Algorithms
	MinDHBits  int

	// Window and MaxPacket, in bytes, are what a channel confirmation offers; 0 is
	// the engine's own. FirstChannel is the number of the first channel.
	Window, MaxPacket uint32
	FirstChannel      uint32
	// RekeyInterval and RekeyBytes are after how much keys change; 0 is never.
	RekeyInterval time.Duration
	RekeyBytes    int64
	// StrictKex adds OpenSSH's counter-measure to the Terrapin attack.
	StrictKex bool
	// TrafficClass is the octet in the header of IP packets, -1 for the host's own.
	TrafficClass int
}

// Algorithms are lists in order of preference, in wire names.
type Algorithms struct {
	Kex, Ciphers, MACs, HostKey, PublicKey []string
}
