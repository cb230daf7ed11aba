package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Carrier is an address of the host that carries a TCP port of the device.
type Carrier struct {
	// Interface is where connections arrive; "" leaves it to the configuration: the
	// first management-only interface, else the first with an address, else the first.
	Interface string
	// Port is the device's; 0 is each port that has no carrier of its own.
	Port uint16
	// Address is the host's, ADDRESS:PORT.
	Address string
}

// Carriers are all of a device. An interface has at most one for a port.
type Carriers []Carrier

// sshPort is the port that a flag means when it names none.
const sshPort = 22

// ParseCarriers reads the values of a flag: ADDR for port 22 of the device, PORT=ADDR
// for another one, IF=ADDR for port 22 on an interface, none for nothing. An interface
// begins with a letter. The text of an error begins with the value that is wrong.
func ParseCarriers(flags []string) (Carriers, error) {
	var all Carriers
	for _, f := range flags {
		if f == "none" {
			if len(flags) > 1 {
				return nil, errors.New("none: there are other addresses besides")
			}
			continue
		}
		c, err := parseCarrier(f)
		if err != nil {
			return nil, err
		}
		for _, other := range all {
			if other.Port == c.Port && other.Interface == c.Interface {
				return nil, fmt.Errorf("%s: %s has an address already", f, c.what())
			}
		}
		all = append(all, c)
	}
	return all, nil
}

func parseCarrier(flag string) (Carrier, error) {
	c := Carrier{Port: sshPort, Address: flag}
	if name, address, mapped := strings.Cut(flag, "="); mapped {
		c.Address = address
		if name == "" || !letter(name[0]) {
			n, err := strconv.ParseUint(name, 10, 16)
			if err != nil || n == 0 {
				return c, fmt.Errorf("%s: %q is no port of the device, want PORT=ADDR", flag, name)
			}
			c.Port = uint16(n)
		} else {
			c.Interface = name
		}
	}
	_, port, err := net.SplitHostPort(c.Address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return c, fmt.Errorf("%s: want ADDRESS:PORT or none", flag)
	}
	return c, nil
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

func (c Carrier) what() string {
	if c.Interface != "" {
		return fmt.Sprintf("port %d of the device on %s", c.Port, c.Interface)
	}
	return fmt.Sprintf("port %d of the device", c.Port)
}

// of are the carriers of a port.
func (c Carriers) of(port uint16) Carriers {
	var own, rest Carriers
	for _, x := range c {
		switch x.Port {
		case port:
			own = append(own, x)
		case 0:
			rest = append(rest, x)
		}
	}
	if own == nil {
		return rest
	}
	return own
}

// Local reports whether only the host itself can reach the device.
func (c Carriers) Local() bool {
	for _, x := range c {
		host, _, _ := net.SplitHostPort(x.Address)
		if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
			return false
		}
	}
	return true
}

// Uplink is the reach that goes with the carriers: a device that only the host can
// reach may go anywhere, another nowhere.
func (c Carriers) Uplink() Uplink {
	if c.Local() {
		return UplinkAny
	}
	return UplinkNone
}

// Check opens and closes each address, so that a busy port is found before the device
// boots: a server listens only once it is configured. The text of the error begins
// with the address.
func (c Carriers) Check() error {
	for _, x := range c {
		l, err := net.Listen("tcp", x.Address)
		if err != nil {
			return fmt.Errorf("%s: %w", x.Address, err)
		}
		l.Close()
	}
	return nil
}
