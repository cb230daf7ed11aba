package device

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vtylab/ios/model"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
	"vtylab/sshserver"
)

// sshHost is the device as its SSH server sees it.
type sshHost struct{ *Device }

// HostKeys are the keys SSH can use under c.
func (h sshHost) HostKeys(c *model.Config) []ssh.Signer {
	rsaKey, ecKey := h.SSHKeys(h.Keys, c)
	var signers []ssh.Signer
	if ecKey != nil {
		signers = append(signers, ecKey.Signer())
	}
	if rsaKey != nil && rsaKey.Bits >= h.minRSA(c) {
		signers = append(signers, rsaKey.Signer())
	}
	return signers
}

// minRSA is the shortest RSA key that starts SSH: version 1 takes any.
func (h sshHost) minRSA(c *model.Config) int {
	if h.Model.SSH.Version1 && c.SSH.Version != 2 {
		return 0
	}
	return h.Model.Keys.MinSSH
}

// failureDelay is how long a device waits before it refuses a password
// (ansible#69125: 2.0 s between the debug line and the USERAUTH_FAILURE).
const failureDelay = 2 * time.Second

// Engine is the protocol as this release and configuration speak it.
func (h sshHost) Engine(c *model.Config) ssh2.Config {
	t := h.Model.SSH
	e := ssh2.NewConfig()
	e.Version = "SSH-" + h.Version(c) + "-Cisco-1.25"
	a := c.SSH.Server
	e.Algorithms = ssh2.Algorithms{
		Kex: a.Kex, Ciphers: a.Encryption, MACs: a.MAC, PublicKey: a.PublicKey,
		HostKey: h.wireHostKeys(a.HostKey),
	}
	e.MinDHBits = c.SSH.DHMin
	// What is sent is bounded by what the client takes: no capture shows how a
	// device cuts a file, and small packets would make copies slow.
	e.FirstChannelID = t.FirstChannel
	if wide := max(uint32(c.SSH.WindowSize), uint32(c.SSH.BulkMode)); wide > t.Window {
		// No capture shows the packets that go with a window for bulk transfers.
		// Those of the engine let a client put twice as fast as 4,096 bytes do.
		e.Window = wide
	} else {
		e.Window, e.MaxPacket = t.Window, t.MaxPacket
	}
	e.RekeyInterval = time.Duration(c.SSH.RekeyMinutes) * time.Minute
	e.RekeyBytes = int64(c.SSH.RekeyKBytes) << 10
	e.LoginTimeout = time.Duration(c.SSH.TimeOut) * time.Second
	e.FailureDelay = failureDelay
	e.MaxAuthFailures = c.SSH.Retries + 1
	e.StrictKex = h.options.StrictKex
	return e
}

// wireHostKeys is what goes into a KEXINIT: the release's own choice while the
// list is the default one, otherwise what is configured; certificates need a
// trustpoint, which there is none.
func (h sshHost) wireHostKeys(configured []string) []string {
	if slices.Equal(configured, h.Language.Factory().SSH.Server.HostKey) {
		return h.Model.SSH.WireHostKeys
	}
	return slices.DeleteFunc(slices.Clone(configured), func(name string) bool { return strings.HasPrefix(name, "x509v3-") })
}

// Version is what show ip ssh calls the version: with a key that is too short
// for SSH 2, a release that has SSH 1 comes up as 1.5.
func (h sshHost) Version(c *model.Config) string { return h.Device.SSHVersion(c) }

// SSHVersion is the version of `show ip ssh`.
func (d *Device) SSHVersion(c *model.Config) string {
	switch c.SSH.Version {
	case 1:
		return "1.5"
	case 2:
		return "2.0"
	}
	if rsaKey, ecKey := d.SSHKeys(d.Keys, c); ecKey == nil && rsaKey != nil && rsaKey.Bits < d.Model.Keys.MinSSH {
		return "1.5"
	}
	return d.Model.SSH.DefaultVersion
}

// Listen opens a port of the device on the host.
func (h sshHost) Listen(ctx context.Context, port int) (net.Listener, error) {
	if h.options.Listen == nil {
		return nil, nil
	}
	return h.options.Listen(ctx, port)
}

// Dialect is how the release words `debug ip ssh`.
func (h sshHost) Dialect() *sshserver.Dialect { return &h.Model.SSH.Dialect }

// Debug prints a line of debug output.
func (h sshHost) Debug(line string, more ...string) { h.Device.debug(line, more...) }

// Problem is for the operator.
func (h sshHost) Problem(err error) { h.log.WithError(err).Warn("ssh server") }

// Reserve takes a vty for a connection: one that allows ssh and whose
// access-class lets the peer in; on a port of `ip ssh port` also one of its
// rotary groups.
func (h sshHost) Reserve(peer net.Addr, port int) (sshserver.Line, error) {
	if !h.power.TryRLock() {
		return nil, ErrNoLine
	}
	defer h.power.RUnlock()
	address := hostOf(peer)
	c := h.Config()
	admits := map[string]bool{} // by access list: most lines have the same
	l, err := h.reserve(address, func(l model.Line) bool {
		if !l.Allows("ssh") || !rotary(c, l, port) {
			return false
		}
		ok, asked := admits[l.AccessIn]
		if !asked {
			ok, _ = c.Permits(l.AccessIn, flow(peer.String(), port))
			admits[l.AccessIn] = ok
		}
		return ok
	})
	if err != nil {
		return nil, err
	}
	return &vty{device: h.Device, line: l, boot: h.bootCount()}, nil
}

// rotary reports whether a line serves a port of the device.
func rotary(c *model.Config, l model.Line, port int) bool {
	for _, p := range c.SSH.Ports {
		if p.Number == port {
			return l.Rotary >= p.Low && l.Rotary <= max(p.Low, p.High)
		}
	}
	return true
}

// flow is a connection from a peer, as access lists see it.
func flow(peer string, port int) network.Flow {
	from, _ := netip.ParseAddrPort(peer)
	return network.Flow{Proto: network.TCP, Remote: from, Local: netip.AddrPortFrom(netip.Addr{}, uint16(port))}
}

// hostOf is the address of a peer without its port.
func hostOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return host
}
