package lab

import (
	"context"
	"fmt"
	"net"
	"syscall"
)

// listenLoopback listens on all addresses of the loopback interface, and only there:
// on 0.0.0.0, bound to lo. Linux 5.7 and later need no privilege for that.
func listenLoopback(port int) (net.Listener, error) {
	bind := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		if e := c.Control(func(fd uintptr) { err = syscall.BindToDevice(int(fd), "lo") }); e != nil {
			return e
		}
		return err
	}}
	return bind.Listen(context.Background(), "tcp4", fmt.Sprintf("0.0.0.0:%d", port))
}
