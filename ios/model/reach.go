package model

import (
	"slices"

	"vtylab/tty"
)

// Reach is how a TCP port speaks that leads to lines.
type Reach int

// The services of a terminal server: Telnet, the data as they are, and Telnet in
// binary.
const (
	ReachTelnet Reach = iota
	ReachRaw
	ReachBinary
)

// reaches are where the ports of each service begin: for a line by its number, and for
// a rotary group by its own (Cisco IOS Dial Technologies: TCP ports of lines; from
// memory).
var reaches = []struct {
	Reach
	line, rotary int
}{{ReachTelnet, 2000, 3000}, {ReachRaw, 4000, 5000}, {ReachBinary, 6000, 7000}}

// telnetPort is that of Telnet itself.
const telnetPort = 23

// ReachPort is a TCP port that leads to lines.
type ReachPort struct {
	Number int
	Reach
}

// TelnetPorts are the ports that lead to lines which take Telnet, by number. One that
// `ip ssh port` names is not among them.
func (c *Config) TelnetPorts() (ports []ReachPort) {
	add := func(number int, r Reach) {
		if !slices.ContainsFunc(ports, func(p ReachPort) bool { return p.Number == number }) {
			ports = append(ports, ReachPort{number, r})
		}
	}
	for l := range c.Lines.All() {
		if l.Kind == tty.Console || !l.Allows("telnet") {
			continue
		}
		if l.Kind == tty.VTY {
			add(telnetPort, ReachTelnet)
		}
		for _, r := range reaches {
			if l.Kind == tty.Auxiliary {
				add(r.line+TTY(l.Kind, l.Number), r.Reach)
			}
			if l.Rotary != 0 {
				add(r.rotary+l.Rotary, r.Reach)
			}
		}
	}
	taken := c.SSHPorts()
	ports = slices.DeleteFunc(ports, func(p ReachPort) bool { return slices.Contains(taken, p.Number) })
	slices.SortFunc(ports, func(a, b ReachPort) int { return a.Number - b.Number })
	return ports
}

// SSHPorts are the ports of SSH besides its own: `ip ssh port` begins with the port of
// the first rotary group.
func (c *Config) SSHPorts() (ports []int) {
	for _, p := range c.SSH.Ports {
		for n := range p.groups() {
			ports = append(ports, p.Number+n)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// groups is how many rotary groups a port is for.
func (p Port) groups() int { return max(p.High-p.Low, 0) + 1 }

// SSHReaches reports whether a port of SSH leads to a line: its own to vtys, that of a
// rotary group to the lines of the group.
func (c *Config) SSHReaches(l *Line, port int) bool {
	for _, p := range c.SSH.Ports {
		if n := port - p.Number; n >= 0 && n < p.groups() {
			return l.Rotary == p.Low+n
		}
	}
	return l.Kind == tty.VTY
}

// TelnetReaches is the same for a port of Telnet.
func (c *Config) TelnetReaches(l *Line, port int) bool {
	if port == telnetPort {
		return l.Kind == tty.VTY
	}
	for _, r := range reaches {
		if l.Kind == tty.Auxiliary && port == r.line+TTY(l.Kind, l.Number) || l.Rotary != 0 && port == r.rotary+l.Rotary {
			return true
		}
	}
	return false
}

// LineLocked reports whether a line asks for a password that is not set: there is no
// login over Telnet.
func (c *Config) LineLocked(l *Line) bool {
	return !c.AAA.NewModel && l.Login == LoginPassword && l.Password.Text == ""
}
