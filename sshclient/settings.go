package sshclient

import (
	"io"
	"strings"
	"time"

	"vtylab/ssh/ssh2"
)

// Settings are what a device's configuration and release make of its SSH client. They
// are replaced as a whole; nothing in them is modified.
type Settings struct {
	// Version is what the client speaks: 1.99 or 2.0. Software is the end of the
	// identification line: "Cisco-1.25".
	Version, Software string
	Algorithms        Algorithms
	MinDHBits         int
	// Window and MaxPacket, in bytes, are what a channel is opened with; 0 is the
	// engine's own.
	Window, MaxPacket uint32
	// Negotiation bounds everything up to the end of authentication; 0 is no bound.
	Negotiation time.Duration
	// Source is the interface that connections come from, "" for that of the route.
	Source string
	// TrafficClass is the octet in the header of IP packets, -1 for the host's own.
	TrafficClass int
	// StrictKex adds OpenSSH's counter-measure to the Terrapin attack.
	StrictKex bool
	// Strict demands that Trusts knows the server.
	Strict bool
	// Trusts reports whether a key is one of those that the configuration has for a
	// server, by the name that was typed or by its address.
	Trusts func(name, address string, blob []byte) bool
}

// Algorithms are lists in order of preference, in wire names.
type Algorithms struct {
	Kex, Ciphers, MACs, HostKey []string
}

// identification is the line to a server that sent its own. A client that speaks both
// versions says so only to a server that does: some others take 1.99 for version 1.
func (x *Settings) identification(server string) string {
	version := x.Version
	if !strings.HasPrefix(server, "SSH-1.99-") {
		version = "2.0"
	}
	return "SSH-" + version + "-" + x.Software
}

// version2 is the settings as the engine takes them, for one request.
func (x *Settings) version2(r *Request, rand io.Reader) ssh2.Config {
	e := ssh2.NewConfig()
	e.Rand = rand
	a := x.Algorithms
	e.Algorithms = ssh2.Algorithms{Kex: a.Kex, Ciphers: a.Ciphers, MACs: a.MACs, HostKey: a.HostKey, PublicKey: e.Algorithms.PublicKey}
	if len(r.Ciphers) > 0 {
		e.Algorithms.Ciphers = r.Ciphers
	}
	if len(r.MACs) > 0 {
		e.Algorithms.MACs = r.MACs
	}
	e.MinDHBits = x.MinDHBits
	if x.Window != 0 {
		e.Window = x.Window
	}
	if x.MaxPacket != 0 {
		e.MaxPacket = x.MaxPacket
	}
	e.StrictKex = x.StrictKex
	return e
}
