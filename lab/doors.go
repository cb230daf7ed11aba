package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// sshPort is the port of a device that doors lead to.
const sshPort = 22

// MaxPorts is how many devices get a port of the host each, unless --access asks for
// more: each costs a socket.
const MaxPorts = 64

// Doors are addresses of the host that lead to port 22 of devices. They are open before
// the lab runs: what comes early waits.
type Doors struct {
	sockets []net.Listener
	// address is where device number i is, from 0; where is whose a connection is.
	address func(i int) netip.AddrPort
	where   func(l *Lab, socket int, conn net.Conn) (n *Node, iface string)

	stop chan struct{}
	busy sync.WaitGroup
}

// OpenPorts opens a port of 127.0.0.1 for each of so many devices: base, base+1 and so
// on, or whichever are free for a base of 0. The error names the port that could not be
// opened.
func OpenPorts(devices, base int) (*Doors, error) {
	if base < 0 || base+devices-1 > 65535 {
		return nil, fmt.Errorf("%d: want ports from 1 to 65535 for %d devices", base, devices)
	}
	d := &Doors{stop: make(chan struct{}), where: func(l *Lab, socket int, _ net.Conn) (*Node, string) {
		return l.Devices[socket], ""
	}}
	d.address = func(i int) netip.AddrPort { return d.sockets[i].Addr().(*net.TCPAddr).AddrPort() }
	for i := range devices {
		port := 0
		if base > 0 {
			port = base + i
		}
		s, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("port %d: %w", port, cause(err))
		}
		d.sockets = append(d.sockets, s)
	}
	return d, nil
}

// cause is what an error of net.Listen says without the address.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// OpenAddresses opens one socket for any number of devices, each of which has an
// address of its own in 127.0.0.0/8 (see LoopbackAddress). It works on Linux only.
func OpenAddresses(port int) (*Doors, error) {
	if port < 1 || port > 65535 {
		return nil, fmt.Errorf("%d: want a port from 1 to 65535", port)
	}
	s, err := listenLoopback(port)
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", port, cause(err))
	}
	return &Doors{sockets: []net.Listener{s}, stop: make(chan struct{}),
		address: func(i int) netip.AddrPort { return netip.AddrPortFrom(LoopbackAddress(i), uint16(port)) },
		where: func(l *Lab, _ int, conn net.Conn) (*Node, string) {
			if i, ok := loopbackNumber(localAddr(conn)); ok && i < len(l.Devices) {
				return l.Devices[i], ""
			}
			return nil, ""
		}}, nil
}

// firstLoopback is the address before that of the first device.
const firstLoopback = 127<<24 | 1<<16

// LoopbackAddress is the address of device number i, from 0: 127.1.0.1 is the first,
// 127.1.0.255 the 255th, 127.1.1.0 the 256th.
func LoopbackAddress(i int) netip.Addr {
	n := uint32(firstLoopback + i + 1)
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func loopbackNumber(a netip.Addr) (i int, ok bool) {
	if !a.Is4() {
		return 0, false
	}
	b := a.As4()
	i = (int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])) - firstLoopback - 1
	return i, i >= 0
}

func localAddr(c net.Conn) netip.Addr {
	a, _ := netip.ParseAddrPort(c.LocalAddr().String())
	return a.Addr().Unmap().WithZone("")
}

// Address is where device number i is reached, from 0.
func (d *Doors) Address(i int) netip.AddrPort { return d.address(i) }

// Serve brings what comes in to the devices of a lab, until Close. Problems of the host
// are logged.
func (d *Doors) Serve(l *Lab, log logrus.FieldLogger) {
	for i, s := range d.sockets {
		d.busy.Go(func() { d.accept(i, s, l, log) })
	}
}

// The pause after an Accept that failed, say for want of descriptors, doubles from the
// first to the last.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

func (d *Doors) accept(socket int, s net.Listener, l *Lab, log logrus.FieldLogger) {
	pause := firstPause
	for {
		conn, err := s.Accept()
		switch {
		case err == nil:
			pause = firstPause
			d.bring(socket, conn, l)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			log.WithError(err).Warnf("%s: accepting", s.Addr())
			select {
			case <-d.stop:
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, lastPause)
		}
	}
}

// bring hands a connection to its device. One for an address without a device is reset.
func (d *Doors) bring(socket int, conn net.Conn, l *Lab) {
	n, iface := d.where(l, socket, conn)
	if n == nil || n.Device == nil {
		if c, ok := conn.(*net.TCPConn); ok {
			c.SetLinger(0)
		}
		conn.Close()
		return
	}
	n.Net.Inject(iface, sshPort, conn) // closes what is not accepted, and the device says why
}

// Close closes the sockets. Connections live on.
func (d *Doors) Close() {
	select {
	case <-d.stop:
		return
	default:
		close(d.stop)
	}
	for _, s := range d.sockets {
		s.Close()
	}
	d.busy.Wait()
}
