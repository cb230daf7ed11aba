package sshserver

import (
	"net"
	"vtylab/ios/model"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// trafficClass is the octet of `ip ssh dscp` or `ip ssh precedence` in the IP
// header (RFC 2474 section 3, RFC 791 section 3.1).
func trafficClass(c *model.SSH) (class int, set bool) {
	switch {
	case c.DSCP >= 0:
		return c.DSCP << 2, true
	case c.Precedence >= 0:
		return c.Precedence << 5, true
	}
	return 0, false
}

// mark gives the packets of a connection their class.
func mark(conn net.Conn, c *model.SSH) error {
	class, set := trafficClass(c)
	if _, tcp := conn.(*net.TCPConn); !tcp || !set {
		return nil
	}
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok && a.IP.To4() == nil {
		return ipv6.NewConn(conn).SetTrafficClass(class)
	}
	return ipv4.NewConn(conn).SetTOS(class)
}
