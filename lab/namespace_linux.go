package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
)

// What a process in a namespace of its own may do there: CAP_NET_BIND_SERVICE and
// CAP_NET_ADMIN of linux/capability.h.
const (
	capNetBindService = 10
	capNetAdmin       = 12
)

// Isolate lets a program start in a user and a network namespace of its own, which needs
// no privilege: it stays the user that it was, and may open port 22 and set addresses
// there. Neither reaches the host.
func Isolate(cmd *exec.Cmd) error {
	uid, gid := os.Getuid(), os.Getgid()
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
		AmbientCaps: []uintptr{capNetBindService, capNetAdmin},
	}
	return nil
}

// Explain adds to an error of starting such a program what may be the reason.
func Explain(err error) error {
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EINVAL) {
		return fmt.Errorf("%w: this host does not let you make a network namespace (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns)", err)
	}
	return err
}

// LoopbackUp brings up the loopback interface of a new network namespace.
func LoopbackUp() error {
	n, err := openNetlink()
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.loopbackUp(); err != nil {
		return fmt.Errorf("network namespace: lo: %w", Explain(err))
	}
	return nil
}

// OpenOwn lets the devices of a lab answer on port 22 of their own addresses, in the
// network namespace of this process: those that they have now. Connections arrive on
// the interface of the address.
func OpenOwn(l *Lab) (*Doors, error) {
	d, err := openOwn()
	if err != nil {
		return nil, err
	}
	if err := l.routeOwn(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// routeOwn makes the addresses of all devices local to this host.
func (l *Lab) routeOwn() error {
	n, err := openNetlink()
	if err != nil {
		return err
	}
	defer n.close()
	done := map[netip.Addr]bool{}
	for _, node := range l.Devices {
		for _, a := range node.addresses() {
			if done[a] || a.IsLoopback() || a.IsLinkLocalUnicast() {
				continue
			}
			done[a] = true
			if err := n.addLocal(a); err != nil {
				return fmt.Errorf("network namespace: route to %s of %s: %w", a, node.Name, err)
			}
		}
	}
	return nil
}

// addresses are all of a device: those of its management, and of its interfaces.
func (n *Node) addresses() []netip.Addr {
	all, _ := n.Management()
	for i := range n.interfaces() {
		for _, p := range i.Addresses {
			all = append(all, p.Addr())
		}
	}
	return all
}

// openOwn opens port 22 of all addresses of the host, which are those of the devices:
// in a network namespace of the lab's own.
func openOwn() (*Doors, error) {
	s, err := net.Listen("tcp", fmt.Sprintf(":%d", sshPort))
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", sshPort, cause(err))
	}
	return &Doors{sockets: []net.Listener{s}, stop: make(chan struct{}), where: func(l *Lab, _ int, conn net.Conn) (*Node, string) {
		return l.owner(localAddr(conn))
	}}, nil
}

// owner is the device that has an address, as the network has it at the moment, else the
// one whose management address it is.
func (l *Lab) owner(a netip.Addr) (*Node, string) {
	if n, iface := l.Fabric.Find(a); n != nil {
		return l.byName[n.Name()], iface
	}
	for _, n := range l.Devices {
		all, _ := n.Management()
		for _, own := range all {
			if own == a {
				return n, ""
			}
		}
	}
	return nil, ""
}
