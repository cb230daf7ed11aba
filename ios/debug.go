package ios

import (
	"fmt"

	"vtylab/aaa"
	"vtylab/aaa/radius"
	"vtylab/ios/exec"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshserver"
)

// SSHTrace is `debug ip ssh`: without a keyword it prints everything.
func (s *System) SSHTrace(slot int) (t ssh.Trace, maxRead int) {
	b := s.device.Debug
	all := b.On("ip ssh")
	detail, packet := all || b.On("ip ssh detail"), all || b.On("ip ssh packet")
	if !detail && !packet {
		return nil, 0
	}
	dialect := &s.product.Release.Dialect
	if packet {
		maxRead = dialect.MaxRead
	}
	return exec.Words(dialect, slot, detail, packet, s.device.PrintDebug), maxRead
}

// SSHClientTrace is `debug ip ssh client`, and the part of `debug ip ssh` that the
// client has.
func (s *System) SSHClientTrace(slot int) (t ssh.Trace, maxRead int) {
	b := s.device.Debug
	all, client := b.On("ip ssh"), b.On("ip ssh client")
	detail, packet := all || b.On("ip ssh detail"), all || b.On("ip ssh packet")
	if !detail && !packet && !client {
		return nil, 0
	}
	dialect := &s.product.Release.Dialect
	if packet {
		maxRead = dialect.MaxRead
	}
	return exec.ClientWords(dialect, slot, client, detail, packet, s.device.PrintDebug), maxRead
}

// EchoTrace is `debug ip icmp` of who answers.
func (s *System) EchoTrace() func(network.Flow) {
	if !s.device.Debug.On(exec.DebugICMP) {
		return nil
	}
	return func(f network.Flow) { s.device.PrintDebug(exec.EchoLine("sent", f.Local.Addr(), f.Remote.Addr())) }
}

// AAATrace is `debug aaa`, `debug tacacs` and `debug radius`, and the messages of servers that
// are dead.
func (s *System) AAATrace(e aaa.Event) {
	exec.AAAWords(&s.product.Release.Show, s.Load().Hostname, s.device.Debug, e, s.device.PrintDebug)
	r, ok := e.(aaa.Radius)
	if !ok {
		return
	}
	switch e := r.Event.(type) {
	case radius.Dead:
		s.device.Log("RADIUS", 4, "RADIUS_DEAD", "RADIUS server %s is not responding.", serverPorts(e.Server))
	case radius.Alive:
		// The text is from memory.
		s.device.Log("RADIUS", 4, "RADIUS_ALIVE", "RADIUS server %s is being marked alive.", serverPorts(e.Server))
	}
}

func serverPorts(s radius.Endpoint) string {
	return fmt.Sprintf("%s:%d,%d", s.Addr.Addr(), s.Addr.Port(), s.Acct.Port())
}

// SCPTrace is `debug ip scp`.
func (s *System) SCPTrace(c *sshserver.Connection, sent bool, token string) {
	if !s.device.Debug.On("ip scp") {
		return
	}
	direction, verb := "<-", "recv"
	if sent {
		direction, verb = "->", "send"
	}
	s.device.PrintDebug(fmt.Sprintf("SCP: [%d %s %s] %s %s", c.Port, direction, c.Peer(), verb, token))
}
