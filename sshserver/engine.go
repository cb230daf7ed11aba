package sshserver

import (
	"errors"

	"vtylab/network"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// errVersion1 ends a connection to a server that has SSH-1 only: a client that
// speaks it is told no more than the identification line.
var errVersion1 = errors.New("sshserver: SSH-1 is not spoken")

// identification is the line that the server begins with.
func (x *Settings) identification() string { return "SSH-" + x.Version + "-" + x.Software }

// mark gives the packets of a connection their traffic class.
func (x *Settings) mark(conn network.Conn) error {
	if x.TrafficClass < 0 {
		return nil
	}
	return conn.SetTrafficClass(x.TrafficClass)
}

// engine is the engine for a connection whose identification lines are known. It
// is the one place that knows which versions there are.
func (x *Settings) engine(c *Connection, lines ssh.Idents) ssh.Engine {
	server := ssh2.NewServer(c.conn, &ssh2.ServerConfig{
		Config: x.version2(), HostKeys: x.HostKeys, Auth: c.line, Handle: c.handle,
		OnKex:  c.keyed,
		OnAuth: c.authenticated,
		OnEnd: func(_ ssh.ConnInfo, err error) {
			c.ended(err)
			c.release()
		},
	})
	server.Identified(lines)
	return server
}

// version2 is the settings as the engine of SSH version 2 takes them.
func (x *Settings) version2() ssh2.Config {
	e := ssh2.NewConfig()
	e.Version = x.identification()
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
