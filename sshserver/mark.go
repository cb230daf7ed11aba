package sshserver

import (
	"net"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// mark gives the packets of a connection their traffic class (RFC 2474 section 3,
// RFC 791 section 3.1); -1 leaves them alone.
func mark(conn net.Conn, class int) error {
	if _, tcp := conn.(*net.TCPConn); !tcp || class < 0 {
		return nil
	}
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok && a.IP.To4() == nil {
		return ipv6.NewConn(conn).SetTrafficClass(class)
	}
	return ipv4.NewConn(conn).SetTOS(class)
}
