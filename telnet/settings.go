package telnet

// Settings are what a device's configuration makes of its Telnet server. They are
// replaced as a whole; nothing in them is modified.
type Settings struct {
	// Ports are the TCP ports of the device to listen on, each once.
	Ports []Port
}

// Port is a port that leads to lines. Which ones is the Host's.
type Port struct {
	Number int
	Mode   Mode
}

// Mode is how a port speaks.
type Mode int

// The services of a terminal server: Telnet, data as they are, and Telnet that
// negotiates BINARY.
const (
	Plain Mode = iota
	Raw
	Binary
)

// DefaultPort is that of Telnet itself.
const DefaultPort = 23

// listens reports whether a port is among the settings'.
func (x *Settings) listens(number int) (Mode, bool) {
	for _, p := range x.Ports {
		if p.Number == number {
			return p.Mode, true
		}
	}
	return Plain, false
}

// numbers are those of the ports.
func (x *Settings) numbers() []int {
	all := make([]int, len(x.Ports))
	for i, p := range x.Ports {
		all[i] = p.Number
	}
	return all
}

// ClientSettings are those of the client.
type ClientSettings struct {
	// Source is the interface that connections come from, "" for that of the route.
	Source string
}
