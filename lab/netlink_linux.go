package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// netlink is a socket to the kernel's routing tables (rtnetlink(7)).
type netlink struct {
	fd  int
	seq uint32
}

func openNetlink() (*netlink, error) {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	return &netlink{fd: fd}, nil
}

func (n *netlink) close() { syscall.Close(n.fd) }

// loopback is the index of lo, which is the first interface of every namespace.
const loopback = 1

// loopbackUp is `ip link set lo up`.
func (n *netlink) loopbackUp() error {
	b := make([]byte, syscall.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(b[4:], loopback)        // Index
	binary.NativeEndian.PutUint32(b[8:], syscall.IFF_UP)  // Flags
	binary.NativeEndian.PutUint32(b[12:], syscall.IFF_UP) // Change
	return n.request(syscall.RTM_NEWLINK, 0, b)
}

// addLocal is `ip route replace local ADDRESS dev lo src 127.0.0.1`: what comes from this
// host comes from its loopback address, as it does through other doors.
func (n *netlink) addLocal(a netip.Addr) error {
	family := byte(syscall.AF_INET)
	if a.Is6() {
		family = syscall.AF_INET6
	}
	b := []byte{family, byte(a.BitLen()), 0, 0, syscall.RT_TABLE_LOCAL, syscall.RTPROT_BOOT, syscall.RT_SCOPE_HOST, syscall.RTN_LOCAL, 0, 0, 0, 0}
	b = attribute(b, syscall.RTA_DST, a.AsSlice())
	b = attribute(b, syscall.RTA_OIF, binary.NativeEndian.AppendUint32(nil, loopback))
	if a.Is4() {
		b = attribute(b, syscall.RTA_PREFSRC, []byte{127, 0, 0, 1})
	}
	return n.request(syscall.RTM_NEWROUTE, syscall.NLM_F_CREATE|syscall.NLM_F_REPLACE, b)
}

// attribute appends a struct rtattr.
func attribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(syscall.SizeofRtAttr+len(value)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = append(b, value...)
	for len(b)%syscall.NLMSG_ALIGNTO != 0 {
		b = append(b, 0)
	}
	return b
}

// request sends a message and waits for what the kernel says to it.
func (n *netlink) request(kind, flags uint16, body []byte) error {
	n.seq++
	m := binary.NativeEndian.AppendUint32(nil, uint32(syscall.SizeofNlMsghdr+len(body)))
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = binary.NativeEndian.AppendUint16(m, flags|syscall.NLM_F_REQUEST|syscall.NLM_F_ACK)
	m = binary.NativeEndian.AppendUint32(m, n.seq)
	m = binary.NativeEndian.AppendUint32(m, 0)
	if err := syscall.Sendto(n.fd, append(m, body...), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	buf := make([]byte, 4096)
	got, _, err := syscall.Recvfrom(n.fd, buf, 0)
	if err != nil {
		return err
	}
	answers, err := syscall.ParseNetlinkMessage(buf[:got])
	if err != nil {
		return err
	}
	for _, a := range answers {
		if a.Header.Type == syscall.NLMSG_ERROR && a.Header.Seq == n.seq && len(a.Data) >= 4 {
			if no := int32(binary.NativeEndian.Uint32(a.Data)); no != 0 {
				return syscall.Errno(-no)
			}
			return nil
		}
	}
	return errors.New("netlink: no answer")
}
