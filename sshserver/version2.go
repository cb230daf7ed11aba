package sshserver

import "vtylab/ssh/ssh2"

// version2 is the settings as the engine of SSH version 2 takes them.
func (x *Settings) version2() ssh2.Config {
	e := ssh2.NewConfig()
	e.Version = "SSH-" + x.Version + "-" + x.Software
	a := x.Algorithms
	e.Algorithms = ssh2.Algorithms{Kex: a.Kex, Ciphers: a.Ciphers, MACs: a.MACs, PublicKey: a.PublicKey, HostKey: a.HostKey}
	e.MinDHBits = x.MinDHBits
	if x.Window != 0 {
		e.Window = x.Window
	}
	if x.MaxPacket != 0 {
		e.MaxPacket = x.MaxPacket
	}
	e.FirstChannelID = x.FirstChannel
	e.RekeyInterval, e.RekeyBytes = x.RekeyInterval, x.RekeyBytes
	e.LoginTimeout = x.TimeOut
	e.FailureDelay = x.FailureDelay
	e.MaxAuthFailures = x.Retries + 1
	e.StrictKex = x.StrictKex
	return e
}
